"""Whether the activity of a ledger entry has the price that the rules give it.

It must not know how the state before it came about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.consistency import is_multiplied
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.errors import Malformed
from streak_core.domain.model import NO_RECORD, Streak
from streak_core.domain.rules import Rules
from streak_core.domain.xp import base_xp_of, with_bonus
from streak_core.domain.zone_statements import with_zone_said


def wrong_price(before: Streak, entry: LedgerEntry, priced_by: Iterable[Rules], *, is_bonus_known: bool) -> str | None:
    """What is wrong with the price of an entry's activity by all of those rules; None where some of them give it."""
    content = entry.content
    if not isinstance(content, ActivityRecorded):
        return None
    activity, found = content.activity, set[str]()
    for rules in priced_by:
        # As the command knew them: what was withdrawn before it has priced nothing.
        given = _prices(before, entry, content, rules.known_at(entry.at), is_bonus_known=is_bonus_known)
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
    before: Streak, entry: LedgerEntry, content: ActivityRecorded, rules: Rules, *, is_bonus_known: bool
) -> list[tuple[str | None, bool, int, int]]:
    activity, metadata = content.activity, content.sent.get("metadata", {})
    policy = rules.on(activity.day)
    try:
        worth = base_xp_of(policy, activity.activity_type, metadata if isinstance(metadata, Mapping) else {})
    except Malformed:
        return []
    more = with_bonus(worth.base_xp, policy.consistency.multiplier)
    if not is_bonus_known:
        amounts = [worth.base_xp, more]
    else:
        amounts = [more if _is_multiplied(before, entry, content, rules) else worth.base_xp]
    return [(worth.category, worth.counts, worth.base_xp, xp) for xp in amounts]


def _is_multiplied(before: Streak, entry: LedgerEntry, content: ActivityRecorded, rules: Rules) -> bool:
    activity = content.activity
    placed = with_zone_said(before, content.zone, entry.at, entry.seq, rules) if content.zone else before
    # In the place of one that was undone and had no bonus it has none either.
    in_place = activity.activity_type in placed.tail.get(activity.day, NO_RECORD).bonus_forgone
    return not in_place and is_multiplied(placed, rules, activity.day, activity.occurred_at)
