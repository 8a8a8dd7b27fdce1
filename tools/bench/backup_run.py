"""One of `streakctl`'s copies in this process, and what it took: `python -m tools.bench.backup_run NAME PROJECT PLACE`.

It must not make the population, so that its memory is that of the copy alone.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from streak_core.store.client import firestore_client
from streak_core.store.write_lease import WriteLeases
from tools.bench.measuring import seconds
from tools.bench.memory_run import peak_mib
from tools.streakctl.backup.manifest import check_backup, find_backup
from tools.streakctl.backup.raw_database import RawDatabase
from tools.streakctl.backup.restoring import RestoreRun
from tools.streakctl.backup.taking import BackupRun

_DATABASE: Final = "(default)"


def main(name: str, project: str, place: str) -> None:
    """Does it and prints what it took. Raises `RuntimeError` where it did not succeed."""
    database, folder = RawDatabase(project, _DATABASE), Path(place)

    def work() -> None:
        if name == "backup":
            BackupRun(database=database, place=folder, moment=datetime.now(UTC)).take()
            return
        kept = find_backup(folder, None)
        if wrong := check_backup(kept, lambda _: None):
            raise RuntimeError("; ".join(wrong))
        if name == "restore":
            leases = WriteLeases(firestore_client(project, _DATABASE))
            restore = RestoreRun(database=database, leases=leases, kept=kept, wait_until_heeded=lambda: None)
            restore.all_users(lambda: True)

    print(json.dumps({"seconds": seconds(work), "peak_memory_mib": peak_mib()}))


if __name__ == "__main__":
    main(*sys.argv[1:])
