"""What was said of zones: each statement has its place by the instant that it speaks of (semantics 1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.commands import ChangeSettings
from streak_core.domain.days import ALWAYS_UTC, ZoneLine, ZoneSpan
from streak_core.domain.decision import decide
from streak_core.domain.errors import StreakError
from streak_core.domain.state import user_state
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid
from streak_core.domain.zone_stretches import with_statement
from testing.lives import zones
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.shipped_policy import POLICY, RULES

NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
START: Final = RULES.day_starts
GUIDE: Final[Step] = {"activity_id": "a", "activity_type": "study_guide_completed"}
VIRTUAL: Final = (ZoneSpan(from_instant=None, time_zone="UTC", floor=None, first_said=NOON),)

Line = tuple[ZoneSpan, ...]


def said(spans: Line, *statements: tuple[int, str]) -> Line:
    """The line with those statements, so many hours after noon, in the order of arrival."""
    for hours, zone in statements:
        one = ZoneSaid(time_zone=zone, since=NOON + hours * HOUR, effect=ZoneEffect.SAID, by_activity=True, used=True)
        spans = with_statement(spans, one, START)
    return spans


def zones_of(spans: Line) -> list[tuple[int | None, str]]:
    return [(None if one.from_instant is None else (one.from_instant - NOON) // HOUR, one.time_zone) for one in spans]


def test_a_late_statement_holds_until_the_next_one() -> None:
    line = said(ALWAYS_UTC, (10, "Asia/Tokyo"), (30, "Asia/Tokyo"), (20, "Europe/Paris"))
    assert zones_of(line) == [(None, "UTC"), (10, "Asia/Tokyo"), (20, "Europe/Paris"), (30, "Asia/Tokyo")]


def test_before_the_first_statement_the_zone_of_the_first_one_holds() -> None:
    assert zones_of(said(VIRTUAL, (10, "Asia/Tokyo"))) == [(None, "UTC"), (10, "Asia/Tokyo")]
    earlier = said(VIRTUAL, (-10, "Asia/Tokyo"))
    assert zones_of(earlier) == [(None, "Asia/Tokyo"), (0, "UTC")]
    assert earlier[0].first_said == NOON - 10 * HOUR
    # What was there before anything that is kept, stays before it.
    assert zones_of(said(ALWAYS_UTC, (-10, "Asia/Tokyo"))) == [(None, "UTC"), (-10, "Asia/Tokyo")]


def test_of_two_for_the_same_instant_the_one_said_later_holds() -> None:
    assert zones_of(said(ALWAYS_UTC, (1, "Asia/Tokyo"), (1, "Europe/Paris"))) == [(None, "UTC"), (1, "Europe/Paris")]
    assert zones_of(said(VIRTUAL, (0, "Europe/Paris"))) == [(None, "Europe/Paris")]
    line = said(ALWAYS_UTC, (1, "Asia/Tokyo"))
    assert said(line, (1, "Asia/Tokyo")) == line


def test_of_three_that_lie_close_together_the_middle_one_is_not_kept() -> None:
    line = said(ALWAYS_UTC, (0, "Asia/Tokyo"), (3, "Asia/Tokyo"), (6, "Asia/Tokyo"))
    assert line[-1].said == (NOON + 6 * HOUR,)
    apart = said(ALWAYS_UTC, (0, "Asia/Tokyo"), (3, "Asia/Tokyo"), (7, "Asia/Tokyo"))
    assert apart[-1].said == (NOON + 3 * HOUR, NOON + 7 * HOUR)


def test_a_floor_that_the_line_does_not_give_outlives_a_statement_before_it() -> None:
    pin = ZoneSpan(from_instant=NOON, time_zone="UTC", floor=date(2026, 3, 5))
    line = said((*ALWAYS_UTC, pin), (-24, "Asia/Tokyo"), (-23, "UTC"))
    assert ZoneLine(line, START).label(NOON) == date(2026, 3, 5)


@given(st.lists(st.tuples(st.integers(-200, 200), zones), max_size=12), st.randoms(use_true_random=False))
def test_labels_never_go_backward_and_the_order_of_arrival_changes_nothing_else(
    statements: list[tuple[int, str]], order: Any
) -> None:
    distinct = list({hours: (hours, zone) for hours, zone in statements}.values())
    line = said(ALWAYS_UTC, *distinct)
    moments = [NOON + hours * HOUR for hours in range(-220, 240, 7)]
    labels = [ZoneLine(line, START).label(at) for at in moments]
    assert labels == sorted(labels)
    assert len(line) <= len(distinct) + 1
    shuffled = said(ALWAYS_UTC, *order.sample(distinct, len(distinct)))
    # Where nothing was left out as lying too close, the very same line.
    if sum(1 + len(one.said) for one in line) == len(distinct) + 1:
        assert [ZoneLine(shuffled, START).label(at) for at in moments] == labels


def at(hours: float) -> str:
    return (NOON + hours * HOUR).isoformat()


def move(user: PureUser, hours: float, time_zone: str, **more: Any) -> Any:
    return user.step({"at": at(hours), "do": "set_time_zone", "time_zone": time_zone, **more})


def in_london() -> PureUser:
    user = PureUser(POLICY)
    move(user, -100, "Europe/London")
    return user


def lived_in(user: PureUser) -> list[str]:
    assert user.streak
    return [one.time_zone for one in user.streak.settings.zones]


def test_a_change_that_is_taken_back_within_a_day_was_never_made_and_a_second_later_it_was() -> None:
    for hours, expected in [(24, ["Europe/London"]), (24 + 1 / 3600, ["Europe/London", "Asia/Tokyo", "Europe/London"])]:
        user = in_london()
        move(user, 0, "Asia/Tokyo")
        move(user, hours, "Europe/London")
        assert lived_in(user) == expected


@pytest.mark.parametrize(
    ("between", "is_taken_back"),
    [
        (None, True),
        ({"do": "record", "activity_id": "a", "activity_type": "check_in"}, False),
        ({"do": "record", "activity_id": "a", "activity_type": "check_in", "occurred_at": at(-1)}, True),
        ({"do": "record", "activity_id": "a", "activity_type": "check_in", "occurred_at": at(0)}, False),
        ({"do": "set_auto_freeze", "on": False}, False),
        # Nothing but a key that is kept.
        ({"do": "resume", "key": "k"}, True),
        ({"do": "set_time_zone", "time_zone": "Asia/Tokyo"}, True),
    ],
)
def test_whoever_did_something_there_was_there(between: dict[str, Any] | None, *, is_taken_back: bool) -> None:
    user = in_london()
    move(user, 0, "Asia/Tokyo")
    if between:
        user.step({"at": at(1), **between})
    move(user, 2, "Europe/London")
    assert (lived_in(user) == ["Europe/London"]) is is_taken_back


def test_an_activity_that_says_the_zone_before_takes_a_slip_back_too() -> None:
    user = in_london()
    move(user, 0, "Asia/Tokyo")
    record: Step = {"do": "record", "activity_id": "a", "activity_type": "check_in", "at": at(1)}
    user.step({**record, "time_zone": "Europe/London"})
    assert lived_in(user) == ["Europe/London"]
    # And says where the user was, whatever comes late.
    user.step({**record, "activity_id": "b", "occurred_at": at(0.5), "time_zone": "Asia/Tokyo"})
    assert lived_in(user) == ["Europe/London", "Asia/Tokyo", "Europe/London"]


def test_where_an_activity_was_is_no_slip() -> None:
    user = in_london()
    record = {"do": "record", "activity_type": "check_in", "at": at(0)}
    user.step({**record, "activity_id": "a", "time_zone": "Asia/Tokyo"})
    move(user, 1, "Europe/London")
    assert lived_in(user) == ["Europe/London", "Asia/Tokyo", "Europe/London"]


def test_what_occurred_since_an_earlier_instant_that_a_zone_is_said_for_lies_in_between() -> None:
    for minutes, expected in [(30, 3), (-30, 1)]:
        user = in_london()
        occurred = (NOON + timedelta(minutes=minutes)).isoformat()
        user.step(
            {"at": at(2), "do": "record", "activity_id": "a", "activity_type": "check_in", "occurred_at": occurred}
        )
        move(user, 3, "Asia/Tokyo", since=at(0))
        move(user, 4, "Europe/London")
        assert len(lived_in(user)) == expected


def test_a_zone_is_said_for_at_most_as_long_ago_as_an_activity_may_lie_and_not_for_the_future() -> None:
    user = in_london()
    days = POLICY.activities.late_days_max
    with pytest.raises(StreakError, match="occurred_too_long_ago"):
        move(user, 0, "Asia/Tokyo", since=(NOON - timedelta(days=days + 1)).isoformat())
    with pytest.raises(StreakError, match="occurred_in_the_future"):
        move(user, 0, "Asia/Tokyo", since=(NOON + timedelta(minutes=5, seconds=1)).isoformat())
    with pytest.raises(StreakError, match="invalid_request"):
        user.step({"at": at(0), "do": "set_auto_freeze", "on": False, "since": at(-1)})
    move(user, 0, "Asia/Tokyo", since=(NOON - timedelta(days=days)).isoformat())
    move(user, 0, "Europe/Paris", since=(NOON + timedelta(minutes=5)).isoformat())
    # London was not said for as long ago as that.
    assert lived_in(user) == ["Asia/Tokyo", "Europe/London", "Europe/Paris"]
    # What was said for an instant close by is not said again; at another time it is.
    before = user.streak
    move(user, 1, "Europe/London", since=at(-100))
    assert user.streak == before
    move(user, 1, "Europe/London", since=at(-1))
    assert user.streak != before


@pytest.mark.parametrize(
    ("zones", "day"),
    [(("America/Los_Angeles", "Etc/GMT-5"), "2012-01-18"), (("Etc/GMT-5", "America/Los_Angeles"), "2012-01-17")],
)
def test_of_three_for_the_same_instant_the_last_one_holds_also_where_today_is_held_from_then_on(
    zones: tuple[str, str], day: str
) -> None:
    user, now = PureUser(POLICY), "2012-01-24T22:47:00Z"
    guide: Step = {"at": now, "do": "record", "activity_type": "study_guide_completed"}
    for number, zone in enumerate(("Pacific/Apia", *zones)):
        user.step({**guide, "activity_id": f"a{number}", "time_zone": zone})
    assert user.step({**guide, "activity_id": "b", "occurred_at": "2012-01-18T09:18:00Z"})["day"] == day
    assert user.step({"at": now, "do": "get_streak"})["today"] == "2012-01-25"


def test_an_activity_of_the_very_instant_of_a_change_was_before_it_whether_or_not_it_is_looked_for() -> None:
    user = in_london()
    user.step({"at": at(0), "do": "record", "activity_id": "a", "activity_type": "check_in"})
    now = datetime.fromisoformat(at(0))
    known, unknown = user.state(now), user_state(user.streak, user.settled_through, RULES, now)
    away = ChangeSettings(time_zone="Asia/Tokyo")
    assert decide(known, away, {}).entry == decide(unknown, away, {}).entry
    move(user, 0, "Asia/Tokyo")
    move(user, 1, "Europe/London")
    assert lived_in(user) == ["Europe/London"]


@pytest.mark.parametrize(
    ("steps", "today"),
    [
        ([{"do": "reset"}], "2026-09-11"),
        ([{**GUIDE, "do": "record"}], "2026-09-11"),
        ([{**GUIDE, "do": "record"}, {"do": "undo", "activity_id": "a"}], "2026-09-10"),
    ],
)
def test_today_is_held_by_what_was_done_and_what_was_undone_is_not_offered_before_its_day(
    steps: list[Step], today: str
) -> None:
    user, now = PureUser(POLICY), "2026-09-11T08:46:00Z"
    user.step({"at": now, "do": "set_time_zone", "time_zone": "Australia/Lord_Howe"})
    for step in steps:
        user.step({"at": now, **step})
    # Said for the same instant: it holds from the beginning.
    user.step({"at": now, "do": "check_in", "time_zone": "America/Metlakatla"})
    answer = user.step({"at": now, "do": "get_streak"})
    assert (answer["today"], answer["offers"]) == (today, [])


def test_a_slip_that_was_mended_at_the_same_instant_can_still_be_taken_back() -> None:
    user = in_london()
    move(user, 0, "Asia/Tokyo")
    move(user, 0, "Pacific/Kiritimati")
    move(user, 1, "Europe/London")
    assert lived_in(user) == ["Europe/London"]
