"""The weekly reading back: the last export is read into a database of its own, proved, and that database is deleted.

It must not know HTTP or Google's clients. Called again and again, it does what is next, each time for a bounded time.
"""

from __future__ import annotations

import secrets
import string
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol, assert_never

from streak_core.backup import due_day
from streak_core.domain.days import ONE_DAY
from streak_core.domain.errors import Unavailable
from streak_core.store.backups import BackupStore, ExportState
from streak_core.store.drills import Drill, DrillState, DrillStore
from streak_core.store.failures import CommitFailed
from streak_core.store.verify_databases import NAME
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.config.backup import BackupRules
    from streak_core.proving.page import ProvedPage
    from streak_core.store.backups import Export
    from streak_core.store.firestore_admin import ExportProgress

AGAIN_AFTER: Final = timedelta(days=7)
# After one that was not verified.
AGAIN_AFTER_FAILURE: Final = timedelta(days=1)
# What is not done by then is given up, and what is left of it deleted.
GIVEN_UP_AFTER: Final = timedelta(days=3)
# How far back an export is looked for; older ones are deleted.
_DAYS_BACK: Final = 7
# So long a call goes on; one page more ends in good time before the call does.
WORK_SECONDS_MAX: Final = 60.0
# Of more users than these a part is proved, from anywhere on.
USERS_MAX: Final = 20_000
_NAMED_MAX: Final = 20
# What ids of Firebase's users are made of.
_LETTERS: Final = string.digits + string.ascii_letters
_LETTERS_OF_AN_ID: Final = 28


class DrillStatus(StrEnum):
    """What has become of a call."""

    # The last one is of this week, or there is no export yet.
    IDLE = "idle"
    RUNNING = "running"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class DrillReport:
    """How far it is; without a drill there was never one."""

    status: DrillStatus
    drill: Drill | None


class Databases(Protocol):
    """What makes, fills and deletes databases. All raise `BackupUnavailable`."""

    def names(self) -> list[str]:
        """Of those that there are."""

    def make(self, name: str) -> None:
        """Twice is once."""

    def is_there(self, name: str) -> bool:
        """Whether it is made by now, or not deleted yet."""

    def fill(self, name: str, export: str) -> str:
        """The operation's name."""

    def look(self, operation: str) -> ExportProgress:
        """How far it is."""

    def delete(self, name: str) -> None:
        """Twice is once."""


# A client of a database, by its name.
Opened = Callable[[str], AbstractContextManager["firestore.Client"]]


