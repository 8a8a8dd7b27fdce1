"""Seeded lives of an environment: users whose commands, late, doubled, refused or at once, are mixed with maintenance.

It must not know what will be answered. A step keeps its number when others are left out, and with it its faults.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from streak_core.store.sharding import shard_of
from testing.amnesties import AGES, LENGTHS
from testing.drawing import DAY_MINUTES, FIRST_MOMENT, LAST_MOMENT, Drawer
from testing.rules_in_time import Published, drawn
from testing.steps import CommandStep, QueryStep, Step

USERS_PER_ENVIRONMENT: Final = 3
MOMENTS_A_USER: Final = 14
# Parts of steps have numbers of their own, far from those of steps.
FIRST_OF_LANES: Final = 100_000
# Ids that a careless store would mix up or refuse.
_NAMES: Final = ("u{}", "u{}/b", "u{}%2Fb", "__u{}__", "名前{}", "u{}@example.com", "u {} \u202e")
_QUESTIONS: Final = (QueryStep.STREAK, *QueryStep)
# A step that erases a user while others of that user's come; it has a number of remote calls after which it is killed.
ERASE: Final = "erase"
# Steps that change the list of amnesties, and that have processes hear of it.
CHANGE_AMNESTIES: Final = "change_amnesties"
HEAR_OF_AMNESTIES: Final = "hear_of_amnesties"
# A process reads the list once a minute; a run begins within the weeks in which an amnesty is looked after.
_HEARD_WITHIN: Final = timedelta(minutes=1)
_JUDGED_WITHIN: Final = timedelta(days=60)
# So long users are away in the middle of lives with amnesties: what was before is then decided.
_AWAY: Final = timedelta(days=22)
# Of so many days explain always speaks: all can still change.
EXPLAINED_DAYS: Final = 14


class Way(StrEnum):
    """How the job is called: once, again, by two at once, killed and again, for all shards, or to judge anew."""

    SHARD = "shard"
    TWICE = "twice"
    BOTH = "both"
    KILLED = "killed"
    WHOLE = "whole"
    JUDGE = "judge"


# The whole job asks all shards: once in a while is enough. It judges anew where the list of amnesties changes.
_WAYS: Final = (*(Way.SHARD,) * 8, *(Way.KILLED,) * 5, *(Way.TWICE, Way.BOTH) * 2, Way.WHOLE)


def user_ids(environment: int) -> list[str]:
    """The users of an environment: all in one shard, so that maintenance settles them together."""
    first = environment * USERS_PER_ENVIRONMENT
    shard = shard_of(f"u{first}")
    names = (_NAMES[(environment + n) % len(_NAMES)].format(first + n) for n in range(USERS_PER_ENVIRONMENT))
    return [next(one for n in range(100_000) if shard_of(one := f"{name}-{n}") == shard) for name in names]


def lives(seed: int, environment: int) -> list[Step]:
    """The steps of all users of an environment and of its maintenance, in the order in which they are taken."""
    dice = random.Random(f"{seed}/{environment}/lives")  # noqa: S311 - repeatable, no secret
    # An ordinary year, the days on which Apia lost a date, or any time.
    any_time = FIRST_MOMENT + timedelta(days=dice.randrange(37 * 365))
    start = dice.choice((datetime(2026, 1, 1, tzinfo=UTC), datetime(2011, 12, 10, tzinfo=UTC), any_time))
    start += timedelta(minutes=dice.randrange(20 * DAY_MINUTES))
    begun = [start + timedelta(minutes=dice.randrange(3 * DAY_MINUTES)) for _ in range(USERS_PER_ENVIRONMENT)]
    away = _AWAY if has_amnesties(environment) else timedelta()
    timed = [one for user, now in enumerate(begun) for one in _User(dice, user, now, away).steps()]
    timed.sort(key=lambda one: one[0])
    steps: list[Step] = []
    for when, step in timed:
        steps.append(step)
        if dice.random() < 0.15:  # noqa: PLR2004 - the job, on time, early by a wrong clock, or long after
            ahead = dice.choice((0, 0, 5, -90, DAY_MINUTES, -3 * DAY_MINUTES, 4 * DAY_MINUTES))
            steps.append(_maintenance(dice, when + timedelta(minutes=ahead)))
    # Drawn apart, so that lives are the same but for that.
    steps = list(_with_erasings(random.Random(f"{seed}/{environment}/erasings"), steps))  # noqa: S311 - as above
    if has_amnesties(environment):
        steps = list(_with_amnesties(random.Random(f"{seed}/{environment}/amnesties"), steps))  # noqa: S311 - as above
    for number, step in enumerate(steps):
        step["number"] = number
        for lane, part in enumerate(step.get("lanes", ())):
            part["number"] = FIRST_OF_LANES + number * 10 + lane
    return steps


def policies(seed: int, environment: int, steps: Sequence[Step]) -> Sequence[Published]:
    """The policies in time of every second environment, drawn apart like erasings."""
    if environment % 2 == 0 or not steps:
        return ()
    dice = random.Random(f"{seed}/{environment}/policies")  # noqa: S311 - as above
    published = drawn(dice, min(datetime.fromisoformat(step["at"]) for step in steps), most=4, within_days=30)
    # Of a shorter tail explain would tell less than is asked for.
    return [replace(one, numbers={**one.numbers, "activities.late_days_max": 14}) for one in published]


def _with_erasings(dice: random.Random, steps: list[Step]) -> Iterator[Step]:
    """The same steps; once in a while a user is erased while something is done, and goes on as somebody new."""
    commands = {*CommandStep, "at_once"}
    for step in steps:
        if step["do"] in commands and dice.random() < 0.03:  # noqa: PLR2004 - about once in an environment
            lanes = step.get("lanes", [step])
            yield {
                "do": ERASE,
                "user": step["user"],
                "at": step["at"],
                "lanes": lanes,
                "by_user": dice.random() < 0.5,  # noqa: PLR2004 - by either
                "rpcs_until_killed": dice.randrange(1, 30),
            }
        else:
            yield step


def has_amnesties(environment: int) -> bool:
    """Whether the list of amnesties changes there: in every third one, with policies in time and without."""
    return environment % 3 == 1


def _with_amnesties(dice: random.Random, steps: list[Step]) -> Iterator[Step]:
    """The same steps; the list is changed now and then, heard of within a minute, and judged by within weeks.

    What a clock of before a change does that knows of it, or a job that runs ahead of it, nobody could have been told.
    """
    changed_at = latest = FIRST_MOMENT
    last: list[Step] = []
    is_heard = is_judged = True
    for step in steps:
        for part in (step, *step.get("lanes", ())):
            now = max(changed_at, datetime.fromisoformat(part["at"]))
            part["at"] = (min(now, max(changed_at, latest)) if "way" in part else now).isoformat()
        now = datetime.fromisoformat(step["at"])
        latest = max(latest, now)
        if not is_heard and (now > changed_at + _HEARD_WITHIN or dice.random() < 0.3):  # noqa: PLR2004 - or at once
            yield {"do": HEAR_OF_AMNESTIES, "at": changed_at.isoformat()}
            is_heard = True
        if not is_judged and now > changed_at + _JUDGED_WITHIN:
            yield {**_maintenance(dice, changed_at + _JUDGED_WITHIN), **_judging(dice)}
            is_judged = True
        for part in step.get("lanes", [step]):
            if "way" in part and dice.random() < 0.5:  # noqa: PLR2004 - as often as the job's own work
                part.update(_judging(dice))
                is_heard = is_judged = True
        yield step
        if is_heard and dice.random() < 0.07:  # noqa: PLR2004 - some times in an environment
            changed_at, last = latest, _changes(dice, last, latest)
            is_heard = is_judged = False
            yield _changing(dice, last, changed_at)
    # Whoever is broken by the job, and comes back no more, has it from a run alone.
    broken_at = latest + timedelta(days=4)
    yield {"do": HEAR_OF_AMNESTIES, "at": latest.isoformat()}
    yield {**_maintenance(dice, broken_at), "way": Way.SHARD.value}
    lost = {"from": latest + timedelta(minutes=dice.randrange(2 * DAY_MINUTES)), "until": broken_at}
    yield _changing(dice, [{name: when.isoformat() for name, when in lost.items()}], broken_at)
    yield {**_maintenance(dice, broken_at), **_judging(dice)}


def _changing(dice: random.Random, changes: list[Step], at: datetime) -> Step:
    killed = {"rpcs_until_killed": dice.randrange(1, 8)}
    return {"do": CHANGE_AMNESTIES, "at": at.isoformat(), "changes": changes, **killed}


def _judging(dice: random.Random) -> Step:
    return {"way": Way.JUDGE.value, "rpcs_until_killed": dice.randrange(1, 60)}


def _changes(dice: random.Random, last: list[Step], now: datetime) -> list[Step]:
    """What is changed at once, by one operator or two: now and then the same once more, or the same twice."""
    if last and dice.random() < 0.15:  # noqa: PLR2004 - a call that is given again
        return last[:1]
    changes = [_change(dice, now) for _ in range(dice.choice((1, 1, 2)))]
    return [*changes, dict(changes[0])] if dice.random() < 0.2 else changes  # noqa: PLR2004 - or by two


def _change(dice: random.Random, now: datetime) -> Step:
    if dice.random() < 0.3:  # noqa: PLR2004 - fewer than are declared
        return {"withdraws": dice.randrange(10)}
    begins = now - timedelta(minutes=dice.choice(AGES) + dice.randint(0, 600))
    return {"from": begins.isoformat(), "until": (begins + timedelta(minutes=dice.choice(LENGTHS))).isoformat()}


def _maintenance(dice: random.Random, now: datetime) -> Step:
    way, rpcs = dice.choice(_WAYS), dice.randrange(1, 14)
    return {"do": "maintenance", "at": now.isoformat(), "way": way.value, "rpcs_until_killed": rpcs}


class _User:
    """Draws the steps of one user."""

    def __init__(self, dice: random.Random, user: int, now: datetime, away: timedelta) -> None:
        self._dice = dice
        self._drawer = Drawer(dice, f"a{user}.")
        self._user = user
        self._now = now
        self._away = away
        self._keyed: list[Step] = []

    def steps(self) -> Iterator[tuple[datetime, Step]]:
        """Each step with where it belongs; the time of a step may lie before it, as a wrong clock says."""
        when, is_daily = self._now, self._drawer.happens(70)
        if self._drawer.happens(15):
            yield when, {**self._drawer.command(CommandStep.OPEN, when), "user": self._user}
        elif self._drawer.happens(70):
            # Others say their first zone later, by an activity or a setting, or never.
            home = {"do": CommandStep.SET_TIME_ZONE.value, "at": when.isoformat(), "time_zone": self._drawer.zone()}
            yield when, {**home, "key": f"zone-{self._user}", "user": self._user}
        for moment in range(MOMENTS_A_USER):
            away = self._away if moment == MOMENTS_A_USER // 2 else timedelta()
            self._now = min(self._now + self._drawer.gap(is_daily=is_daily) + away, LAST_MOMENT)
            when = max(when, self._now)
            for _ in range(self._dice.choice((1, 1, 1, 2, 3))):
                yield when, self._one()

    def _one(self) -> Step:
        if self._drawer.happens(15):
            return {"do": "at_once", "user": self._user, "at": self._now.isoformat(), "lanes": self._at_once()}
        if self._drawer.happens(25):
            question = self._dice.choice(_QUESTIONS)
            days = self._dice.randint(1, EXPLAINED_DAYS if question is QueryStep.EXPLAIN else 60)
            return {"do": question.value, "days": days, "user": self._user, "at": self._now.isoformat()}
        return self._command()

    def _at_once(self) -> list[Step]:
        """Two or three commands of the same moment, each from a device of its own; also the same one twice."""
        first, happens = self._command(), self._drawer.happens
        if happens(40):
            return [first, dict(first)]
        if happens(10):
            # What is asked for today, while today is turned by a flight.
            flight = (CommandStep.CHECK_IN, CommandStep.SET_TIME_ZONE)
            return [{**self._drawer.command(do, self._now), "user": self._user} for do in flight]
        if happens(30):
            return [first, _maintenance(self._dice, self._now)]
        return [first, *(self._command() for _ in range(self._dice.choice((1, 1, 2))))]

    def _command(self) -> Step:
        do = CommandStep.RECORD if self._drawer.happens(60) else self._drawer.other()
        step = {**self._drawer.command(do, self._now), "user": self._user}
        if do is CommandStep.RECORD:
            return step
        if self._keyed and self._drawer.happens(10):
            # A key of long ago, with the same content or with another one.
            old = self._dice.choice(self._keyed)
            content = old if self._drawer.happens(50) else step
            return {**content, "key": old["key"], "at": step["at"]}
        if "key" not in step and self._drawer.happens(5):
            # Keys and the ids of activities are one.
            return {**step, "key": f"{self._drawer.name}{self._dice.randint(0, self._drawer.recorded)}"}
        if "key" not in step and self._drawer.happens(10 if do is CommandStep.CHECK_IN else 65):
            step["key"] = f"k{self._user}.{len(self._keyed)}"
        if "key" in step:
            self._keyed.append(dict(step))
        return step
