"""Users who live: each command with when it was given and answered, so that it is known what a moment has of it.

It must not know backups, nor what is right.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from testing.drawing import Drawer
from testing.steps import CommandStep, Step
from tools.chaos.devices import Device
from tools.chaos.possible_states import PossibleState

_BEGIN: Final = datetime(2026, 1, 5, 9, tzinfo=UTC)
# The database's clock and ours may differ by so much.
_CLOCKS_DIFFER: Final = timedelta(milliseconds=50)


@dataclass(frozen=True)
class Given:
    """A command as it was given, and between which moments of the real clock it took effect."""

    step: Step
    begun: datetime
    ended: datetime


@dataclass
class LivedUser:
    """One user: the steps to come, and what was given."""

    user_id: str
    steps: Sequence[Step]
    given: list[Given] = field(default_factory=list)

    def take(self, number: int, device: Device) -> None:
        """Gives the command of that number."""
        begun = datetime.now(UTC)
        tried = device.command(self.user_id, self.steps[number])[-1]
        self.given.append(Given(step=tried.step, begun=begun, ended=datetime.now(UTC)))

    def states(self, moment: datetime) -> Iterator[PossibleState]:
        """How the model may have the user as of a moment: what was under way then is in it, or not."""
        surely = sum(one.ended < moment - _CLOCKS_DIFFER for one in self.given)
        at_most = sum(one.begun <= moment + _CLOCKS_DIFFER for one in self.given)
        state = PossibleState()
        for one in self.given[:surely]:
            state.play(one.step)
        yield state
        for one in self.given[surely:at_most]:
            state = state.fork()
            state.play(one.step)
            yield state


def users(seed: int, number: int, steps: int) -> list[LivedUser]:
    """So many users with so many steps each."""
    return [LivedUser(f"user-{user}", list(_steps(seed, user, steps))) for user in range(number)]


def last_moment(lived: Sequence[LivedUser]) -> datetime:
    """After all that they do."""
    return max(datetime.fromisoformat(step["at"]) for one in lived for step in one.steps) + timedelta(hours=1)


def _steps(seed: int, user: int, number: int) -> Iterator[Step]:
    dice = random.Random(f"{seed}/{user}/restore")  # noqa: S311 - repeatable, no secret
    drawer, now = Drawer(dice, f"a{user}."), _BEGIN + timedelta(minutes=dice.randrange(5_000))
    home = {"do": CommandStep.SET_TIME_ZONE.value, "at": now.isoformat(), "time_zone": drawer.zone()}
    yield {**home, "key": f"zone-{user}", "number": 0}
    for step in range(1, number):
        now += drawer.gap(is_daily=True)
        do = CommandStep.RECORD if drawer.happens(70) else drawer.other()
        yield {**drawer.command(do, now), "number": step}


def live_all(lived: Sequence[LivedUser], devices: Sequence[Device], before: Callable[[int, int], None]) -> None:
    """All of them live in turn, several at a time; each device tells which step of how many it comes to."""

    def live(number: int) -> None:
        mine = lived[number :: len(devices)]
        steps = max((len(one.steps) for one in mine), default=0)
        for step in range(steps):
            before(step, steps)
            for one in mine:
                one.take(step, devices[number])

    with ThreadPoolExecutor(len(devices)) as pool:
        list(pool.map(live, range(len(devices))))
