"""A copy in a bucket, with Google's own client against a stand-in of Cloud Storage: taken, checked, kept, restored."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from google.cloud import firestore
from typer.testing import CliRunner

from testing.stand_in_storage import StandInStorage, listening_storage
from tests.support.projects import new_project
from tests.support.stored_life import documents_of
from tools.streakctl.app import app
from tools.streakctl.backup.bucket import bucket_of
from tools.streakctl.backup.manifest import MANIFEST, NOT_HELD, folder_name
from tools.streakctl.database import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.integration.streakctl.proving import Documents

PLACE = "gs://copies/streaks"


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandInStorage]:
    found = StandInStorage("copies")
    with listening_storage(found) as url:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", url)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        yield found


def called(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


def left_here(folder: Path) -> list[str]:
    return [one.name for one in folder.rglob("*") if one.is_file() and not one.name.startswith(".")]


def test_a_copy_goes_into_a_bucket_is_read_back_from_there_and_restored_and_nothing_of_it_stays_here(
    source: firestore.Client, storage: StandInStorage, lived: Documents, tmp_path: Path
) -> None:
    status, said = called("backup", PLACE, "--project", source.project)
    assert (status, "brought to gs://copies/streaks/" in said) == (0, True)
    names = list(storage.buckets["copies"])
    assert names[-1].endswith(f"/{MANIFEST}"), "it is a backup once all of it is there"
    assert {one.split("/")[0] for one in names} == {"streaks"}
    status, said = called("verify-backup", PLACE)
    assert (status, "every byte is as it was written" in said) == (0, True)
    assert left_here(tmp_path) == []
    status, said = called("verify-backup", PLACE, "--to-time", "2020-01-01T00:00:00Z")
    assert (status, "there is no finished backup of 2020-01-01" in said) == (2, True)
    project = new_project()
    status, said = called("restore", PLACE, "--project", project)
    assert (status, "restored, compared, proved and open" in said) == (0, True), said
    for what, how in NOT_HELD.items():
        assert f"a backup holds no {what}: {how}" in said
    assert left_here(tmp_path) == []
    assert documents_of(firestore.Client(project=project), "ada") == lived


def test_what_lies_there_otherwise_than_it_was_written_is_named(
    source: firestore.Client, storage: StandInStorage, tmp_path: Path
) -> None:
    assert called("backup", PLACE, "--project", source.project)[0] == 0
    objects = storage.buckets["copies"]
    part = next(one for one in objects if one.endswith("part-000000.ndjson.gz"))
    whole = objects[part]
    objects[part] = whole[:-1] + bytes([whole[-1] ^ 1])
    status, said = called("verify-backup", PLACE)
    assert (status, "part-000000.ndjson.gz was changed" in said) == (1, True)
    del objects[part]
    status, said = called("verify-backup", PLACE)
    assert (status, "part-000000.ndjson.gz is missing" in said) == (1, True)
    objects[part] = whole
    assert called("verify-backup", PLACE)[0] == 0
    assert left_here(tmp_path) == []


def test_broken_off_while_it_is_brought_it_is_gone_on_with_and_is_no_backup_until_then(
    source: firestore.Client, storage: StandInStorage, tmp_path: Path
) -> None:
    storage.takes = 1
    status, said = called("backup", PLACE, "--project", source.project)
    assert (status, "gs://copies/streaks can't be used" in said) == (2, True)
    assert called("verify-backup", PLACE)[0] == 2
    assert MANIFEST in left_here(tmp_path)
    storage.takes = None
    status, said = called("backup", PLACE, "--project", source.project)
    assert status == 0, said
    moments = {one.split("/")[1] for one in storage.buckets["copies"]}
    assert len(moments) == 1, "the same one"
    assert called("verify-backup", PLACE)[0] == 0
    assert left_here(tmp_path) == []


def test_seven_days_are_kept_there_too_and_nothing_that_is_no_backup_is_deleted(
    source: firestore.Client, storage: StandInStorage
) -> None:
    now = datetime.now(UTC)
    objects = storage.buckets["copies"]
    old, kept = (folder_name(now - timedelta(days=days)) for days in (7, 6))
    objects |= {f"streaks/{old}/{MANIFEST}": b"", f"streaks/{old}/part-000000.ndjson.gz": b""}
    objects |= {f"streaks/{kept}/{MANIFEST}": b"", "streaks/notes/a.txt": b"", f"other/{old}/{MANIFEST}": b""}
    status, said = called("backup", PLACE, "--project", source.project, "--keep", "7")
    assert (status, f"deleted gs://copies/streaks/{old}" in said) == (0, True)
    assert not any(one.startswith(f"streaks/{old}") for one in objects)
    assert {f"streaks/{kept}/{MANIFEST}", "streaks/notes/a.txt", f"other/{old}/{MANIFEST}"} <= set(objects)


@pytest.mark.parametrize("place", ["gs://", "gs://a", "gs://Copies/x", "gs://copies/../x", "gs://copies/x?y"])
def test_what_is_no_place_in_a_bucket_is_refused(place: str) -> None:
    with pytest.raises(WrongUseError, match="is no place in a bucket"):
        bucket_of(place)
    assert bucket_of("copies") is None
    assert str(bucket_of("gs://copies")) == "gs://copies/"


def test_a_bucket_that_is_not_there_is_said(storage: StandInStorage) -> None:
    status, said = called("verify-backup", "gs://elsewhere/x")
    assert storage.uploads == 0
    assert (status, "gs://elsewhere/x can't be used" in said) == (2, True)
