"""A note under a key is one, whoever sends it how often at once; and one read and one commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.homes import RecordsUnreadable
from streak_core.records.logbook import Logbook, Noted
from tests.integration.records.trailed import NOW, trails, wrong

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient, Recorder

OPENED = Noted(action="opened", entity_type="lesson", entity_id="7", status="success")


def test_a_note_is_one_batch_get_and_one_commit(client: RecordedClient, recorder: Recorder) -> None:
    Logbook(trails(client)).note("ada", OPENED, NOW, "k", None)
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert sorted(recorder.documents_read()[0]) == ["records/ada", "records/ada/keys/k", "streaks/ada"]
    assert recorder.documents_written() == ["records/ada", "records/ada/keys/k", "records/ada/audit/000000000001"]


def test_eight_that_send_the_same_key_at_once_are_told_of_one_entry(client: RecordedClient) -> None:
    book = Logbook(trails(client))
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: book.note("ada", OPENED, NOW, "k", None), range(8)))
    assert len({one.entry.id for one in found}) == 1
    assert [one.replayed for one in found].count(False) == 1
    assert wrong(client) == []


def test_a_key_whose_reply_was_lost_is_no_repetition(client: RecordedClient, recorder: Recorder) -> None:
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    noted = Logbook(trails(client)).note("ada", OPENED, NOW, "k", None)
    assert (noted.entry.seq, noted.replayed) == (1, False)
    assert wrong(client) == []


def test_a_key_that_does_not_read_names_nothing(client: RecordedClient) -> None:
    book = Logbook(trails(client))
    book.note("ada", OPENED, NOW, "k", None)
    other = Noted(action="closed", entity_type="lesson", entity_id="7", status="success")
    with pytest.raises(IdempotencyKeyReused):
        book.note("ada", other, NOW, "k", None)
    client.document("records/ada/keys/k").update({"seq": "1"})
    with pytest.raises(RecordsUnreadable):
        book.note("ada", OPENED, NOW, "k", None)
    client.document("records/ada/keys/k").update({"seq": 9})
    with pytest.raises(RecordsUnreadable):
        book.note("ada", OPENED, NOW, "k", None)
