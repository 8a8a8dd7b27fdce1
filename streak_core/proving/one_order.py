"""A ledger in which numbers are there twice, as after an import over newer entries, put into one order.

It must not know what an entry leads to. Nothing is left out of it: who was answered was answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import groupby

from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityRedone,
    ActivityUndone,
    ChallengeJoined,
    ChallengeLeft,
    Content,
    PauseEnded,
    PauseStreak,
)
from streak_core.domain.commands.pauses import pause_id
from streak_core.domain.entries import LedgerEntry, named_entry_id
from streak_core.proving.old_entries import LedgerFaultError
from streak_core.proving.repository import KeptEntry


@dataclass
class OneOrder:
    """Numbers entries that come by their moments anew; what speaks of a number that has moved speaks of the new one."""

    _number: int = 0
    # That of the entry before, as it is stored.
    _before: int = 0
    # What has moved: activities by the ids of their entries, pauses by their ids, challenges by their entries.
    _activities: dict[str, int] = field(default_factory=dict)
    _pauses: dict[str, str] = field(default_factory=dict)
    _joined: dict[int, int] = field(default_factory=dict)

    def of(self, kept: Iterable[KeptEntry]) -> Iterator[KeptEntry]:
        """The same entries with their new numbers. Raises `LedgerFaultError`."""
        for _, group in groupby(kept, key=lambda one: one.entry and one.entry.at):
            for one in sorted(group, key=lambda one: one.entry.seq if one.entry else 0):
                yield self._numbered(one, one.entry) if one.entry else one

    def _numbered(self, kept: KeptEntry, entry: LedgerEntry) -> KeptEntry:
        if entry.seq > self._before + 1:
            message = f"entry {self._before + 1} is missing"
            raise LedgerFaultError(message)
        self._before, self._number = entry.seq, self._number + 1
        moved = replace(entry, seq=self._number, content=self._referring(entry.content))
        if moved == entry:
            return kept
        if kept.is_form_1:
            message = f"entry {entry.seq} is there twice, and of form 1, which is not numbered anew"
            raise LedgerFaultError(message)
        if entry.seq == self._number:
            return replace(kept, entry=moved, stored=entry)
        self._note(entry)
        return replace(kept, entry=moved, stored=entry, moved_from=kept.moved_from or entry.seq)

    def _note(self, entry: LedgerEntry) -> None:
        if isinstance(entry.content, ActivityRecorded):
            self._activities[entry.entry_id] = self._number
        if isinstance(entry.content, ChallengeJoined):
            self._joined[entry.seq] = self._number
        if isinstance(entry.content, PauseStreak):
            self._pauses[pause_id(entry.seq)] = pause_id(self._number)

    def _referring(self, content: Content) -> Content:
        if isinstance(content, ActivityUndone | ActivityRedone):
            known = self._activities.get(named_entry_id(content.activity.activity_id))
            return replace(content, of_seq=known) if known else content
        if isinstance(content, ChallengeLeft):
            return replace(content, of_seq=self._joined.get(content.of_seq, content.of_seq))
        if isinstance(content, PauseEnded) and content.pause_id:
            return replace(content, pause_id=self._pauses.get(content.pause_id, content.pause_id))
        return content
