"""`verify-backup` needs no database; it ends with 0 where every byte is right, 1 where one is not, 2 for wrong use."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tools.streakctl.app import app
from tools.streakctl.backup.manifest import (
    FORMAT,
    LEFT_OUT,
    MANIFEST,
    NOT_HELD,
    Manifest,
    counted,
    folder_name,
    write_manifest,
)
from tools.streakctl.backup.parts import file_name, write_part
from tools.streakctl.backup.raw_database import Span

MOMENT = datetime(2026, 3, 2, 2, tzinfo=UTC)
LINES = [b'{"fields":{},"path":"streaks/u%d"}' % number for number in range(200)]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with one backup, of two files."""
    written(tmp_path, "b", MOMENT)
    return tmp_path


def written(place: Path, name: str, moment: datetime) -> Path:
    folder = place / folder_name(moment)
    folder.mkdir()
    parts = [
        write_part(folder, name, number, Span(collection="streaks", begin=begin, end=end), lines)
        for number, (begin, end, lines) in enumerate([(None, "u5", LINES[:100]), ("u5", None, LINES[100:])])
    ]
    manifest = Manifest(
        format=FORMAT,
        backup=name,
        database="projects/p/databases/(default)",
        moment=moment.isoformat(),
        begun_at=moment.isoformat(),
        ended_at=moment.isoformat(),
        documents=200,
        collections=counted(parts),
        left_out=list(LEFT_OUT),
        not_held=dict(NOT_HELD),
        parts=parts,
    )
    write_manifest(folder, manifest)
    return folder


def verified(place: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["verify-backup", str(place), *options])
    return result.exit_code, result.output


def flip(folder: Path) -> None:
    file = folder / file_name(1)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def foreign_manifest(folder: Path) -> None:
    other = written(folder.parent, "c", datetime(2020, 1, 1, tzinfo=UTC))
    (other / MANIFEST).replace(folder / MANIFEST)


DAMAGES: list[tuple[Callable[[Path], object], str]] = [
    (flip, "part-000001.ndjson.gz was changed"),
    (lambda folder: os.truncate(folder / file_name(0), 90), "part-000000.ndjson.gz is cut off"),
    (lambda folder: (folder / file_name(0)).unlink(), "part-000000.ndjson.gz is missing"),
    (foreign_manifest, "is of another backup (b) than its manifest"),
    (lambda folder: (folder / MANIFEST).unlink(), "manifest.json is missing"),
    (lambda folder: (folder / "more").touch(), "more is none of this backup's files"),
]


def test_a_backup_of_which_every_byte_is_right_is_fine(place: Path) -> None:
    status, said = verified(place)
    assert status == 0
    assert "every byte is as it was written; 200 documents as of 2026-03-02T02:00:00" in said


@pytest.mark.parametrize(("damage", "named"), DAMAGES, ids=[named for _, named in DAMAGES])
def test_each_damage_is_named_and_ends_with_1(place: Path, damage: Callable[[Path], object], named: str) -> None:
    damage(place / folder_name(MOMENT))
    status, said = verified(place)
    assert (status, named in said) == (1, True)


def test_the_backup_of_a_time_is_the_last_one_before_it_and_before_the_first_there_is_none(place: Path) -> None:
    written(place, "later", datetime(2026, 3, 3, 2, tzinfo=UTC))
    assert "as of 2026-03-03" in verified(place)[1]
    assert "as of 2026-03-02" in verified(place, "--to-time", "2026-03-03T01:59:59Z")[1]
    status, said = verified(place, "--to-time", "2026-03-02T01:59:59Z")
    assert (status, "there is no finished backup" in said) == (2, True)
