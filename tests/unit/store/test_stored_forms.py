"""Documents of every form that was ever deployed read as what they were; what a newer program wrote is refused whole.

The files in tests/stored hold documents as the program of that form wrote them, and what it answered about them.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import datetime
from typing import Any, Final, get_type_hints

import pytest

from emulator.places import ROOT
from streak_core.domain import calendar, days, entries, events, model
from streak_core.domain.commands import ActivityRecorded, ActivityUndone
from streak_core.domain.decision import rebuild
from streak_core.domain.replay import replay
from streak_core.responses import calendar_response, streak_response
from streak_core.store import documents
from streak_core.store.documents import StoredByNewerVersion, UnreadableStreakError
from streak_core.store.forms import v1
from tests.support.shipped_policy import POLICY
from tools.streakctl.proof import lasting

FILES: Final = sorted((ROOT / "tests" / "stored").glob("v*/*.json"))
Json = dict[str, Any]


def stamped(value: Any) -> Any:
    """The document as Firestore answers it."""
    if isinstance(value, dict):
        if value.keys() == {"timestamp"}:
            return datetime.fromisoformat(value["timestamp"])
        return {name: stamped(inner) for name, inner in value.items()}
    return value


@pytest.fixture(params=FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def kept(request: pytest.FixtureRequest) -> Json:
    found: Json = stamped(json.loads(request.param.read_text(encoding="utf-8")))
    return found


def test_there_are_documents_of_every_form() -> None:
    assert {path.parent.name for path in FILES} == {f"v{v1.VERSION}"}
    kinds = {
        document["kind"]
        for path in FILES
        for document in json.loads(path.read_text(encoding="utf-8"))["documents"]["ledger"].values()
    }
    assert kinds == {kind.value for kind in entries.EntryKind}


def test_an_old_user_is_answered_as_the_program_of_that_time_did(kept: Json) -> None:
    streak, _ = documents.read_streak(kept["documents"]["streak"])
    view = replay(streak, POLICY, datetime.fromisoformat(kept["now"]))
    rows = [row for month in kept["documents"]["months"].values() for row in documents.read_month(month)]
    answers = kept["answers"]
    assert streak_response("ada", view, streak, POLICY) == answers["streak"]
    decided = {row.day: row for row in rows}
    assert calendar_response(view, decided, POLICY, len(answers["calendar"]["days"])) == answers["calendar"]


def test_an_old_document_written_again_is_the_same_document(kept: Json) -> None:
    stored = kept["documents"]["streak"]
    streak, settled_through = documents.read_streak(stored)
    view = replay(streak, POLICY, datetime.fromisoformat(kept["now"]))
    again = documents.streak_document("ada", streak, view, settled_through)
    assert {**again, "state": None} == {**stored, "state": None}
    assert v1.STREAK.validate_json(again["state"]) == v1.STREAK.validate_json(stored["state"])
    for old in kept["documents"]["ledger"].values():
        new = documents.entry_document(documents.read_entry(old), "f00d", {}, {})
        assert v1.ENTRY.validate_json(new["entry"]) == v1.ENTRY.validate_json(old["entry"])
    for old in kept["documents"]["events"].values():
        assert documents.event_document(documents.read_event(old)) == old


def test_an_old_ledger_proves_the_old_state(kept: Json) -> None:
    ledger = [documents.read_entry(one) for one in kept["documents"]["ledger"].values()]
    rebuilt = rebuild(sorted(ledger, key=lambda entry: entry.seq), POLICY)
    streak, _ = documents.read_streak(kept["documents"]["streak"])
    assert rebuilt is not None
    assert lasting(rebuilt) == lasting(streak)


def places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every object inside of a state whose names are those of a stored type."""
    if isinstance(value, list):
        return [found for number, each in enumerate(value) for found in places(each, (*path, str(number)))]
    if not isinstance(value, dict):
        return []
    # Here the names are data: days and categories.
    own = [] if path == ("tail",) or path[-1:] == ("categories",) else [path]
    return own + [found for name, each in value.items() for found in places(each, (*path, name))]


