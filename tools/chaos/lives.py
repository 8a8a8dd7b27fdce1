"""Seeded lives of an environment: users whose commands, late, doubled, refused or at once, are mixed with maintenance.

It must not know what will be answered. A step keeps its number when others are left out, and with it its faults.
"""

# ruff: noqa: S311 - lives are drawn to be repeatable; there is no secret in them.

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from streak_core.store.sharding import shard_of
from testing.lives import HARD_ZONES, LAST_MOMENT, WORTH, ZONES
from testing.model_time import WEEKDAYS

Step = dict[str, Any]

USERS_PER_ENVIRONMENT: Final = 3
MOMENTS_A_USER: Final = 14
# Parts of steps have numbers of their own, far from those of steps.
FIRST_OF_LANES: Final = 100_000
_DAY_MINUTES: Final = 24 * 60
# Ids that a careless store would mix up or refuse.
_NAMES: Final = ("u{}", "u{}/b", "u{}%2Fb", "__u{}__", "名前{}", "u{}@example.com", "u {} \u202e")
# What counts for any streak comes more often.
_ACTIVITIES: Final = (WORTH[0], *WORTH)
_COMMANDS: Final = (
    *("undo", "undo", "undo", "reset", "plan_freeze", "plan_freeze", "plan_freeze", "unplan_freeze", "unplan_freeze"),
    *("repair", "repair", "pause", "resume", "set_time_zone", "set_time_zone", "set_rest_weekdays", "set_auto_freeze"),
    *("check_in", "check_in"),
)
_QUESTIONS: Final = ("get_streak", "get_streak", "get_calendar", "get_consistency")
# Commands that take no key: what they are about names them.
NAMED: Final = ("record", "undo", "check_in")
MAINTENANCE_WAYS: Final = ("shard", "shard", "shard", "twice", "both", "killed", "killed", "whole")


def user_ids(environment: int) -> list[str]:
    """The users of an environment: all in one shard, so that maintenance settles them together."""
    first = environment * USERS_PER_ENVIRONMENT
    shard = shard_of(f"u{first}")
    names = (_NAMES[(environment + n) % len(_NAMES)].format(first + n) for n in range(USERS_PER_ENVIRONMENT))
    return [_in_shard(name, shard) for name in names]


def _in_shard(name: str, shard: int) -> str:
    return next(one for number in range(100_000) if shard_of(one := f"{name}-{number}") == shard)


def lives(seed: int, environment: int) -> list[Step]:
    """The steps of all users of an environment and of its maintenance, in the order in which they are taken."""
    dice = random.Random(f"{seed}/{environment}/lives")
    start = _start(dice)
    begun = [
        _User(dice, user, start + timedelta(minutes=dice.randrange(3 * _DAY_MINUTES)))
        for user in range(USERS_PER_ENVIRONMENT)
    ]
    timed = [one for user in begun for one in user.steps()]
    timed.sort(key=lambda one: one[0])
    steps: list[Step] = []
    for when, step in timed:
        steps += [step, *_between(dice, when)]
    for number, step in enumerate(steps):
        step["number"] = number
        for lane, part in enumerate(step.get("lanes", ())):
            part["number"] = FIRST_OF_LANES + number * 10 + lane
    return steps


def _start(dice: random.Random) -> datetime:
    # An ordinary year, the days on which Apia lost a date, or any time.
    begin = dice.choice([datetime(2026, 1, 1, tzinfo=UTC), datetime(2011, 12, 10, tzinfo=UTC), None])
    if begin is None:
        begin = datetime(2000, 1, 3, tzinfo=UTC) + timedelta(days=dice.randrange(37 * 365))
    return begin + timedelta(minutes=dice.randrange(20 * _DAY_MINUTES))


def _between(dice: random.Random, when: datetime) -> Iterator[Step]:
    """What happens besides the users: the job, on time, early by a wrong clock, or long after."""
    if _happens(dice, 0.15):
        ahead = timedelta(minutes=dice.choice([0, 0, 5, -90, _DAY_MINUTES, -3 * _DAY_MINUTES, 4 * _DAY_MINUTES]))
        yield _maintenance(dice, when + ahead)


def _maintenance(dice: random.Random, now: datetime) -> Step:
    # The whole job asks all shards: once in a while is enough.
    way = dice.choice(MAINTENANCE_WAYS)
    if way == "whole" and _happens(dice, 0.6):
        way = "shard"
    return {"do": "maintenance", "at": now.isoformat(), "way": way, "rpcs_until_killed": dice.randrange(1, 14)}


def _happens(dice: random.Random, probability: float) -> bool:
    return dice.random() < probability


