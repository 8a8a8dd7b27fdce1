"""What became of streaks, all users together: how many reach a day, and who comes back after a break.

It must not know whose they are but to tell one user from another, or how events are counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from streak_core.domain.events import EventKind

# The days of a streak whose survival is told.
LENGTHS: Final = tuple(range(1, 31))
# What begins a streak, or gives one back that had broken.
BACK: Final = frozenset({EventKind.STREAK_STARTED, EventKind.STREAK_RESTORED})


@dataclass(frozen=True, kw_only=True)
class HappenedTo:
    """One event of a user's; `at` in UTC."""

    user_id: str
    kind: EventKind
    day: date
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Survived:
    """Of a day of a streak: how many reached it, how many broke on it, and the share of all that reach it."""

    length: int
    reached: int
    broke: int
    share: float


@dataclass(frozen=True, kw_only=True)
class CameBack:
    """Of those whose streak broke on a day: how many, how many of them came back, and after how many days."""

    day: date
    broke: int
    came_back: int
    days_mean: float | None


def survival(reached: Mapping[int, int], broke: Mapping[int, int]) -> Sequence[Survived]:
    """By what happened to streaks of each length: of those that went on or broke, the share that went on, multiplied.

    So streaks that still run count as far as they have come, and neither the first nor the last days distort it. Of a
    length at which nothing happened, nothing is lost.
    """
    found, share = list[Survived](), 1.0
    for length in LENGTHS:
        found.append(Survived(length=length, reached=reached[length], broke=broke[length], share=share))
        went_on = reached.get(length + 1, 0)
        if broke[length]:
            share *= went_on / (went_on + broke[length])
    return found


def comebacks(events: Iterable[HappenedTo], days: Sequence[date]) -> Sequence[CameBack]:
    """Of the streaks that broke on each of these days, whose users came back until the last one."""
    breaks, backs = defaultdict[date, list[HappenedTo]](list), defaultdict[str, list[datetime]](list)
    for event in events:
        if event.kind in BACK:
            backs[event.user_id].append(event.at)
        else:
            breaks[event.day].append(event)
    return [_came_back(day, breaks[day], backs) for day in days]


def _came_back(day: date, breaks: Sequence[HappenedTo], backs: Mapping[str, Sequence[datetime]]) -> CameBack:
    found = [
        min(later) - broke.at
        for broke in breaks
        if (later := [at for at in backs.get(broke.user_id, ()) if at >= broke.at])
    ]
    mean = sum(found, timedelta()) / len(found) / timedelta(days=1) if found else None
    return CameBack(day=day, broke=len(breaks), came_back=len(found), days_mean=mean and round(mean, 2))