def with_more(value: Any, path: tuple[str, ...]) -> Any:
    """The same, with a field more in the object at that path."""
    if not path:
        return {**value, "from_the_future": 1}
    if isinstance(value, list):
        at = int(path[0])
        return [*value[:at], with_more(value[at], path[1:]), *value[at + 1 :]]
    return {**value, path[0]: with_more(value[path[0]], path[1:])}


def everything() -> Json:
    path = ROOT / "tests" / "stored" / "v1" / "everything.json"
    found: Json = stamped(json.loads(path.read_text(encoding="utf-8")))["documents"]
    return found


STATE: Final = json.loads(everything()["streak"]["state"])


@pytest.mark.parametrize("path", places(STATE), ids=lambda path: ".".join(path) or "state")
def test_a_field_that_the_form_does_not_have_is_refused_wherever_it_is(path: tuple[str, ...]) -> None:
    stored = everything()["streak"]
    assert documents.read_streak(stored)
    with pytest.raises(UnreadableStreakError, match="from_the_future"):
        documents.read_streak({**stored, "state": json.dumps(with_more(STATE, path))})


@pytest.mark.parametrize(
    ("name", "value"),
    [("seq", "5"), ("seq", 5.0), ("activities", True), ("created_at", 0), ("updated_at", None), ("tail", [])],
)
def test_a_value_of_another_type_is_refused_and_not_made_to_fit(name: str, value: object) -> None:
    stored = everything()["streak"]
    with pytest.raises(UnreadableStreakError, match=name):
        documents.read_streak({**stored, "state": json.dumps({**STATE, name: value})})


@pytest.mark.parametrize("next_day", ["0001-01-01", "1968-12-31"])
def test_a_state_that_would_be_gone_through_for_minutes_is_refused(next_day: str) -> None:
    stored, checkpoint = everything()["streak"], STATE["checkpoint"]
    for one, is_read in ((next_day, False), ("1969-01-01", True)):
        state = json.dumps({**STATE, "checkpoint": {**checkpoint, "next_day": one}})
        if is_read:
            assert documents.read_streak({**stored, "state": state})
        else:
            with pytest.raises(UnreadableStreakError):
                documents.read_streak({**stored, "state": state})
    span = {"from_instant": None, "time_zone": "UTC", "floor": None}
    crowded = json.dumps({**STATE, "settings": {**STATE["settings"], "zones": [span] * 1_001}})
    with pytest.raises(UnreadableStreakError):
        documents.read_streak({**stored, "state": crowded})


def one_entry_of_each_kind() -> list[Json]:
    """An entry document of each kind that there is."""
    found = {}
    for path in FILES:
        for stored in json.loads(path.read_text(encoding="utf-8"))["documents"]["ledger"].values():
            found[stored["kind"]] = stored
    return list(found.values())


@pytest.mark.parametrize("stored", one_entry_of_each_kind(), ids=lambda stored: stored["kind"])
def test_an_entry_with_a_field_more_or_of_another_kind_is_refused(stored: Json) -> None:
    entry = json.loads(stored["entry"])
    assert documents.read_entry(stored).kind == entry["kind"]
    changed = [{**entry, "from_the_future": 1}, {**entry, "kind": "grant"}]
    if entry["activity"]:
        changed += [{**entry, "activity": None}, {**entry, "activity": {**entry["activity"], "from_the_future": 1}}]
    # What is sent with an activity is anything that the policy of that time knew; it is never read again.
    if entry["kind"] != "activity":
        changed.append({**entry, "sent": {**entry["sent"], "from_the_future": 1}})
    for one in changed:
        with pytest.raises(UnreadableStreakError):
            documents.read_entry({**stored, "entry": json.dumps(one)})


