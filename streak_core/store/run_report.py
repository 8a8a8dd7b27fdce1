"""What a run, or one shard of it, is answered, kept and logged by: one form, rendered in one place.

It must not know how a run is done, nor where its report goes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter


class RunStatus(StrEnum):
    """What has become of a run, or of a shard of it."""

    SUCCESS = "success"
    # Some users could not be settled; they stay due.
    DEGRADED = "degraded"
    # It stopped before it was through; the next call goes on.
    PARTIAL = "partial"
    # Its shards are worked on by tasks of their own.
    FANNED_OUT = "fanned_out"


class Stop(StrEnum):
    """Why a shard, or a run, ended before it was through; what concerns the whole run comes first."""

    # Another call has taken the run over. It is that call's to report, so that this is never answered.
    TAKEN_OVER = "taken_over"
    # The process is told to end (SIGTERM).
    SHUTDOWN = "shutdown"
    # Documents are restored: nothing is written beside that.
    RESTORING = "restoring"
    # Firestore failed too often in a row.
    OVERLOAD = "overload"
    # The time that a call may take is up.
    DEADLINE = "deadline"
    # What should not happen has happened to the shard as a whole.
    FAILURE = "failure"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunReport:
    """The report of a run, or of the one `shard` that a task was for; durations in seconds, memory in MiB."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    shard: int | None = None
    run_id: str
    status: RunStatus
    # Why it is partial.
    stopped_by: Stop | None
    shards_unfinished: tuple[int, ...]
    users_processed: int
    freezes_applied: int
    streaks_broken: int
    errors: int
    transaction_retries: int
    duration_seconds: float
    users_per_second: float
    peak_memory_mib: float
    oldest_overdue_seconds: float
    # What was taken for now (UTC).
    timestamp: datetime
    documents_read: int
    documents_written: int
    # Users who could not be settled, and why.
    unreadable: tuple[Mapping[str, str], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class FannedOut:
    """What is answered of a run whose shards are worked on by tasks; `tasks` of them are new."""

    status: ClassVar[RunStatus] = RunStatus.FANNED_OUT

    run_id: str
    tasks: int


_REPORT: Final = TypeAdapter(RunReport)


def report_content(report: RunReport) -> dict[str, Any]:
    """The report as JSON has it, its fields in the order of the contract."""
    content: dict[str, Any] = _REPORT.dump_python(report, mode="json")
    if report.shard is None:
        del content["shard"]
    return content
