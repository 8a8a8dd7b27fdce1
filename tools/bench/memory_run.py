"""One run of the job in this process, and the most memory it held: `python -m tools.bench.memory_run PROJECT`.

It must not import anything that the deployed job would not, nor make the population.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from streak_core.config import shipped_rules
from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.run import Maintenance
from streak_core.store import reading
from streak_core.store.client import firestore_client
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore

# The same as that of `bench.users`, which this process does not import.
_RUN_AT: Final = datetime(2026, 3, 4, 5, tzinfo=UTC)
_QUERY_SECONDS_MAX: Final = 240.0
_KIBIBYTES_PER_MEBIBYTE: Final = 1024


def main(project: str) -> None:
    """Does the run and prints what it took."""
    client = firestore_client(project, "(default)")
    before = peak_mib()
    # The emulator has no index: each query goes through all users, eight of them at a time.
    reading.READ_SECONDS_MAX = _QUERY_SECONDS_MAX
    rules = MaintenanceRules(is_paced=False)
    report = Maintenance(DueStore(client), RunStore(client), shipped_rules, rules=rules).run("run", _RUN_AT)
    found = {
        "users_processed": report.users_processed,
        "users_per_second": report.users_per_second,
        "before_the_run_mib": before,
        "peak_memory_mib": peak_mib(),
    }
    print(json.dumps(found))


def peak_mib() -> float:
    """The most resident memory since this program began.

    Linux hands a started program the peak of the one that started it in what `getrusage` answers; what the kernel says
    of the memory map itself begins anew. macOS counts in bytes.
    """
    elsewhere = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _KIBIBYTES_PER_MEBIBYTE**2, 1)
    return status_mib("self", "VmHWM") or elsewhere


def status_mib(pid: int | str, name: str) -> float | None:
    """What Linux says of a process's memory; None elsewhere."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return round(int(lines[name].split()[0]) / _KIBIBYTES_PER_MEBIBYTE, 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
