"""Amnesties as neutral data for tests and tools: what is declared, and what is withdrawn again, change by change.

It must not know users.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from streak_core.domain.rules import Amnesty, Rules

# From minutes to weeks, in minutes.
LENGTHS: Final = (1, 45, 6 * 60, 26 * 60, 3 * 24 * 60, 20 * 24 * 60)
# How long before it is declared it begins: to come, now, yesterday, weeks ago.
AGES: Final = (-3 * 24 * 60, -60, 0, 90, 26 * 60, 4 * 24 * 60, 24 * 24 * 60, 60 * 24 * 60)


def with_declared(rules: Rules, from_instant: datetime, until: datetime, at: datetime) -> Rules:
    """The rules with one more amnesty."""
    number = rules.revision + 1
    declared = Amnesty(
        amnesty_id=str(number),
        from_instant=from_instant,
        until=until,
        reason="outage",
        number=number,
        declared_at=at,
        by="operator",
    )
    return replace(rules, amnesties=(*rules.amnesties, declared))


def with_withdrawn(rules: Rules, amnesty_id: str, at: datetime) -> Rules:
    """The rules with one of the amnesties withdrawn."""
    number = rules.revision + 1
    amnesties = (
        replace(one, withdrawn_at=at, withdrawn_number=number)
        if one.amnesty_id == amnesty_id and one.withdrawn_at is None
        else one
        for one in rules.amnesties
    )
    return replace(rules, amnesties=tuple(amnesties))


def standing_ids(rules: Rules) -> Sequence[str]:
    """The amnesties that may still be withdrawn."""
    return [one.amnesty_id for one in rules.amnesties if one.withdrawn_at is None]


def since_last_change(rules: Rules, at: datetime) -> datetime:
    """The moment, or that of the list's last change where this is later: nothing is withdrawn before it is declared."""
    return max([at, *(one.withdrawn_at or one.declared_at or at for one in rules.amnesties)])


def excused(rules: Rules) -> Sequence[tuple[datetime, datetime]]:
    """The stretches that everybody is excused from; what was withdrawn ends there (0032, 5)."""
    stretches = [(one.from_instant, min(one.until, one.withdrawn_at or one.until)) for one in rules.amnesties]
    return [(begins, ends) for begins, ends in stretches if begins < ends]


def changed(dice: Random, rules: Rules, at: datetime) -> Rules:
    """The rules after a change at a moment: one more amnesty, or one less."""
    standing = standing_ids(rules)
    if standing and dice.random() < 0.3:
        return with_withdrawn(rules, dice.choice(standing), at)
    begun = at - timedelta(minutes=dice.choice(AGES) + dice.randint(0, 600))
    return with_declared(rules, begun, begun + timedelta(minutes=dice.choice(LENGTHS)), at)
