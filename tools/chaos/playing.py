"""Plays one environment of a seed from its first step to its proof, and says what was met and what differs.

It must not know what the other environments do.
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from streak_core.config import shipped_policy
from tools.chaos.environment import DifferenceError, Environment
from tools.chaos.faults import Fault, SeededPlan, Site
from tools.chaos.lives import lives, user_ids

Step = dict[str, Any]

# When everything is asked at the end, after the last step.
_LATER: Final = tuple(timedelta(days=days, minutes=7) for days in (0, 1, 2, 9, 40))


@dataclass(frozen=True)
class Played:
    """What one environment went through; `different` is None where everything was as the rules say."""

    seed: int
    environment: int
    steps: Sequence[Step]
    met: Sequence[tuple[Site, Fault]]
    rpcs: Counter[str]
    commands: int
    queries: int
    retries: int
    asked_again: int
    job_runs: int
    job_killed: int
    different: str | None = None
    different_at: Step | None = None

    @property
    def faults(self) -> Counter[tuple[str, str, str]]:
        """Faults by RPC, mode and kind; slowness is none."""
        return Counter((site.rpc, fault.mode.value, fault.name) for site, fault in self.met if fault.code)


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
        found: DifferenceError | None = None
        try:
            for step in steps:
                environment.play(step)
            environment.prove(_moments(steps))
        except DifferenceError as different:
            found = different
        finally:
            environment.close()
        return Played(
            seed=self.seed,
            environment=self.environment,
            steps=steps,
            met=environment.met(),
            rpcs=environment.sent(),
            commands=environment.commands,
            queries=environment.queries,
            retries=sum(device.retries for device in environment.devices),
            asked_again=sum(device.asked_again for device in environment.devices),
            job_runs=environment.job.runs,
            job_killed=environment.job.killed,
            different=found.what if found else None,
            different_at=found.step if found else None,
        )


def _moments(steps: Sequence[Step]) -> list[str]:
    last = max(datetime.fromisoformat(step["at"]) for step in steps)
    return [(last + later).isoformat() for later in _LATER]
