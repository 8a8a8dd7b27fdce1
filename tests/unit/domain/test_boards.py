"""Leaderboards (semantics 16): periods and when they are final, what a seat counts, and what leaving it leaves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.boards import NOTHING, SLOTS, Period, RankedBy, Span, Standing, sealed_standings
from streak_core.domain.days import DayStarts
from streak_core.domain.standings import days_to_look_up, open_periods, placed, standing_in
from testing.lives import lives
from testing.pure_user import PureUser
from tests.support.in_march import at, did, refused
from tests.support.living import attempt, is_proved
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from testing.steps import Step

WEEK, MONTH = Span.WEEK, Span.MONTH
FOUR = DayStarts(((date.min, 4),))
days = st.dates(date(2000, 1, 1), date(2037, 12, 1))


def join(user: PureUser, day: int, hour: int = 10, month: int = 3, **more: Any) -> Any:
    return user.step({"at": at(day, hour, month), "do": "join_leaderboard", "name": "Ada", **more})


def seat(user: PureUser, day: int, hour: int = 22, month: int = 3) -> Any:
    return user.step({"at": at(day, hour, month), "do": "get_seat"})


def numbers(user: PureUser, day: int, month: int = 3) -> tuple[tuple[int, int], tuple[int, int]]:
    found = seat(user, day, month=month)
    return tuple((found[kind]["xp"], found[kind]["streak"]) for kind in ("week", "month"))  # type: ignore[return-value]


@given(days, st.sampled_from(Span))
@examples(200)
def test_periods_lie_side_by_side_and_neighbours_stand_in_slots_of_their_own(day: date, span: Span) -> None:
    period = Period.of(span, day)
    assert period.has(day)
    assert period.has(period.first_day)
    assert not period.has(period.next_first_day)
    assert Period.of(span, period.next_first_day).before == period
    row = [period]
    for _ in range(SLOTS - 1):
        row.append(row[-1].before)
    assert {one.slot for one in row} == set(range(SLOTS))
    assert row[-1].before.slot == period.slot


def test_a_week_is_called_by_its_monday_and_a_month_by_itself() -> None:
    assert Period.of(WEEK, date(2026, 11, 29)).label == "2026-11-23"
    assert Period.of(MONTH, date(2026, 12, 31)).label == "2026-12"
    assert Period.of(MONTH, date(2026, 12, 31)).next_first_day == date(2027, 1, 1)
    assert Period.of(MONTH, date(2027, 2, 28)).next_first_day == date(2027, 3, 1)


def test_neighbours_stand_in_slots_of_their_own() -> None:
    weeks = [Period.of(WEEK, date(2026, 11, day)) for day in (2, 9, 16)]
    months = [Period.of(MONTH, date(year, month, 1)) for year, month in ((2026, 11), (2026, 12), (2027, 1))]
    assert [{one.slot for one in each} for each in (weeks, months)] == [{0, 1, 2}, {0, 1, 2}]


def test_a_period_is_final_two_days_after_its_last_label_has_ended_everywhere() -> None:
    # Monday begins at four in the morning, twelve hours behind UTC: at four in the afternoon.
    assert Period.of(WEEK, date(2026, 3, 2)).final_at(FOUR) == datetime(2026, 3, 11, 16, tzinfo=UTC)
    assert Period.of(MONTH, date(2026, 3, 2)).final_at(FOUR) == datetime(2026, 4, 3, 16, tzinfo=UTC)
    midnight = DayStarts(((date.min, 0),))
    assert Period.of(WEEK, date(2026, 3, 2)).final_at(midnight) == datetime(2026, 3, 11, 12, tzinfo=UTC)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_until_then_a_week_takes_what_is_late_and_no_longer_wherever_the_user_is(zone: str) -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2, 0), "do": "set_time_zone", "time_zone": zone})
    join(user, 2)
    week = Period.of(WEEK, date(2026, 3, 2))
    for moment, xp in (("2026-03-11T15:59:00+00:00", 15), ("2026-03-11T16:00:00+00:00", None)):
        guide = {"do": "record", "activity_type": "study_guide_completed", "occurred_at": "2026-03-05T12:00:00+00:00"}
        user.step({"at": moment, **guide, "activity_id": moment})
        assert user.streak
        shown = placed(user.streak, user.state(datetime.fromisoformat(moment)).view)
        assert shown
        assert (shown.periods[week].xp if week in shown.periods else None) == xp


def test_a_streak_is_reached_on_an_active_day_and_falls_with_no_day_that_passes() -> None:
    user = PureUser(POLICY)
    join(user, 6, hour=1)
    for day in (6, 7, 8):
        did(user, day)
    assert numbers(user, 8) == ((45, 3), (45, 3))
    # On Monday the streak of three is still running, and no day of that week has reached it.
    assert numbers(user, 9) == ((0, 0), (45, 3))
    did(user, 9)
    assert numbers(user, 9) == ((15, 4), (60, 4))
    assert numbers(user, 15) == ((15, 4), (60, 4))


def test_what_lies_before_the_tail_is_kept_as_sums_of_periods_that_may_still_be_asked_about() -> None:
    user = PureUser(POLICY)
    join(user, 2, hour=1)
    for day in range(2, 32):
        did(user, day)
    for day in (1, 2):
        user.step(
            {"at": at(day, month=4), "do": "record", "activity_type": "study_guide_completed", "activity_id": f"b{day}"}
        )
    assert user.streak
    assert user.streak.checkpoint.next_day == date(2026, 3, 16)
    assert user.streak.checkpoint.boards == {"2026-03-09": Standing(105, 14), "2026-03": Standing(210, 14)}
    view = user.state(datetime(2026, 4, 2, 10, tzinfo=UTC)).view
    assert standing_in(user.streak, view, Period.of(MONTH, date(2026, 3, 1))) == Standing(450, 30)
    assert numbers(user, 2, month=4)[1] == (30, 32)
    assert is_proved(user)


def test_whoever_joins_later_has_what_was_decided_before_as_the_calendar_has_it() -> None:
    user, late = PureUser(POLICY), PureUser(POLICY)
    join(user, 2, hour=1)
    for one in (user, late):
        for day in range(2, 32):
            did(one, day)
    join(late, 31)
    assert late.streak
    assert late.streak.checkpoint.boards["2026-03"].xp == 210
    assert late.streak.seat
    assert late.streak.seat.since == date(2026, 3, 16)
    assert seat(late, 31) == seat(user, 31)
    assert is_proved(late)


def test_of_whoever_joins_those_decided_days_are_looked_up_that_open_periods_have() -> None:
    user, now = PureUser(POLICY), datetime(2026, 3, 31, 10, tzinfo=UTC)
    assert days_to_look_up(user.state(now).streak, user.state(now).view) is None
    for day in range(2, 32):
        did(user, day)
    assert user.streak
    assert days_to_look_up(user.streak, user.state(now).view) == (date(2026, 3, 2), date(2026, 3, 15))
    short = PureUser(POLICY)
    did(short, 30)
    assert short.streak
    assert days_to_look_up(short.streak, short.state(now).view) is None


def test_the_same_seat_again_changes_nothing_and_another_name_keeps_what_was_counted() -> None:
    user = PureUser(POLICY)
    join(user, 2, hour=8)
    for day in range(2, 32):
        did(user, day)
    before = user.streak
    join(user, 31)
    assert user.streak == before
    user.step({"at": at(31, 11), "do": "join_leaderboard", "name": "Grace"})
    assert user.streak
    assert before
    assert user.streak.checkpoint.boards == before.checkpoint.boards != {}


def test_days_that_were_counted_when_somebody_joined_are_not_counted_once_more() -> None:
    user = PureUser(POLICY)
    for day in range(2, 32):
        did(user, day)
    join(user, 31)
    assert user.streak
    seat_taken = user.streak.seat
    # Where the ledger is gone through once more, days may still be open that were decided when the seat was taken.
    anew = PureUser(POLICY)
    for day in range(2, 32):
        did(anew, day)
    view = anew.state(datetime(2026, 3, 31, 10, tzinfo=UTC)).view
    known = {"2026-03": Standing(210, 14)}
    days_before = [one._replace(day=one.day - timedelta(days=15)) for one in view.days]
    for seen, march in ((days_before, Standing(225, 30)), (view.days, Standing(450, 30))):
        assert sealed_standings(seat_taken, known, seen, date(2026, 3, 20))["2026-03"] == march


def test_of_streaks_that_had_ended_before_the_tail_none_is_counted_where_somebody_joins() -> None:
    user = PureUser(POLICY)
    for day in (2, 3, 4, 5, 30):
        did(user, day)
    join(user, 30)
    assert numbers(user, 30) == ((15, 1), (75, 1))


def test_nobody_but_who_takes_part_keeps_any_of_it() -> None:
    user = PureUser(POLICY)
    for day in (2, 3, 30):
        did(user, day)
    assert user.streak
    assert (user.streak.seat, user.streak.checkpoint.boards) == (None, {})
    assert placed(user.streak, user.state(datetime(2026, 3, 30, 10, tzinfo=UTC)).view) is None
    join(user, 30)
    user.step({"at": at(30, 11), "do": "leave_leaderboard"})
    assert (user.streak.seat, user.streak.checkpoint.boards) == (None, {})


def test_whoever_is_hidden_or_blocked_is_shown_to_nobody_and_keeps_the_numbers() -> None:
    user = PureUser(POLICY)
    join(user, 2, hour=8)
    did(user, 2)
    for do, is_shown in (
        ("hide_from_leaderboard", False),
        ("show_on_leaderboard", True),
        ("block", False),
        ("unblock", True),
    ):
        user.step({"at": at(2, 12), "do": do, "reason": "a test"})
        assert user.streak
        found = placed(user.streak, user.state(datetime(2026, 3, 2, 12, tzinfo=UTC)).view)
        assert found
        assert (found.is_shown, found.all_time) == (is_shown, Standing(15, 1))


@pytest.mark.parametrize("group", ["", "a b", "a/b", "é", "x" * 65])
def test_a_group_is_a_word_of_the_app_s_as_ids_are(group: str) -> None:
    user = PureUser(POLICY)
    assert refused(user, at=at(2), do="join_leaderboard", name="Ada", group=group) == "invalid_request"
    join(user, 2, group="x" * 64)
    assert seat(user, 2)["group"] == "x" * 64


def test_a_score_is_one_of_both() -> None:
    assert [Standing(3, 2).of(score) for score in RankedBy] == [3, 2]
    assert NOTHING == (0, 0)


@given(life=lives())
@examples(60)
def test_in_any_life_the_xp_of_open_periods_are_those_of_their_days_in_the_calendar(life: list[Step]) -> None:
    user = PureUser(POLICY)
    attempt(user, {"at": life[0]["at"], "do": "join_leaderboard", "name": "Ada"})
    others = [step for step in life if step["do"] != "leave_leaderboard"]
    for number, step in enumerate(others):
        attempt(user, step)
        if user.streak is None or user.streak.seat is None or number % 4:
            continue
        moment = datetime.fromisoformat(step["at"])
        state = user.state(moment)
        rows = user.step({"at": step["at"], "do": "get_calendar", "days": 70})
        for period in open_periods(state.view):
            xp = sum(row["xp"] for row in rows if period.has(date.fromisoformat(row["date"])))
            assert standing_in(user.streak, state.view, period).xp == xp, f"{period.label} after {step}"
    assert is_proved(user)


def test_time_alone_changes_no_numbers_and_no_job_does() -> None:
    user, jobless = PureUser(POLICY), PureUser(POLICY)
    for one in (user, jobless):
        join(one, 2, hour=1)
        did(one, 2)
        did(one, 3)
    for day in range(4, 9):
        user.maintenance(datetime(2026, 3, day, 12, tzinfo=UTC))
        assert seat(user, day) == seat(jobless, day)
        assert numbers(user, day) == ((30, 2), (30, 2))
    assert timedelta(days=7) == Period.of(WEEK, date(2026, 3, 2)).next_first_day - date(2026, 3, 2)
