"""Documents of every form that was ever deployed read as what they were; what a newer program wrote is refused whole.

The files in tests/stored hold documents as the program of that form wrote them, and what it answered about them.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, get_args, get_type_hints

import pytest
from pydantic import TypeAdapter

from streak_core.domain import calendar, days, entries, events, model, settings, zone_statements
from streak_core.domain.commands import CONTENTS, ActivityRecorded, ActivityUndone
from streak_core.domain.replay import replay
from streak_core.domain.rules import always
from streak_core.responses import calendar_response
from streak_core.store import documents
from streak_core.store.documents import FORM_1
from streak_core.store.forms import v1, v2, v2_entries
from streak_core.store.forms.to_model import streak_of
from streak_core.store.reminding import read_reminding
from streak_core.store.unreadable import StoredByNewerVersion, UnreadableStreakError
from testing.rules_in_time import policy_with
from tests.support.kept_documents import KeptDocuments
from tests.support.kept_user import KeptUser
from tests.support.shipped_policy import POLICY, RULES
from tests.support.stored_files import FILES, STORED, read

if TYPE_CHECKING:
    from pathlib import Path

# The state and the entry of each form.
SHAPES: Final[dict[int, tuple[TypeAdapter[Any], TypeAdapter[Any]]]] = {
    v1.VERSION: (v1.STREAK, v1.ENTRY),
    v2.VERSION: (v2.STREAK, v2_entries.ENTRY),
}
Json = dict[str, Any]
# What form 1 has no name for.
LATER_KINDS: Final = {
    *("redo", "unreset", "note", "open"),
    *("grant", "excuse", "restore", "lengthen", "xp", "block", "unblock", "notices", "join", "leave"),
    *("board_join", "board_leave", "board_hide", "board_show"),
}


def name_of(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


@pytest.fixture(params=FILES, ids=name_of)
def kept(request: pytest.FixtureRequest) -> Json:
    return read(request.param)


@pytest.fixture(params=[path for path in FILES if path.parent.name == "v1"], ids=name_of)
def old(request: pytest.FixtureRequest) -> Json:
    return read(request.param)


def user_of(kept: Json, form: int = documents.SCHEMA_VERSION) -> KeptUser:
    return KeptUser(form=form, documents=kept["documents"])


def test_there_are_documents_of_every_form_and_of_each_kind_of_entry_that_it_has() -> None:
    kinds: dict[str, set[str]] = {"v1": set(), "v2": set()}
    for path in FILES:
        kinds[path.parent.name] |= {one["kind"] for one in read(path)["documents"]["ledger"].values()}
    every = {kind.value for kind in entries.EntryKind}
    assert kinds == {"v1": every - LATER_KINDS, "v2": every}


def test_a_stored_user_is_answered_as_the_program_of_that_time_did(kept: Json) -> None:
    now, user, answers = datetime.fromisoformat(kept["now"]), user_of(kept), kept["answers"]
    streak = user.answer(now)
    assert {name: streak[name] for name in answers["streak"]} == answers["streak"]
    rows = [row for month in kept["documents"]["months"].values() for row in documents.read_month(month)]
    decided = {row.day: row for row in rows}
    found = calendar_response(user.state(now).view, decided, len(answers["calendar"]["days"]))
    assert found == answers["calendar"]


def test_a_document_written_again_in_its_own_form_is_the_same_document(kept: Json) -> None:
    stored = kept["documents"]["streak"]
    form, (streak, settled_through) = documents.form_of(stored), user_of(kept).read()
    assert streak
    # Those of form 1 were written as of the moment of the answers.
    written_at = datetime.fromisoformat(kept["now"]) if form == FORM_1 else streak.updated_at
    view, beside = replay(streak, RULES, written_at), read_reminding(stored)
    again = documents.streak_document("ada", streak, view, settled_through, form, beside)
    assert {**again, "state": None} == {**stored, "state": None}
    assert SHAPES[form][0].validate_json(again["state"]) == as_written_now(stored["state"], form)
    for one in kept["documents"]["ledger"].values():
        new = documents.entry_document(documents.read_entry(one), "f00d", "record", {}, {}, form)
        assert SHAPES[form][1].validate_json(new["entry"]) == SHAPES[form][1].validate_json(one["entry"])
        assert documents.form_of_entry(new) == documents.form_of_entry(one) == form
    for one in kept["documents"]["events"].values():
        assert documents.event_document(documents.read_event(one)) == one


def as_written_now(state: str, form: int) -> Json:
    """A stored state; what form 2 said by the number of a window of the shipped policy it says by its beginning now."""
    shape: Json = SHAPES[form][0].validate_json(state)
    pace = shape.get("pace", {})
    if form == FORM_1 or "window" not in pace:
        return shape
    since = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=600 * pace.pop("window"))
    return {**shape, "pace": {"since": since, "seconds": 600, **pace}}


def test_windows_of_a_number_are_read_as_those_of_their_beginning(kept: Json) -> None:
    streak, _ = user_of(kept).read()
    assert streak
    rate, last = streak.rate, streak.updated_at
    assert rate.since == last.replace(minute=last.minute - last.minute % 10, second=0, microsecond=0)
    assert (rate.seconds, rate.accepted > 0) == (POLICY.limits.window_seconds, True)


@pytest.mark.parametrize("pace", [{"window": 2}, {"window": 2_000_000_000}, {"accepted": 3}])
def test_a_window_that_can_not_be_counts_nothing(pace: Json) -> None:
    stored = json.loads(read(FILES[-1])["documents"]["streak"]["state"])
    assert streak_of(v2.STREAK.validate_json(json.dumps({**stored, "pace": pace}))).rate.accepted == 0


def test_an_old_user_becomes_one_of_the_newest_form_and_nothing_is_lost(old: Json) -> None:
    streak, settled_through = user_of(old).read()
    assert streak
    view = replay(streak, RULES, datetime.fromisoformat(old["now"]))
    new = documents.streak_document("ada", streak, view, settled_through)
    assert documents.form_of(new) == documents.SCHEMA_VERSION
    assert documents.read_streak(new) == (streak, settled_through)
    for one in old["documents"]["ledger"].values():
        entry = documents.read_entry(one)
        assert documents.read_entry(documents.entry_document(entry, "f00d", "record", {}, {})) == entry


def test_an_old_user_has_as_many_active_days_as_were_lived(old: Json) -> None:
    ledger = [documents.read_entry(one) for one in old["documents"]["ledger"].values()]
    days = Counter(
        one.content.activity.day if isinstance(one.content, ActivityRecorded) else None
        for one in ledger
        if not isinstance(one.content, ActivityRecorded) or one.content.activity.counted
    )
    days.subtract(
        one.content.activity.day
        for one in ledger
        if isinstance(one.content, ActivityUndone) and one.content.activity.counted
    )
    active = sum(1 for day, left in days.items() if day and left > 0)
    assert user_of(old).answer(datetime.fromisoformat(old["now"]))["active_days_total"] == active


def test_a_ledger_proves_what_is_stored_beside_it(kept: Json) -> None:
    rules = always(policy_with(kept.get("policy", {})))
    audit = KeptDocuments(kept["documents"]).audit(datetime.fromisoformat(kept["now"]), rules=rules)
    assert audit.fault is None
    # The fields that time changes were written as of the moment of the answers.
    of_time = {"current_streak", "expires_at"} if kept["documents"]["streak"]["schema_version"] == 1 else set()
    assert {one.field for one in audit.differences} <= of_time


# What is counted under names.
_NAMED: Final = {("categories",), ("challenges",), ("boards",)}


def places(value: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """The path of every object inside of a state whose names are those of a stored type."""
    if isinstance(value, list):
        return [found for number, each in enumerate(value) for found in places(each, (*path, str(number)))]
    if not isinstance(value, dict):
        return []
    # Here the names are data: days, weeks, achievements and categories.
    own = [] if path in {("tail",), ("consistent_since",), ("earned",)} or path[-1:] in _NAMED else [path]
    return own + [found for name, each in value.items() for found in places(each, (*path, name))]


def with_more(value: Any, path: tuple[str, ...]) -> Any:
    """The same, with a field more in the object at that path."""
    if not path:
        return {**value, "from_the_future": 1}
    if isinstance(value, list):
        at = int(path[0])
        return [*value[:at], with_more(value[at], path[1:]), *value[at + 1 :]]
    return {**value, path[0]: with_more(value[path[0]], path[1:])}


def everything(form: int) -> Json:
    found: Json = read(STORED / f"v{form}" / "everything.json")["documents"]
    return found


STATES: Final = {form: json.loads(everything(form)["streak"]["state"]) for form in SHAPES}


@pytest.mark.parametrize(
    ("form", "path"),
    [(form, path) for form, state in STATES.items() for path in places(state)],
    ids=lambda one: ".".join(one) or "state" if isinstance(one, tuple) else f"v{one}",
)
def test_a_field_that_the_form_does_not_have_is_refused_wherever_it_is(form: int, path: tuple[str, ...]) -> None:
    stored = everything(form)["streak"]
    assert documents.read_streak(stored)
    with pytest.raises(StoredByNewerVersion, match="from_the_future"):
        documents.read_streak({**stored, "state": json.dumps(with_more(STATES[form], path))})


@pytest.mark.parametrize("form", SHAPES)
@pytest.mark.parametrize(
    ("name", "value"),
    [("seq", "5"), ("seq", 5.0), ("activities", True), ("created_at", 0), ("updated_at", None), ("tail", [])],
)
def test_a_value_of_another_type_is_refused_and_not_made_to_fit(form: int, name: str, value: object) -> None:
    stored = everything(form)["streak"]
    with pytest.raises(UnreadableStreakError, match=name):
        documents.read_streak({**stored, "state": json.dumps({**STATES[form], name: value})})


@pytest.mark.parametrize("form", SHAPES)
@pytest.mark.parametrize("next_day", ["0001-01-01", "1968-12-31"])
def test_a_state_that_would_be_gone_through_for_minutes_is_refused(form: int, next_day: str) -> None:
    stored, state_before = everything(form)["streak"], STATES[form]
    checkpoint = state_before["checkpoint"]
    for one, is_read in ((next_day, False), ("1969-01-01", True)):
        state = json.dumps({**state_before, "checkpoint": {**checkpoint, "next_day": one}})
        if is_read:
            assert documents.read_streak({**stored, "state": state})
        else:
            with pytest.raises(UnreadableStreakError):
                documents.read_streak({**stored, "state": state})
    span = {"from_instant": None, "time_zone": "UTC", "floor": None}
    crowded = json.dumps({**state_before, "settings": {**state_before["settings"], "zones": [span] * 1_001}})
    with pytest.raises(UnreadableStreakError):
        documents.read_streak({**stored, "state": crowded})


def one_entry_of_each_kind(form: int) -> list[Json]:
    """An entry document of each kind that the form has."""
    found = {}
    for path in FILES:
        for stored in read(path)["documents"]["ledger"].values():
            if documents.form_of_entry(stored) == form:
                found[stored["kind"]] = stored
    return list(found.values())


ENTRIES: Final = [stored for form in SHAPES for stored in one_entry_of_each_kind(form)]


@pytest.mark.parametrize("stored", ENTRIES, ids=lambda stored: f"v{documents.form_of_entry(stored)}-{stored['kind']}")
def test_an_entry_with_a_field_more_or_of_another_kind_is_refused(stored: Json) -> None:
    entry, form = json.loads(stored["entry"]), documents.form_of_entry(stored)
    assert documents.read_entry(stored).kind == entry["kind"]
    newer = [{**entry, "from_the_future": 1}, {**entry, "kind": "teleported"}]
    if entry.get("activity"):
        newer.append({**entry, "activity": {**entry["activity"], "from_the_future": 1}})
        with pytest.raises(UnreadableStreakError):
            documents.read_entry({**stored, "entry": json.dumps({**entry, "activity": None})})
    if entry.get("zone"):
        newer.append({**entry, "zone": {**entry["zone"], "from_the_future": 1}})
        newer.append({**entry, "zone": {**entry["zone"], "effect": "beamed"}})
    for one in newer:
        with pytest.raises(StoredByNewerVersion):
            documents.read_entry({**stored, "entry": json.dumps(one)})
    # What is sent with an activity is anything that the policy of that time knew; it is never read again.
    if form == FORM_1 and entry["kind"] != "activity":
        sent = {**entry, "sent": {**entry["sent"], "from_the_future": 1}}
        with pytest.raises(UnreadableStreakError):
            documents.read_entry({**stored, "entry": json.dumps(sent)})


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
def test_an_old_entry_with_a_content_that_its_kind_does_not_have_is_refused(kind: str, sent: Json) -> None:
    stored = one_entry_of_each_kind(FORM_1)[0]
    entry = {**json.loads(stored["entry"]), "kind": kind, "sent": sent, "activity": None, "of_seq": None}
    with pytest.raises(UnreadableStreakError):
        documents.read_entry({**stored, "entry": json.dumps(entry)})


@pytest.mark.parametrize("kind", sorted(LATER_KINDS))
def test_an_old_entry_of_a_later_kind_is_of_no_program(kind: str) -> None:
    stored = one_entry_of_each_kind(FORM_1)[0]
    entry = {**json.loads(stored["entry"]), "kind": kind, "sent": {}}
    with pytest.raises(UnreadableStreakError):
        documents.read_entry({**stored, "entry": json.dumps(entry)})


@pytest.mark.parametrize("form", SHAPES)
def test_what_a_newer_program_wrote_is_told_from_what_nobody_did(form: int) -> None:
    stored = everything(form)
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
    stored = everything(documents.SCHEMA_VERSION)
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
    (model.Streak, v2.Streak, {"rate": "pace"}),
    (
        model.Checkpoint,
        v2.Checkpoint,
        {"current_streak": "length", "streak_started_on": "run_started_on", "longest_streak": "longest"},
    ),
    (model.DayRecord, v2.DayRecord, {}),
    (model.ResetMark, v2.ResetMark, {}),
    (model.CheckInMark, v2.CheckInMark, {}),
    (settings.Settings, v2.Settings, {}),
    (settings.AutoFreeze, v2.AutoFreeze, {}),
    (settings.RestWeekdays, v2.RestWeekdays, {}),
    (settings.Pause, v2.Pause, {}),
    (settings.Repair, v2.Repair, {}),
    (settings.FirstZone, v2.FirstZone, {}),
    (model.RateUsage, v2.Pace, {}),
    (model.Activity, v2.Activity, {}),
    (model.Numbered, v2.Numbered, {}),
    (model.ToldMilestones, v2.ToldMilestones, {}),
    (days.ZoneSpan, v2.ZoneSpan, {}),
    (zone_statements.ZoneSaid, v2_entries.ZoneSaid, {}),
    (events.Event, v2.Event, {}),
    (calendar.CalendarDay, v2.CalendarDay, {}),
]


@pytest.mark.parametrize(("known", "stored", "renamed"), PAIRS, ids=lambda one: getattr(one, "__name__", ""))
def test_the_newest_form_holds_every_field_of_the_model(known: type, stored: type, renamed: dict[str, str]) -> None:
    names = {renamed.get(name, name) for name in inspect.signature(known).parameters}
    assert names == get_type_hints(stored).keys()


def test_each_content_of_an_entry_has_a_shape_of_its_own_with_every_field_that_it_has() -> None:
    shapes = {get_args(get_type_hints(one)["kind"])[0]: get_type_hints(one) for one in get_args(v2_entries.Entry)}
    assert shapes.keys() == {content.kind.value for content in CONTENTS}
    told = {one.name for one in dataclasses.fields(entries.LedgerEntry)} - {"content"} | {"kind"}
    for content in CONTENTS:
        names = {one.name for one in dataclasses.fields(content)}
        assert shapes[content.kind.value].keys() == told | names
