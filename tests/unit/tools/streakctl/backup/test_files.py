"""The files of a backup: whatever became of one is named, and seven days are seven."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE

import pytest

from tools.streakctl.backup.manifest import (
    MANIFEST,
    NOT_HELD,
    Kept,
    Manifest,
    check_backup,
    counted,
    find_backup,
    folder_name,
    forget_old,
    read_manifest,
    write_manifest,
)
from tools.streakctl.backup.parts import DamagedError, file_name, read_lines, write_part
from tools.streakctl.backup.raw_database import Span
from tools.streakctl.database import WrongUseError

NOW = datetime(2026, 3, 9, 2, tzinfo=UTC)


def line(number: int) -> bytes:
    return json.dumps({"fields": {"n": {"integer_value": str(number)}}, "path": f"streaks/u{number:02d}"}).encode()


def written(place: Path, moment: datetime = NOW, backup: str = "b1") -> Kept:
    folder = place / folder_name(moment)
    folder.mkdir(parents=True)
    spans = [Span(collection="streaks", end="u10"), Span(collection="streaks", begin="u10")]
    parts = [
        write_part(folder, backup, number, span, map(line, range(number * 10, number * 10 + 10)))
        for number, span in enumerate(spans)
    ]
    manifest = Manifest(
        format=1,
        backup=backup,
        database="projects/demo/databases/(default)",
        moment=moment.isoformat(),
        begun_at=moment.isoformat(),
        ended_at=moment.isoformat(),
        documents=20,
        collections=counted(parts),
        left_out=[],
        not_held=dict(NOT_HELD),
        parts=parts,
    )
    write_manifest(folder, manifest)
    return Kept(folder=folder, manifest=manifest)


def wrong_in(kept: Kept) -> list[str]:
    return check_backup(kept, lambda _: None)


def test_what_was_written_is_found_right_and_read_back(tmp_path: Path) -> None:
    kept = written(tmp_path)
    assert wrong_in(kept) == []
    assert read_manifest(kept.folder) == kept.manifest
    lines = [one for part in kept.manifest.parts for one in read_lines(kept.folder, "b1", part)]
    assert lines == list(map(line, range(20)))
    assert kept.manifest.collections == {"streaks": 20}


def test_every_file_is_its_owners_alone(tmp_path: Path) -> None:
    kept = written(tmp_path)
    assert {S_IMODE(one.stat().st_mode) for one in kept.folder.iterdir()} == {0o600}


def flipped(path: Path) -> None:
    found = bytearray(path.read_bytes())
    found[len(found) // 2] ^= 1
    path.write_bytes(found)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def longer(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def of_another_run(path: Path) -> None:
    other = written(path.parent.parent / "other", backup="b2")
    shutil.copy(other.folder / path.name, path)


def of_another_place(path: Path) -> None:
    shutil.copy(path.with_name(file_name(0)), path)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (flipped, "was changed: its SHA-256 is not that of the manifest"),
        (cut, "is cut off: it has"),
        (longer, "was changed"),
        (Path.unlink, "is missing"),
        (of_another_run, "is of another backup (b2) than its manifest"),
        (of_another_place, "was changed"),
    ],
)
def test_a_file_that_is_not_as_it_was_written_is_named_with_what_is_wrong(
    tmp_path: Path, damage: Callable[[Path], object], said: str
) -> None:
    kept = written(tmp_path)
    damage(kept.folder / file_name(1))
    [wrong] = wrong_in(kept)
    assert wrong.startswith(f"{file_name(1)} {said}")


def test_each_single_bit_of_a_file_is_watched(tmp_path: Path) -> None:
    kept = written(tmp_path)
    path = kept.folder / file_name(0)
    right = path.read_bytes()
    for place in range(len(right) * 8):
        damaged = bytearray(right)
        damaged[place // 8] ^= 1 << place % 8
        path.write_bytes(damaged)
        assert len(wrong_in(kept)) == 1
    path.write_bytes(right)
    assert wrong_in(kept) == []


def test_a_file_whose_hashes_are_right_and_whose_documents_are_not_is_named(tmp_path: Path) -> None:
    kept = written(tmp_path)
    [first, second] = kept.manifest.parts
    said = kept.manifest.model_copy(update={"parts": [first.model_copy(update={"documents": 11}), second]})
    assert wrong_in(Kept(folder=kept.folder, manifest=said)) == [
        f"{first.file} does not hold the documents that the manifest says",
        f"{MANIFEST} counts other documents than its files hold",
    ]


def test_a_file_that_does_not_belong_there_is_named(tmp_path: Path) -> None:
    kept = written(tmp_path)
    (kept.folder / file_name(2)).write_bytes(gzip.compress(b""))
    assert wrong_in(kept) == [f"{file_name(2)} is none of this backup's files"]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (flipped, MANIFEST),
        (cut, None),
        (Path.unlink, "the backup was not finished"),
        (lambda path: path.write_text(path.read_text().replace('"b1"', '"b2"')), "its own SHA-256 is not right"),
        (lambda path: path.write_text("[]"), "does not read as a manifest"),
    ],
)
def test_a_manifest_that_is_not_as_it_was_written_is_named(
    tmp_path: Path, damage: Callable[[Path], object], said: str | None
) -> None:
    kept = written(tmp_path)
    damage(kept.folder / MANIFEST)
    if said is None:
        # The end of its last line says nothing.
        assert read_manifest(kept.folder) == kept.manifest
        return
    with pytest.raises(DamagedError, match=said):
        read_manifest(kept.folder)


def test_a_manifest_of_another_run_is_told_by_the_files(tmp_path: Path) -> None:
    kept, other = written(tmp_path), written(tmp_path / "other", backup="b2")
    shutil.copy(other.folder / MANIFEST, kept.folder / MANIFEST)
    found = Kept(folder=kept.folder, manifest=read_manifest(kept.folder))
    assert wrong_in(found) == [f"{file_name(n)} is of another backup (b1) than its manifest" for n in range(2)]


def test_the_last_backup_is_found_and_one_of_a_moment_or_before(tmp_path: Path) -> None:
    days = [written(tmp_path, NOW + timedelta(days=day)) for day in range(3)]
    (tmp_path / "notes").mkdir()
    (tmp_path / f"{folder_name(NOW + timedelta(days=9))}.unfinished").mkdir()
    assert find_backup(tmp_path, None) == days[2]
    assert find_backup(tmp_path, NOW + timedelta(days=1)) == days[1]
    assert find_backup(tmp_path, NOW + timedelta(days=1, seconds=-1)) == days[0]
    assert find_backup(days[1].folder, None) == days[1]


@pytest.mark.parametrize("to_time", [None, NOW - timedelta(seconds=1)])
def test_where_there_is_none_that_is_said(tmp_path: Path, to_time: datetime | None) -> None:
    place = tmp_path / "backups"
    if to_time:
        written(place)
    with pytest.raises(WrongUseError, match=r"there is no finished backup|is no folder"):
        find_backup(place, to_time)


@pytest.mark.parametrize("late_seconds", [-50, 0, 50])
def test_seven_days_are_seven_whenever_within_the_day_each_backup_was_made(tmp_path: Path, late_seconds: int) -> None:
    moments = [NOW - timedelta(days=day) for day in range(9)]
    for number, moment in enumerate(moments):
        written(tmp_path, moment + timedelta(seconds=late_seconds * number))
    gone = forget_old(tmp_path, 7, NOW)
    assert len(gone) == 2
    left = sorted(one.name[:8] for one in tmp_path.iterdir())
    assert left == [f"202603{day:02d}" for day in range(3, 10)]


def test_the_border_of_the_days_is_midnight_in_utc(tmp_path: Path) -> None:
    first = datetime(2026, 3, 3, tzinfo=UTC)
    kept, gone = written(tmp_path, first), written(tmp_path, first - timedelta(microseconds=1))
    unfinished = tmp_path / f"{folder_name(first - timedelta(days=1))}.unfinished"
    unfinished.mkdir()
    (tmp_path / "20260101-notes").mkdir()
    assert forget_old(tmp_path, 7, datetime(2026, 3, 9, 23, 59, tzinfo=UTC)) == sorted([gone.folder, unfinished])
    assert kept.folder.exists()
    assert (tmp_path / "20260101-notes").exists()