@dataclass(frozen=True, kw_only=True)
class BackupDrill:
    """Called again and again, it does what is to be done."""

    store: DrillStore
    backups: BackupStore
    databases: Databases
    rules: BackupRules
    opened: Opened
    # The users after an id, proved as of a moment by what is in force in that database.
    prove: Callable[[firestore.Client, str, datetime], ProvedPage]
    count: Callable[[firestore.Client], int]
    clock: Callable[[], float] = field(default=time.monotonic)

    def attend(self, now: datetime) -> DrillReport:
        """Begins what is due, or goes on with it. Raises `BackupUnavailable`, `DatabaseUnavailable`."""
        begun = self.clock()
        found, drill = self.store.find()
        if drill is None or _is_over(drill, now):
            following = self._next(now)
            if following is None:
                return DrillReport(status=DrillStatus.IDLE, drill=drill)
            self._clear_up()
        elif drill.state is DrillState.ENDED:
            return DrillReport(status=DrillStatus.IDLE, drill=drill)
        else:
            following = _given_up(drill, now)
        try:
            if following != drill:
                found = self.store.put(found, following)
            while following.state is not DrillState.ENDED and self.clock() - begun < WORK_SECONDS_MAX:
                then = self._step(following, now)
                if then == following:
                    break
                found, following = self.store.put(found, then), then
        except CommitFailed:
            # Another call is at it.
            return DrillReport(status=DrillStatus.RUNNING, drill=following)
        is_ended = following.state is DrillState.ENDED
        return DrillReport(status=DrillStatus.ENDED if is_ended else DrillStatus.RUNNING, drill=following)

    def _next(self, now: datetime) -> Drill | None:
        """The drill of the last export that is whole; None where there is none that is still kept."""
        last = due_day(self.rules, now)
        for day in (last - days * ONE_DAY for days in range(_DAYS_BACK)):
            _, export = self.backups.find(day)
            if export and export.state is ExportState.COMPLETED:
                return _begun(day, export, now)
        return None

    def _clear_up(self) -> None:
        """Deletes what a call has left that nobody knows of any more; of what has no mark of ours nothing is known."""
        for name in self.databases.names():
            # One that can't be read is left, and hinders nothing; the log has the reason.
            with suppress(Unavailable), self.opened(name) as client:
                if self.store.is_marked(client, name):
                    self.databases.delete(name)

    def _step(self, drill: Drill, now: datetime) -> Drill:
        """What follows; the same again where Google is not done yet."""
        match drill.state:
            case DrillState.MAKING:
                return self._made(drill)
            case DrillState.FILLING:
                return self._filled(drill)
            case DrillState.PROVING:
                return self._proved(drill, now)
            case DrillState.DELETING:
                return self._deleted(drill, now)
            case DrillState.ENDED:
                return drill
            case _:
                assert_never(drill.state)

    def _made(self, drill: Drill) -> Drill:
        if not self.databases.is_there(drill.database):
            self.databases.make(drill.database)
            if not self.databases.is_there(drill.database):
                return drill
        with self.opened(drill.database) as client:
            self.store.mark(client, drill.database, drill)
        return replace(drill, state=DrillState.FILLING)

    def _filled(self, drill: Drill) -> Drill:
        if not drill.operation:
            # Where this call ends here, the next one has it read in once more, which changes nothing.
            return replace(drill, operation=self.databases.fill(drill.database, drill.export))
        progress = self.databases.look(drill.operation)
        if not progress.is_done:
            return drill
        if progress.failure:
            return _failed(drill, f"reading in ended with {progress.failure}")
        if progress.documents != drill.documents:
            return _failed(drill, f"{progress.documents} documents were read in, and {drill.documents} written")
        with self.opened(drill.database) as client:
            is_whole = self.count(client) <= USERS_MAX
        first = "" if is_whole else "".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_OF_AN_ID))
        return replace(drill, state=DrillState.PROVING, first=first, after=first)

    def _proved(self, drill: Drill, now: datetime) -> Drill:
        with self.opened(drill.database) as client:
            page = self.prove(client, drill.after, now)
        if page.wrong:
            named = ", ".join(page.wrong[:_NAMED_MAX])
            log(
                LogEvent.BACKUP_NOT_VERIFIED, f"not as their ledgers say: {named}", day=drill.day, users=len(page.wrong)
            )
        then = replace(
            drill, users=drill.users + page.users, wrong=drill.wrong + len(page.wrong), after=page.last or drill.after
        )
        if page.last is None and drill.first and not drill.has_wrapped:
            return replace(then, after="", has_wrapped=True)
        if page.last is not None and then.users < USERS_MAX:
            return then
        if then.wrong:
            return _failed(then, f"{then.wrong} of {then.users} users are not as their ledgers say")
        self.backups.note_verified(date.fromisoformat(drill.day))
        return replace(then, state=DrillState.DELETING)

    def _deleted(self, drill: Drill, now: datetime) -> Drill:
        self.databases.delete(drill.database)
        if self.databases.is_there(drill.database):
            return drill
        _say_ended(drill)
        return replace(drill, state=DrillState.ENDED, ended_at=now)


def _is_over(drill: Drill, now: datetime) -> bool:
    """Whether the next one is due."""
    again = AGAIN_AFTER_FAILURE if drill.failure else AGAIN_AFTER
    return drill.state is DrillState.ENDED and now - drill.begun_at >= again


def _given_up(drill: Drill, now: datetime) -> Drill:
    if drill.state is DrillState.DELETING or now - drill.begun_at < GIVEN_UP_AFTER:
        return drill
    return _failed(drill, f"it got no further than {drill.state.value} in {GIVEN_UP_AFTER.days} days")


def _failed(drill: Drill, failure: str) -> Drill:
    return replace(drill, state=DrillState.DELETING, failure=failure)


def _begun(day: date, export: Export, now: datetime) -> Drill:
    return Drill(
        state=DrillState.MAKING,
        day=day.isoformat(),
        snapshot_time=export.snapshot_time,
        export=f"{day.isoformat()}/{export.owner}",
        documents=export.documents,
        database=NAME.format(day=day.strftime("%Y%m%d"), chance=secrets.token_hex(4)),
        begun_at=now,
    )


def _say_ended(drill: Drill) -> None:
    log(
        LogEvent.BACKUP_NOT_VERIFIED if drill.failure else LogEvent.BACKUP_VERIFIED,
        f"the export is not verified: {drill.failure}" if drill.failure else "the export was read back, and is right",
        day=drill.day,
        reason=drill.failure,
        documents=drill.documents,
        users=drill.users,
        wrong=drill.wrong,
    )
