"""The record of a migration is written over what was found and nothing else; the newest form is told by the records."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core import exceptions

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.failures import WriteConflict
from streak_core.store.health import DatabaseProbe
from streak_core.store.migrations import (
    Counts,
    Kept,
    LeftAlone,
    MigrationState,
    MigrationStore,
    Progress,
    Record,
)

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
RECORD: Final = Record(
    name="0002_second_edition",
    checksum="f00d",
    state=MigrationState.GOING_UP,
    accept_loss=False,
    by="streakctl:ops",
    begun_at=NOW,
    progress=Progress(
        run="r",
        cursor="ada",
        counts=Counts(changed=3, failed=1, left_alone=(LeftAlone(doc_id="eve", reason="months"),)),
    ),
)
ENDED: Final = replace(RECORD, state=MigrationState.UP, ended_at=NOW, progress=replace(RECORD.progress, is_done=True))


@pytest.fixture
def store(client: RecordedClient) -> MigrationStore:
    return MigrationStore(client)


def kept(store: MigrationStore, number: int = 2) -> Kept:
    found = store.find(number)
    assert found
    return found


def test_a_record_is_read_as_it_was_written(store: MigrationStore) -> None:
    assert (store.find(2), store.all(), store.newest_form()) == (None, (), None)
    store.put(2, RECORD, None)
    assert kept(store).record == RECORD
    store.put(2, ENDED, kept(store))
    store.put(4, RECORD, None)
    assert [(one.number, one.record) for one in store.all()] == [(2, ENDED), (4, RECORD)]


def test_a_record_that_somebody_else_has_written_since_is_left(store: MigrationStore) -> None:
    store.put(2, RECORD, None)
    found = kept(store)
    store.put(2, replace(RECORD, by="streakctl:other"), found)
    for over in (None, found):
        with pytest.raises(WriteConflict):
            store.put(2, ENDED, over)
    assert kept(store).record == replace(RECORD, by="streakctl:other")


def test_a_record_whose_reply_is_lost_is_written_once(store: MigrationStore, recorder: Recorder) -> None:
    for record, over in ((RECORD, lambda: None), (ENDED, lambda: kept(store))):
        recorder.after["Commit"] = [exceptions.Aborted("lost")]
        store.put(2, record, over())
        assert kept(store).record == record


def test_a_commit_that_fails_is_tried_again_and_not_for_ever(store: MigrationStore, recorder: Recorder) -> None:
    recorder.before["Commit"] = [exceptions.Aborted("contention")]
    store.put(2, RECORD, None)
    recorder.before["Commit"] = [exceptions.Aborted("contention")] * 5
    with pytest.raises(DatabaseUnavailable):
        store.put(2, ENDED, kept(store))
    assert kept(store).record == RECORD


@pytest.mark.parametrize(
    ("state", "newest"), [("going_up", 4), ("up", 4), ("going_down", 4), ("of a later version", 4), ("down", 2)]
)
def test_data_may_be_of_every_form_that_was_begun_and_is_not_done_away_with(
    client: RecordedClient, store: MigrationStore, state: str, newest: int
) -> None:
    store.put(2, ENDED, None)
    later: dict[str, Any] = {"state": state, "checksum": "f00d", "a_field_to_come": 1}
    client.document("migrations/0004").set(later)
    client.document("migrations/notes").set({"checksum": "f00d"})
    client.document("migrations/0006").set({"state": "up", "of": "another app"})
    assert store.newest_form() == newest
    assert DatabaseProbe(lambda: client).migrated_to() == newest
    assert [(one.number, one.record) for one in store.all()] == [(2, ENDED), (4, None)]
