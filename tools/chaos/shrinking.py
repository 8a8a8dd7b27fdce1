"""Makes a life that differs as small as it goes: leaves out steps, then faults, for as long as it still differs.

It must not know what differs; another difference than the first one is as good.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from testing.steps import Step
from tools.chaos.playing import Game, Played

T = TypeVar("T")

SECONDS_MAX: Final = 120.0
# What threads do is not in the seed: a life that differs now and then is played again before it is believed to be well.
_PLAYED_AGAIN: Final = 3


@dataclass
class Shrinking:
    """One search; `play` is how a game is played, `clock` when it has to end."""

    game: Game
    play: Callable[[Game], Played] = Game.play
    clock: Callable[[], float] = time.monotonic
    seconds_max: float = SECONDS_MAX
    games: int = 0
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
            self.games += 1
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
