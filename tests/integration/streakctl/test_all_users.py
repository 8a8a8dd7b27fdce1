"""All users, and whole lives: what is stored of them is what their ledgers lead to."""

from __future__ import annotations

from typing import Any

from google.cloud import firestore
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from emulator.firestore import FirestoreEmulator
from streak_core.proving.audit import NAMED_MAX, WINDOW_ENTRIES
from streak_core.proving.repository import PAGE_DOCUMENTS, PAGE_USERS
from streak_core.proving.side_by_side import DIFFERING_MAX
from testing.lives import lives
from testing.steps import Step
from tests.integration.streakctl.proving import NOW, Documents, answers, found, prove, prover
from tests.support.projects import new_project
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.stored_life import StoredLife, documents_of, full_life, long_life, write_documents
from tests.support.thoroughness import examples
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Finding


@given(st.lists(lives(steps_max=30), min_size=1, max_size=3))
@examples(12, suppressed=[HealthCheck.function_scoped_fixture])
def test_what_lives_leave_behind_is_what_their_ledgers_lead_to(
    emulator: FirestoreEmulator, several: list[list[Step]]
) -> None:
    assert emulator.host
    client = firestore.Client(project=new_project())
    last = max(StoredLife(client, f"u{number}").live(life) for number, life in enumerate(several))
    proofs = list(prover(client, now=last).prove_all(MendingStore(client).user_documents()))
    assert {proof.finding for proof in proofs} <= {Finding.EQUAL}, proofs
    stored = [one.id for one in client.collection("streaks").stream()]
    assert [proof.user_id for proof in proofs] == stored


def test_a_life_with_every_kind_of_entry_is_proved(client: RecordedClient, ada: firestore.DocumentReference) -> None:
    proof = prove(client)
    assert (proof.finding, proof.reason, proof.differences) == (Finding.EQUAL, None, ())
    assert proof.entries == len(list(ada.collection("ledger").stream()))


def test_proving_one_user_reads_pages_of_that_users_documents_and_nothing_that_grows_with_the_number_of_users(
    client: RecordedClient, recorder: Recorder, ada: firestore.DocumentReference
) -> None:
    StoredLife(client, "ben").live(full_life(3))
    recorder.calls.clear()
    assert prove(client).finding is Finding.EQUAL
    assert {name for names in recorder.documents_read() for name in names} == {ada.path}
    queries = [request for method, request in recorder.calls if method == "RunQuery"]
    assert {request.parent.split("/documents/")[1] for request in queries} == {ada.path}
    asked = [request.structured_query for request in queries]
    assert {(one.from_[0].all_descendants, one.limit) for one in asked} == {(False, PAGE_DOCUMENTS)}
    assert set(recorder.methods()) == {"BatchGetDocuments", "RunQuery"}


def test_users_whose_own_document_is_gone_are_found_among_all_others_and_brought_back(
    client: RecordedClient, ada: firestore.DocumentReference, before: dict[str, Any]
) -> None:
    ids = ["a/b", "a%2Fb", "..", "__x__", "名前", "z\x1b[31m"]
    for user_id in ids:
        StoredLife(client, user_id).live(full_life(3))
    ada.delete()
    with_fix = list(prover(client, fix=True).prove_all(MendingStore(client).user_documents()))
    assert {proof.user_id: proof.finding for proof in with_fix} == {
        **dict.fromkeys(ids, Finding.EQUAL),
        "ada": Finding.MENDED,
    }
    assert {proof.finding for proof in prover(client).prove_all(MendingStore(client).user_documents())} == {
        Finding.EQUAL
    }
    assert answers(client) == before


def test_a_user_of_whom_nothing_is_stored_is_nobody_and_one_with_a_rest_is_not(client: RecordedClient) -> None:
    assert prove(client, "nobody", fix=True).finding is Finding.NOBODY
    for part in ("months", "events"):
        user_doc = client.collection("streaks").document(f"only-{part}")
        user_doc.collection(part).document("2025-01").set({"at": NOW})
        assert prove(client, user_doc.id, fix=True).finding is Finding.UNPROVABLE
        assert user_doc.collection(part).document("2025-01").get().exists


def test_every_user_is_found_once_however_many_pages_they_fill(client: RecordedClient, lived: Documents) -> None:
    names = [f"u{number:04d}" for number in range(PAGE_USERS * 2 + 1)]
    write_documents(client, {f"streaks/{name}": lived["streaks/ada"] for name in names})
    assert [user_doc.user_id for user_doc in MendingStore(client).user_documents()] == names
    assert MendingStore(client).count() == len(names)


def test_a_long_life_is_proved_in_windows_and_mended_in_several_commits(
    client: RecordedClient, recorder: Recorder
) -> None:
    whole = long_life("ada", WINDOW_ENTRIES * 2 + 50, NOW)
    events = [path for path in whole if "/events/" in path]
    assert len(events) > DIFFERING_MAX
    write_documents(client, {path: document for path, document in whole.items() if path not in events})
    assert len(prove(client).differences) == NAMED_MAX
    recorder.calls.clear()
    assert prove(client, fix=True).finding is Finding.MENDED
    assert recorder.methods().count("Commit") > 1
    assert prove(client).finding is Finding.EQUAL
    assert documents_of(client, "ada").keys() == whole.keys()


def test_what_a_late_window_holds_is_compared_too(client: RecordedClient) -> None:
    whole = long_life("ada", WINDOW_ENTRIES * 2 + 50, NOW)
    write_documents(client, whole)
    assert prove(client).finding is Finding.EQUAL
    told = sorted(path for path in whole if "/events/0" in path)
    gone = [told[0], told[WINDOW_ENTRIES], told[-1]]
    for path in gone:
        client.document(path).delete()
    assert found(prove(client)).keys() == {f"{path.removeprefix('streaks/ada/')} document" for path in gone}
