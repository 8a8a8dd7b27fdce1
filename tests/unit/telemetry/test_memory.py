"""The limit of the process is that of its cgroup, of either kind, and the machine's memory where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from streak_core.telemetry.memory import memory_limit_mib, memory_ratio

MACHINE = 8 * 1024**3


@pytest.mark.parametrize(
    ("second_kind", "first_kind", "limit_mib"),
    [
        (f"{512 * 1024**2}\n", None, 512.0),
        (None, f"{256 * 1024**2}\n", 256.0),
        (f"{512 * 1024**2}", f"{256 * 1024**2}", 256.0),
        (f"{MACHINE - 1024**2}", None, 8191.0),
        (f"{MACHINE}", None, None),
        ("max\n", "9223372036854771712\n", None),
        (None, None, None),
        ("0", "-1", None),
        ("5 MB", "", None),
    ],
)
def test_the_smallest_limit_counts_and_one_that_limits_nothing_does_not(
    tmp_path: Path, second_kind: str | None, first_kind: str | None, limit_mib: float | None
) -> None:
    files = (tmp_path / "memory.max", tmp_path / "memory.limit_in_bytes")
    for file, text in zip(files, (second_kind, first_kind), strict=True):
        if text is not None:
            file.write_text(text, encoding="utf-8")
    assert memory_limit_mib(files, machine_bytes=MACHINE) == limit_mib


def test_the_ratio_is_that_of_the_limit_or_of_the_machine() -> None:
    assert memory_ratio(409.6, 512.0) == 0.8
    assert 0 < memory_ratio(64.0, None) < 1


def test_the_process_itself_can_be_asked() -> None:
    limit = memory_limit_mib()
    assert limit is None or limit > 0
