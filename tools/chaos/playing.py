"""Plays one household of a seed from its first step to its proof, and says what was met and what differs.

It must not know what the other households do.
"""

from __future__ import annotations

import zoneinfo
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from streak_core.config import shipped_policy
from streak_core.domain.policy import Policy
from tools.chaos.faults import Fault, SeededPlan, Site
from tools.chaos.household import DifferenceError, Household
from tools.chaos.lives import lives, user_ids

Step = dict[str, Any]

# When everything is asked at the end, after the last step.
_LATER: Final = tuple(timedelta(days=days, minutes=7) for days in (0, 1, 2, 9, 40))


@dataclass(frozen=True)
class Played:
    """What one household went through; `different` is None where everything was as the rules say."""

    seed: int
    household: int
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
        """Faults by RPC, place and kind; slowness is none."""
        return Counter((site.rpc, fault.place.value, fault.name) for site, fault in self.met if fault.code)


@dataclass(frozen=True)
class Game:
    """What is played: a household of a seed, whole, or with steps and faults left out."""

    seed: int
    household: int
    steps: Sequence[Step] | None = None
    spared: frozenset[Site] = field(default_factory=frozenset)

    def play(self) -> Played:
        """Plays it in a database of its own."""
        # The model knows the same time zone rules as the code: those of the pinned package, not the machine's.
        zoneinfo.reset_tzpath(to=())
        steps = lives(self.seed, self.household) if self.steps is None else self.steps
        plan = SeededPlan(self.seed, self.household, self.spared)
        household = Household(user_ids(self.household), policy(), plan)
        found: DifferenceError | None = None
        try:
            for step in steps:
                household.play(step)
            household.prove(_moments(steps))
        except DifferenceError as different:
            found = different
        finally:
            household.close()
        return Played(
            seed=self.seed,
            household=self.household,
            steps=steps,
            met=household.met(),
            rpcs=household.sent(),
            commands=household.commands,
            queries=household.queries,
            retries=sum(device.retries for device in household.devices),
            asked_again=sum(device.asked_again for device in household.devices),
            job_runs=household.upkeep.runs,
            job_killed=household.upkeep.killed,
            different=found.what if found else None,
            different_at=found.step if found else None,
        )


def policy() -> Policy:
    """The policy that lives are lived under."""
    return shipped_policy()


def _moments(steps: Sequence[Step]) -> list[str]:
    last = max(datetime.fromisoformat(step["at"]) for step in steps)
    return [(last + later).isoformat() for later in _LATER]
