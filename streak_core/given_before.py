"""Whether a command was given before: its entry among what was read of the ledger, and that it still holds.

It must not know HTTP or Firestore's client, nor what a command does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from streak_core.domain.commands import COMMANDS, ActivityRecorded, CheckIn, NothingChanged, RecordActivity
from streak_core.domain.entries import Found
from streak_core.domain.refusals import ActivityIsUndone
from streak_core.store.ledgers import undo_id
from streak_core.store.unreadable import UnreadableStreakError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.commands import Command
    from streak_core.domain.model import Activity
    from streak_core.domain.rules import Rules
    from streak_core.store.users import Loaded, StoredEntry, UserStore


@dataclass(frozen=True, kw_only=True)
class GivenBefore:
    """One command of one user, and where the ledger has it if it was given before."""

    store: UserStore
    user_id: str
    command: Command
    names: tuple[str, ...]

    def find(self, loaded: Loaded, rules: Rules) -> StoredEntry | None:
        """The entry of this very command; None where its name is new.

        Raises `Malformed` and `IdempotencyKeyReused` for another command of this name, and `ActivityIsUndone`.
        """
        of_this_name = [loaded.entries[name] for name in self.names if name in loaded.entries]
        if not of_this_name:
            return None
        # Form 1 could have two under one name.
        same = next((known for known in of_this_name if self._is_same(known)), None)
        if same is None:
            self.command.check(rules)
            raise self.command.given_otherwise()
        self._check_not_undone(same)
        return same

    def activity(self, entry_id: str) -> Activity:
        """The activity of the entry that the decision found the command to be a repetition of."""
        content = self._entry(entry_id).entry.content
        if not isinstance(content, ActivityRecorded):
            message = f"ledger/{entry_id} is of no activity"
            raise UnreadableStreakError(message)
        return content.activity

    def _is_same(self, known: StoredEntry) -> bool:
        return _asked_by(known) == self.command.name and dict(known.request) == self.command.request()

    def _check_not_undone(self, known: StoredEntry) -> None:
        content = known.entry.content
        if isinstance(content, NothingChanged) and content.repeats is not None:
            known = self._entry(content.repeats)
        if isinstance(known.entry.content, ActivityRecorded) and self._is_undone(known):
            raise ActivityIsUndone(activity_id=known.entry.content.activity.activity_id)

    def _is_undone(self, known: StoredEntry) -> bool:
        if known.undone is not None:
            return known.undone
        undo = undo_id(known.entry)
        return undo in self.store.load(self.user_id, [undo]).entries

    def _entry(self, entry_id: str) -> StoredEntry:
        known = self.store.load(self.user_id, [entry_id]).entries.get(entry_id)
        if known is None:
            message = f"ledger/{entry_id} is missing"
            raise UnreadableStreakError(message)
        return known


def found_entries(loaded: Loaded, entry_ids: Iterable[str]) -> dict[str, Found]:
    """Those of them that there are; form 1 kept the undoing of an activity under a name of its own."""
    return {
        entry_id: Found(
            entry=stored.entry,
            undone=undo_id(stored.entry) in loaded.entries if stored.undone is None else stored.undone,
        )
        for entry_id in entry_ids
        if (stored := loaded.entries.get(entry_id))
    }


def _asked_by(known: StoredEntry) -> str:
    """The name of the command that an entry is of."""
    if known.command is not None:
        return known.command
    content = known.entry.content
    if isinstance(content, ActivityRecorded):
        return CheckIn.name if content.activity.is_check_in else RecordActivity.name
    return next(command.name for command in COMMANDS if command.kind is content.kind)
