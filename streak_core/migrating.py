"""Brings the users of one shard along a migration: in their order, resumable at every moment, beside live traffic.

It must not know Firestore's client, nor what a migration does. How far it is is committed together with what it counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from streak_core.domain.errors import Unavailable
from streak_core.migrations.migration import WouldLoseError
from streak_core.store.failures import CommitFailed, StoreOverloaded
from streak_core.store.unreadable import UnreadableStreakError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streak_core.migrations.chain import Step
    from streak_core.migrations.migration import Beside
    from streak_core.store.documents import Document

# Users of one commit; each is a write, and the progress is one more.
USERS_MAX: Final = 100
# Users who are left as they are and named, of one shard.
NAMED_MAX: Final = 20
# So often a user who gives commands meanwhile is tried.
_TRIES_MAX: Final = 5
_CONTENTION: Final = "was written by others each time"


class SomebodyElseError(Exception):
    """The shard has gone on without this call: another one is at it."""


@dataclass(frozen=True, kw_only=True)
class Found:
    """A user's document as read; `version` is what a write of it builds on, so that it never hides another one."""

    doc_id: str
    version: object
    document: Document
    beside: Beside


@dataclass(frozen=True, kw_only=True)
class LeftAlone:
    """A user who is not migrated, and why; the reason tells nothing of what is stored."""

    doc_id: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How many users were written, were there already, would have lost something, and could not be migrated."""

    changed: int = 0
    already: int = 0
    would_lose: int = 0
    failed: int = 0
    # The first of those who would have lost something or could not be migrated.
    left_alone: tuple[LeftAlone, ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        return Counts(
            changed=self.changed + other.changed,
            already=self.already + other.already,
            would_lose=self.would_lose + other.would_lose,
            failed=self.failed + other.failed,
            left_alone=(*self.left_alone, *other.left_alone)[:NAMED_MAX],
        )


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a shard is: the last document that was dealt with, and the counts up to there."""

    cursor: str | None = None
    is_done: bool = False
    counts: Counts = Counts()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A document that is to be written in place of the one that was found."""

    found: Found
    document: Document


class Shard(Protocol):
    """The users of one shard, and how far a migration is with them."""

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
    """One step of a way, to be gone by every user of a shard."""

    step: Step
    accept_loss: bool
    # Waits until so many writes may be sent.
    take: Callable[[int], None]
    is_stopping: Callable[[], bool]
    users_max: int = USERS_MAX

    def run(self, shard: Shard) -> Progress:
        """Goes on from where the shard is, to its end or until it is stopped, and says how far that is.

        Whatever ends it, the same call again comes to the same end. Raises `SomebodyElseError`, `DatabaseUnavailable`,
        and `StoreOverloaded` where waiting may help.
        """
        progress = shard.progress()
        while not (progress.is_done or self.is_stopping()):
            page = shard.page(progress.cursor, self.users_max)
            if not page:
                progress = self._commit(shard, [], progress, replace(progress, is_done=True)) or progress
                continue
            dealt_with = [self._dealt_with(found) for found in page]
            after = self._commit(shard, dealt_with, progress, _after(progress, page[-1].doc_id, dealt_with))
            progress = after or self._one_by_one(shard, [found.doc_id for found in page], progress)
        return progress

    def _one_by_one(self, shard: Shard, doc_ids: Sequence[str], progress: Progress) -> Progress:
        """The users of a page of which one was written meanwhile."""
        for doc_id in doc_ids:
            if self.is_stopping():
                break
            progress = self._alone(shard, doc_id, progress)
        return progress

    def _alone(self, shard: Shard, doc_id: str, progress: Progress) -> Progress:
        for _ in range(_TRIES_MAX):
            found = shard.again(doc_id)
            # Who is gone needs nothing.
            dealt_with = [self._dealt_with(found)] if found else []
            if after := self._commit(shard, dealt_with, progress, _after(progress, doc_id, dealt_with)):
                return after
        given_up: _DealtWith = (_failed(doc_id, _CONTENTION), None)
        if after := self._commit(shard, [given_up], progress, _after(progress, doc_id, [given_up])):
            return after
        raise SomebodyElseError

    def _commit(
        self, shard: Shard, dealt_with: Sequence[_DealtWith], before: Progress, after: Progress
    ) -> Progress | None:
        """The progress once it is stored; None where a document was written meanwhile. Raises as `run`."""
        changes = [change for _, change in dealt_with if change]
        self.take(len(changes) + 1)
        try:
            shard.commit(changes, before, after)
        except StoreOverloaded:
            raise
        except CommitFailed:
            stored = shard.progress()
            if stored == before:
                return None
            # The reply to it was lost.
            if stored != after:
                raise SomebodyElseError from None
        return after

    def _dealt_with(self, found: Found) -> _DealtWith:
        """What becomes of a user, and how that counts."""
        migration = self.step.migration
        try:
            if self.step.is_down:
                document = migration.down(found.document, found.beside, accept_loss=self.accept_loss)
            else:
                document = migration.up(found.document, found.beside)
        except WouldLoseError as error:
            return Counts(would_lose=1, left_alone=(LeftAlone(doc_id=found.doc_id, reason=str(error)),)), None
        except (UnreadableStreakError, Unavailable) as error:
            return _failed(found.doc_id, str(error) or type(error).__name__), None
        if document == found.document:
            return Counts(already=1), None
        return Counts(changed=1), Change(found=found, document=document)


_DealtWith = tuple[Counts, Change | None]


def _failed(doc_id: str, reason: str) -> Counts:
    return Counts(failed=1, left_alone=(LeftAlone(doc_id=doc_id, reason=reason),))


def _after(before: Progress, cursor: str, dealt_with: Sequence[_DealtWith]) -> Progress:
    return replace(before, cursor=cursor, counts=sum((counts for counts, _ in dealt_with), before.counts))
