"""Others may change a user while they are proved: nothing is lost, and nothing is called different."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from google.api_core import exceptions
from google.cloud import firestore

from streak_core.proving.repository import UserDocument
from streak_core.proving.stopped import StoppedError
from streak_core.queries import StreakQueries
from streak_core.response_types import CommandResponse
from streak_core.store.documents import read_streak
from streak_core.store.users import UserStore
from tests.integration.streakctl.meanwhile import Meanwhile
from tests.integration.streakctl.proving import NOW, of, prove, prover, record
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Finding


def test_a_command_between_reading_and_mending_is_not_lost(
    client: RecordedClient, ada: firestore.DocumentReference
) -> None:
    user_doc = MendingStore(client).user_document("ada")
    ada.collection("months").document("2025-01").delete()
    given: list[CommandResponse] = []

    def others() -> None:
        given.append(record(client, f"b{len(given)}", NOW + timedelta(minutes=len(given))))

    store = Meanwhile(client, mend=3, do=others)
    proof = replace(prover(client, fix=True, now=NOW + timedelta(days=1)), store=store).prove(user_doc)
    assert proof.finding is Finding.MENDED
    assert len(given) == 3
    assert prove(client).finding is Finding.EQUAL
    shown = StreakQueries(UserStore(client, policies), policies).streak("ada", NOW + timedelta(hours=1))
    assert shown["xp_total"] == given[-1]["streak"]["xp_total"]
    assert (ada.collection("months").document("2025-01").get()).exists


def test_a_user_who_is_changed_while_being_read_is_read_again_and_nothing_differs(
    client: RecordedClient, ada: firestore.DocumentReference
) -> None:
    earlier = MendingStore(client).user_document("ada")
    record(client, "b")
    proof = prover(client).prove(earlier)
    assert (proof.finding, proof.entries) == (Finding.EQUAL, read_streak(of(ada))[0].seq)


def test_a_user_who_is_changed_each_time_is_not_called_different(client: RecordedClient, ada: Any) -> None:
    names = iter(range(100))

    def others() -> None:
        record(client, f"b{next(names)}")
        ada.update({"current_streak": 99})

    store = Meanwhile(client, user_doc=100, do=others)
    others()
    proof = replace(prover(client), store=store).prove(MendingStore(client).user_document("ada"))
    assert proof.finding is Finding.UNPROVABLE
    assert proof.reason
    assert "again and again" in proof.reason


def test_a_mend_whose_reply_was_lost_has_mended(
    client: RecordedClient, recorder: Recorder, ada: firestore.DocumentReference
) -> None:
    ada.update({"current_streak": 99})
    recorder.after["Commit"] = [exceptions.Aborted("lost")]
    assert prove(client, fix=True).finding is Finding.MENDED
    assert prove(client).finding is Finding.EQUAL


def test_reading_only_writes_nothing(
    client: RecordedClient, recorder: Recorder, ada: firestore.DocumentReference
) -> None:
    ada.update({"current_streak": 99})
    recorder.calls.clear()
    assert prove(client).finding is Finding.DIFFERS
    assert "Commit" not in recorder.methods()


def test_a_mend_is_one_commit_that_holds_the_version_that_was_read(
    client: RecordedClient, recorder: Recorder, ada: firestore.DocumentReference
) -> None:
    ada.collection("months").document("2025-01").delete()
    recorder.calls.clear()
    assert prove(client, fix=True).finding is Finding.MENDED
    (request,) = [request for method, request in recorder.calls if method == "Commit"]
    assert recorder.documents_written() == ["streaks/ada", "streaks/ada/months/2025-01"]
    assert request.writes[0].current_document.update_time


def test_what_is_stopped_writes_nothing_more(client: RecordedClient, ada: firestore.DocumentReference) -> None:
    ada.update({"current_streak": 99})
    stopped = prover(client, fix=True)
    stopped.stopping.set()
    with pytest.raises(StoppedError):
        stopped.prove(MendingStore(client).user_document("ada"))
    assert of(ada)["current_streak"] == 99


def test_leaving_early_begins_no_more_users(client: RecordedClient) -> None:
    begun: list[str] = []

    def user_documents() -> Any:
        for number in range(100):
            begun.append(f"u{number}")
            yield UserDocument(user_doc_id=f"u{number}", document=None, update_time=None)

    proofs = replace(prover(client), threads=2).prove_all(user_documents())
    assert next(proofs).finding is Finding.NOBODY
    proofs.close()
    assert len(begun) <= 8
