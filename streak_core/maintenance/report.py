"""What a run says of itself: its report, and in the log that it began, how it ended, and that it could do nothing.

It must not know how a run is done.
"""

from __future__ import annotations

import logging
import resource
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from streak_core.domain.days import rfc3339
from streak_core.domain.errors import StreakError
from streak_core.maintenance.endurance import Stop
from streak_core.store.run_documents import Counts
from streak_core.store.runs import AlreadyRunning
from streak_core.telemetry import LogEvent, log
from streak_core.telemetry.memory import memory_limit_mib, memory_ratio

_KIBIBYTES_PER_MEBIBYTE: Final = 1024
# Somebody could not be settled, or time was up: worth a look, and the next run goes on by itself.
_SEVERITIES: Final = {"degraded": logging.WARNING, "partial": logging.WARNING}


@contextmanager
def logged_if_it_fails(run_id: str) -> Iterator[None]:
    """Says so when nothing could be done, or when what should not happen ends the run."""
    try:
        yield
    except AlreadyRunning:
        # A doubled call, or one that came before the lease of a dead one was over: nothing has failed.
        raise
    except StreakError as error:
        log(
            LogEvent.MAINTENANCE_FAILED, f"maintenance could do nothing: {error.code}", run_id=run_id, reason=error.code
        )
        raise
    except Exception as error:
        log(LogEvent.MAINTENANCE_FAILED, "maintenance failed", error=error, run_id=run_id, reason="unexpected")
        raise


def log_start(run_id: str, *, is_new: bool, is_fanned_out: bool) -> None:
    """A call begins a run, or goes on with one."""
    log(
        LogEvent.MAINTENANCE_STARTED,
        "maintenance begins" if is_new else "maintenance goes on where an earlier call stopped",
        run_id=run_id,
        is_new=is_new,
        is_fanned_out=is_fanned_out,
    )


def log_repeated(report: Mapping[str, Any]) -> None:
    """A call is answered the report of a run that has ended before; nobody was settled by it."""
    log(
        LogEvent.REPORT_REPEATED,
        "the run has ended before; its report is answered again",
        run_id=report.get("run_id"),
        status=report.get("status"),
        as_of=report.get("timestamp"),
    )


def log_end(report: Mapping[str, Any]) -> None:
    """A run has ended: its report, field by field, and its memory against the limit."""
    status = report["status"]
    log(
        LogEvent.MAINTENANCE_COMPLETED,
        f"maintenance has ended: {status}, {report['users_processed']} users",
        severity=_SEVERITIES.get(status),
        **_flat(report),
    )


def log_shard(report: Mapping[str, Any]) -> None:
    """The task of one shard has ended."""
    log(
        LogEvent.SHARD_COMPLETED,
        f"shard {report['shard']} has ended: {report['status']}",
        severity=_SEVERITIES.get(report["status"]),
        **_flat(report),
    )


def report(
    run_id: str,
    status: str,
    counts: Counts,
    now: datetime,
    duration_seconds: float,
    *,
    stops: Mapping[int, Stop] = MappingProxyType({}),
) -> dict[str, Any]:
    """The answer of a run, which is also its last log line; durations in seconds, memory in MiB.

    `stops` says of each shard that is not done why it is not.
    """
    overdue = (now - counts.oldest_deadline).total_seconds() if counts.oldest_deadline else 0.0
    return {
        "run_id": run_id,
        "status": status,
        # What concerns the whole run explains more than the failure of a shard, which has a line of its own.
        "stopped_by": next((stop.value for stop in Stop if stop in stops.values()), None),
        "shards_unfinished": sorted(stops),
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


def _flat(report: Mapping[str, Any]) -> dict[str, Any]:
    """Every field by its name, but for `timestamp`, which Cloud Logging would take for its own.

    Of the lists, that of users is counted, and that of shards is a text.
    """
    limit = memory_limit_mib()
    fields = {name: value for name, value in report.items() if isinstance(value, str | int | float)}
    del fields["timestamp"]
    return {
        **fields,
        "as_of": report["timestamp"],
        "unreadable": len(report["unreadable"]),
        "shards_unfinished": ",".join(map(str, report["shards_unfinished"])),
        "memory_limit_mib": limit,
        "memory_ratio": memory_ratio(report["peak_memory_mib"], limit),
    }
