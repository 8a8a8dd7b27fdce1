"""Erasing that breaks off, runs out of time or loses a reply: nobody gets in meanwhile, and it is gone on with."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from google.api_core import exceptions

from streak_core.domain.errors import DatabaseUnavailable, ErasingUnfinished
from streak_core.domain.refusals import UserErased
from streak_core.rights import BATCHES_A_USER_MAX
from streak_core.store import whole_user
from streak_core.store.deadlines import waiting_at_most
from streak_core.store.sessions import signed_in
from tests.support.stored_life import documents_of, write_documents

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.erased_user import (
    BEFORE,
    NOW,
    SINCE,
    UNSENT,
    WALL,
    guide,
    lived,
    queries,
    rights,
    service,
    tombstone,
)


def broken_off(recorder: Recorder, client: firestore.Client, call: int) -> bool:
    """Whether an erasing breaks off at its commit of that number."""
    recorder.before["Commit"] = [None] * call + [UNSENT] * 100
    try:
        rights(client).erase("ada")
    except DatabaseUnavailable:
        return True
    finally:
        recorder.before.clear()
    return False


def test_wherever_it_breaks_off_nobody_gets_in_and_called_again_it_ends_the_same(
    client: RecordedClient, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_user, "BATCH_DOCUMENTS", 40)
    broken = 0
    for call in range(1, 100):
        uid = "ada"
        lived(client, uid)
        if not broken_off(recorder, client, call):
            break
        broken += 1
        with signed_in("ada", BEFORE), pytest.raises(UserErased):
            queries(client).streak("ada", NOW)
        with signed_in("ada", SINCE), pytest.raises(ErasingUnfinished):
            service(client).execute("ada", NOW, guide("a0"))
        if call % 2:
            rights(client, WALL + timedelta(hours=1)).erase("ada")
        else:
            rights(client, WALL + timedelta(hours=1)).finish_some()
        assert tombstone(client) == {"schema_version": 3, "erased_at": WALL}
        client.document("streaks/ada").delete()
    assert broken > 3


def test_where_it_breaks_off_before_the_first_write_nothing_has_happened(
    client: RecordedClient, recorder: Recorder
) -> None:
    lived(client)
    before = documents_of(client, "ada")
    assert broken_off(recorder, client, 0)
    assert documents_of(client, "ada") == before


def test_a_lost_reply_changes_nothing(client: RecordedClient, recorder: Recorder) -> None:
    lived(client)
    recorder.after = {"Commit": [exceptions.ServiceUnavailable("lost")]}
    assert rights(client).erase("ada").erased_at == WALL
    assert tombstone(client) == {"schema_version": 3, "erased_at": WALL}


def test_a_request_erases_as_long_as_it_has_time_and_says_that_it_is_not_finished(client: RecordedClient) -> None:
    lived(client)
    with waiting_at_most(2.9):
        assert not rights(client).erase("ada").is_finished
    assert documents_of(client, "ada")["streaks/ada"]["erasing"] is True
    assert rights(client).erase("ada").is_finished
    tombstone(client)


def test_the_job_goes_on_with_what_broke_off_within_bounds(
    client: RecordedClient, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_user, "BATCH_DOCUMENTS", 1)
    lived(client)
    with waiting_at_most(2.9):
        rights(client).erase("ada")
    runs = 0
    while (
        documents_of(client, "ada").keys() != {"streaks/ada"} or "erasing" in documents_of(client, "ada")["streaks/ada"]
    ):
        recorder.calls.clear()
        rights(client).finish_some()
        runs += 1
        assert recorder.methods().count("Commit") <= BATCHES_A_USER_MAX + 1
    assert runs > 1
    recorder.calls.clear()
    rights(client).finish_some()
    assert recorder.methods() == ["RunQuery"]


def test_an_erasing_that_broke_off_is_not_gone_on_with_beside_a_restore(client: RecordedClient) -> None:
    lived(client)
    with waiting_at_most(2.9):
        rights(client).erase("ada")
    before = documents_of(client, "ada")
    rights(client).finish_some(lambda: True)
    assert documents_of(client, "ada") == before
    rights(client).finish_some()
    tombstone(client)


def test_an_erasing_that_cannot_be_gone_on_with_does_not_hold_up_the_others(client: RecordedClient) -> None:
    write_documents(client, {"streaks/a": {"schema_version": 3, "erasing": True}, "streaks/a/ledger/x": {}})
    lived(client)
    with waiting_at_most(2.9):
        rights(client).erase("ada")
    rights(client).finish_some()
    tombstone(client)
    assert len(documents_of(client, "a")) == 2


def test_an_erasing_that_cannot_be_gone_on_with_does_not_end_the_job(
    client: RecordedClient, recorder: Recorder
) -> None:
    lived(client)
    assert broken_off(recorder, client, 1)
    recorder.before["Commit"] = [UNSENT] * 100
    rights(client).finish_some()
    recorder.before.clear()
    rights(client).finish_some()
    tombstone(client)
