"""Random lives, lived by the pure core. Must not know what is asked of them afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from streak_core.domain.errors import StreakError
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY

if TYPE_CHECKING:
    from streak_core.domain.policy import Policy
    from testing.steps import Step
    from tests.support.kept_user import KeptUser


def live(life: list[Step], policy: Policy = POLICY) -> PureUser:
    """A user with this life behind them."""
    user = PureUser(policy)
    for step in life:
        attempt(user, step)
    return user


def attempt(user: PureUser | KeptUser, step: Step) -> Any:
    """What a step is answered, or the code of its refusal."""
    try:
        return user.step(step)
    except StreakError as refused:
        return refused.code
