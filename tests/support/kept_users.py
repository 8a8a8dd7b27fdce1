"""Users in memory, as a migration finds them; a call may fail, or be the last one of its process.

Must not know what is expected of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from streak_core.store import documents
from streak_core.store.documents import FORM_1
from streak_core.store.failures import WriteConflict
from streak_core.store.migrated import Beside, Change, Found
from streak_core.store.migrations import Progress
from tests.support.shipped_policy import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tests.support.kept_user import KeptUser


class KilledError(Exception):
    """The process is no more."""


def beside(user: KeptUser) -> Beside:
    """What is stored beside a user's document."""
    rows = [row for month in user.documents["months"].values() for row in documents.read_month(month)]
    forms = [documents.form_of_entry(one) for one in user.documents["ledger"].values()]
    return Beside(
        rules=RULES,
        decided=sorted(rows, key=lambda row: row.day),
        newest_entry=max(forms, default=FORM_1),
    )


def nothing_happens() -> None:
    """Before or after a commit."""


@dataclass
class KeptUsers:
    """`users` by the ids of their documents, each with when it was written last."""

    users: dict[str, tuple[KeptUser, datetime]]
    kept: Progress = field(default_factory=Progress)
    # What happens around a commit: others write, or the process is killed.
    before: Callable[[], None] = nothing_happens
    after: Callable[[], None] = nothing_happens
    commits: int = 0
    # Whose decided days do not read.
    unreadable: str = ""

    def progress(self) -> Progress:
        return self.kept

    def page(self, after: str | None, limit: int) -> list[Found]:
        return [self._found(doc_id) for doc_id in sorted(self.users) if after is None or doc_id > after][:limit]

    def again(self, doc_id: str) -> Found | None:
        return self._found(doc_id) if doc_id in self.users else None

    def _found(self, doc_id: str) -> Found:
        user, _ = self.users[doc_id]
        document: dict[str, Any] = dict(user.documents["streak"])
        if doc_id == self.unreadable:
            return Found(doc_id=doc_id, version=document, document=document, beside=None, unreadable="days")
        return Found(doc_id=doc_id, version=document, document=document, beside=beside(user))

    def commit(self, changes: Sequence[Change], before: Progress, after: Progress) -> None:
        self.commits += 1
        self.before()
        current = {doc_id: user.documents["streak"] for doc_id, (user, _) in self.users.items()}
        is_changed = any(current.get(one.found.doc_id) != one.found.version for one in changes)
        if is_changed or self.kept != before:
            message = "written meanwhile"
            raise WriteConflict(message)
        for one in changes:
            self.users[one.found.doc_id][0].documents["streak"] = one.document
        self.kept = after
        self.after()
