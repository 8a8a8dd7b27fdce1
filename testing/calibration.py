"""How often streaks last that are told to last: simulated users, what each was told on each day, and what came of it.

Must not know how a chance is made.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from streak_core.domain.calendar import shown_days
from streak_core.domain.commands.settings import settings_now
from streak_core.domain.insights import DAYS_MAX, insights, week_ahead
from testing.pure_user import PureUser

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.policy import Policy

_BEGIN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
_DAY: Final = timedelta(days=1)
# How often users are active on a day, from now and then to hardly ever not; and how much less on weekends.
_RATES: Final = (0.5, 0.99)
_WEEKENDS: Final = (0.6, 1.0)
BINS: Final = 10


class Told(NamedTuple):
    """A chance that a user was told, and whether the streak did last through that Sunday."""

    chance: float
    lasted: bool


class Bin(NamedTuple):
    """Chances that are much alike: how many, their mean, and the share of the streaks that lasted."""

    users: int
    told: float
    lasted: float


@dataclass(frozen=True, kw_only=True)
class _Waiting:
    """What was told of a run, by the Monday on which it is known."""

    chance: float
    run_started_on: date | None
    known_on: date


def told_to(users: int, weeks: int, policy: Policy, seed: int, tell: Callable[[int], None] | None = None) -> list[Told]:
    """What so many users were told, each once a week on a day of its own, in so many weeks.

    `tell` is told the number of users now and then.
    """
    dice = random.Random(seed)  # noqa: S311 - no secret
    found: list[Told] = []
    for number in range(users):
        if tell and number % 50 == 0:
            tell(number)
        found += _life(dice, weeks, policy)
    return found


def _life(dice: random.Random, weeks: int, policy: Policy) -> Iterator[Told]:
    """A user with a habit of its own, who asks each week before anything is done that day."""
    rate, weekend = dice.uniform(*_RATES), dice.uniform(*_WEEKENDS)
    user, waiting, asks_on = PureUser(policy), None, 0
    for number in range(7 * weeks):
        now = _BEGIN + number * _DAY
        if number % 7 == 0:
            asks_on = dice.randrange(7)
            if waiting:
                yield _outcome(user, now, waiting)
            waiting = None
        if number % 7 == asks_on:
            waiting = _asked(user, now)
        if dice.random() < (rate if number % 7 < 5 else rate * weekend):
            user.step(
                {
                    "at": now.isoformat(),
                    "do": "record",
                    "activity_id": f"a{number}",
                    "activity_type": "study_guide_completed",
                }
            )


def _asked(user: PureUser, now: datetime) -> _Waiting | None:
    state = user.state(now)
    view = state.view
    days = (view.today - timedelta(days=DAYS_MAX), view.yesterday)
    rows = [row for _, row in shown_days(view.days, user.decided, state.rules, days)]
    settings = settings_now(state.streak.settings, view.today)
    ahead = week_ahead(view, settings.planned_freezes, automatic=settings.auto_freeze)
    keeping = insights(rows, ahead).keeping
    if keeping is None:
        return None
    known_on = keeping.sunday + _DAY
    return _Waiting(chance=float(keeping.chance), run_started_on=view.streak_started_on, known_on=known_on)


def _outcome(user: PureUser, now: datetime, waiting: _Waiting) -> Told:
    """On Monday it is known: the run that was told of still runs."""
    view = user.state(now).view
    assert view.today == waiting.known_on
    return Told(waiting.chance, view.current_streak > 0 and view.streak_started_on == waiting.run_started_on)


def binned(told: Iterable[Told]) -> list[Bin]:
    """By tenths of the chance; without those that nobody was told."""
    bins: list[list[Told]] = [[] for _ in range(BINS)]
    for one in told:
        bins[min(int(one.chance * BINS), BINS - 1)].append(one)
    return [
        Bin(len(each), round(_mean(one.chance for one in each), 3), round(_mean(one.lasted for one in each), 3))
        for each in bins
        if each
    ]


def error(bins: Iterable[Bin]) -> float:
    """The expected calibration error: how far the told is from what came of it, weighed by how many were told."""
    bins = list(bins)
    return sum(one.users * abs(one.told - one.lasted) for one in bins) / sum(one.users for one in bins)


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
