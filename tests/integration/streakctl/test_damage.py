"""Whatever is damaged of what is stored is found by field, and mended so that all answers are those of before."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from google.cloud import firestore

from streak_core.domain.model import DayRecord, Streak
from streak_core.domain.replay import replay
from streak_core.store.documents import read_streak, streak_document
from tests.integration.streakctl.proving import NOW, Documents, answers, found, prove, prover
from tests.support.recorded_client import RecordedClient
from tests.support.shipped_policy import RULES
from tests.support.stored_life import StoredLife, documents_of
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Finding

# Every kind of damage: what is written by hand, and the differences that it makes.
Damage = Callable[[firestore.DocumentReference], object]


def state(**changes: Any) -> Damage:
    """The state with some fields changed, in whatever form it is stored."""

    def write(doc: firestore.DocumentReference) -> None:
        stored = doc.get().to_dict() or {}
        streak, through = read_streak(stored)
        changed = {name: change(getattr(streak, name)) for name, change in changes.items()}
        damaged: Streak = replace(streak, **changed)
        document = streak_document("ada", damaged, replay(streak, RULES, NOW), through)
        doc.set({**document, **{name: value for name, value in stored.items() if name != "state"}})

    return write


def checkpoint(**changes: Any) -> Damage:
    return state(checkpoint=lambda before: replace(before, **changes))


def chosen(**changes: Any) -> Damage:
    return state(settings=lambda before: replace(before, **changes))


def field(**changes: Any) -> Damage:
    return lambda doc: doc.update(changes)


def first(doc: firestore.DocumentReference, part: str, kind: str | None = None) -> firestore.DocumentReference:
    found = [one for one in doc.collection(part).stream() if kind is None or (one.to_dict() or {})["kind"] == kind]
    ref: firestore.DocumentReference = found[0].reference
    return ref


def wrong_day(doc: firestore.DocumentReference) -> None:
    month = doc.collection("months").document("2025-01")
    days = (month.get().to_dict() or {})["days"]
    day = days["07"]
    changed = json.dumps({**json.loads(day), "xp": 1}) if isinstance(day, str) else {**day, "xp": 1}
    month.set({"days": {**days, "07": changed}})


_REPAIR = ("day", "at", "by_operator")
_FIRST_ZONE = ("time_zone", "seq", "first_day")
TAIL_DAY = date(2025, 2, 22)
DAMAGES: list[tuple[str, Damage, set[str]]] = [
    ("seq", state(seq=lambda seq: seq + 5), {"streak state.seq"}),
    ("seq that is less", state(seq=lambda seq: seq - 5), {"streak state.seq"}),
    ("activities", state(activities=lambda _: 1), {"streak state.activities"}),
    ("moments", state(created_at=lambda at: at - timedelta(days=1)), {"streak state.created_at"}),
    ("current streak", checkpoint(current_streak=99), {"streak state.checkpoint.current_streak"}),
    ("streak started on", checkpoint(streak_started_on=None), {"streak state.checkpoint.streak_started_on"}),
    ("longest", checkpoint(longest_streak=0), {"streak state.checkpoint.longest_streak"}),
    ("freezes", checkpoint(freezes=0), {"streak state.checkpoint.freezes"}),
    ("total XP", checkpoint(xp_total=1), {"streak state.checkpoint.xp_total"}),
    ("first counted day", checkpoint(first_counted_day=None), {"streak state.checkpoint.first_counted_day"}),
    ("last active date", checkpoint(last_active_date=None), {"streak state.checkpoint.last_active_date"}),
    ("grace", checkpoint(last_grace=date(2025, 1, 1)), {"streak state.checkpoint.last_grace"}),
    ("consistency", checkpoint(week_was_consistent=False), {"streak state.checkpoint.week_was_consistent"}),
    (
        "a day of the tail",
        state(tail=lambda tail: {**tail, TAIL_DAY: tail[TAIL_DAY]._replace(xp=7, counted=9)}),
        {f"streak state.tail.{TAIL_DAY}.xp", f"streak state.tail.{TAIL_DAY}.counted"},
    ),
    (
        "a day too many",
        state(tail=lambda tail: {**tail, date(2025, 2, 27): DayRecord(activity_count=1)}),
        {f"streak state.tail.2025-02-27.{name}" for name in ("activity_count", "counted", "xp", "check_ins_ever")},
    ),
    ("zones", chosen(zones=()), set()),
    ("planned freezes", chosen(planned_freezes=frozenset({date(2025, 3, 1)})), set()),
    ("repairs", chosen(repairs=()), {f"streak state.settings.repairs.0.{name}" for name in _REPAIR}),
    ("first zone", chosen(first_zone=None), {f"streak state.settings.first_zone.{name}" for name in _FIRST_ZONE}),
    ("active days", checkpoint(active_days=1), {"streak state.checkpoint.active_days"}),
    ("last repair", checkpoint(last_repaired=None), {"streak state.checkpoint.last_repaired"}),
    ("milestones told", checkpoint(told_length=99), {"streak state.checkpoint.told_length"}),
    ("consistent weeks", checkpoint(consistent_weeks=9), {"streak state.checkpoint.consistent_weeks"}),
    ("milestones of the tail", state(told=lambda _: ()), set()),
    ("what was undone", state(undone=lambda _: ()), set()),
    ("bonus marks", state(consistent_since=lambda _: {}), set()),
    ("timeline", field(timeline="[]"), {"streak timeline"}),
    ("status", field(status="splendid"), {"streak status"}),
    ("a mark of an activity", lambda doc: first(doc, "ledger", "activity").update({"undone": True}), set()),
    (
        "the command of an entry",
        lambda doc: doc.collection("ledger").document("activity.a51").update({"command": "reset"}),
        {"ledger/activity.a51 command"},
    ),
    ("schema version", field(schema_version="one"), {"streak schema_version", "streak document"}),
    ("no schema version", field(schema_version=firestore.DELETE_FIELD), {"streak schema_version", "streak document"}),
    ("shard", field(shard=7), {"streak shard"}),
    ("shard of another type", field(shard="40"), {"streak shard"}),
    ("stamp", field(updated_at="yesterday"), {"streak updated_at"}),
    ("current streak", field(current_streak=99), {"streak current_streak"}),
    ("longest streak", field(longest_streak=None), {"streak longest_streak"}),
    ("freezes available", field(freezes_available=4.0), {"streak freezes_available"}),
    ("XP", field(xp_total=firestore.DELETE_FIELD), {"streak xp_total"}),
    ("last activity", field(last_active_date="2030-01-01"), {"streak last_active_date"}),
    ("deadline", field(expires_at=None), {"streak expires_at"}),
    ("deadline of another kind", field(expires_at={"at": 1}), {"streak expires_at", "streak expires_at.at"}),
    ("settled too early", field(settled_through="2024-01-01"), {"streak settled_through"}),
    ("settled never", field(settled_through=None), {"streak settled_through"}),
    ("settled on no day", field(settled_through="soon"), {"streak settled_through", "streak document"}),
    ("no state", field(state=firestore.DELETE_FIELD), {"streak document"}),
    ("a state that is no text", field(state=5), {"streak document"}),
    ("a state cut short", field(state='{"seq":'), {"streak document"}),
    ("nothing in it", lambda doc: doc.set({}), set()),
    ("no streak", lambda doc: doc.delete(), {"streak document"}),
    (
        "no month",
        lambda doc: doc.collection("months").document("2025-01").delete(),
        {"months/2025-01 document"},
    ),
    (
        "a month too many",
        lambda doc: doc.collection("months").document("2024-12").set({"days": {}}),
        {"months/2024-12 document"},
    ),
    (
        "a month that does not read",
        lambda doc: doc.collection("months").document("2025-02").set({"days": 5}),
        {"months/2025-02 document"},
    ),
    ("a day of a month", wrong_day, {"months/2025-01 2025-01-07.xp"}),
    ("no event", lambda doc: first(doc, "events").delete(), set()),
    (
        "an event too many",
        lambda doc: doc.collection("events").document("x").set({"at": NOW}),
        {"events/x document"},
    ),
    (
        "an event at no moment",
        lambda doc: first(doc, "events", "streak_broken").update({"at": "noon"}),
        set(),
    ),
    (
        "details of an event",
        lambda doc: first(doc, "events", "milestone_reached").update({"details": {"length": 8}}),
        set(),
    ),
    ("a moment of an event", lambda doc: first(doc, "events", "streak_broken").update({"at": NOW}), set()),
]


@pytest.mark.parametrize(("damage", "differing"), [case[1:] for case in DAMAGES], ids=[case[0] for case in DAMAGES])
def test_damage_is_found_by_field_and_mended_so_that_all_answers_are_those_of_before(
    client: RecordedClient,
    ada: firestore.DocumentReference,
    lived: Documents,
    before: dict[str, Any],
    damage: Damage,
    differing: set[str],
) -> None:
    damage(ada)
    read_only = prove(client)
    assert read_only.finding is Finding.DIFFERS, read_only.reason
    assert read_only.differences
    assert set(found(read_only)) == differing or not differing
    mended = prove(client, fix=True)
    assert (mended.finding, mended.differences) == (Finding.MENDED, read_only.differences)
    assert prove(client).finding is Finding.EQUAL
    assert answers(client) == before
    stored = documents_of(client, "ada")
    ledger = {path: document for path, document in lived.items() if "/ledger/" in path}
    assert {path: document for path, document in stored.items() if "/ledger/" in path} == ledger
    assert set(stored) == set(lived)


def test_a_day_settled_ahead_of_the_clock_is_mended_to_yesterday_with_the_events_until_then(
    client: RecordedClient, ada: firestore.DocumentReference, lived: Documents, before: dict[str, Any]
) -> None:
    ada.update({"settled_through": "2035-01-01"})
    read_only = prove(client)
    assert found(read_only)["streak settled_through"] == ("2035-01-01", "2025-03-01")
    assert prove(client, fix=True).finding is Finding.MENDED
    assert prove(client).finding is Finding.EQUAL
    assert answers(client) == before
    written = {path.rpartition("/")[2] for path in documents_of(client, "ada").keys() - lived.keys()}
    assert written == {"2025-02-27.freeze_applied", "2025-02-28.freeze_applied"}


def test_a_day_that_a_job_settled_since_the_last_command_is_right_and_one_that_is_not_over_is_not(
    client: RecordedClient, ada: firestore.DocumentReference
) -> None:
    life = StoredLife(client, "ada")
    life.live([{"at": NOW.isoformat(), "do": "maintenance"}])
    assert (ada.get().to_dict() or {})["settled_through"] == "2025-03-01"
    assert prove(client).finding is Finding.EQUAL
    early = prover(client, now=NOW - timedelta(days=1)).prove(MendingStore(client).user_document("ada"))
    assert found(early)["streak settled_through"] == ("2025-03-01", "2025-02-28")
