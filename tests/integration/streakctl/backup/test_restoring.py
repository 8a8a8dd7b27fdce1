"""A restore leaves what the backup holds, however often it died, and the service closed until that is proved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from google.cloud import firestore

from streak_core.store.write_lease import WriteLease, WriteLeases
from tests.integration.streakctl.backup.copying import DEFAULT, DiedError, Dying, backed_up, restore_run
from tests.integration.streakctl.proving import Documents, answers, prove, record
from tests.support.projects import new_project
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.stored_life import documents_of, write_documents
from tools.streakctl.backup.manifest import Kept
from tools.streakctl.backup.parts import file_name, read_lines
from tools.streakctl.backup.raw_database import RawDatabase
from tools.streakctl.backup.restoring import DiffersError
from tools.streakctl.database import WrongUseError
from tools.streakctl.proving import Finding

NOW = datetime.now(UTC)


@pytest.fixture
def kept(source: firestore.Client, tmp_path: Path) -> Kept:
    """A backup of the user who did everything."""
    return backed_up(source.project, tmp_path)


def everything(client: firestore.Client) -> Documents:
    return {
        one.reference.path: one.to_dict() or {}
        for name in ("streaks", "policies")
        for one in client.collection(name).recursive().stream()
    }


def emptied(client: firestore.Client) -> None:
    for name in ("streaks", "policies", "service"):
        for one in client.collection(name).recursive().stream():
            one.reference.delete()


def proved(client: firestore.Client) -> bool:
    return prove(client).finding is Finding.EQUAL


def test_what_is_restored_is_what_was_there_and_answers_as_before(
    client: RecordedClient, kept: Kept, lived: Documents, before: dict[str, Any]
) -> None:
    assert restore_run(client, kept).all_users(lambda: proved(client))
    assert everything(client) == lived
    assert answers(client) == before
    assert WriteLeases(client).find() is None


def test_while_it_is_restored_the_service_is_closed_also_for_questions(client: RecordedClient, kept: Kept) -> None:
    seen: list[WriteLease | None] = []

    class Looked(RawDatabase):
        """Somebody looks at the lease."""

        def write(self, *given: Any) -> None:
            seen.append(WriteLeases(client).find())
            super().write(*given)

    assert restore_run(client, kept, Looked(client.project, DEFAULT)).all_users(lambda: True)
    assert seen
    for lease in seen:
        assert lease
        assert lease.closes("ada", is_question=True)
        assert lease.closes(None, is_question=False)


@pytest.mark.parametrize("there", ["streaks/eve", "streaks/eve/ledger/activity.a", "notes/a"])
def test_a_database_that_is_not_empty_is_left_as_it_is_and_open(client: RecordedClient, kept: Kept, there: str) -> None:
    client.document(there).set({"n": 1})
    with pytest.raises(WrongUseError, match=r"is not empty: it has (streaks|notes)"):
        restore_run(client, kept).all_users(lambda: True)
    assert WriteLeases(client).find() is None
    assert documents_of(client, "ada") == {}


def test_what_the_service_itself_leaves_behind_is_no_reason_to_refuse(client: RecordedClient, kept: Kept) -> None:
    for path in ("health_checks/a", "maintenance_runs/a/shards/1"):
        client.document(path).set({"n": 1})
    assert restore_run(client, kept).all_users(lambda: True)


def test_what_came_in_before_everybody_heeded_the_lease_is_seen(client: RecordedClient, kept: Kept) -> None:
    def wait_until_heeded() -> None:
        record(client, "late")

    run = replace(restore_run(client, kept), wait_until_heeded=wait_until_heeded)
    with pytest.raises(WrongUseError, match="is not empty"):
        run.all_users(lambda: True)


@pytest.mark.parametrize(
    "change",
    [
        lambda client: client.document("streaks/ada").update({"xp_total": 1}),
        lambda client: client.document("streaks/ada/ledger/new").set({"n": 1}),
        lambda client: client.document("streaks/ada/months/2025-01").delete(),
        lambda client: client.document("notes/a").set({"n": 1}),
    ],
)
def test_what_was_changed_meanwhile_is_found_and_the_service_stays_closed(
    client: RecordedClient, kept: Kept, change: Any
) -> None:
    class Changed(RawDatabase):
        """Somebody changes something after the last write."""

        def documents(self, *given: Any) -> Any:
            change(client)
            return super().documents(*given)

    with pytest.raises(DiffersError, match=r"documents are there|collections that the backup does not have: notes"):
        restore_run(client, kept, Changed(client.project, DEFAULT)).all_users(lambda: True)
    assert WriteLeases(client).find()


def test_where_the_proof_says_no_it_stays_closed_and_may_be_tried_again(client: RecordedClient, kept: Kept) -> None:
    first = restore_run(client, kept)
    assert not first.all_users(lambda: False)
    assert WriteLeases(client).find()
    with pytest.raises(WrongUseError, match="somebody else is at it"):
        restore_run(client, kept).all_users(lambda: True)
    assert first.all_users(lambda: proved(client))
    assert WriteLeases(client).find() is None


def died(client: firestore.Client) -> None:
    """Some minutes pass."""
    client.document("service/write_lease").update({"owned_until": NOW - timedelta(minutes=5)})


def test_killed_at_any_rpc_and_given_again_it_comes_to_the_same_end(
    client: RecordedClient, lived: Documents, tmp_path: Path
) -> None:
    several = new_project()
    for name in ("ada", "bob", "eve"):
        other = {path.replace("/ada", f"/{name}", 1): one for path, one in list(lived.items())[:250]}
        write_documents(RecordedClient(several, Recorder()), other)
    many = backed_up(several, tmp_path / "many", users_a_part=1)
    whole = everything(RecordedClient(several, Recorder()))
    assert len(many.manifest.parts) == 3
    for rpcs in range(1, 14):
        emptied(client)
        run = replace(restore_run(client, many, Dying(client.project, rpcs)), threads=1)
        with pytest.raises(DiedError):
            run.all_users(lambda: True)
        if WriteLeases(client).find():
            died(client)
        assert restore_run(client, many).all_users(lambda: True)
        assert everything(client) == whole


def test_parts_that_are_in_place_are_not_written_again(
    client: RecordedClient, tmp_path: Path, lived: Documents
) -> None:
    several = RecordedClient(new_project(), Recorder())
    for name in ("ada", "bob", "eve"):
        write_documents(several, {path.replace("/ada", f"/{name}", 1): one for path, one in list(lived.items())[:9]})
    many = backed_up(several.project, tmp_path / "many", users_a_part=1)
    run = replace(restore_run(client, many, Dying(client.project, 6)), threads=1)
    with pytest.raises(DiedError):
        run.all_users(lambda: True)
    lease = WriteLeases(client).find()
    assert lease
    assert lease.parts_done == 1
    died(client)
    written: list[str] = []

    class Watched(RawDatabase):
        """Keeps what is written."""

        def write(self, documents: Any) -> None:
            written.extend(one.name.split("/documents/")[1] for one in documents)
            super().write(documents)

    assert restore_run(client, many, Watched(client.project, DEFAULT)).all_users(lambda: True)
    assert {path.split("/")[1] for path in written} == {"bob", "eve"}


def test_a_restore_of_another_backup_does_not_go_on_with_this_one(
    client: RecordedClient, source: firestore.Client, kept: Kept, tmp_path: Path
) -> None:
    with pytest.raises(DiedError):
        restore_run(client, kept, Dying(client.project, 5)).all_users(lambda: True)
    died(client)
    other = backed_up(source.project, tmp_path / "other")
    with pytest.raises(WrongUseError, match=r"is half restored otherwise|is not empty"):
        restore_run(client, other).all_users(lambda: True)
    assert restore_run(client, kept).all_users(lambda: True)


def test_one_user_is_restored_into_nothing(
    client: RecordedClient, kept: Kept, lived: Documents, before: dict[str, Any]
) -> None:
    client.document("streaks/eve").set({"n": 1})
    client.document("streaks/adam").set({"n": 1})
    assert restore_run(client, kept).one_user("ada", lambda: False, lambda: proved(client))
    assert documents_of(client, "ada") == lived
    assert answers(client) == before
    assert (client.document("streaks/eve").get()).to_dict() == {"n": 1}


def test_one_user_is_restored_over_damage_which_is_kept_and_never_over_what_is_right(
    client: RecordedClient, kept: Kept, lived: Documents, ada: firestore.DocumentReference, tmp_path: Path
) -> None:
    record(client, "later")
    with pytest.raises(WrongUseError, match="finds nothing wrong with ada"):
        restore_run(client, kept).one_user("ada", lambda: not proved(client), lambda: proved(client))
    assert ada.collection("ledger").document("activity.later").get().exists
    ada.collection("ledger").document("activity.a9").delete()
    assert prove(client).finding is Finding.UNPROVABLE
    there = documents_of(client, "ada")
    assert restore_run(client, kept).one_user("ada", lambda: not proved(client), lambda: proved(client))
    assert documents_of(client, "ada") == lived
    [replaced] = tmp_path.glob("replaced-*")
    [aside] = replaced.iterdir()
    part = kept.manifest.parts[0].model_copy(update={"file": aside.name, "number": 0})
    named = replaced.name.removeprefix("replaced-")
    assert aside.name == file_name(0)
    assert len(list(read_lines(replaced, named, part))) == len(there)


def test_one_user_closes_nobody_else(client: RecordedClient, kept: Kept) -> None:
    def is_proved() -> bool:
        lease = WriteLeases(client).find()
        assert lease
        assert lease.closes("ada", is_question=True)
        assert not lease.closes("eve", is_question=False)
        assert lease.closes(None, is_question=False)
        return True

    assert restore_run(client, kept).one_user("ada", lambda: False, is_proved)


def test_one_user_killed_at_any_rpc_and_given_again_is_the_same(
    client: RecordedClient, kept: Kept, lived: Documents, ada: firestore.DocumentReference
) -> None:
    for rpcs in range(1, 12):
        ada.collection("ledger").document("activity.a9").delete()
        run = restore_run(client, kept, Dying(client.project, rpcs))
        with pytest.raises(DiedError):
            run.one_user("ada", lambda: True, lambda: True)
        if WriteLeases(client).find():
            died(client)
        assert restore_run(client, kept).one_user("ada", lambda: True, lambda: True)
        assert documents_of(client, "ada") == lived


def test_a_user_of_whom_the_backup_holds_nothing_is_left_as_they_are(client: RecordedClient, kept: Kept) -> None:
    client.document("streaks/eve").set({"n": 1})
    with pytest.raises(WrongUseError, match="holds nothing of the user eve"):
        restore_run(client, kept).one_user("eve", lambda: True, lambda: True)
    assert client.document("streaks/eve").get().exists
