"""How much memory the process may have: its cgroup's limit where there is one, else what the machine has.

It must not know who asks. Cloud Run sets a limit for each instance; a process above it is killed.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

MEBIBYTE: Final = 1024 * 1024
# Where the limit of a process stands, for the second and the first kind of cgroups.
LIMIT_FILES: Final = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory_limit_mib(files: tuple[Path, ...] = LIMIT_FILES, machine_bytes: int | None = None) -> float | None:
    """The limit in MiB; None where the process may have all that the machine has."""
    machine = machine_bytes or _machine_bytes()
    limits = [limit for file in files if (limit := _limit(file)) is not None and limit < machine]
    return round(min(limits) / MEBIBYTE, 1) if limits else None


def memory_ratio(peak_mib: float, limit_mib: float | None) -> float:
    """A peak as a part of the limit, or of the machine's memory where there is none."""
    return round(peak_mib / (limit_mib or _machine_bytes() / MEBIBYTE), 4)


def _limit(file: Path) -> int | None:
    """The bytes that a file allows; a missing file allows any, and so does the word `max`."""
    try:
        text = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return int(text) if text.isdecimal() and int(text) > 0 else None


def _machine_bytes() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
