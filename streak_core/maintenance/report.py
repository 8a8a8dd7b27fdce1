"""What a run says of itself: its report, and in the log that it began, how it ended, and that it could do nothing.

It must not know how a run is done.
"""

from __future__ import annotations

import logging
import resource
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, assert_never

from streak_core.domain.days import rfc3339
from streak_core.domain.errors import StreakError
from streak_core.store.run_documents import Counts
from streak_core.store.run_report import RunReport, RunStatus, Stop, report_content
from streak_core.store.runs import AlreadyRunning
from streak_core.telemetry import LogEvent, log
from streak_core.write_gate import Restoring

_KIBIBYTES_PER_MEBIBYTE: Final = 1024


@contextmanager
def logged_if_it_fails(
    run_id: str, shard: int | None = None, event: LogEvent = LogEvent.MAINTENANCE_FAILED
) -> Iterator[None]:
    """Says so when nothing could be done, or when what should not happen ends the run."""
    try:
        yield
    except (AlreadyRunning, Restoring):
        # A doubled call, or one that came before the lease of a dead one or of a restore was over: nothing has failed.
        raise
    except StreakError as error:
        sentence, why = f"the run could do nothing: {error.code}", error.__cause__
        log(event, sentence, error=why, run_id=run_id, shard=shard, reason=error.code)
        raise
    except Exception as error:
        sentence, reason = "the run failed", "unexpected"
        log(event, sentence, error=error, run_id=run_id, shard=shard, reason=reason)
        raise


@dataclass(frozen=True, kw_only=True)
class RunLog:
    """What a kind of run says of itself in the log."""

    # Under which it is known how fast such runs wrote of late.
    kind: str
    ended: LogEvent
    # What its end is told with, as the beginning of a sentence.
    sentence: str
    # What is said where nothing could be done; None where whoever calls it says so.
    failed: LogEvent | None = None
    # Whether beginnings, shards that went well, and reports that are answered again are told, too.
    is_whole: bool = False

    def if_it_fails(self, run_id: str, shard: int | None = None) -> AbstractContextManager[None]:
        """As `logged_if_it_fails`."""
        return nullcontext() if self.failed is None else logged_if_it_fails(run_id, shard, self.failed)

    def start(self, run_id: str, *, is_new: bool, is_fanned_out: bool) -> None:
        """A call begins a run, or goes on with one."""
        if not self.is_whole:
            return
        log(
            LogEvent.MAINTENANCE_STARTED,
            "maintenance begins" if is_new else "maintenance goes on where an earlier call stopped",
            run_id=run_id,
            is_new=is_new,
            is_fanned_out=is_fanned_out,
        )

    def repeated(self, report: RunReport) -> None:
        """A call is answered the report of a run that has ended before; nobody was settled by it."""
        if not self.is_whole:
            return
        log(
            LogEvent.REPORT_REPEATED,
            "the run has ended before; its report is answered again",
            run_id=report.run_id,
            status=report.status,
            as_of=rfc3339(report.timestamp),
        )

    def end(self, report: RunReport) -> None:
        """A run has ended, or its time has: its report, field by field."""
        log(
            self.ended,
            f"{self.sentence}: {report.status}, {report.users_processed} users",
            severity=_severity(report.status),
            **_flat(report),
        )

    def shard(self, report: RunReport) -> None:
        """The task of one shard has ended."""
        if not self.is_whole and report.status is RunStatus.SUCCESS:
            return
        log(
            LogEvent.SHARD_COMPLETED,
            f"shard {report.shard} has ended: {report.status}",
            severity=_severity(report.status),
            **_flat(report),
        )


MAINTENANCE: Final = RunLog(
    kind="maintenance",
    ended=LogEvent.MAINTENANCE_COMPLETED,
    sentence="maintenance has ended",
    failed=LogEvent.MAINTENANCE_FAILED,
    is_whole=True,
)
# Whom an amnesty concerns, and those whose reminder is due.
JUDGING: Final = RunLog(
    kind="judging", ended=LogEvent.JUDGING_COMPLETED, sentence="whom an amnesty concerns was judged anew"
)
REMINDING: Final = RunLog(
    kind="reminders", ended=LogEvent.REMINDERS_COMPLETED, sentence="reminders have been gone through"
)


def report_of(
    run_id: str,
    counts: Counts,
    now: datetime,
    duration_seconds: float,
    *,
    stops: Mapping[int, Stop] = MappingProxyType({}),
    shard: int | None = None,
) -> RunReport:
    """The report of a run, or of the one shard that a task was for; `stops` says of each that is not done why."""
    overdue = (now - counts.oldest_deadline).total_seconds() if counts.oldest_deadline else 0.0
    return RunReport(
        shard=shard,
        run_id=run_id,
        status=RunStatus.PARTIAL if stops else RunStatus.DEGRADED if counts.errors else RunStatus.SUCCESS,
        # What concerns the whole run explains more than the failure of a shard, which has a line of its own.
        stopped_by=next((stop for stop in Stop if stop in stops.values()), None),
        shards_unfinished=tuple(sorted(stops)),
        users_processed=counts.users_processed,
        freezes_applied=counts.freezes_applied,
        streaks_broken=counts.streaks_broken,
        errors=counts.errors,
        transaction_retries=counts.transaction_retries,
        duration_seconds=round(duration_seconds, 3),
        users_per_second=round(counts.users_processed / duration_seconds, 1) if duration_seconds else 0.0,
        peak_memory_mib=peak_memory_mib(),
        oldest_overdue_seconds=max(0.0, overdue),
        timestamp=now,
        documents_read=counts.documents_read,
        documents_written=counts.documents_written,
        unreadable=counts.unreadable,
    )


def peak_memory_mib() -> float:
    """The most memory that this process ever held; macOS counts in bytes, Linux in kibibytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kibibytes = peak / _KIBIBYTES_PER_MEBIBYTE if sys.platform == "darwin" else peak
    return round(kibibytes / _KIBIBYTES_PER_MEBIBYTE, 1)


def _severity(status: RunStatus) -> int | None:
    """That of the event, unless somebody could not be settled or time was up: worth a look; the next run goes on."""
    match status:
        case RunStatus.DEGRADED | RunStatus.PARTIAL:
            return logging.WARNING
        case RunStatus.SUCCESS | RunStatus.FANNED_OUT:
            return None
        case _:
            assert_never(status)


def _flat(report: RunReport) -> dict[str, Any]:
    """Every field by its name, but for `timestamp`, which Cloud Logging would take for its own.

    Of the lists, that of users is counted, and that of shards is a text.
    """
    fields = report_content(report)
    return {
        **{name: value for name, value in fields.items() if name != "timestamp"},
        "as_of": fields["timestamp"],
        "unreadable": len(report.unreadable),
        "shards_unfinished": ",".join(map(str, report.shards_unfinished)),
    }
