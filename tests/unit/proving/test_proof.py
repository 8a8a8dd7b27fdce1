"""A ledger leads to everything that is stored of a user, and a ledger that is not whole proves nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.calendar import CalendarDay
from streak_core.domain.commands import PlanFreeze, SettingsChanged
from streak_core.domain.events import EventKind
from streak_core.domain.model import RateUsage, Verdict
from streak_core.domain.settings import Pause, RestWeekdays
from streak_core.domain.settlement import settle
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid
from streak_core.proving.old_entries import LedgerFaultError
from streak_core.proving.proof import (
    Difference,
    Pairing,
    Rebuild,
    differences,
    flat,
    lasting,
    whole,
)
from testing.lives import lives
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples
from tests.unit.proving.lived import check_leads_to_what_is_stored, lived

if TYPE_CHECKING:
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event

DAY = timedelta(days=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rebuilt(entries: list[LedgerEntry]) -> Rebuild:
    rebuild = Rebuild(RULES)
    for entry in entries:
        rebuild.take(entry)
    return rebuild


def active(days: int, name: str = "a") -> PureUser:
    user = PureUser(POLICY)
    for day in range(days):
        at = (NOW + day * DAY).isoformat()
        user.step({"at": at, "do": "record", "activity_id": f"{name}{day}", "activity_type": "study_guide_completed"})
    return user


def said_on_mars() -> ZoneSaid:
    return ZoneSaid(time_zone="Mars/Olympus", since=NOW, effect=ZoneEffect.SAID, by_activity=False, used=False)


runs_at = st.lists(st.tuples(st.integers(0, 60), st.integers(-3_000, 100_000)), max_size=12)


@given(lives(), runs_at)
@examples(150)
def test_a_ledger_leads_to_the_state_the_events_and_the_decided_days_whenever_a_job_ran(
    life: list[Step], runs: list[tuple[int, int]]
) -> None:
    user = PureUser(POLICY)
    check_leads_to_what_is_stored(user, lived(user, life, runs))


def test_an_entry_that_is_missing_is_named_and_so_is_one_that_is_there_twice() -> None:
    entries = active(4).entries
    assert rebuilt(entries).streak is not None
    for cut, said in [
        (entries[1:], "entry 1 is missing"),
        ([*entries[:2], entries[3]], "entry 3 is missing"),
        ([*entries[:3], entries[2]], "entry 3 is there twice"),
    ]:
        with pytest.raises(LedgerFaultError, match=said):
            rebuilt(cut)


@pytest.mark.parametrize(
    "damage",
    [{"at": NOW - 5 * DAY}, {"today": date(2026, 3, 8)}, {"time_zone": "Asia/Tokyo"}],
    ids=lambda damage: next(iter(damage)),
)
def test_an_entry_whose_moment_label_or_zone_is_not_what_the_rules_give_it_proves_nothing(
    damage: dict[str, Any],
) -> None:
    entries = active(3).entries
    with pytest.raises(LedgerFaultError, match="entry 3 is of 2026-"):
        rebuilt([*entries[:2], replace(entries[2], **damage)])


@pytest.mark.parametrize(
    "content",
    [SettingsChanged(zone=said_on_mars()), SettingsChanged(rest_weekdays=("someday",))],
)
def test_an_entry_that_no_command_could_have_made_proves_nothing(content: SettingsChanged) -> None:
    entries = active(3).entries
    planned = PlanFreeze(day=date(2026, 3, 5))
    assert rebuilt([*entries[:2], replace(entries[2], content=planned)]).streak
    with pytest.raises(LedgerFaultError, match="entry 3 can't be carried out again"):
        rebuilt([*entries[:2], replace(entries[2], content=content)])


def test_an_empty_ledger_proves_nothing() -> None:
    with pytest.raises(LedgerFaultError, match="no ledger"):
        Rebuild(RULES).closing(None, NOW)


def test_any_day_from_the_last_command_to_now_may_be_the_one_that_is_settled() -> None:
    user = active(3)
    rebuild, last = rebuilt(user.entries), date(2026, 3, 3)
    for stored, expected in [
        (None, last),
        (date(2020, 1, 1), last),
        (last, last),
        (last + DAY, last + DAY),
        (date(2026, 3, 9), date(2026, 3, 9)),
        (date(2026, 3, 10), date(2026, 3, 9)),
        (date.max, date(2026, 3, 9)),
    ]:
        closing = rebuild.closing(stored, datetime(2026, 3, 10, 12, tzinfo=UTC))
        assert closing.settled_through == expected
        assert (closing.view.current_streak == 0) == (expected > date(2026, 3, 4))


def test_a_clock_may_be_ahead_by_as_much_as_that_of_an_activity_and_not_by_a_second_more() -> None:
    rebuild, day_ends = rebuilt(active(1).entries), datetime(2026, 3, 5, 4, tzinfo=UTC)
    for early, expected in [(timedelta(minutes=5), 4), (timedelta(minutes=5, seconds=1), 3)]:
        assert rebuild.closing(date(2026, 3, 4), day_ends - early).settled_through == date(2026, 3, expected)


def test_what_time_decides_later_gives_the_same_view_and_events_as_the_job_wrote() -> None:
    user = active(2)
    now = NOW + 9 * DAY
    assert user.streak
    settlement = settle(user.streak, user.settled_through, RULES, now)
    closing = rebuilt(user.entries).closing(settlement.settled_through, now + 30 * DAY)
    assert closing.events == settlement.events
    assert [event.event_id for event in closing.events] == ["2026-03-04.streak_broken"]
    shown = ("current_streak", "longest_streak", "freezes_available", "xp_total", "last_active_date", "expires_at")
    for name in shown:
        assert getattr(closing.view, name) == getattr(settlement.view, name)


def test_a_day_that_a_flight_ended_is_told_by_the_command_that_said_so_and_by_no_job_again() -> None:
    user = active(1)
    for at, zone in [("02T10", "UTC"), ("03T20", "Pacific/Kiritimati"), ("03T21", "UTC"), ("05T20", None)]:
        user.step({"at": f"2026-03-{at}:00:00+00:00", "do": "set_time_zone", "time_zone": zone or "Pacific/Kiritimati"})
        if at == "03T20":
            # Without it, who returns within a day was never away.
            user.step({"at": "2026-03-03T20:30:00+00:00", "do": "check_in"})
    rebuild, flight = rebuilt(user.entries), date(2026, 3, 5)
    assert user.settled_through == flight
    assert [event.day for event in user.events.values() if event.kind is EventKind.STREAK_BROKEN][-1] == flight
    written = rebuild.closing(user.settled_through, NOW + 9 * DAY)
    assert (written.view.today, written.events) == (flight + DAY, ())
    later = rebuild.closing(flight + DAY, NOW + 9 * DAY)
    assert later.events == ()


def test_the_pace_of_commands_is_no_part_of_what_is_proved() -> None:
    streak = active(2).streak
    assert streak
    assert streak.rate != RateUsage()
    assert lasting(replace(streak, rate=RateUsage(since=NOW, seconds=9, accepted=9))) == lasting(streak)
    assert lasting(replace(streak, activities=9)) != lasting(streak)


def test_every_field_that_differs_is_named_with_both_values() -> None:
    row = CalendarDay(day=date(2026, 3, 2), verdict=Verdict.ACTIVE, activity_count=1, xp=15, categories=("guide",))
    other = row._replace(verdict=Verdict.FROZEN, categories=())
    assert list(differences("months/2026-03", row, row)) == []
    assert list(differences("months/2026-03", {"02": row}, {"02": other})) == [
        Difference(document="months/2026-03", field="02.categories.0", stored="guide", rebuilt=None),
        Difference(document="months/2026-03", field="02.verdict", stored="active", rebuilt="frozen"),
    ]


@pytest.mark.parametrize(("stored", "expected"), [(1, True), (1, "1"), (1.0, 1), (0, None), ("", None)])
def test_a_value_of_another_type_is_another_value(stored: object, expected: object) -> None:
    (found,) = differences("streak", {"a": stored}, {"a": expected})
    assert (found.stored, found.rebuilt) == (stored, expected)


def test_the_order_of_a_set_or_a_mapping_makes_no_difference_and_that_of_a_list_does() -> None:
    one, other = frozenset({"a", "b", "c"}), frozenset({"c", "b", "a"})
    assert not list(differences("", {"s": one, "t": 1}, {"t": 1, "s": other}))
    assert list(differences("", {"s": ["a", "b"]}, {"s": ["b", "a"]}))


def test_values_are_told_as_json_has_them() -> None:
    assert flat({"at": NOW, "odd": b"x", "none": None, "yes": True}) == {
        "at": "2026-03-02T09:00:00Z",
        "odd.value": "b'x'",
        "none": None,
        "yes": True,
    }
    assert flat(Pause(pause_id="pause-1", from_day=date(2026, 3, 2), until_day=date(2026, 3, 4))) == {
        "pause_id": "pause-1",
        "from_day": "2026-03-02",
        "until_day": "2026-03-04",
    }
    assert flat(RestWeekdays(from_day=date(2026, 3, 2), weekdays=frozenset({6, 0}), at=NOW)) == {
        "from_day": "2026-03-02",
        "weekdays.0": 0,
        "weekdays.1": 6,
        "at": "2026-03-02T09:00:00Z",
    }
    assert flat(None) == {}


def test_a_whole_document_is_there_or_not() -> None:
    assert whole("events/x", "missing", "there").field == "document"


def test_things_are_paired_whichever_is_known_first() -> None:
    pairing: Pairing[int] = Pairing()
    pairing.expect("a", 1)
    pairing.find("a", 1)
    pairing.find("b", 2)
    pairing.expect("b", 2)
    assert len(pairing) == 0
    pairing.find("c", 3)
    pairing.expect("c", 4)
    pairing.expect("d", 5)
    pairing.find("e", 6)
    assert (pairing.wrong, pairing.expected, pairing.found) == ({"c": (3, 4)}, {"d": 5}, {"e": 6})
    assert len(pairing) == 3


def test_what_is_expected_again_under_the_same_name_replaces_what_was() -> None:
    pairing: Pairing[int] = Pairing()
    pairing.find("a", 2)
    pairing.expect("a", 1)
    pairing.expect("a", 2)
    pairing.expect("b", 1)
    pairing.expect("b", 2)
    pairing.find("b", 2)
    assert len(pairing) == 0


def test_what_is_too_early_to_look_for_can_be_forgotten() -> None:
    pairing: Pairing[int] = Pairing()
    pairing.expect("a", 1)
    pairing.expect("b", 2)
    pairing.forget(lambda value: value > 1)
    assert pairing.expected == {"a": 1}


def test_events_of_a_life_with_undone_and_repeated_milestones_are_told_once() -> None:
    user = active(7)
    undo = {"do": "undo", "activity_id": "a6"}
    again: Step = {"do": "record", "activity_id": "again", "activity_type": "check_in"}
    for hours, step in ((1, undo), (2, again)):
        user.step({"at": (NOW + 6 * DAY + timedelta(hours=hours)).isoformat(), **step})
    told: list[Event] = []
    rebuild = Rebuild(RULES)
    for entry in user.entries:
        told += rebuild.take(entry).events
    milestones = [event for event in told if event.event_id.startswith("milestone_reached")]
    assert milestones == [user.events["milestone_reached.2026-03-02.7"]]
    assert milestones[0].at == NOW + 6 * DAY
