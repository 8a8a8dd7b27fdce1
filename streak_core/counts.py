"""What a run has done and what it cost: counts that add up over batches, shards and calls.

It must not know how any of it is done.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Final

from streak_core.answers import rfc3339

UNREADABLE_REPORTED_MAX: Final = 100
_KIBIBYTES_PER_MEBIBYTE: Final = 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """All zero at the start; `+` adds two up."""

    users_processed: int = 0
    freezes_applied: int = 0
    streaks_broken: int = 0
    errors: int = 0
    transaction_retries: int = 0
    documents_read: int = 0
    documents_written: int = 0
    rpcs: int = 0
    # The oldest deadline that had passed (UTC).
    oldest_deadline: datetime | None = None
    # Users who could not be read or written, at most a hundred of them.
    unreadable: tuple[Mapping[str, str], ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        numbers = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if isinstance(getattr(self, one.name), int)
        }
        deadlines = [moment for moment in (self.oldest_deadline, other.oldest_deadline) if moment]
        return replace(
            self,
            **numbers,
            oldest_deadline=min(deadlines, default=None),
            unreadable=(*self.unreadable, *other.unreadable)[:UNREADABLE_REPORTED_MAX],
        )


def total(parts: Sequence[Counts]) -> Counts:
    """All of them together."""
    return sum(parts, Counts())


def report(run_id: str, status: str, counts: Counts, now: datetime, duration_seconds: float) -> dict[str, Any]:
    """The answer of a run, which is also its last log line; durations in seconds, memory in MiB."""
    overdue = (now - counts.oldest_deadline).total_seconds() if counts.oldest_deadline else 0.0
    return {
        "run_id": run_id,
        "status": status,
        "users_processed": counts.users_processed,
        "freezes_applied": counts.freezes_applied,
        "streaks_broken": counts.streaks_broken,
        "errors": counts.errors,
        "transaction_retries": counts.transaction_retries,
        "duration_seconds": round(duration_seconds, 3),
        "users_per_second": round(counts.users_processed / duration_seconds, 1) if duration_seconds else 0.0,
        "peak_memory_mib": peak_memory_mib(),
        "oldest_overdue_seconds": max(0.0, overdue),
        "timestamp": rfc3339(now),
        "documents_read": counts.documents_read,
        "documents_written": counts.documents_written,
        "rpcs": counts.rpcs,
        "unreadable": [dict(one) for one in counts.unreadable],
    }


def peak_memory_mib() -> float:
    """The most memory that this process ever held; macOS counts in bytes, Linux in kibibytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kibibytes = peak / _KIBIBYTES_PER_MEBIBYTE if sys.platform == "darwin" else peak
    return round(kibibytes / _KIBIBYTES_PER_MEBIBYTE, 1)
