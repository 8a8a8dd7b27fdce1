"""When a user is reminded, and that nobody is who has done today's part, or need not do any (decision 0051)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.model import Status
from streak_core.domain.notices import QUIET_AT_NIGHT, Channel, NoticeChoices, NoticeKind, QuietHours
from streak_core.domain.reminders import BEFORE_QUIET, LAST_CALL, TOO_LATE, Wish, is_due, remind_at, reminder
from testing.lives import lives
from testing.pure_user import PureUser
from tests.support.living import attempt
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from streak_core.domain.replay import View
    from testing.steps import Step

WISHED: Final = NoticeChoices().with_channels(NoticeKind.REMINDER, frozenset({Channel.PUSH}))
ANY_HOUR: Final = replace(WISHED, quiet=None)
MONDAY: Final = date(2026, 3, 2)
TUESDAY: Final = date(2026, 3, 3)
RUN: Final = timedelta(minutes=5)
MINUTE: Final = timedelta(minutes=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}Z")


def clock(hour: int, minute: int = 0) -> int:
    return 60 * hour + minute


def kept_on_monday(time_zone: str = "UTC", done: str = "2026-03-02T12:00") -> PureUser:
    """Somebody whose streak is 1 since Monday noon."""
    user = PureUser(POLICY)
    user.step({"at": "2026-03-02T10:00:00Z", "do": "set_time_zone", "time_zone": time_zone})
    user.step({"at": f"{done}:00Z", "do": "check_in"})
    return user


def seen(user: PureUser, now: str) -> View:
    return user.state(at(now)).view


def test_the_hour_that_the_user_chose_goes_before_the_habit() -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    wish = Wish(choices=replace(WISHED, remind_at_minute=clock(17)), habit=[clock(9)] * 14)
    assert remind_at(view, wish) == at("2026-03-03T17:00")
    assert remind_at(view, replace(wish, choices=WISHED)) == at("2026-03-03T09:00")


def test_the_habit_is_the_median_of_the_last_fourteen_days_and_five_are_needed() -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    last_fourteen = [*[clock(18)] * 8, *[clock(20)] * 6]
    assert remind_at(view, Wish(choices=WISHED, habit=[*[clock(9)] * 20, *last_fourteen])) == at("2026-03-03T18:00")
    assert remind_at(view, Wish(choices=WISHED, habit=[clock(9)] * 4 + [clock(11)])) == at("2026-03-03T09:00")
    assert remind_at(view, Wish(choices=WISHED, habit=[clock(9)] * 3 + [clock(11)])) == at("2026-03-03T10:30")


def test_a_habit_of_late_evenings_is_one_although_some_end_after_midnight() -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    habit = [clock(23), clock(0, 20), clock(23, 30), clock(0, 10), clock(23, 40)]
    assert remind_at(view, Wish(choices=ANY_HOUR, habit=habit)) == at("2026-03-03T23:40")


def test_before_there_is_a_habit_it_is_23_and_a_half_hours_after_the_last_activity() -> None:
    done = at("2026-03-02T12:00")
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    assert remind_at(view, Wish(choices=WISHED, habit=[clock(12)])) == done + timedelta(hours=23, minutes=30)


def test_with_nothing_to_go_by_it_is_the_last_call_four_hours_before_the_end() -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    assert view.expires_at == at("2026-03-04T04:00")
    assert remind_at(view, Wish(choices=ANY_HOUR)) == at("2026-03-04T04:00") - LAST_CALL


@pytest.mark.parametrize(("hour", "told"), [(23, "2026-03-03T23:00"), (0, "2026-03-04T00:00"), (2, "2026-03-04T00:00")])
def test_nobody_is_reminded_later_than_four_hours_before_the_end(hour: int, told: str) -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    assert remind_at(view, Wish(choices=replace(ANY_HOUR, remind_at_minute=clock(hour)))) == at(told)


@pytest.mark.parametrize(
    ("hour", "minute", "told"),
    [
        (21, 50, "2026-03-03T21:50"),
        # Before they begin, where the day has time before.
        (21, 51, "2026-03-03T21:30"),
        (22, 0, "2026-03-03T21:30"),
        (23, 0, "2026-03-03T21:30"),
        # Else when they are over.
        (6, 0, "2026-03-03T08:00"),
        (8, 0, "2026-03-03T08:00"),
    ],
)
def test_quiet_hours_move_a_reminder_before_them_or_else_after_them(hour: int, minute: int, told: str) -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    assert WISHED.quiet == QUIET_AT_NIGHT
    chosen = replace(WISHED, remind_at_minute=clock(hour, minute))
    assert remind_at(view, Wish(choices=chosen)) == at(told)


def test_hours_that_are_quiet_in_the_middle_of_the_day_do_not_join_over_midnight() -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    school = replace(WISHED, quiet=QuietHours(from_minute=clock(8), until_minute=clock(15)))
    assert remind_at(view, Wish(choices=replace(school, remind_at_minute=clock(12)))) == at("2026-03-03T07:30")
    assert remind_at(view, Wish(choices=replace(school, remind_at_minute=clock(15)))) == at("2026-03-03T15:00")


def test_whoever_has_no_quiet_free_minute_is_not_reminded() -> None:
    view = seen(kept_on_monday(), "2026-03-02T12:00")
    hardly = replace(WISHED, quiet=QuietHours(from_minute=clock(4, 5), until_minute=clock(4)))
    assert remind_at(view, Wish(choices=hardly)) is None
    enough = replace(WISHED, quiet=QuietHours(from_minute=clock(4, 10), until_minute=clock(4)))
    assert remind_at(view, Wish(choices=enough)) == at("2026-03-03T04:00")


def test_an_hour_that_has_passed_leaves_the_last_call_and_after_that_at_once() -> None:
    chosen = Wish(choices=replace(ANY_HOUR, remind_at_minute=clock(17)))
    user = kept_on_monday()
    assert remind_at(seen(user, "2026-03-03T17:00"), chosen) == at("2026-03-03T17:00")
    assert remind_at(seen(user, "2026-03-03T17:01"), chosen) == at("2026-03-04T00:00")
    assert remind_at(seen(user, "2026-03-04T01:00"), chosen) == at("2026-03-04T01:00")
    last = at("2026-03-04T04:00") - TOO_LATE - 2 * RUN
    assert remind_at(user.state(last).view, chosen) == last
    assert remind_at(user.state(last + MINUTE).view, chosen) is None


def test_the_notice_says_of_which_day_it_is_and_what_is_at_stake() -> None:
    notice = reminder(seen(kept_on_monday(), "2026-03-03T17:00"))
    assert (notice.notice_id, notice.kind, notice.day) == ("2026-03-03.reminder", NoticeKind.REMINDER, TUESDAY)
    assert (notice.at, notice.details) == (at("2026-03-03T17:00"), {"current_streak": 1, "freezes_available": 0})


def test_a_day_is_reminded_of_once() -> None:
    user = kept_on_monday()
    wish = Wish(choices=ANY_HOUR, reminded=MONDAY)
    assert remind_at(seen(user, "2026-03-03T10:00"), wish) == at("2026-03-04T00:00")
    assert is_due(seen(user, "2026-03-04T00:00"), wish)
    assert remind_at(seen(user, "2026-03-03T10:00"), replace(wish, reminded=TUESDAY)) is None
    assert not is_due(seen(user, "2026-03-04T00:00"), replace(wish, reminded=TUESDAY))


def test_who_has_not_asked_for_it_or_has_no_streak_is_not_reminded() -> None:
    user = kept_on_monday()
    other = replace(NoticeChoices(), language="de")
    assert remind_at(seen(user, "2026-03-03T10:00"), Wish(choices=other)) is None
    assert not is_due(seen(user, "2026-03-03T10:00"), Wish(choices=other))
    assert remind_at(seen(user, "2026-03-04T10:00"), Wish(choices=WISHED)) is None
    assert remind_at(PureUser(POLICY).state(at("2026-03-03T10:00")).view, Wish(choices=WISHED)) is None


def test_a_reminder_is_of_the_first_day_that_asks_and_due_only_once_that_is_today_and_pending() -> None:
    user, wish = kept_on_monday(), Wish(choices=ANY_HOUR)
    assert not is_due(seen(user, "2026-03-02T15:00"), wish)
    user.step({"at": "2026-03-02T16:00:00Z", "do": "pause", "from": "2026-03-03", "until": "2026-03-06"})
    assert not is_due(seen(user, "2026-03-03T10:00"), wish)
    assert remind_at(seen(user, "2026-03-03T10:00"), wish) == at("2026-03-08T00:00")
    assert is_due(seen(user, "2026-03-08T00:00"), wish)
    user.step({"at": "2026-03-07T11:00:00Z", "do": "check_in"})
    assert not is_due(seen(user, "2026-03-08T00:00"), wish)


def test_due_is_nobody_before_the_planned_moment_of_today_however_late_an_earlier_one_is() -> None:
    user = kept_on_monday()
    chosen = Wish(choices=replace(WISHED, remind_at_minute=clock(18)))
    assert not is_due(seen(user, "2026-03-03T17:59"), chosen)
    assert is_due(seen(user, "2026-03-03T18:00"), chosen)
    assert is_due(seen(user, "2026-03-03T21:00"), chosen)


def test_due_is_nobody_in_quiet_hours_or_in_the_last_minutes_of_the_day() -> None:
    user = kept_on_monday()
    assert is_due(seen(user, "2026-03-03T21:59"), Wish(choices=WISHED))
    assert not is_due(seen(user, "2026-03-03T22:00"), Wish(choices=WISHED))
    assert is_due(seen(user, "2026-03-04T03:29"), Wish(choices=ANY_HOUR))
    assert not is_due(seen(user, "2026-03-04T03:30"), Wish(choices=ANY_HOUR))


def test_a_clock_that_is_turned_on_makes_quiet_hours_longer_and_never_shorter() -> None:
    """On March 29 the clock of Amsterdam jumps from 02:00 to 03:00, in the middle of hours that begin at 02:30."""
    night = QuietHours(from_minute=clock(2, 30), until_minute=clock(5))
    begins, ends = at("2026-03-29T00:00"), at("2026-03-29T12:00")
    assert list(night.stretches("Europe/Amsterdam", begins, ends)) == [(at("2026-03-29T00:30"), at("2026-03-29T03:00"))]
    back = list(night.stretches("Europe/Amsterdam", at("2026-10-25T00:00"), at("2026-10-25T12:00")))
    assert back == [(at("2026-10-25T00:30"), at("2026-10-25T04:00"))]


def test_a_chosen_hour_goes_along_with_the_user() -> None:
    user = kept_on_monday("America/New_York", done="2026-03-02T17:00")
    chosen = Wish(choices=replace(WISHED, remind_at_minute=clock(18)))
    assert remind_at(seen(user, "2026-03-02T17:00"), chosen) == at("2026-03-03T23:00")
    user.step({"at": "2026-03-03T12:00:00Z", "do": "set_time_zone", "time_zone": "America/Los_Angeles"})
    assert remind_at(seen(user, "2026-03-03T12:00"), chosen) == at("2026-03-04T02:00")


minutes: Final = st.integers(0, clock(24) - 1)
quiet_hours: Final = st.none() | st.builds(QuietHours, from_minute=minutes, until_minute=minutes).filter(
    lambda one: one.from_minute != one.until_minute
)
choices: Final = st.builds(
    lambda quiet, minute: replace(WISHED, quiet=quiet, remind_at_minute=minute), quiet_hours, st.none() | minutes
)


class Reminded:
    """A user who lives a life while reminders are sent by runs every five minutes, and the job settles."""

    def __init__(self, wish: Wish) -> None:
        self.user, self.wish = PureUser(POLICY), wish
        self.plan: datetime | None = None
        self.sent: list[View] = []
        # Days that ended without the activity they asked for, with the moment since which nothing happened.
        self.ended: list[tuple[date, datetime, View]] = []
        self.since = datetime(1970, 1, 1, tzinfo=UTC)

    def live(self, life: list[Step]) -> None:
        for step in [*life, {**life[-1], "at": f"{datetime.fromisoformat(life[-1]['at']) + timedelta(days=9)}"}]:
            now = datetime.fromisoformat(step["at"])
            self._until(now)
            attempt(self.user, step)
            view = self.user.state(now).view
            self.plan, self.since = remind_at(view, self.wish), view.now

    def _until(self, now: datetime) -> None:
        """All that time brings before a moment."""
        while self.user.streak is not None:
            ends = self.user.state(self.since).view.expires_at
            run = None if self.plan is None else self.plan + (datetime.min.replace(tzinfo=UTC) - self.plan) % RUN
            upcoming = min((one for one in (ends, run) if one is not None), default=now)
            if upcoming >= now or ends is None:
                return
            if run is not None and run <= ends:
                self._run(run)
            else:
                self._settle(ends)

    def _run(self, at: datetime) -> None:
        view = self.user.state(at).view
        if is_due(view, self.wish):
            self.sent.append(view)
            self.wish = replace(self.wish, reminded=view.today)
        again = remind_at(view, self.wish)
        assert again is None or again > at
        self.plan = again

    def _settle(self, ends: datetime) -> None:
        before = self.user.state(ends - MINUTE).view
        self.ended.append((before.today, max(self.since, before.zone_line.starts_at(before.today)), before))
        self.since = ends
        self.plan = remind_at(self.user.state(ends).view, self.wish)


def is_quiet(quiet: QuietHours | None, time_zone: str, moment: datetime) -> bool:
    """By the wall clock alone."""
    if quiet is None:
        return False
    wall = moment.astimezone(ZoneInfo(time_zone))
    minute, begins, ends = clock(wall.hour, wall.minute), quiet.from_minute, quiet.until_minute
    return begins <= minute < ends if begins < ends else minute >= begins or minute < ends


def has_a_free_quarter(quiet: QuietHours | None, begins: datetime, view: View) -> bool:
    """Whether a quarter of an hour of the day is left after `begins` that no clock change makes doubtful."""
    time_zone, ends = view.zone_line.time_zone, (view.expires_at or begins) - TOO_LATE
    points = [begins + RUN * number for number in range(int((ends - begins) / RUN) + 1)]
    offsets = {one.astimezone(ZoneInfo(time_zone)).utcoffset() for one in (begins - timedelta(days=2), *points, ends)}
    if len(offsets) > 1 or len(points) < 4:
        return False
    quarters = zip(points, points[1:], points[2:], points[3:], strict=False)
    return any(not any(is_quiet(quiet, time_zone, one) for one in quarter) for quarter in quarters)


@given(lives(), choices, st.lists(minutes, max_size=20))
@examples(120)
def test_law_nobody_extended_or_protected_is_reminded_and_everybody_else_once_and_never_in_quiet_hours(
    life: list[Step], chosen: NoticeChoices, habit: list[int]
) -> None:
    one = Reminded(Wish(choices=chosen, habit=habit))
    one.live(life)
    days = [view.today for view in one.sent]
    assert len(days) == len(set(days))
    for view in one.sent:
        assert view.status is Status.PENDING
        assert not is_quiet(chosen.quiet, view.zone_line.time_zone, view.now)
    for day, since, view in one.ended:
        assert day in days or not has_a_free_quarter(chosen.quiet, since, view), (day, since)


@given(lives(), st.lists(minutes, max_size=20))
@examples(100)
def test_law_without_a_wish_nothing_is_planned(life: list[Step], habit: list[int]) -> None:
    one = Reminded(Wish(choices=NoticeChoices(), habit=habit))
    one.live(life)
    assert not one.sent
    assert one.plan is None


def test_the_slack_before_quiet_hours_is_met_by_every_run() -> None:
    assert BEFORE_QUIET > 2 * RUN