@pytest.mark.parametrize(
    ("kind", "sent"),
    [
        ("freeze", {}),
        ("freeze", {"date": "tomorrow"}),
        ("unfreeze", {"date": 20260305}),
        ("pause", {"from": "2026-03-04"}),
        ("pause", {"from": "2026-03-04", "until": "2026-03-03"}),
        ("settings", {"rest_weekdays": "sunday"}),
        ("settings", {"rest_weekdays": [7]}),
        ("settings", {"auto_freeze": "on"}),
        ("settings", {"time_zone": 1}),
        ("undo", {}),
        ("activity", {}),
    ],
)
def test_an_entry_with_a_content_that_its_kind_does_not_have_is_refused(kind: str, sent: Json) -> None:
    stored = one_entry_of_each_kind()[0]
    entry = {**json.loads(stored["entry"]), "kind": kind, "sent": sent, "activity": None, "of_seq": None}
    with pytest.raises(UnreadableStreakError):
        documents.read_entry({**stored, "entry": json.dumps(entry)})


def test_what_a_newer_program_wrote_is_told_from_what_nobody_did() -> None:
    stored = everything()
    newer, entry = documents.SCHEMA_VERSION + 1, next(iter(stored["ledger"].values()))
    with pytest.raises(StoredByNewerVersion):
        documents.read_streak({**stored["streak"], "schema_version": newer})
    with pytest.raises(StoredByNewerVersion):
        documents.read_entry({**entry, "schema_version": newer})
    for version in (None, 0, "1", True):
        with pytest.raises(UnreadableStreakError) as refused:
            documents.read_streak({**stored["streak"], "schema_version": version})
        assert not isinstance(refused.value, StoredByNewerVersion)


def test_an_event_and_a_day_with_a_field_more_or_of_an_unknown_kind_are_refused() -> None:
    stored = everything()
    event, month = next(iter(stored["events"].values())), next(iter(stored["months"].values()))
    row = json.loads(next(iter(month["days"].values())))
    for change in ({"from_the_future": 1}, {"kind": "streak_sung"}):
        with pytest.raises(UnreadableStreakError):
            documents.read_event({**event, **change})
    for change in ({"from_the_future": 1}, {"verdict": "splendid"}):
        with pytest.raises(UnreadableStreakError):
            documents.read_month({"days": {"01": json.dumps({**row, **change})}})


# Each type of the model and the type it is stored as; where a name changed since, as (model, form).
PAIRS: Final[list[tuple[type, type, dict[str, str]]]] = [
    (model.Streak, v1.Streak, {"rate": "pace"}),
    (
        model.Checkpoint,
        v1.Checkpoint,
        {"current_streak": "length", "streak_started_on": "run_started_on", "longest_streak": "longest"},
    ),
    (model.DayRecord, v1.DayRecord, {}),
    (model.ResetMark, v1.ResetMark, {}),
    (model.Settings, v1.Settings, {}),
    (model.AutoFreeze, v1.AutoFreeze, {}),
    (model.RestWeekdays, v1.RestWeekdays, {}),
    (model.Pause, v1.Pause, {}),
    (model.RateUsage, v1.Pace, {}),
    (model.Activity, v1.Activity, {}),
    (days.ZoneSpan, v1.ZoneSpan, {}),
    (events.Event, v1.Event, {}),
    (calendar.CalendarDay, v1.CalendarDay, {}),
]


@pytest.mark.parametrize(("known", "stored", "renamed"), PAIRS, ids=lambda one: getattr(one, "__name__", ""))
def test_the_newest_form_holds_every_field_of_the_model(known: type, stored: type, renamed: dict[str, str]) -> None:
    names = {renamed.get(one.name, one.name) for one in dataclasses.fields(known)}
    assert names == get_type_hints(stored).keys()


def test_the_form_of_an_entry_holds_what_its_contents_have() -> None:
    told = {one.name for one in dataclasses.fields(entries.LedgerEntry)} - {"content"}
    of_contents = {one.name for kind in (ActivityRecorded, ActivityUndone) for one in dataclasses.fields(kind)}
    assert told | of_contents | {"kind"} == get_type_hints(v1.Entry).keys()
