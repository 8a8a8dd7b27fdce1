"""Brings users along a migration: in the order of their ids, resumable at every moment, beside live traffic.

It must not know Firestore's client, nor what a migration does. How far it is is committed together with what it counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from streak_core.migrations.migration import WouldLoseError
from streak_core.store.failures import CommitFailed, StoreOverloaded
from streak_core.store.migrated import Change, Found
from streak_core.store.migrations import Counts, LeftAlone, Progress
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.telemetry.stack import described

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streak_core.migrations.chain import Step
    from streak_core.store.documents import Document
    from streak_core.store.migrated import Beside

# Users of one commit; each is a write, and the progress is one more.
USERS_MAX: Final = 100
# So often a user who gives commands meanwhile is tried.
_TRIES_MAX: Final = 5
_CONTENTION: Final = "was written by others each time"


class SomebodyElseError(Exception):
    """It has gone on without this call: another one is at it."""

    def __str__(self) -> str:
        return "somebody else has taken this migration over, and goes on with it"


class Users(Protocol):
    """All users, and how far a migration is with them."""

    def progress(self) -> Progress:
        """As it is stored. Raises `DatabaseUnavailable`."""

    def page(self, after: str | None, limit: int) -> Sequence[Found]:
        """The next users in the order of their ids. Raises `DatabaseUnavailable`."""

    def again(self, doc_id: str) -> Found | None:
        """A user as stored by now. Raises `DatabaseUnavailable`."""

    def commit(self, changes: Sequence[Change], before: Progress, after: Progress) -> None:
        """All or nothing, where each document is still as found and the progress as `before`.

        Raises `CommitFailed`, `DatabaseUnavailable`.
        """


@dataclass(frozen=True, kw_only=True)
class Migrating:
    """One step of a way, to be gone by every user."""

    step: Step
    accept_loss: bool
    # Waits until so many writes may be sent.
    take: Callable[[int], object]
    # Hears how far it is, whenever that is stored.
    tell: Callable[[Progress], object] = lambda _: None
    users_max: int = USERS_MAX

    def run(self, users: Users) -> Progress:
        """Goes on from where it was left, to the end, and says what was done.

        Whatever ends it, the same call again comes to the same end. Raises `SomebodyElseError`, `DatabaseUnavailable`,
        and `StoreOverloaded` where waiting may help.
        """
        progress = users.progress()
        while not progress.is_done:
            page = users.page(progress.cursor, self.users_max)
            if not page:
                progress = self._commit(users, [], progress, replace(progress, is_done=True)) or progress
                continue
            dealt_with = [self._dealt_with(found) for found in page]
            after = self._commit(users, dealt_with, progress, _after(progress, page[-1].doc_id, dealt_with))
            progress = after or self._one_by_one(users, [found.doc_id for found in page], progress)
        return progress

    def _one_by_one(self, users: Users, doc_ids: Sequence[str], progress: Progress) -> Progress:
        """The users of a page of which one was written meanwhile."""
        for doc_id in doc_ids:
            progress = self._alone(users, doc_id, progress)
        return progress

    def _alone(self, users: Users, doc_id: str, progress: Progress) -> Progress:
        for _ in range(_TRIES_MAX):
            found = users.again(doc_id)
            # Who is gone needs nothing.
            dealt_with = [self._dealt_with(found)] if found else []
            if after := self._commit(users, dealt_with, progress, _after(progress, doc_id, dealt_with)):
                return after
        given_up: _DealtWith = (_failed(doc_id, _CONTENTION), None)
        if after := self._commit(users, [given_up], progress, _after(progress, doc_id, [given_up])):
            return after
        raise SomebodyElseError

    def _commit(
        self, users: Users, dealt_with: Sequence[_DealtWith], before: Progress, after: Progress
    ) -> Progress | None:
        """The progress once it is stored; None where a document was written meanwhile. Raises as `run`."""
        changes = [change for _, change in dealt_with if change]
        self.take(len(changes) + 1)
        try:
            users.commit(changes, before, after)
        except StoreOverloaded:
            raise
        except CommitFailed:
            stored = users.progress()
            if stored == before:
                return None
            # The reply to it was lost.
            if stored != after:
                raise SomebodyElseError from None
        self.tell(after)
        return after

    def _dealt_with(self, found: Found) -> _DealtWith:
        """What becomes of a user, and how that counts."""
        if found.beside is None:
            return _failed(found.doc_id, found.unreadable), None
        try:
            document = self._carried(found.document, found.beside)
        except WouldLoseError as error:
            return Counts(would_lose=1, left_alone=(LeftAlone(doc_id=found.doc_id, reason=str(error)),)), None
        except Exception as error:  # noqa: BLE001 - whatever one user's data does to the code is that user's error
            is_told = isinstance(error, UnreadableStreakError)
            return _failed(found.doc_id, str(error) if is_told else described(error)), None
        if document == found.document:
            return Counts(already=1), None
        return Counts(changed=1), Change(found=found, document=document)

    def _carried(self, document: Document, beside: Beside) -> Document:
        migration = self.step.migration
        if self.step.is_down:
            return migration.down(document, beside, accept_loss=self.accept_loss)
        return migration.up(document, beside)


_DealtWith = tuple[Counts, Change | None]


def _failed(doc_id: str, reason: str) -> Counts:
    return Counts(failed=1, left_alone=(LeftAlone(doc_id=doc_id, reason=reason),))


def _after(before: Progress, cursor: str, dealt_with: Sequence[_DealtWith]) -> Progress:
    return replace(before, cursor=cursor, counts=sum((counts for counts, _ in dealt_with), before.counts))
