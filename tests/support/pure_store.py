"""A user of the pure core as services load and commit one. Must not know what is expected of it.

What `UserStore` does with Firestore, this does with a `PureUser`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from streak_core.commands import StreakCommands
from streak_core.store.documents import SCHEMA_VERSION
from streak_core.store.users import Loaded, StoredEntry, UserStore, Write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Numbered, Streak
    from testing.pure_user import PureUser


@dataclass
class PureStore:
    """Of that one user, whoever is asked for; `commits` counts what was written at once."""

    user: PureUser
    commits: int = 0

    def commands(self) -> StreakCommands:
        """The service on this store."""
        return StreakCommands(cast("UserStore", self), lambda: self.user.rules)

    def load(self, _user_id: str, entry_ids: Iterable[str] = ()) -> Loaded:
        return Loaded(
            streak=self.user.streak,
            settled_through=self.user.settled_through,
            update_time=None,
            form=SCHEMA_VERSION,
            entries={name: self._stored(name) for name in entry_ids if name in self.user.ledger},
            decided={},
            months=frozenset(),
        )

    def commit(self, _user_id: str, *writes: Write) -> None:
        self.commits += 1
        for one in writes:
            assert one.decision.entry
            self.user.commit(one.decision)
            self.user.exchanges[one.decision.entry.entry_id] = (one.command, one.request, one.answer)

    def recorded(self, _user_id: str, _streak: Streak) -> tuple[Numbered, ...]:
        return self.user.recorded()

    def ledger(self, _user_id: str) -> Iterator[LedgerEntry]:
        return iter(self.user.entries)

    def _stored(self, name: str) -> StoredEntry:
        found, (command, request, answer) = self.user.ledger[name], self.user.exchanges[name]
        return StoredEntry(
            entry=found.entry, request_id="", command=command, undone=found.undone, request=request, answer=answer
        )
