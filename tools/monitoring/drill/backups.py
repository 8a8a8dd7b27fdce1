"""The function `backup` with a stand-in of Firestore's admin API: what it writes when all is well, and when it is not.

It must not know metrics or policies.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

import grpc
from google.cloud import firestore

from emulator.token import PROJECT
from streak_core.backup import MISSING_AFTER, UNVERIFIED_AFTER
from streak_core.store.backups import BackupRecord, note_backup
from testing.stand_in_admin import StandInAdmin, listening_admin
from tools.monitoring.drill.environment import Environment, ServedFunction
from tools.monitoring.drill.population import Call, send
from tools.monitoring.drill.recording import WARM_CALLS_MAX, Lines, Recordings, expect, said

_TWO: Final = datetime(2026, 3, 2, 2, tzinfo=UTC)
_HOUR: Final = timedelta(hours=1)


def with_backups(recorded: Recordings, emulator_host: str) -> Recordings:
    """What is recorded, with those lines. Raises `SetupError`."""
    clock = [_TWO]
    admin = StandInAdmin(lambda: clock[0])
    with Environment(emulator_host) as environment, listening_admin(admin) as host:
        function = environment.start("backup", FIRESTORE_ADMIN_EMULATOR_HOST=host, BACKUP_BUCKET="unbroken-backups")

        def called(at: datetime, status: int) -> Lines:
            clock[0] = at
            return _called(function, at, status)

        _warm(function, clock)
        _note_verified(environment, _TWO - _HOUR)
        _end(admin)
        good = called(_TWO + _HOUR, 200)
        admin.refusal = grpc.StatusCode.PERMISSION_DENIED
        failed = called(_TWO + MISSING_AFTER + _HOUR, 503)
        admin.refusal = None
        called(_TWO + UNVERIFIED_AFTER, 202)
        _end(admin)
        unverified = called(_TWO + UNVERIFIED_AFTER + _HOUR, 200)
    return replace(recorded, backup_call=good, failed_backup=failed, unverified_backup=unverified)


def _warm(function: ServedFunction, clock: list[datetime]) -> None:
    """Until the day's export has begun: its first request connects to the database, which may take too long."""
    clock[0] = _TWO
    for _ in range(WARM_CALLS_MAX):
        if send([_call(function, _TWO)]) == [HTTPStatus.ACCEPTED]:
            break
    function.entries()


def _call(function: ServedFunction, at: datetime) -> Call:
    return Call(url=function.url, method="POST", path="/backup", user="operator", is_admin=True, at=at)


def _called(function: ServedFunction, at: datetime, status: int) -> Lines:
    expect(send([_call(function, at)]), {status})
    return said(function.entries(), "backup_checked")


def _note_verified(environment: Environment, moment: datetime) -> None:
    """As an operator's copy of the database does, once it is read back."""
    client = firestore.Client(project=PROJECT, database=environment.database)
    note_backup(client, BackupRecord(moment=moment, ended_at=moment, documents=1, is_verified=True))


def _end(admin: StandInAdmin) -> None:
    for export in admin.exports.values():
        export.is_done, export.documents = True, 1
