"""What a calendar tells of habits is what an independent count of it tells, and never more than its days bear."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.calendar import CalendarDay
from streak_core.domain.days import ONE_DAY
from streak_core.domain.insights import DAYS_MIN, WeekAhead, insights, week_ahead
from streak_core.domain.model import Verdict
from streak_core.insights_response import insights_response
from testing.pure_user import PureUser
from testing.reference.insights import told
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

MONDAY: Final = date(2026, 3, 2)
LETTERS: Final = {
    "A": Verdict.ACTIVE,
    "M": Verdict.MISSED,
    "F": Verdict.FROZEN,
    "R": Verdict.REPAIRED,
    "-": Verdict.REST,
    ".": Verdict.NONE,
}
over: Final = [verdict for verdict in Verdict if verdict is not Verdict.PENDING]
calendars: Final = st.lists(
    st.builds(
        CalendarDay,
        day=st.just(MONDAY),
        # Mostly days that are done: others leave too few with a streak at stake.
        verdict=st.one_of(st.just(Verdict.ACTIVE), st.just(Verdict.ACTIVE), st.sampled_from(over)),
        activity_count=st.integers(0, 5),
        xp=st.integers(0, 200),
    ),
    max_size=120,
)
weeks_ahead: Final = st.builds(
    lambda first, freezes, left_out: WeekAhead(
        sunday=MONDAY + timedelta(days=6),
        asking=tuple(day for n in range(first, 7) if n not in left_out for day in [MONDAY + n * ONE_DAY]),
        freezes=freezes,
    ),
    st.integers(0, 7),
    st.integers(0, 5),
    st.sets(st.integers(0, 6), max_size=3),
)


def in_order(rows: list[CalendarDay], last: date = MONDAY - ONE_DAY) -> list[CalendarDay]:
    return [row._replace(day=last - (len(rows) - 1 - number) * ONE_DAY) for number, row in enumerate(rows)]


def days(letters: str) -> list[CalendarDay]:
    """A day for each letter, the last one the Sunday before; an active one has two activities of 15 XP."""
    rows = [CalendarDay(MONDAY, LETTERS[one]) for one in letters.replace(" ", "")]
    return in_order([row._replace(activity_count=2, xp=30) if row.verdict is Verdict.ACTIVE else row for row in rows])


def answer(rows: list[CalendarDay], ahead: WeekAhead | None = None) -> dict[str, Any]:
    return dict(insights_response(insights(rows, ahead), MONDAY))


def ahead(asking: int, freezes: int) -> WeekAhead:
    """So many days ask until Sunday."""
    return WeekAhead(
        sunday=MONDAY + 6 * ONE_DAY, asking=tuple(MONDAY + (6 - n) * ONE_DAY for n in range(asking)), freezes=freezes
    )


def as_read(row: CalendarDay) -> dict[str, Any]:
    return {
        "date": row.day.isoformat(),
        "verdict": row.verdict.value,
        "activity_count": row.activity_count,
        "xp": row.xp,
    }


@given(calendars, st.none() | weeks_ahead)
@examples(400)
def test_they_are_what_an_independent_count_tells(rows: list[CalendarDay], left: WeekAhead | None) -> None:
    rows = in_order(rows)
    counted = told([as_read(row) for row in rows], list(left.asking) if left else [], left.freezes if left else None)
    if counted["keeping"] and left:
        counted["keeping"]["until"] = left.sunday.isoformat()
    assert answer(rows, left) == {"today": MONDAY.isoformat(), **counted}


@given(calendars, weeks_ahead, st.integers(1, 3))
@examples(200)
def test_a_chance_is_one_and_grows_with_freezes_and_shrinks_with_days(
    rows: list[CalendarDay], left: WeekAhead, more: int
) -> None:
    rows = in_order(rows)
    now = insights(rows, left).keeping
    richer = insights(rows, WeekAhead(sunday=left.sunday, asking=left.asking, freezes=left.freezes + more)).keeping
    later = insights(rows, WeekAhead(sunday=left.sunday, asking=left.asking[1:], freezes=left.freezes)).keeping
    if now is None:
        assert richer is later is None
        return
    assert richer
    assert later
    assert 0 < now.chance <= richer.chance <= 1
    assert now.chance <= later.chance
    assert (now.chance == 1) == (len(left.asking) <= left.freezes)


@given(calendars)
@examples(200)
def test_nothing_is_lost_between_the_days_the_weekdays_and_the_heatmap(rows: list[CalendarDay]) -> None:
    found = insights(in_order(rows), None)
    assert sum(one.activities for one in found.weekdays) == found.activities
    assert sum(one.xp for one in found.weekdays) == found.xp
    cells = [cell for week in found.heatmap for cell in week.activities if cell is not None]
    assert sum(cells) == found.activities
    assert len(cells) == (found.period.days if found.period else 0)
    assert found.comebacks <= found.breaks <= found.comebacks + 1


def test_without_a_day_there_is_nothing() -> None:
    for rows in ([], days("....")):
        told_of_none = answer(rows, ahead(7, 5))
        assert told_of_none["period"] is None
        assert told_of_none["activities_per_day"] == told_of_none["xp_per_day"] == 0
        assert told_of_none["heatmap"] == []
        assert {one["rate"] for one in told_of_none["weekdays"]} == {None}


def test_days_before_the_first_one_are_not_looked_at() -> None:
    rows = days("....A A")
    assert answer(rows)["period"] == {"days": 2, "from": "2026-02-28", "until": "2026-03-01"}
    assert answer(rows)["activities_per_day"] == 2.0
    assert answer(rows)["xp_per_day"] == 30.0
    assert answer(rows)["heatmap"] == [{"week_start": "2026-02-23", "activities": [None] * 5 + [2, 2]}]


def test_the_best_weekday_needs_twenty_eight_days() -> None:
    month = "MAMAMAA" * 4
    assert answer(days(month))["best_weekday"] == "tuesday"
    assert answer(days(month[1:]))["best_weekday"] is None
    assert answer(days("-" * DAYS_MIN))["best_weekday"] is None


def test_one_lucky_sunday_is_not_the_best_day_beside_many_good_tuesdays() -> None:
    rows = days("AAMMMM-" * 7 + "MAMMMMA")
    assert [one["rate"] for one in answer(rows)["weekdays"]] == [0.875, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]
    assert answer(rows)["best_weekday"] == "tuesday"


def test_neutral_days_neither_end_a_gap_nor_lengthen_it() -> None:
    gap = answer(days("A M-F A MM A"))["longest_gap"]
    assert gap == {"days": 2, "from": "2026-02-27", "until": "2026-02-28"}
    assert answer(days("A M-FR A MM A"))["longest_gap"] == {"days": 3, "from": "2026-02-22", "until": "2026-02-25"}
    assert answer(days("A-A"))["longest_gap"] is None


def test_only_a_missed_day_is_a_break_and_only_an_active_one_a_comeback() -> None:
    def counted(letters: str) -> tuple[int, int, int | None]:
        found = answer(days(letters))
        return found["breaks"], found["comebacks"], found["comeback_days"]

    assert counted("AFRA") == (0, 0, None)
    assert counted("AFM-") == (1, 0, None)
    assert counted("AFM-A") == (1, 1, 2)
    assert counted("AMA AMMMMA AMMA MM") == (4, 3, 2)
    # Of an even number it is the lower one in the middle, which there really was.
    assert counted("AMA AMMMMA") == (2, 2, 1)


def test_a_chance_needs_twenty_eight_days_on_which_a_streak_was_at_stake() -> None:
    enough = "A" * (DAYS_MIN + 1)
    assert answer(days(enough), ahead(1, 0))["keeping"] == {
        # Of 28 days, 28; smoothed 29 of 30; four Sundays and four such days: 236 of 240.
        "chance": 0.983,
        "sample_days": 28,
        "until": "2026-03-08",
    }
    assert answer(days(enough[1:]), ahead(1, 0))["keeping"] is None
    assert answer(days(enough), None)["keeping"] is None
    # After a break nothing is at stake until the user has come back.
    assert answer(days("A" * 28 + "MMMMMM"), ahead(1, 0))["keeping"]["sample_days"] == 28
    assert answer(days("A" * 28 + "MMMMMMA"), ahead(1, 0))["keeping"]["sample_days"] == 28
    assert answer(days("A" * 28 + "FF-RA"), ahead(1, 0))["keeping"]["sample_days"] == 31


def test_a_freeze_makes_up_for_one_day_that_is_missed() -> None:
    chances = [answer(days("A" * 29), ahead(2, freezes))["keeping"]["chance"] for freezes in range(3)]
    # Two days of 236 in 240: both done, one of them at least, any way.
    assert chances == [0.967, 1.0, 1.0]
    exact = insights(days("A" * 29), ahead(2, 1)).keeping
    assert exact
    assert 1 - exact.chance == Fraction(4, 240) ** 2


def user_with(*steps: dict[str, Any]) -> PureUser:
    """One who was active on Monday and Tuesday, after these steps."""
    user = PureUser(POLICY)
    for number, at in enumerate(("2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z")):
        user.step({"at": at, "do": "record", "activity_id": f"a{number}", "activity_type": "study_guide_completed"})
    for step in steps:
        user.step({"at": "2026-03-03T10:00:00Z", **step})
    return user


def left_at(user: PureUser, at: str, *, automatic: bool) -> tuple[list[int], int] | None:
    """The days of March that still ask, and the freezes for them."""
    state = user.state(datetime.fromisoformat(at))
    left = week_ahead(state.view, state.streak.settings.planned_freezes, automatic=automatic)
    assert left is None or left.sunday == date(2026, 3, 8)
    return ([day.day for day in left.asking], left.freezes) if left else None


def test_what_is_left_of_a_week_begins_with_today_where_it_still_asks() -> None:
    user = user_with()
    assert left_at(user, "2026-03-03T20:00:00Z", automatic=True) == ([4, 5, 6, 7, 8], 0)
    assert left_at(user, "2026-03-04T20:00:00Z", automatic=True) == ([4, 5, 6, 7, 8], 0)
    assert left_at(user, "2026-03-05T20:00:00Z", automatic=True) is None


def test_days_that_are_excused_ask_for_nothing() -> None:
    user = user_with({"do": "pause", "from": "2026-03-04", "until": "2026-03-06"})
    assert left_at(user, "2026-03-04T20:00:00Z", automatic=True) == ([7, 8], 0)


@pytest.mark.parametrize(("automatic", "left"), [(True, ([4, 5, 6, 7, 8], 1)), (False, ([4, 6, 7, 8], 0))])
def test_freezes_that_are_not_automatic_cover_the_days_they_are_planned_for(
    automatic: bool,
    left: tuple[list[int], int],
) -> None:
    user = user_with(
        {"do": "grant_freezes", "count": 1, "reason": "kindness"}, {"do": "plan_freeze", "date": "2026-03-05"}
    )
    assert left_at(user, "2026-03-03T20:00:00Z", automatic=automatic) == left
    assert user.state(datetime(2026, 3, 3, 20, tzinfo=UTC)).view.freezes_available == 1
