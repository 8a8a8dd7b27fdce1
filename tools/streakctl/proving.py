"""Proves users one by one or all of them, and mends those that differ through the one write.

It must not know terminals, nor what is compared.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from streak_core.domain.errors import UserBusy
from streak_core.domain.rules import Rules
from streak_core.proving.audit import Audit, Auditor
from streak_core.proving.proof import Difference
from streak_core.proving.repository import Mend, UserDocument
from streak_core.proving.stopped import StoppedError
from streak_core.retry import Attempts
from streak_core.store.failures import CommitFailed
from tools.streakctl.in_threads import in_threads
from tools.streakctl.mending import MendingStore

# Commits that one user is mended with at most; each mends some hundred documents.
COMMITS_MAX: Final = 200


class Finding(StrEnum):
    """What came out about a user."""

    EQUAL = "equal"
    DIFFERS = "differs"
    MENDED = "mended"
    # The ledger is not whole, or older than what is stored: nothing can be said, and nothing is mended.
    UNPROVABLE = "unprovable"
    # Nothing at all is stored of such a user.
    NOBODY = "nobody"
    # A tombstone alone, as it should be.
    ERASED = "erased"


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What came out about a user; `differences` are those found at first, also where they are mended now."""

    user_id: str
    finding: Finding
    # Ledger entries gone through.
    entries: int
    reason: str | None = None
    differences: tuple[Difference, ...] = ()


def _hold() -> None:
    """The rules are what they are."""


@dataclass(frozen=True, kw_only=True)
class Prover:
    """Proves each user by the rules and as of the moment (UTC) of then: many take hours, and rules change meanwhile.

    `fix` also mends them. Several threads may use it.
    """

    store: MendingStore
    rules: Callable[[], Rules]
    now: Callable[[], datetime]
    # Has the rules read anew when they are asked for next.
    forget: Callable[[], None] = field(default=_hold)
    fix: bool = False
    threads: int = 1
    # By which activities may be priced, too.
    earlier: Sequence[Rules] = ()
    attempts: Callable[[], Attempts] = field(default=Attempts)
    stopping: threading.Event = field(default_factory=threading.Event)

    def prove_all(self, user_documents: Iterable[UserDocument]) -> Generator[Proof]:
        """One proof a user, in their order. Raises `DatabaseUnavailable`.

        Left early, it waits for the users that are being proved, and begins no more.
        """
        return in_threads((partial(self.prove, one) for one in user_documents), self.threads, self.stopping)

    def prove(self, user_doc: UserDocument) -> Proof:
        """One user, whom others may change meanwhile. Raises `DatabaseUnavailable`, `StoppedError`."""
        if user_doc.is_erased:
            return Proof(user_id=user_doc.user_id, finding=Finding.ERASED, entries=0)
        try:
            return self._proved(user_doc, self.attempts())
        except UserBusy:
            reason = "others changed it again and again while it was read"
            return Proof(user_id=user_doc.user_id, finding=Finding.UNPROVABLE, entries=0, reason=reason)

    def _proved(self, user_doc: UserDocument, attempts: Attempts) -> Proof:
        first: Audit | None = None
        commits = 0
        while not self.stopping.is_set():
            rules = self.rules()
            audit = Auditor(self.store, rules, user_doc, self.now(), self.stopping, self.earlier).audit()
            if audit.is_equal:
                return _proof(user_doc, Finding.MENDED if first else Finding.EQUAL, first or audit)
            latest = self.store.user_document(user_doc.user_doc_id)
            if latest.is_erased:
                return Proof(user_id=user_doc.user_id, finding=Finding.ERASED, entries=0)
            if latest.update_time != user_doc.update_time:
                # Every command and every job writes this document: what was read is not of one moment.
                attempts.again()
                user_doc = latest
                continue
            self.forget()
            if self.rules() != rules:
                # Whoever wrote the user knew of the change already.
                attempts.again()
                continue
            if not self.fix or audit.mend is None or audit.fault or commits == COMMITS_MAX:
                return _proof(user_doc, _finding(audit), audit)
            first, commits = first or audit, commits + 1
            self._mend(user_doc, audit.mend, attempts)
            user_doc = self.store.user_document(user_doc.user_doc_id)
            if user_doc.is_erased:
                return Proof(user_id=user_doc.user_id, finding=Finding.ERASED, entries=0)
        raise StoppedError

    def _mend(self, user_doc: UserDocument, mend: Mend, attempts: Attempts) -> None:
        """Writes, or waits where somebody was faster: all is read and decided again anyway."""
        try:
            self.store.mend(user_doc, mend)
        except CommitFailed:
            attempts.again()


def _finding(audit: Audit) -> Finding:
    if audit.is_nobody:
        return Finding.NOBODY
    return Finding.UNPROVABLE if audit.fault else Finding.DIFFERS


def _proof(user_doc: UserDocument, finding: Finding, audit: Audit) -> Proof:
    return Proof(
        user_id=user_doc.user_id,
        finding=finding,
        entries=audit.entries,
        reason=audit.fault,
        differences=audit.differences,
    )
