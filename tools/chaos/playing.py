"""Plays one environment of a seed from its first step to its proof, and says what was met and what differs.

It must not know what the other environments do.
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from streak_core.config import shipped_policy
from testing.steps import Step
from tools.chaos.environment import DifferenceError, Environment
from tools.chaos.faults import Fault, SeededPlan, Site
from tools.chaos.lives import lives, user_ids

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
        environment = Environment(user_ids(self.environment), shipped_policy(), plan)
        different: tuple[str | None, Step | None] = (None, None)
        try:
            for step in steps:
                environment.play(step)
            last = max(datetime.fromisoformat(step["at"]) for step in steps)
            environment.prove([(last + later).isoformat() for later in _LATER])
        except DifferenceError as found:
            different = found.what, found.step
        finally:
            environment.close()
        return Played(self, steps, environment.met(), environment.sent(), environment.counts(), *different)
