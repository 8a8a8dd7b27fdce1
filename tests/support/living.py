"""Random lives, lived by the pure core. Must not know what is asked of them afterwards."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from streak_core.domain.errors import StreakError
from streak_core.domain.judging_anew import rebuild, up_to_date
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


def is_proved(user: PureUser) -> bool:
    """Whether the ledger leads to what is kept, also where the job has judged that anew since the last entry."""
    rebuilt = rebuild(user.entries, user.rules)
    if user.streak and rebuilt and user.streak.amnesties > rebuilt.amnesties:
        rules, last = user.rules.as_of(user.streak.amnesties), rebuilt.updated_at
        anew = up_to_date(rebuilt, None, rules, last, lambda: user.entries).streak
        rebuilt = replace(anew, rate=user.streak.rate)
    return rebuilt == user.streak
