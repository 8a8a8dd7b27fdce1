"""How often one user may be served: a sliding window over accepted commands, kept in the user's own document.

It must not know what a command is. Counting costs no read and no write of its own.

The window slides by weighing: what was accepted in the fixed window before counts for the part of it that a window
ending now still covers. So at most `commands_max` are accepted in a fixed window, and hardly more in any other one.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from typing import TYPE_CHECKING, Final

from streak_core.domain.model import RateUsage

if TYPE_CHECKING:
    from streak_core.domain.policy import LimitRules

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Quota:
    """What a limit leaves a user: so many commands more would be accepted now, and once they are, one more later."""

    commands_max: int
    window_seconds: int
    remaining: int
    more_after_seconds: int


def count_command(usage: RateUsage, at: datetime, rules: LimitRules) -> RateUsage:
    """The usage with one more command accepted at `at` (UTC)."""
    current = _at(usage, at, rules)
    return replace(current, accepted=current.accepted + 1)


def seconds_to_wait(usage: RateUsage, at: datetime, rules: LimitRules) -> int:
    """How long until one more command may be accepted; 0 where it may be at `at` (UTC)."""
    return _wait_after(0, _at(usage, at, rules), at, rules)


def quota_left(usage: RateUsage, at: datetime, rules: LimitRules) -> Quota:
    """What is left at `at` (UTC)."""
    wait_after = partial(_wait_after, current=_at(usage, at, rules), at=at, rules=rules)
    # Whoever has to wait after some has to wait after more.
    remaining = bisect_left(range(rules.commands_max), 1, key=wait_after)
    return Quota(
        commands_max=rules.commands_max,
        window_seconds=rules.window_seconds,
        remaining=remaining,
        more_after_seconds=wait_after(remaining),
    )


def _wait_after(more: int, current: RateUsage, at: datetime, rules: LimitRules) -> int:
    """How long until one more may be accepted, once so many more than now are."""
    accepted, length = current.accepted + more, rules.window_seconds
    gone = (at - (current.since or at)).total_seconds()
    if accepted < rules.commands_max:
        return max(0, ceil(_room_after(current.accepted_before, rules.commands_max - accepted, length) - gone))
    return ceil(length - gone + _room_after(accepted, rules.commands_max, length))


def _room_after(before: int, room: int, length: int) -> float:
    """How far into a window the one before has lost enough weight for one more; `room` is at least one."""
    return length * (1 - (room - 1) / before) if before > room - 1 else 0.0


def _at(usage: RateUsage, at: datetime, rules: LimitRules) -> RateUsage:
    """The usage as of the window that `at` lies in, which is never before that of the last command.

    Where windows have another length than when the stored one began, the policy has changed, and counting begins anew.
    """
    length = timedelta(seconds=rules.window_seconds)
    since = at - (at - _EPOCH) % length
    is_same_length = usage.seconds == rules.window_seconds
    if is_same_length and usage.since == since:
        return usage
    follows = is_same_length and usage.since == since - length
    return RateUsage(since=since, seconds=rules.window_seconds, accepted_before=usage.accepted if follows else 0)
