"""A backup is of one moment, whole however often it died, and holds every document and every value."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.cloud import firestore
from google.cloud.firestore_v1.vector import Vector

from tests.integration.streakctl.backup.copying import DEFAULT, DiedError, Dying, backed_up
from tests.integration.streakctl.proving import Documents, record
from tests.support.projects import new_project
from tests.support.recorded_client import RecordedClient
from tests.support.stored_life import write_documents
from tools.streakctl.backup.manifest import Kept, check_backup
from tools.streakctl.backup.parts import read_lines
from tools.streakctl.backup.raw_database import RawDatabase
from tools.streakctl.backup.taking import BackupRun
from tools.streakctl.database import WrongUseError


def lines(kept: Kept) -> dict[str, Any]:
    """The fields of every document by its path."""
    found = [
        json.loads(one) for part in kept.manifest.parts for one in read_lines(kept.folder, kept.manifest.backup, part)
    ]
    by_path = {one["path"]: one["fields"] for one in found}
    assert len(by_path) == len(found)
    return by_path


def some_users(client: firestore.Client, lived: Documents, number: int = 5) -> None:
    few = dict(list(lived.items())[:4])
    for user in range(number):
        write_documents(client, {path.replace("/ada", f"/u{user}", 1): one for path, one in few.items()})


def test_every_document_is_in_it_once_also_of_users_whose_own_is_gone_and_what_is_none_of_users(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    write_documents(client, lived)
    some_users(client, lived)
    client.document("streaks/u3").delete()
    client.document("policies/1").set({"number": 1})
    client.document("policies/1/notes/a").set({"by": "ada"})
    client.document("maintenance_runs/r").set({"state": "ended"})
    kept = backed_up(client.project, tmp_path)
    expected = {path for path in lived if path.startswith("streaks/")}
    expected |= {path.replace("/ada", f"/u{n}", 1) for path in list(lived)[:4] for n in range(5)} - {"streaks/u3"}
    assert lines(kept).keys() == expected | {"policies/1", "policies/1/notes/a"}
    assert kept.manifest.documents == len(expected) + 2
    assert kept.manifest.collections["streaks"] == 5
    assert kept.manifest.collections["policies/notes"] == 1
    assert "maintenance_runs" in kept.manifest.left_out
    assert kept.manifest.not_held.keys() == {"security rules", "indexes", "TTL policies"}
    assert check_backup(kept, lambda _: None) == []


def test_every_kind_of_value_is_in_it_as_firestore_has_it(client: RecordedClient, tmp_path: Path) -> None:
    values = {
        "nan": math.nan,
        "minus": -0.0,
        "one": 1,
        "at": DatetimeWithNanoseconds(2026, 3, 2, nanosecond=123_456_000, tzinfo=UTC),
        "bytes": b"\x00\xff",
        "place": firestore.GeoPoint(52.5, -0.0),
        "other": client.document("streaks/eve"),
        "vector": Vector([1.0, 0.5]),
        "nested": {"list": [{"a": [], "b": {"c": None}}, {}], "é.`": True},
    }
    client.document("streaks/ada").set(values)
    found = lines(backed_up(client.project, tmp_path))["streaks/ada"]
    assert found["nan"] == {"double_value": "NaN"}
    assert math.copysign(1, found["minus"]["double_value"]) == -1
    assert found["one"] == {"integer_value": "1"}
    assert found["at"] == {"timestamp_value": "2026-03-02T00:00:00.123456Z"}
    assert found["bytes"] == {"bytes_value": "AP8="}
    assert found["other"]["reference_value"].endswith("/documents/streaks/eve")
    assert found["vector"]["map_value"]["fields"]["__type__"] == {"string_value": "__vector__"}


def test_it_is_of_its_moment_whatever_is_written_while_it_is_taken(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    some_users(client, lived)
    moment = datetime.now(UTC)
    numbers = count()

    class Lived(RawDatabase):
        """Somebody is always at it."""

        def documents(self, *given: Any) -> Any:
            client.document(f"streaks/u{next(numbers) % 4}").update({"current_streak": 1_000 + next(numbers)})
            client.document(f"streaks/v{next(numbers)}").set({"new": True})
            client.document("streaks/u4").delete()
            return super().documents(*given)

    run = BackupRun(database=Lived(client.project, DEFAULT), place=tmp_path, moment=moment, users_a_part=1)
    folder, manifest = run.take()
    found = lines(Kept(folder=folder, manifest=manifest))
    assert {path.split("/")[1] for path in found} == {f"u{n}" for n in range(5)}
    before = lived["streaks/ada"]["current_streak"]
    assert {int(found[f"streaks/u{n}"]["current_streak"]["integer_value"]) for n in range(5)} == {before}


def test_two_of_the_same_moment_are_the_same_byte_by_byte_but_for_their_names(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    some_users(client, lived)
    moment = datetime.now(UTC)
    one, other = (backed_up(client.project, tmp_path / name, moment=moment) for name in "ab")
    hashes = [[part.content_sha256 for part in kept.manifest.parts] for kept in (one, other)]
    assert hashes[0] == hashes[1]
    assert len(hashes[0]) == 3


def test_killed_at_any_rpc_and_taken_again_it_is_the_same(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    some_users(client, lived)
    moment = datetime.now(UTC)
    whole = backed_up(client.project, tmp_path / "whole", moment=moment)
    for rpcs in range(0, 40, 3):
        place = tmp_path / str(rpcs)
        run = BackupRun(database=Dying(client.project, rpcs), place=place, moment=moment, users_a_part=2, threads=1)
        try:
            run.take()
        except DiedError:
            assert [one.name for one in place.iterdir() if one.suffix not in {".unfinished", ".lock"}] in (
                [],
                [".lock"],
            )
        else:
            assert rpcs > 20
            continue
        # Much is written until somebody takes it again.
        record(client, f"a{rpcs}")
        again = backed_up(client.project, place)
        assert again.manifest.moment == whole.manifest.moment
        assert lines(again) == lines(whole)
        assert check_backup(again, lambda _: None) == []
        assert not list(place.glob("*.unfinished"))


def test_what_was_done_before_it_died_is_not_done_again(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    some_users(client, lived)
    with pytest.raises(DiedError):
        BackupRun(
            database=Dying(client.project, 18), place=tmp_path, moment=datetime.now(UTC), users_a_part=2, threads=1
        ).take()
    [unfinished] = tmp_path.glob("*.unfinished")
    done = {one.name: one.stat().st_mtime_ns for one in unfinished.glob("part-*.gz")}
    assert done
    kept = backed_up(client.project, tmp_path)
    assert done.items() <= {one.name: one.stat().st_mtime_ns for one in kept.folder.iterdir()}.items()


def test_only_its_owner_can_read_it(client: RecordedClient, tmp_path: Path, lived: Documents) -> None:
    some_users(client, lived)
    kept = backed_up(client.project, tmp_path / "new" / "place")
    assert S_IMODE(kept.folder.stat().st_mode) == 0o700
    assert S_IMODE(kept.folder.parent.stat().st_mode) == 0o700
    assert {S_IMODE(one.stat().st_mode) for one in kept.folder.iterdir()} == {0o600}


def test_of_two_at_once_into_one_folder_one_is_refused(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    some_users(client, lived)
    refused: list[str] = []

    class Meanwhile(RawDatabase):
        """Somebody else begins one."""

        def collections(self, *given: Any) -> list[str]:
            with pytest.raises(WrongUseError) as error:
                backed_up(client.project, tmp_path)
            refused.append(str(error.value))
            return super().collections(*given)

    BackupRun(database=Meanwhile(client.project, DEFAULT), place=tmp_path, moment=datetime.now(UTC)).take()
    assert refused == [f"another backup into {tmp_path} is under way"]
    backed_up(client.project, tmp_path)


def test_an_unfinished_one_of_another_database_is_left_alone(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    some_users(client, lived)
    with pytest.raises(DiedError):
        BackupRun(database=Dying(client.project, 5), place=tmp_path, moment=datetime.now(UTC)).take()
    other = RecordedClient(new_project(), client._recorder)
    other.document("streaks/eve").set({"n": 1})
    assert lines(backed_up(other.project, tmp_path)).keys() == {"streaks/eve"}
    assert len(list(tmp_path.glob("*.unfinished"))) == 1


def test_an_empty_database_has_an_empty_backup(project_id: str, client: RecordedClient, tmp_path: Path) -> None:
    assert client.project == project_id
    kept = backed_up(project_id, tmp_path)
    assert (kept.manifest.documents, kept.manifest.parts) == (0, [])
