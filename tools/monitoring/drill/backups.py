"""The function `backup` with a stand-in of Firestore's admin API: what it writes when all is well, and when it is not.

It must not know metrics or policies.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Final

import grpc

from streak_core.backup import MISSING_AFTER, UNVERIFIED_AFTER
from testing.stand_in_admin import StandInAdmin, listening_admin
from tools.monitoring.drill.environment import Environment, ServedFunction
from tools.monitoring.drill.population import Call, expect, send
from tools.monitoring.drill.recording import WARM_CALLS_MAX, Lines, Recordings, said

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
        _end(admin)
        called(_TWO, 200)
        _read_back(function, admin)
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


def _read_back(function: ServedFunction, admin: StandInAdmin) -> None:
    """As the job `backup-drill` has it done; its first call connects to one more database, which may take too long."""
    drill = replace(_call(function, _TWO), path="/backup/drill")
    for _ in range(WARM_CALLS_MAX):
        if send([drill]) == [HTTPStatus.ACCEPTED]:
            break
    _end(admin)
    expect(send([drill]), {HTTPStatus.OK})
    function.entries()


def _end(admin: StandInAdmin) -> None:
    for export in admin.exports.values():
        export.is_done, export.documents = True, 1
    for read_in in admin.imports.values():
        read_in.is_done, read_in.documents = True, 1
