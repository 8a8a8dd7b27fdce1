"""A user as stored and as seen now: what every decision starts from.

It must not know any single command.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.domain.ledger import fresh
from streak_core.domain.replay import View, replay

if TYPE_CHECKING:
    from datetime import date, datetime

    from streak_core.domain.model import Streak
    from streak_core.domain.policy import Policy


@dataclass(frozen=True, kw_only=True)
class UserState:
    """A user as stored, and as seen now."""

    # Whether anything is stored of the user; `streak` is a fresh one otherwise.
    exists: bool
    streak: Streak
    # The last day whose time events are written.
    settled_through: date | None
    policy: Policy
    view: View


def user_state(streak: Streak | None, settled_through: date | None, policy: Policy, now: datetime) -> UserState:
    """How a user stands at `now` (timezone-aware)."""
    known = streak or fresh(now, policy)
    return UserState(
        exists=streak is not None,
        streak=known,
        settled_through=settled_through,
        policy=policy,
        view=replay(known, policy, now),
    )
