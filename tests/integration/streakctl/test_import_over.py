"""A user whom a half-done import, or a deletion, has damaged: named to clients, and mended with nothing lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from google.cloud import firestore

from streak_core.commands import StreakCommands
from streak_core.domain.commands import ChangeSettings, CheckIn, Command, RecordActivity, UndoActivity
from streak_core.domain.errors import UserIncomplete
from streak_core.store.users import UserStore
from tests.integration.streakctl.proving import NOW, Documents, answers, guide, of, prove, record
from tests.support.recorded_client import RecordedClient
from tests.support.shipped_policy import policies
from tests.support.stored_life import documents_of, write_documents
from tools.streakctl.proving import Finding


def give(client: firestore.Client, command: Command, key: str | None = None) -> object:
    return StreakCommands(UserStore(client, policies), policies).execute("ada", NOW, command, key).response


@pytest.mark.parametrize("command", [CheckIn(), ChangeSettings(auto_freeze=False), guide("a9")])
def test_a_user_whose_document_was_deleted_is_named_and_not_called_contended(
    client: RecordedClient, command: Command
) -> None:
    give(client, ChangeSettings(time_zone="Europe/Paris"))
    give(client, CheckIn())
    record(client, "a9")
    give(client, ChangeSettings(auto_freeze=True))
    client.document("streaks/ada").delete()
    with pytest.raises(UserIncomplete):
        give(client, command)
    assert not client.document("streaks/ada").get().exists
    assert prove(client, fix=True).finding is Finding.MENDED
    give(client, command)


@pytest.mark.parametrize("time_zone", [None, "Asia/Tokyo"])
def test_an_activity_of_the_streak_that_was_deleted_is_not_taken_from_the_one_that_was_begun_since(
    client: RecordedClient, time_zone: str | None
) -> None:
    """Their numbers are the same, so that only the days tell: one would have fewer activities than none."""
    give(client, guide("old"))
    client.document("streaks/ada").delete()
    commands, later = StreakCommands(UserStore(client, policies), policies), NOW + timedelta(days=1)
    commands.execute("ada", later, guide("new"))
    if time_zone:
        commands.execute("ada", later, ChangeSettings(time_zone=time_zone))
    with pytest.raises(UserIncomplete):
        commands.execute("ada", later, UndoActivity(activity_id="old"))
    on_that_day = RecordActivity(
        activity_id="more", activity_type="study_guide_completed", metadata={}, occurred_at=NOW + timedelta(minutes=1)
    )
    commands.execute("ada", later, on_that_day)
    streak = UserStore(client, policies).load("ada").streak
    assert streak
    assert sorted(one.activity_count for one in streak.tail.values()) == [1, 1]
    commands.execute("ada", later, UndoActivity(activity_id="new"))
    assert prove(client, fix=True).finding is Finding.MENDED
    assert {one["activity_id"] for one in answers(client)["activities"]} == {"old", "new", "more"}


def test_a_retry_is_not_answered_as_if_it_counted_where_the_streak_knows_nothing_of_it(
    client: RecordedClient, ada: firestore.DocumentReference
) -> None:
    old = of(ada)
    first = record(client, "new")
    assert record(client, "new") == first
    ada.set(old)
    with pytest.raises(UserIncomplete):
        record(client, "new")
    assert prove(client, fix=True).finding is Finding.MENDED
    assert record(client, "new") == first


def test_an_import_over_newer_entries_with_commands_since_is_mended_and_nothing_answered_is_lost(
    client: RecordedClient, ada: firestore.DocumentReference, lived: Documents
) -> None:
    answered = [record(client, f"newer{number}") for number in range(3)]
    write_documents(client, lived)
    answered += [record(client, f"since{number}", NOW.replace(minute=1 + number)) for number in range(5)]
    kept = {path: one["answer"] for path, one in documents_of(client, "ada").items() if "/ledger/" in path}
    proof = prove(client)
    assert proof.finding is Finding.DIFFERS
    assert any(one.field == "seq" for one in proof.differences)
    assert prove(client, fix=True).finding is Finding.MENDED
    assert prove(client).finding is Finding.EQUAL
    assert kept == {path: one["answer"] for path, one in documents_of(client, "ada").items() if "/ledger/" in path}
    names = {one["activity_id"] for one in answers(client)["activities"]}
    assert {*(f"newer{number}" for number in range(3)), *(f"since{number}" for number in range(5))} <= names
    for number, before in enumerate(answered[3:]):
        assert record(client, f"since{number}") == before
    before_xp = lived["streaks/ada"]["xp_total"]
    awarded = sum(one["activity"]["xp_awarded"] for one in answered)
    assert of(ada)["xp_total"] == before_xp + awarded
    record(client, "after")
    assert prove(client).finding is Finding.EQUAL


def test_a_forged_entry_is_found_and_never_made_true(client: RecordedClient, ada: firestore.DocumentReference) -> None:
    entry = ada.collection("ledger").document("activity.a9")
    text = of(entry)["entry"]
    forged = re.sub(r'"xp":\d+', '"xp":915', text)
    assert forged != text
    entry.update({"entry": forged})
    stored = documents_of(client, "ada")
    for fix in (False, True):
        proof = prove(client, fix=fix)
        assert proof.finding is Finding.UNPROVABLE
        assert "is priced at 915 XP" in str(proof.reason)
    assert documents_of(client, "ada") == stored
