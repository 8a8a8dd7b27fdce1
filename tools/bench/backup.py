"""Backing up, checking and restoring as `streakctl` does it, against a bare reader and a bare writer of the same bytes.

It must not know how anything is copied: each runs in a process of its own, whose memory is taken too.
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from typing import Final

from google.cloud import firestore

from streak_core.store import documents
from tools.bench.measuring import Figure, Finding, Json, Side, seconds
from tools.bench.runner import Bench, new_project, run_alone
from tools.bench.users import night_population, write_population

_PAGE: Final = 500
# What each is held against: a restore reads all that it wrote once more, to compare it.
_AGAINST: Final = {"backup": ("read",), "verify": ("read",), "restore": ("write", "read")}


def measure(bench: Bench) -> Figure:
    """One round for each number of users."""
    sizes = (20, 100) if bench.is_quick else (1_000, 10_000, 100_000)
    runs = {size: _round(bench, size) for size in sizes}
    findings = [_finding(name, size, run, against) for size, run in runs.items() for name, against in _AGAINST.items()]
    peaks = {size: max(run[name]["peak_memory_mib"] for name in _AGAINST) for size, run in runs.items()}
    sides = [Side(label=f"{size:,} users", unit="MiB", values=[peak]) for size, peak in peaks.items()]
    *_, small, large = peaks.values()
    more = Finding(name="memory with ten times as many, more", value=large - small, unit="MiB", sides=sides)
    return Figure(
        title="Backup",
        about=(
            "A copy of a database by `streakctl backup`, every byte of it read again (`verify-backup`), and brought "
            "back into an empty one (`restore`: checked first, compared afterwards, without the proof of each user by "
            "its ledger and the wait of 20 seconds). Against them stand a client that reads all documents page by page "
            "and one that writes them in batches of 500, with nothing around it; against a restore both, one after the "
            "other. The emulator has no index: of more users, it answers each page more slowly."
        ),
        findings=[*findings, more],
        details={"runs": runs},
    )


def _finding(name: str, size: int, run: Json, against: Sequence[str]) -> Finding:
    ours, bare = size / run[name]["seconds"], size / sum(run[one] for one in against)
    sides = (
        Side(label=f"{name}, {size:,} users", unit="users/s", values=[ours]),
        Side(label=f"bare {' and '.join(against)}", unit="users/s", values=[bare]),
    )
    return Finding(name=f"{name} of {size:,} users", value=ours / bare, unit="x", sides=sides)


def _round(bench: Bench, size: int) -> Json:
    bench.tell(f"a backup of {size:,} users, and back")
    client, found = bench.client(), {}
    written: Json = {"write": seconds(lambda: write_population(client, night_population(size)))}
    written["read"] = seconds(lambda: _read_all(client))
    with tempfile.TemporaryDirectory() as place:
        for name, project in (("backup", client.project), ("verify", client.project), ("restore", new_project())):
            found[name] = run_alone("tools.bench.backup_run", name, project, place)
    return {**written, **found}


def _read_all(client: firestore.Client) -> int:
    """Every user's document, a page after another."""
    query, count = client.collection(documents.STREAKS).order_by("__name__").limit(_PAGE), 0
    page = list(query.stream())
    while page:
        count += len(page)
        page = list(query.start_after(page[-1]).stream())
    return count
