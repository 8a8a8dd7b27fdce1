"""The nightly job: writes down, for every due user, what time has decided already (semantics 8).

It must not decide a verdict (replay does) or know HTTP. Doing it twice is harmless.
"""

from __future__ import annotations

import logging
import resource
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from streak_core.answers import rfc3339
from streak_core.attempts import Attempts
from streak_core.decisions.settle import settle
from streak_core.errors import ContentionError
from streak_core.events import EventKind
from streak_core.store.documents import SHARDS
from streak_core.store.due import DuePage, DueUser, Settled
from streak_core.store.writing import ConflictError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from streak_core.policy import Policy
    from streak_core.store.due import DueStore

_LOG = logging.getLogger(__name__)

BATCH_USERS_MAX: Final = 200
_KIBIBYTES_PER_MEBIBYTE: Final = 1024


@dataclass
class Tally:
    """What a run has done so far."""

    users_processed: int = 0
    freezes_applied: int = 0
    streaks_broken: int = 0
    errors: int = 0
    transaction_retries: int = 0
    oldest_deadline: datetime | None = None

    def add(self, batch: Sequence[Settled]) -> None:
        """Counts a batch that is written."""
        self.users_processed += len(batch)
        self.freezes_applied += sum(one.settlement.count(EventKind.FREEZE_APPLIED) for one in batch)
        self.streaks_broken += sum(one.settlement.count(EventKind.STREAK_BROKEN) for one in batch)

    def see(self, user: DueUser) -> None:
        """Remembers the oldest deadline that had passed."""
        known = [moment for moment in (self.oldest_deadline, user.expires_at) if moment]
        self.oldest_deadline = min(known, default=None)


@dataclass(frozen=True)
class Maintenance:
    """The job over the due users of all shards."""

    store: DueStore
    policy: Policy
    attempts: Callable[[], Attempts] = field(default=Attempts)
    clock: Callable[[], float] = time.monotonic

    def run(self, now: datetime) -> dict[str, Any]:
        """Settles everybody who is due at `now`, and answers the report; it is also the last log line."""
        begun = self.clock()
        tally = Tally()
        for shard in range(SHARDS):
            for page in self._pages(shard, now):
                self._settle_page(page, now, tally)
        report = _report(tally, now, self.clock() - begun)
        _LOG.info("maintenance has ended", extra={"event": "maintenance_completed", **report})
        return report

    def _pages(self, shard: int, now: datetime) -> Iterator[DuePage]:
        """Each page of due users; the cursor moves past everything seen, so that every user is seen once."""
        page = self.store.page(shard, now, None)
        yield page
        while page.cursor is not None:
            page = self.store.page(shard, now, page.cursor)
            yield page

    def _settle_page(self, page: DuePage, now: datetime, tally: Tally) -> None:
        settled = [one for user in page.users if (one := self._settled(user, now, tally))]
        for begin in range(0, len(settled), BATCH_USERS_MAX):
            batch = settled[begin : begin + BATCH_USERS_MAX]
            try:
                self.store.commit(batch)
            except ConflictError as conflict:
                tally.transaction_retries += 1
                _LOG.warning(
                    "a batch met a conflict; its users go one by one",
                    extra={"event": "transaction_retry", "reason": str(conflict), "users": len(batch)},
                )
                for one in batch:
                    self._settle_alone(one.user, now, tally)
            else:
                tally.add(batch)

    def _settled(self, user: DueUser, now: datetime, tally: Tally) -> Settled | None:
        """What is to be written of a user; None, counted and logged, where the document is no streak."""
        tally.see(user)
        if user.streak is None:
            tally.errors += 1
            _LOG.error(
                "a due document does not read as a streak",
                extra={"event": "unreadable_streak", "user_id": user.user_id, "reason": user.unreadable},
            )
            return None
        return Settled(user=user, settlement=settle(user.streak, user.settled_through, self.policy, now))

    def _settle_alone(self, user: DueUser, now: datetime, tally: Tally) -> None:
        attempts = self.attempts()
        while True:
            current = self.store.reload(user.user_id)
            if current is None or not current.is_due(now):
                return
            settled = self._settled(current, now, tally)
            if settled is None:
                return
            try:
                self.store.commit([settled])
            except ConflictError:
                tally.transaction_retries += 1
                if not self._again(attempts, user, tally):
                    return
            else:
                tally.add([settled])
                return

    def _again(self, attempts: Attempts, user: DueUser, tally: Tally) -> bool:
        try:
            attempts.again()
        except ContentionError:
            tally.errors += 1
            _LOG.exception("a due user could not be written", extra={"event": "user_failed", "user_id": user.user_id})
            return False
        return True


def _report(tally: Tally, now: datetime, duration_seconds: float) -> dict[str, Any]:
    overdue = (now - tally.oldest_deadline).total_seconds() if tally.oldest_deadline else 0.0
    return {
        "run_id": now.strftime("%Y-%m-%dT%H:%MZ"),
        "status": "degraded" if tally.errors else "success",
        "users_processed": tally.users_processed,
        "freezes_applied": tally.freezes_applied,
        "streaks_broken": tally.streaks_broken,
        "errors": tally.errors,
        "transaction_retries": tally.transaction_retries,
        "duration_seconds": round(duration_seconds, 3),
        "users_per_second": round(tally.users_processed / duration_seconds, 1) if duration_seconds else 0.0,
        "peak_memory_mib": _peak_memory_mib(),
        "oldest_overdue_seconds": overdue,
        "timestamp": rfc3339(now),
    }


def _peak_memory_mib() -> float:
    """The most memory that this process ever held; macOS counts in bytes, Linux in kibibytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kibibytes = peak / _KIBIBYTES_PER_MEBIBYTE if sys.platform == "darwin" else peak
    return round(kibibytes / _KIBIBYTES_PER_MEBIBYTE, 1)