class _User:
    """Draws the steps of one user."""

    def __init__(self, dice: random.Random, user: int, now: datetime) -> None:
        self._dice = dice
        self._user = user
        self._now = now
        self._is_daily = _happens(dice, 0.7)
        self._number = 0
        self._keyed: list[Step] = []

    def steps(self) -> Iterator[tuple[datetime, Step]]:
        """Each step with where it belongs; the time of a step may lie before it, as a wrong clock says."""
        when = self._now
        yield when, self._step({"do": "set_time_zone", "time_zone": self._zone(), "key": f"zone-{self._user}"})
        for _ in range(MOMENTS_A_USER):
            self._now = min(self._now + timedelta(minutes=self._gap()), LAST_MOMENT)
            when = max(when, self._now)
            for _ in range(self._dice.choice([1, 1, 1, 2, 3])):
                yield when, self._one()

    def _gap(self) -> int:
        dice, day = self._dice, _DAY_MINUTES
        if self._is_daily and _happens(dice, 0.85):
            return dice.choice([dice.randrange(240), *(dice.randrange(17 * 60, 30 * 60) for _ in range(3))])
        return dice.choice([dice.randrange(90), dice.randrange(day), dice.randrange(28 * 60, 60 * 60),
                            dice.randrange(12 * day), *(dice.randrange(20 * 60, 28 * 60) for _ in range(3)),
                            -30, -600, 14 * day, 29 * day, 90 * day])  # fmt: skip

    def _one(self) -> Step:
        if _happens(self._dice, 0.15):
            return self._at_once()
        if _happens(self._dice, 0.25):
            ask = self._dice.choice(_QUESTIONS)
            return self._step({"do": ask, **({"days": self._dice.randrange(1, 60)} if ask == "get_calendar" else {})})
        return self._command()

    def _at_once(self) -> Step:
        """Two or three commands of the same moment, each from a device of its own; also the same one twice."""
        lanes = [self._command()]
        if _happens(self._dice, 0.4):
            lanes.append(dict(lanes[0]))
        elif _happens(self._dice, 0.1):
            # What is asked for today, while today is turned by a flight.
            lanes = [
                self._step({"do": "check_in"}),
                self._step({"do": "set_time_zone", "time_zone": self._zone()}),
            ]
        elif _happens(self._dice, 0.3):
            lanes.append(_maintenance(self._dice, self._now))
        else:
            lanes += [self._command() for _ in range(self._dice.choice([1, 1, 2]))]
        return {"do": "at_once", "user": self._user, "at": self._now.isoformat(), "lanes": lanes}

    def _command(self) -> Step:
        return self._record() if _happens(self._dice, 0.6) else self._other()

    def _record(self) -> Step:
        dice, again = self._dice, 0
        if _happens(dice, 0.12):
            again = dice.randrange(min(self._number, 12) + 1)
        else:
            self._number += 1
        kind, metadata = dice.choice(_ACTIVITIES)
        step = {"do": "record", "activity_id": f"a{self._user}.{self._number - again}", "activity_type": kind}
        late = dice.choice([None, None, None, dice.randrange(-6, 9 * _DAY_MINUTES)])
        if late is not None:
            step["occurred_at"] = (self._now - timedelta(minutes=late)).isoformat()
        return self._step({**step, "metadata": metadata})

    def _other(self) -> Step:
        if self._keyed and _happens(self._dice, 0.1):
            # A key of long ago, with the same content or with another one.
            old, new = self._dice.choice(self._keyed), self._drawn()
            repeated = old if new["do"] in NAMED or _happens(self._dice, 0.5) else new
            return self._step({**repeated, "key": old["key"]})
        step = self._drawn()
        if step["do"] not in NAMED and _happens(self._dice, 0.7):
            step["key"] = f"k{self._user}.{len(self._keyed)}"
            self._keyed.append(step)
        return self._step(step)

    def _drawn(self) -> Step:
        dice, do = self._dice, self._dice.choice(_COMMANDS)
        match do:
            case "undo":
                return {"do": do, "activity_id": f"a{self._user}.{max(0, self._number - dice.randrange(8))}"}
            case "plan_freeze" | "unplan_freeze":
                return {"do": do, "date": self._day(dice.randint(-2, 8))}
            case "pause":
                begin = dice.randint(-1, 4)
                days = dice.choice([dice.randrange(8), dice.randrange(8), dice.randrange(86, 93)])
                return {"do": do, "from": self._day(begin), "until": self._day(begin + days)}
            case "set_time_zone":
                return {"do": do, "time_zone": self._zone()}
            case "set_rest_weekdays":
                return {"do": do, "weekdays": dice.sample(WEEKDAYS, dice.randrange(4))}
            case "set_auto_freeze":
                return {"do": do, "on": _happens(dice, 0.5)}
        return {"do": do}

    def _day(self, offset: int) -> str:
        return (self._now.date() + timedelta(days=offset)).isoformat()

    def _zone(self) -> str:
        return self._dice.choice(self._dice.choice([HARD_ZONES, ZONES]))

    def _step(self, step: Step) -> Step:
        return {**step, "user": self._user, "at": self._now.isoformat()}
