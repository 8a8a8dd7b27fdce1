"""Friend streaks: what two users have both kept, whoever asks, however often, and whatever was noted in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from random import Random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.calendar import CalendarDay
from streak_core.domain.commands import CheckIn
from streak_core.domain.friend_counting import Counting, KnownDays, Noted, counted
from streak_core.domain.friend_streaks import NOTHING_KEPT, FriendStreak, Seen, counted_on, days_to_look_up
from streak_core.domain.model import Verdict
from testing.amnesties import changed, since_last_change, with_declared
from testing.lives import dice, lives, moments
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.living import attempt
from tests.support.shipped_policy import RULES
from tests.support.thoroughness import examples

MONDAY: Final = date(2026, 3, 2)
NOON: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
A, M, F, P, N = Verdict.ACTIVE, Verdict.MISSED, Verdict.FROZEN, Verdict.PENDING, Verdict.NONE


def day(number: int) -> date:
    return MONDAY + timedelta(days=number)


def of(*verdicts: Verdict) -> dict[date, Verdict]:
    return {day(number): verdict for number, verdict in enumerate(verdicts)}


@pytest.mark.parametrize(
    ("one", "other", "count", "longest"),
    [
        ([A], [A], 1, 1),
        ([A], [P], 0, 0),
        ([A, A, A], [A, A, A], 3, 3),
        # The day of one who was excused, or spent a freeze, neither adds nor breaks.
        ([A, A, A], [A, F, A], 2, 2),
        ([A, M, A], [A, F, A], 1, 1),
        ([A, A, A, A], [A, A, M, A], 1, 2),
        # Also where the other one has missed it, too.
        ([A, M], [A, M], 0, 1),
        ([A, A], [N, A], 1, 1),
        ([], [], 0, 0),
    ],
)
def test_a_day_counts_that_both_have_kept_and_ends_it_where_one_has_missed_it(
    one: list[Verdict], other: list[Verdict], count: int, longest: int
) -> None:
    for mine, theirs in ((of(*one), of(*other)), (of(*other), of(*one))):
        found = counted_on(NOTHING_KEPT, MONDAY, day(9), mine, theirs)
        assert found == FriendStreak(count=count, longest=longest)


@pytest.mark.parametrize("verdict", [one for one in Verdict if one not in {A, M}])
def test_every_verdict_but_kept_and_missed_leaves_it_as_it_is(verdict: Verdict) -> None:
    streak = FriendStreak(count=3, longest=5)
    assert streak.with_day(verdict, A) == streak.with_day(A, verdict) == streak.with_day(verdict, verdict) == streak
    assert streak.with_day(verdict, M) == streak.with_day(M, verdict) == FriendStreak(count=0, longest=5)


def seen(first: int, *verdicts: Verdict) -> Seen:
    return Seen(first=day(first), days={day(first + number): one for number, one in enumerate(verdicts)})


@pytest.mark.parametrize(
    ("count", "other", "wanted"),
    [
        # Nothing runs, and nothing begins that would have to be told.
        (0, [N, N, P], []),
        (0, [M, M, P], []),
        # A day that the other has kept may count.
        (0, [A, M, P], [0]),
        # What runs may have been broken on a day that adds nothing.
        (1, [F, F, P], [0, 1]),
        # And not after it was.
        (1, [M, F, P], []),
        (1, [A, M, F], [0]),
    ],
)
def test_only_those_days_are_looked_up_that_can_matter(count: int, other: list[Verdict], wanted: list[int]) -> None:
    start = FriendStreak(count=count, longest=9)
    mine, theirs = days_to_look_up(start, MONDAY, seen(2, A), seen(0, *other))
    assert (mine, theirs) == ([day(number) for number in wanted], [])
    assert days_to_look_up(start, MONDAY, seen(0, *other), seen(2, A)) == ([], mine)


@dataclass
class LookedUp:
    """The days of a user in memory; of what is decided only those months are known that were asked for."""

    user: PureUser
    now: datetime
    months: set[tuple[int, int]] = field(default_factory=set)

    @property
    def known(self) -> KnownDays:
        return KnownDays.of(self.user.state(self.now), self._rows())

    def _rows(self) -> Iterable[CalendarDay]:
        return [row for row in self.user.decided.values() if (row.day.year, row.day.month) in self.months]

    def look_up(self, days: Iterable[date]) -> bool:
        before = len(self.months)
        self.months |= {(one.year, one.month) for one in days}
        return len(self.months) > before


@dataclass
class Friends:
    """Two users who are friends, and what was noted of them."""

    one: PureUser
    other: PureUser
    first_day: date
    noted: Noted | None = None

    def seen(self, now: datetime) -> Counting:
        """What both are told, which is the same."""
        ways = ((self.one, self.other), (self.other, self.one))
        mine, theirs = (
            counted(self.first_day, self.noted, LookedUp(one, now), LookedUp(other, now), one.rules)
            for one, other in ways
        )
        assert mine == theirs
        return mine

    def by_all_days(self, now: datetime) -> FriendStreak:
        """The same by the calendars of both, from the first day on."""
        todays = [user.state(now).view.today for user in (self.one, self.other)]
        length = (max(todays) - self.first_day).days + 4
        rows = [
            {
                date.fromisoformat(row["date"]): row["verdict"]
                for row in user.step({"at": now.isoformat(), "do": "get_calendar", "days": length})
            }
            for user in (self.one, self.other)
        ]
        count = longest = 0
        for number in range(max(0, length)):
            both = {each.get(self.first_day + timedelta(days=number)) for each in rows}
            count = 0 if "missed" in both else count + (both == {"active"})
            longest = max(longest, count)
        return FriendStreak(count=count, longest=longest)


@st.composite
def two_lives(draw: st.DrawFn) -> list[tuple[int, Step]]:
    """The steps of two users, in the order of their moments."""
    begins_at = draw(moments)
    both = [draw(lives(steps_max=30, begins_at=begins_at)) for _ in range(2)]
    steps = chain.from_iterable([(number, step) for step in life] for number, life in enumerate(both))
    return sorted(steps, key=lambda one: datetime.fromisoformat(one[1]["at"]))


@given(two_lives(), dice, st.integers(0, 20), st.booleans())
@examples(30)
def test_law_it_is_what_the_calendars_of_both_say_whatever_was_noted_and_whoever_asks(
    steps: list[tuple[int, Step]], chance: Random, begins: int, amnesties: bool
) -> None:
    users = PureUser(RULES), PureUser(RULES)
    friends: Friends | None = None
    for number, (whose, step) in enumerate(steps):
        now = datetime.fromisoformat(step["at"])
        if amnesties and chance.random() < 0.1:
            rules = changed(chance, users[0].rules, since_last_change(users[0].rules, now))
            for user in users:
                user.rules = rules
        attempt(users[whose], step)
        if number == min(begins, len(steps) - 1):
            friends = Friends(*users, max(user.state(now).view.today for user in users))
        if friends is None or chance.random() < 0.4:
            continue
        found = friends.seen(now)
        assert found.streak == friends.by_all_days(now)
        if found.to_note and chance.random() < 0.7:
            friends.noted = found.to_note


@given(two_lives(), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 90 * 24 * 60)), max_size=8))
@examples(20)
def test_law_no_number_of_runs_of_the_job_changes_it(
    steps: list[tuple[int, Step]], runs: list[tuple[int, int]]
) -> None:
    without, with_jobs = (PureUser(RULES), PureUser(RULES)), (PureUser(RULES), PureUser(RULES))
    first = datetime.fromisoformat(steps[0][1]["at"])
    for number, (whose, step) in enumerate(steps):
        now = datetime.fromisoformat(step["at"])
        for place, minutes in runs:
            if place == number:
                for user in with_jobs:
                    user.maintenance(now - timedelta(minutes=minutes % 300))
        for users in (without, with_jobs):
            attempt(users[whose], step)
    for later in (0, *(minutes for _, minutes in runs)):
        at = max(first, datetime.fromisoformat(steps[-1][1]["at"])) + timedelta(minutes=later)
        day_one = min(user.state(first).view.today for user in without)
        assert Friends(*without, day_one).seen(at).streak == Friends(*with_jobs, day_one).seen(at).streak


@given(st.lists(st.integers(0, 13), min_size=1, unique=True), st.randoms(use_true_random=False))
@examples(20)
def test_law_the_order_of_recording_does_not_matter(days: list[int], chance: Random) -> None:
    now = NOON + timedelta(days=13)
    told = set()
    for order in (sorted(days), sorted(days, reverse=True), chance.sample(days, len(days))):
        users = PureUser(RULES), PureUser(RULES)
        for number in order:
            for user in users:
                step = {"do": "record", "activity_type": "study_guide_completed", "activity_id": f"a{number}"}
                user.step({**step, "at": now.isoformat(), "occurred_at": (NOON + timedelta(days=number)).isoformat()})
        told.add(Friends(*users, MONDAY).seen(now).streak)
    assert len(told) == 1


def daily(user: PureUser, days: Iterable[int]) -> None:
    for number in days:
        user.give(CheckIn(), NOON + timedelta(days=number))


def test_what_is_decided_is_noted_and_read_no_more() -> None:
    one, other = PureUser(RULES), PureUser(RULES)
    for user in (one, other):
        daily(user, range(60))
    now = NOON + timedelta(days=59)
    friends = Friends(one, other, MONDAY)
    first = friends.seen(now)
    assert first.streak == FriendStreak(count=60, longest=60)
    assert first.to_note
    assert first.to_note.through == min(
        user.state(now).streak.checkpoint.next_day for user in (one, other)
    ) - timedelta(1)
    friends.noted = first.to_note
    again = LookedUp(one, now), LookedUp(other, now)
    assert counted(MONDAY, friends.noted, *again, RULES).streak == first.streak
    assert [each.months for each in again] == [set(), set()]


def test_of_whom_no_day_has_counted_yet_nothing_is_noted() -> None:
    one, other = PureUser(RULES), PureUser(RULES)
    daily(one, range(60))
    now = NOON + timedelta(days=59)
    assert Friends(one, other, MONDAY).seen(now) == Counting(streak=NOTHING_KEPT, to_note=None)


def test_the_years_of_one_are_not_read_while_the_other_is_away() -> None:
    one, other = PureUser(RULES), PureUser(RULES)
    daily(one, range(400))
    daily(other, range(10))
    now = NOON + timedelta(days=399)
    days = LookedUp(one, now), LookedUp(other, now)
    assert counted(MONDAY, None, *days, RULES).streak == FriendStreak(count=0, longest=10)
    assert [each.months for each in days] == [{(2026, 3)}, set()]


def test_whether_a_user_has_kept_today_is_asked_of_their_own_today() -> None:
    user = PureUser(RULES)
    daily(user, [0, 1])
    states = (user.state(NOON + timedelta(days=number)) for number in (1, 2))
    assert [KnownDays.of(state, ()).kept_today for state in states] == [True, False]


def test_what_was_noted_is_counted_anew_where_an_amnesty_concerns_its_days_and_else_is_not() -> None:
    one, other = PureUser(RULES), PureUser(RULES)
    for user in (one, other):
        daily(user, [*range(5), *range(6, 60)])
    now = NOON + timedelta(days=59)
    noted = Friends(one, other, MONDAY).seen(now).to_note
    assert noted
    for day_of_amnesty, count, months in ((5, 59, {(2026, 3), (2026, 4)}), (58, 54, set[tuple[int, int]]())):
        begins = NOON + timedelta(days=day_of_amnesty)
        rules = with_declared(RULES, begins, begins + timedelta(hours=1), now)
        for user in (one, other):
            user.rules = rules
        days = LookedUp(one, now), LookedUp(other, now)
        assert counted(MONDAY, noted, *days, rules).streak.count == count
        assert days[0].months == months


@dataclass
class NeverDone(LookedUp):
    """A user of whom there is always something new, since others write all the time."""

    looks: int = 0

    def look_up(self, days: Iterable[date]) -> bool:
        self.looks += 1
        return bool(super().look_up(days)) or True


def test_days_are_looked_up_a_bounded_number_of_times() -> None:
    user = PureUser(RULES)
    daily(user, range(60))
    now = NOON + timedelta(days=59)
    one, other = NeverDone(user, now), NeverDone(user, now)
    assert counted(MONDAY, None, one, other, RULES).streak == FriendStreak(count=60, longest=60)
    assert (one.looks, other.looks) == (4, 4)
