"""Plays one environment of a seed from its first step to its proof, and makes a life that differs as small as it goes.

It must not know what differs, nor what the other environments do.
"""

from __future__ import annotations

import time
import zoneinfo
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeVar

from testing.rules_in_time import rules_of
from testing.steps import Step
from tools.chaos.environment import DifferenceError, Environment
from tools.chaos.faults import Fault, SeededPlan, Site
from tools.chaos.lives import lives, policies, user_ids

T = TypeVar("T")

SECONDS_MAX: Final = 120.0
# What threads do is not in the seed: a life that differs now and then is played again before it is believed to be well.
_PLAYED_AGAIN: Final = 3
# When everything is asked at the end, after the last step.
_LATER: Final = tuple(timedelta(days=days, minutes=7) for days in (0, 1, 2, 9, 40))


@dataclass(frozen=True)
class Played:
    """What one environment went through; `different` is None where everything was as the rules say."""

    game: Game
    steps: Sequence[Step]
    met: Sequence[tuple[Site, Fault]]
    rpcs: Counter[str] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    different: str | None = None
    different_at: Step | None = None

    @property
    def faults(self) -> Counter[tuple[str, str, str]]:
        """Faults by RPC, mode and kind; slowness is none."""
        return Counter((site.rpc, fault.mode.value, fault.code.value) for site, fault in self.met if fault.code)


@dataclass(frozen=True)
class Game:
    """What is played: an environment of a seed, whole, or with steps and faults left out."""

    seed: int
    environment: int
    steps: Sequence[Step] | None = None
    spared: frozenset[Site] = field(default_factory=frozenset)

    def play(self) -> Played:
        """Plays it in a database of its own."""
        # The model knows the same time zone rules as the code: those of the pinned package, not the machine's.
        zoneinfo.reset_tzpath(to=())
        steps = lives(self.seed, self.environment) if self.steps is None else self.steps
        plan = SeededPlan(self.seed, self.environment, self.spared)
        # Drawn by the whole life, so that they stay where steps are left out.
        published = policies(self.seed, self.environment, lives(self.seed, self.environment))
        rules = rules_of(published)
        environment = Environment(user_ids(self.environment), lambda: rules, plan, published=published)
        different, step = None, None
        try:
            for step in steps:
                environment.play(step)
            step = None
            last = max(datetime.fromisoformat(step["at"]) for step in steps)
            environment.prove([(last + later).isoformat() for later in _LATER])
        except DifferenceError as found:
            different = str(found)
        finally:
            environment.close()
        return Played(
            self,
            steps,
            environment.met(),
            environment.sent(),
            environment.counts(),
            different,
            step if different else None,
        )


@dataclass
class Shrinking:
    """Leaves out steps, then faults; `play` is how a game is played, `clock` says when it has to end."""

    game: Game
    play: Callable[[Game], Played] = Game.play
    clock: Callable[[], float] = time.monotonic
    seconds_max: float = SECONDS_MAX
    smallest: Played | None = field(default=None, init=False)

    def smallest_of(self, first: Played) -> Played:
        """The smallest life found that still differs."""
        steps = _until(first)
        self.smallest = replace(first, steps=steps)
        self._ends_at = self.clock() + self.seconds_max
        steps = self._fewest(steps, lambda kept: replace(self.game, steps=kept))
        self.game = replace(self.game, steps=steps)
        steps = self._fewest_lanes(steps)
        self.game = replace(self.game, steps=steps)
        # A fault that is left out may lead to others behind it: only those met now count.
        sites = sorted({site for site, _ in self.smallest.met})
        everywhere = frozenset(sites)
        self._fewest(sites, lambda kept: replace(self.game, spared=self.game.spared | everywhere - frozenset(kept)))
        return self.smallest

    def _fewest(self, parts: Sequence[T], game: Callable[[Sequence[T]], Game]) -> Sequence[T]:
        """Leaves out halves, quarters, and so on to single parts, while what is left still differs."""
        size = max(1, len(parts) // 2)
        while parts:
            begin = 0
            while begin < len(parts):
                fewer = [*parts[:begin], *parts[begin + size :]]
                if self._differs(game(fewer)):
                    parts = fewer
                else:
                    begin += size
            if size == 1:
                break
            size //= 2
        return parts

    def _fewest_lanes(self, steps: Sequence[Step]) -> Sequence[Step]:
        """Of commands at once, those that it takes."""
        for place, step in enumerate(steps):
            lanes = step.get("lanes", [])
            for lane in list(lanes):
                fewer = [one for one in lanes if one is not lane]
                tried = [*steps[:place], {**step, "lanes": fewer}, *steps[place + 1 :]]
                if len(fewer) > 0 and self._differs(replace(self.game, steps=tried)):
                    steps, lanes = tried, fewer
        return steps

    def _differs(self, game: Game) -> bool:
        if not game.steps:
            return False
        for _ in range(_PLAYED_AGAIN if any("lanes" in step for step in game.steps) else 1):
            if self.clock() > self._ends_at:
                return False
            played = self.play(game)
            if played.different:
                self.smallest = played
                return True
        return False


def _until(played: Played) -> Sequence[Step]:
    """What comes after the difference has no part in it."""
    if played.different_at is None:
        return played.steps
    last = played.different_at["number"]
    return [step for step in played.steps if step["number"] <= last]
