"""The day's export of the database: begun once when it is due, looked up until it is done, begun again if it failed.

It must not know HTTP or Google's clients, nor what a document means.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from streak_core.domain.days import ONE_DAY, rfc3339
from streak_core.domain.errors import DatabaseUnavailable, Unavailable
from streak_core.domain.zones import zone
from streak_core.store.backups import BackupStore, Export, ExportState
from streak_core.store.failures import CommitFailed
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from datetime import date

    from streak_core.config.backup import BackupRules
    from streak_core.store.backups import BackupRecord
    from streak_core.store.firestore_admin import ExportProgress

# The last backup is missing when it is of longer ago than a day and the time that an export may take.
MISSING_AFTER: Final = timedelta(hours=26)
# Somebody reads a backup back at least once a week, and may be a day late.
UNVERIFIED_AFTER: Final = timedelta(days=8)
# A call asks for an export at once; one that has died is not waited for any longer.
STARTING_MAX: Final = timedelta(minutes=5)
_TRIES_MAX: Final = 5


class BackupFailed(Unavailable):
    """The export ended without being whole."""

    code = "backup_failed"
    message = "The export of {day} failed: {reason}. The same call again begins another one."
    retry_after_seconds = 60


class BackupStatus(StrEnum):
    """What has become of a call."""

    STARTED = "started"
    ALREADY_RUNNING = "already_running"
    COMPLETED = "completed"


@dataclass(frozen=True, kw_only=True)
class BackupReport:
    """The day whose export is due, and how far it is."""

    day: date
    status: BackupStatus
    export: Export


class Admin(Protocol):
    """What exports the database."""

    def begin(self, snapshot_time: datetime, name: str) -> str:
        """The operation's name. Raises `BackupUnavailable`."""

    def look(self, operation: str) -> ExportProgress:
        """How far it is. Raises `BackupUnavailable`."""


def due_day(rules: BackupRules, now: datetime) -> date:
    """The day whose export is due: today in the zone of the rules, or yesterday before the time of the rules."""
    local = now.astimezone(zone(rules.time_zone))
    return local.date() if local.time() >= rules.at else local.date() - ONE_DAY


@dataclass(frozen=True)
class ManagedBackup:
    """Called again and again, it does what is to be done."""

    store: BackupStore
    admin: Admin
    rules: BackupRules

    def attend(self, now: datetime) -> BackupReport:
        """Begins what is due, or looks how far it is; then says in the log how old the last backups are.

        Raises `BackupFailed`, `BackupUnavailable`, `DatabaseUnavailable`, `UnreadableStreakError`.
        """
        report = None
        try:
            report = self._attended(due_day(self.rules, now), now)
        finally:
            self._say_standing(now, report)
        return report

    def _attended(self, day: date, now: datetime) -> BackupReport:
        owner = uuid.uuid4().hex
        for _ in range(_TRIES_MAX):
            found, known = self.store.find(day)
            if known and not (known.owner == owner and known.state is ExportState.STARTING):
                if not self._is_to_begin(known, now):
                    return self._looked_up(day, known, now)
            elif known:
                # The reply to the write of an earlier try was lost.
                return self._begun(day, known)
            minute = now.astimezone(UTC).replace(second=0, microsecond=0)
            mine = Export(state=ExportState.STARTING, snapshot_time=minute, owner=owner, claimed_at=now)
            try:
                self.store.put(found, mine)
            except CommitFailed:
                continue
            return self._begun(day, mine)
        raise DatabaseUnavailable

    def _is_to_begin(self, known: Export, now: datetime) -> bool:
        match known.state:
            case ExportState.FAILED:
                return True
            case ExportState.STARTING:
                return now - known.claimed_at > STARTING_MAX
            case ExportState.RUNNING | ExportState.COMPLETED:
                return False
            case _:
                assert_never(known.state)

    def _begun(self, day: date, mine: Export) -> BackupReport:
        # Google writes into no place that is taken: each try has its own.
        name = f"{day.isoformat()}/{mine.owner}"
        try:
            operation = self.admin.begin(mine.snapshot_time, name)
        except Unavailable:
            self._put(day, replace(mine, state=ExportState.FAILED))
            raise
        running = replace(mine, state=ExportState.RUNNING, operation=operation)
        self._put(day, running)
        log(LogEvent.BACKUP_STARTED, "an export has begun", day=day.isoformat(), operation=operation)
        return BackupReport(day=day, status=BackupStatus.STARTED, export=running)

    def _looked_up(self, day: date, known: Export, now: datetime) -> BackupReport:
        if known.state is ExportState.COMPLETED:
            return BackupReport(day=day, status=BackupStatus.COMPLETED, export=known)
        if known.state is ExportState.STARTING:
            return BackupReport(day=day, status=BackupStatus.ALREADY_RUNNING, export=known)
        progress = self.admin.look(known.operation)
        told = replace(known, documents=progress.documents, size_bytes=progress.size_bytes)
        if not progress.is_done:
            return BackupReport(day=day, status=BackupStatus.ALREADY_RUNNING, export=told)
        state = ExportState.FAILED if progress.failure else ExportState.COMPLETED
        ended = replace(told, state=state, ended_at=now)
        if self._put(day, ended):
            _say_ended(day, ended, progress.failure)
        if progress.failure:
            raise BackupFailed(day=day.isoformat(), reason=progress.failure)
        return BackupReport(day=day, status=BackupStatus.COMPLETED, export=ended)

    def _put(self, day: date, export: Export) -> bool:
        """Whether it was this call that wrote it, over the same owner's. Raises `DatabaseUnavailable`."""
        for _ in range(_TRIES_MAX):
            found, known = self.store.find(day)
            if known is None or known.owner != export.owner or known.state is export.state:
                return False
            try:
                self.store.put(found, export)
            except CommitFailed:
                continue
            return True
        raise DatabaseUnavailable

    def _say_standing(self, now: datetime, report: BackupReport | None) -> None:
        latest = self.store.latest()
        last, verified = next(iter(latest), None), next((one for one in latest if one.is_verified), None)
        # The very first one takes its time.
        is_first = last is None and report is not None
        is_recent = is_first or _is_within(last, now, MISSING_AFTER)
        log(
            LogEvent.BACKUP_CHECKED,
            "the backups are as they are",
            standing="recent" if is_recent else "missing",
            proof="verified" if _is_within(verified, now, UNVERIFIED_AFTER) else "unverified",
            last_moment=rfc3339(last.moment) if last else None,
            verified_moment=rfc3339(verified.moment) if verified else None,
        )


def _is_within(record: BackupRecord | None, now: datetime, longest: timedelta) -> bool:
    return record is not None and now - record.moment < longest


def _say_ended(day: date, export: Export, failure: str | None) -> None:
    log(
        LogEvent.BACKUP_FAILED if failure else LogEvent.BACKUP_COMPLETED,
        f"the export failed: {failure}" if failure else "the export is whole",
        day=day.isoformat(),
        operation=export.operation,
        reason=failure,
        documents=export.documents,
        size_bytes=export.size_bytes,
    )
