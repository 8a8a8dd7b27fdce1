"""How much tests look at: a sample by default, everything under hypothesis' profile `full`.

Must not know what is tested.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from hypothesis import HealthCheck, settings

FULL: Final = "full"
QUICK: Final = "quick"
# Of what the full profile looks at, the quick one takes one in so many, and never fewer than the other number.
ONE_IN: Final = 20
EXAMPLES_MIN: Final = 5

T = TypeVar("T")


def register_profiles() -> None:
    """Makes both profiles known, and the quick one the default; `--hypothesis-profile=full` chooses the other."""
    # A busy machine is slow to draw a life, and that says nothing about the code.
    slow = [HealthCheck.too_slow]
    settings.register_profile(FULL, deadline=None, suppress_health_check=slow, print_blob=True)
    settings.register_profile(QUICK, settings.get_profile(FULL), max_examples=2 * EXAMPLES_MIN)
    settings.load_profile(QUICK)


def is_full() -> bool:
    """Whether everything is to be looked at."""
    return settings.get_current_profile_name() == FULL


def examples(full: int, *, suppressed: Sequence[HealthCheck] = ()) -> settings:
    """So many examples under the full profile, and a share of them under the quick one."""
    count = full if is_full() else min(full, max(full // ONE_IN, EXAMPLES_MIN))
    return settings(max_examples=count, suppress_health_check=[*settings().suppress_health_check, *suppressed])


def sample(things: Sequence[T]) -> Sequence[T]:
    """All of them under the full profile, and every so many-th under the quick one."""
    return things if is_full() else things[::ONE_IN]
