"""Backups and restores of tests, which may die at any RPC. Must not know what is copied."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from google.cloud import firestore

from streak_core.store.write_lease import WriteLeases
from tools.streakctl.backup.manifest import Kept, find_backup
from tools.streakctl.backup.raw_database import RawDatabase, Span
from tools.streakctl.backup.restoring import RestoreRun
from tools.streakctl.backup.taking import BackupRun

DEFAULT = "(default)"


class DiedError(BaseException):
    """As if the process had been killed."""


class Dying(RawDatabase):
    """Dies at one of its RPCs, and does nothing more."""

    def __init__(self, project: str, rpcs_left: int) -> None:
        super().__init__(project, DEFAULT)
        self.rpcs_left = rpcs_left

    def _one_rpc(self) -> None:
        if self.rpcs_left <= 0:
            raise DiedError
        self.rpcs_left -= 1

    def collections(self, moment: datetime | None = None) -> list[str]:
        self._one_rpc()
        return super().collections(moment)

    def ids(self, collection: str, moment: datetime) -> Iterator[str]:
        self._one_rpc()
        return super().ids(collection, moment)

    def documents(self, span: Span, moment: datetime | None = None) -> Iterator[Any]:
        self._one_rpc()
        for one in super().documents(span, moment):
            yield one
            self._one_rpc()

    def write(self, documents: Sequence[Any]) -> None:
        self._one_rpc()
        super().write(documents)
        self._one_rpc()

    def delete(self, paths: Sequence[str]) -> None:
        self._one_rpc()
        super().delete(paths)
        self._one_rpc()


def backed_up(project: str, place: Path, *, moment: datetime | None = None, users_a_part: int = 2) -> Kept:
    database = RawDatabase(project, DEFAULT)
    at = moment or datetime.now(UTC)
    folder, _ = BackupRun(database=database, place=place, moment=at, users_a_part=users_a_part).take()
    return find_backup(folder, None)


def restore_run(client: firestore.Client, kept: Kept, database: RawDatabase | None = None) -> RestoreRun:
    return RestoreRun(
        database=database or RawDatabase(client.project, DEFAULT),
        leases=WriteLeases(client),
        kept=kept,
        wait_until_heeded=lambda: None,
    )
