"""All users as a migration reads them, of whom nothing is written: what a run would do is seen by doing it so.

It must not know what is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from streak_core.migrating import Users
from streak_core.store.migrated import Change, Found
from streak_core.store.migrations import Progress


@dataclass
class Looking:
    """Reads `users`; how far it is, only it knows."""

    users: Users
    seen: Progress = field(default_factory=Progress)

    def progress(self) -> Progress:
        """How far it is."""
        return self.seen

    def page(self, after: str | None, limit: int) -> Sequence[Found]:
        """The next users in the order of their ids. Raises `DatabaseUnavailable`."""
        return self.users.page(after, limit)

    def again(self, doc_id: str) -> Found | None:
        """A user as stored by now. Raises `DatabaseUnavailable`."""
        return self.users.again(doc_id)

    def commit(self, _changes: Sequence[Change], _before: Progress, after: Progress) -> None:
        """Goes on, and writes nothing."""
        self.seen = after
