"""A page of an audit trail, and which entries it should have and has not.

It must not know where entries are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from streak_core.records.chain import Entry, Head


@dataclass(frozen=True, kw_only=True)
class TrailPage:
    """Entries, the last first, and the number of the entry that the next page begins after; None after the last.

    `missing` are the numbers of those that are still to be kept and are not there: somebody has removed them.
    """

    entries: Sequence[Entry]
    after: int | None
    missing: Sequence[int] = ()


def trail_page(
    numbers: Sequence[int], found: Mapping[int, Entry], head: Head | None, first: int, now: datetime
) -> TrailPage:
    """The page of those numbers, the last first. `found` may have the entry before them, and expired ones."""
    entries = [found[one] for one in numbers if one in found and found[one].expires_at > now]
    missing = [one for one in numbers if one not in found and _is_kept(one, found, head, now)]
    # What comes before an entry that has expired has expired, too; of what was removed nobody knows.
    is_last = not numbers or numbers[-1] == first or (not missing and len(entries) < len(numbers))
    return TrailPage(entries=entries, after=None if is_last else numbers[-1], missing=missing)


def _is_kept(number: int, found: Mapping[int, Entry], head: Head | None, now: datetime) -> bool:
    """Whether an entry that is not there has not expired: the next one says so, or any before it that has not."""
    if any(one < number and entry.expires_at > now for one, entry in found.items()):
        return True
    if head and number == head.seq:
        return head.expires_at > now
    following = found.get(number + 1)
    return bool(following and following.previous_expires_at and following.previous_expires_at > now)
