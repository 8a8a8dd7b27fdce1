"""Exporting a user, against the emulator: all of one moment, whatever comes in between, and in the same memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from google.api_core import exceptions
from google.cloud.firestore_v1.base_document import DocumentSnapshot

from streak_core.commands import StreakCommands
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import RecordActivity
from streak_core.domain.devices import Device, Platform
from streak_core.domain.errors import DatabaseUnavailable, ErasingUnfinished
from streak_core.domain.refusals import UserErased
from streak_core.records.acts import Party, PartyKind
from streak_core.rights import UserRights
from streak_core.store.deadlines import waiting_at_most
from streak_core.store.notices import devices_text
from streak_core.store.sessions import signed_in
from streak_core.store.users import UserStore
from streak_core.store.whole_user import PAGE_DOCUMENTS, WholeUserStore
from tests.support.held import held, only_new_counted
from tests.support.shipped_policy import policies
from tests.support.stored_life import documents_of, long_life, write_documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WALL = datetime(2026, 11, 25, 12, tzinfo=UTC)
BEFORE, SINCE = WALL - timedelta(seconds=10), WALL + timedelta(seconds=1)


def rights(client: firestore.Client) -> UserRights:
    return UserRights(WholeUserStore(client), wall=lambda: WALL)


def record(client: firestore.Client, name: str, actor: Actor | None = None) -> None:
    command = RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})
    StreakCommands(UserStore(client, policies), policies).execute("ada", NOW, command, None, actor)


MEANWHILE: dict[str, Callable[[firestore.Client], object]] = {
    "a command": lambda client: record(client, "late"),
    "an erasing": lambda client: rights(client).erase("ada"),
}


@pytest.mark.parametrize("meanwhile", MEANWHILE)
@pytest.mark.parametrize("lines_read", [1, 2, 50])
def test_it_is_all_of_one_moment_whatever_comes_in_between(
    client: RecordedClient, meanwhile: str, lines_read: int
) -> None:
    write_documents(client, long_life("ada", 40, NOW - timedelta(days=41)))
    stored = documents_of(client, "ada")
    lines = rights(client).export("ada")
    read = [next(lines) for _ in range(lines_read)]
    MEANWHILE[meanwhile](client)
    read += lines
    assert len(read) == len(stored) + 2
    assert read[-1] == {"lines": len(read)}
    assert {one["id"] for one in read[1:-1]} == {path.rpartition("/")[2] for path in stored}


def test_however_much_there_is_some_pages_of_it_are_held(client: RecordedClient) -> None:
    size = PAGE_DOCUMENTS * 5 + 1
    write_documents(client, {f"streaks/ada/ledger/x{number:05d}": {"seq": number} for number in range(size)})
    documents: list[int] = []
    lines = 0
    with only_new_counted():
        for lines, _ in enumerate(rights(client).export("ada"), 1):
            if lines % 100 == 0:
                documents += held(DocumentSnapshot)
    assert lines == size + 2
    assert PAGE_DOCUMENTS // 2 < max(documents) <= 2 * PAGE_DOCUMENTS


def test_a_page_of_exactly_the_size_is_no_end_and_no_beginning(client: RecordedClient) -> None:
    for size in (PAGE_DOCUMENTS - 1, PAGE_DOCUMENTS, PAGE_DOCUMENTS + 1):
        uid = f"ada{size}"
        write_documents(client, {f"streaks/{uid}/ledger/x{number:05d}": {} for number in range(size)})
        found = [one["id"] for one in rights(client).export(uid) if "id" in one]
        assert found == [f"x{number:05d}" for number in range(size)]


def test_a_read_that_fails_on_the_way_ends_it_without_a_last_line(client: RecordedClient, recorder: Recorder) -> None:
    write_documents(client, long_life("ada", 10, NOW))
    lines = rights(client).export("ada")
    read = [next(lines) for _ in range(2)]
    recorder.before["RunQuery"] = [exceptions.PermissionDenied("not sent")] * 100
    with pytest.raises(DatabaseUnavailable):
        read += lines
    assert not [line for line in read if "lines" in line]


def test_of_whom_is_erased_nothing_is_told_before_any_line(client: RecordedClient) -> None:
    write_documents(client, long_life("ada", 10, NOW))
    with waiting_at_most(2.9):
        rights(client).erase("ada")
    with signed_in("ada", BEFORE), pytest.raises(UserErased):
        rights(client).export("ada")
    with signed_in("ada", SINCE), pytest.raises(ErasingUnfinished):
        rights(client).export("ada")
    with pytest.raises(UserErased):
        rights(client).export("ada")


def test_who_began_anew_has_what_is_stored_since_then_and_when_that_was(client: RecordedClient) -> None:
    write_documents(client, long_life("ada", 10, NOW))
    rights(client).erase("ada")
    with signed_in("ada", SINCE):
        record(client, "a0")
        own, *below = [one for one in rights(client).export("ada") if "data" in one]
    assert own["data"]["signed_in_after"] == "2026-11-25T12:00:00Z"
    assert {one["id"] for one in below if one["collection"] == "ledger"} == {"activity.a0"}


def test_nobody_else_who_gave_a_command_is_named(client: RecordedClient) -> None:
    for number, kind in enumerate(ActorKind):
        record(client, f"a{number}", Actor(kind=kind, id="whoever"))
    record(client, "own")
    lines = list(rights(client).export("ada"))
    assert "whoever" not in json.dumps(lines)
    entries = {one["id"]: one["data"]["entry"] for one in lines if one.get("collection") == "ledger"}
    assert [entries[f"activity.a{number}"]["actor"] for number in range(3)] == [{"kind": kind} for kind in ActorKind]
    assert "actor" not in entries["activity.own"]


def test_own_exports_are_told_in_the_trail_once_a_day_however_many_they_are(client: RecordedClient) -> None:
    record(client, "own")
    *_, lines = [list(rights(client).export("ada")) for _ in range(3)]
    assert len([one for one in lines if one.get("collection") == "audit"]) == 1
    by = Party(kind=PartyKind.SUPPORT, id="sue")
    *_, lines = [list(UserRights(WholeUserStore(client), by=by).export("ada")) for _ in range(2)]
    told = [one["data"]["entry"] for one in lines if one.get("collection") == "audit"]
    assert len(told) == 2, "the last one begins before it is told"
    assert told[-1]["actor"] == {"kind": "support"}
    assert not {"id", "ip_address", "user_agent"} & told[-1].keys()


def test_a_device_is_told_without_where_its_messages_go(client: RecordedClient) -> None:
    record(client, "own")
    phone = Device(device_id="phone", address="secret", platform=Platform.IOS, registered_at=NOW)
    client.document("streaks/ada").update({"devices": devices_text([phone])})
    lines = list(rights(client).export("ada"))
    [devices] = [one["data"]["devices"] for one in lines if one.get("collection") == "streaks"]
    assert [one["id"] for one in devices] == ["phone"]
    assert "secret" not in json.dumps(lines)


def test_whatever_is_stored_is_told_as_json(client: RecordedClient) -> None:
    strange: dict[str, Any] = {
        "moment": NOW,
        "bytes": b"\x00\xff",
        "infinite": float("inf"),
        "none": None,
        "list": [1, {"at": NOW}],
        "entry": "no JSON {",
        "state": '{"n": 1}',
    }
    write_documents(client, {"streaks/ada/later/x": strange})
    [data] = [one["data"] for one in rights(client).export("ada") if "data" in one]
    assert json.loads(json.dumps(data, allow_nan=False)) == {
        "moment": "2026-03-02T09:00:00Z",
        "bytes": "AP8=",
        "infinite": "inf",
        "none": None,
        "list": [1, {"at": "2026-03-02T09:00:00Z"}],
        "entry": "no JSON {",
        "state": {"n": 1},
    }
