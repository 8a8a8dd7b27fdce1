"""Whether the activity of a ledger entry has the price that the rules give it.

It must not know how the state before it came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.consistency import is_multiplied
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.errors import Malformed
from streak_core.domain.model import Streak
from streak_core.domain.policy import Policy
from streak_core.domain.xp import base_xp_of, with_bonus
from streak_core.domain.zone_statements import with_zone_said


def wrong_price(before: Streak, entry: LedgerEntry, policies: Iterable[Policy], *, is_bonus_known: bool) -> str | None:
    """What is wrong with the price of an entry's activity by each of the policies; None where one of them gives it."""
    content = entry.content
    if not isinstance(content, ActivityRecorded):
        return None
    activity, found = content.activity, set[str]()
    for policy in policies:
        given = _prices(before, entry, content, policy, is_bonus_known=is_bonus_known)
        if (activity.category, activity.counted, activity.base_xp, activity.xp) in given:
            return None
        found |= {f"{xp} XP" if counted else f"{xp} XP and does not count" for _, counted, _, xp in given}
    said = f"{activity.xp} XP of {activity.base_xp}" + ("" if activity.counted else ", not counted")
    given_by = " or ".join(sorted(found)) or "not known"
    return (
        f"entry {entry.seq} is priced at {said}; by the rules it is {given_by}. "
        "Where another policy was in force then, name it: --earlier-policy FILE"
    )


def _prices(
    before: Streak, entry: LedgerEntry, content: ActivityRecorded, policy: Policy, *, is_bonus_known: bool
) -> list[tuple[str | None, bool, int, int]]:
    activity = content.activity
    metadata = content.sent.get("metadata", {})
    try:
        worth = base_xp_of(policy, activity.activity_type, metadata if isinstance(metadata, Mapping) else {})
    except Malformed:
        return []
    more = with_bonus(worth.base_xp, policy.consistency.multiplier)
    if not is_bonus_known:
        amounts = [worth.base_xp, more]
    else:
        amounts = [more if _is_multiplied(before, entry, content, policy) else worth.base_xp]
    return [(worth.category, worth.counts, worth.base_xp, xp) for xp in amounts]


def _is_multiplied(before: Streak, entry: LedgerEntry, content: ActivityRecorded, policy: Policy) -> bool:
    placed = with_zone_said(before, content.zone, entry.at, entry.seq, policy) if content.zone else before
    return is_multiplied(placed, policy, content.activity.day, content.activity.occurred_at)
