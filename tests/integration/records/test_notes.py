"""A note under a key is one, whoever sends it how often at once; and one read and one commit."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.actor import Actor
from streak_core.domain.errors import Malformed
from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.acts import user
from streak_core.records.homes import RecordsUnreadable
from streak_core.records.kinds import Kinds, shipped_kinds
from streak_core.records.logbook import Logbook, Noted
from streak_core.records.quotas import QuotaExceeded, Quotas
from streak_core.rights import UserRights
from streak_core.store.sessions import signed_in
from streak_core.store.whole_user import WholeUserStore
from tests.integration.records.trailed import NOW, SUE, trails, wrong
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient, Recorder


def book_of(client: RecordedClient) -> Logbook:
    return Logbook(trails(client), Quotas(shipped_kinds(), policies))


OPENED = Noted(action="opened", entity_type="lesson", entity_id="7", status="success")


def test_a_note_is_one_batch_get_and_one_commit(client: RecordedClient, recorder: Recorder) -> None:
    book_of(client).note("ada", OPENED, NOW, "k", None)
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert sorted(recorder.documents_read()[0]) == ["records/ada", "records/ada/keys/k", "streaks/ada"]
    assert recorder.documents_written() == ["records/ada", "records/ada/keys/k", "records/ada/audit/000000000001"]


def test_eight_that_send_the_same_key_at_once_are_told_of_one_entry(client: RecordedClient) -> None:
    book = book_of(client)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: book.note("ada", OPENED, NOW, "k", None), range(8)))
    assert len({one.entry.id for one in found}) == 1
    assert [one.replayed for one in found].count(False) == 1
    assert wrong(client) == []


def test_a_key_whose_reply_was_lost_is_no_repetition(client: RecordedClient, recorder: Recorder) -> None:
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    noted = book_of(client).note("ada", OPENED, NOW, "k", None)
    assert (noted.entry.seq, noted.replayed) == (1, False)
    assert wrong(client) == []


@pytest.mark.parametrize(("characters", "is_kept"), [(1_975, True), (1_976, False)])
def test_details_are_kept_whole_with_the_app_s_own_fields_or_refused(
    client: RecordedClient, characters: int, *, is_kept: bool
) -> None:
    own = {"lesson": "l" * 50}
    noted = replace(OPENED, details={"what": "w" * characters}, more=own)
    if is_kept:
        entry = book_of(client).note("ada", noted, NOW, None, None).entry
        assert entry.act.details == {**noted.details, **own}
    else:
        with pytest.raises(Malformed) as refused:
            book_of(client).note("ada", noted, NOW, None, None)
        assert [one.field for one in refused.value.errors] == ["details"]


def test_a_name_that_stands_twice_in_what_is_noted_is_refused(client: RecordedClient) -> None:
    noted = replace(OPENED, details={"lesson": 1}, more={"lesson": 2})
    with pytest.raises(Malformed) as refused:
        book_of(client).note("ada", noted, NOW, None, None)
    assert [one.field for one in refused.value.errors] == ["details.lesson"]


def test_a_key_that_does_not_read_names_nothing(client: RecordedClient) -> None:
    book = book_of(client)
    book.note("ada", OPENED, NOW, "k", None)
    other = Noted(action="closed", entity_type="lesson", entity_id="7", status="success")
    with pytest.raises(IdempotencyKeyReused):
        book.note("ada", other, NOW, "k", None)
    for change in ({"schema_version": 2}, {"seq": "1", "schema_version": 1}, {"seq": 9}):
        client.document("records/ada/keys/k").update(change)
        with pytest.raises(RecordsUnreadable):
            book.note("ada", OPENED, NOW, "k", None)


def test_nobody_takes_the_key_of_another_who_notes_for_the_same_user(client: RecordedClient) -> None:
    book = book_of(client)
    own = book.note("ada", OPENED, NOW, "order-7", None)
    theirs = book.note("ada", OPENED, NOW, "order-7", SUE)
    assert (own.replayed, theirs.replayed) == (False, False)
    assert book.note("ada", OPENED, NOW, "order-7", SUE).replayed
    other = Actor(kind=SUE.kind, id="another")
    with pytest.raises(IdempotencyKeyReused):
        book.note("ada", OPENED, NOW, "order-7", other)
    assert wrong(client) == []


@pytest.mark.parametrize(("days", "is_kept"), [(0, True), (3, False)])
def test_who_is_erased_has_no_quota_given_back_and_of_days_before_nothing_stays(
    client: RecordedClient, days: int, *, is_kept: bool
) -> None:
    said = shipped_kinds().model_dump(mode="python")
    said["kinds"]["log"]["quota"] = {"count_a_day": 1, "bytes_a_day": None}
    book, wall = Logbook(trails(client), Quotas(Kinds.model_validate(said), policies)), datetime.now(UTC)
    book.note("ada", OPENED, wall - timedelta(days=days), None, None)
    UserRights(WholeUserStore(client), wall=lambda: wall).erase("ada")
    assert ("quotas" in (client.document("records/ada").get().to_dict() or {})) is is_kept
    refused = pytest.raises(QuotaExceeded) if is_kept else nullcontext()
    with signed_in("ada", wall + timedelta(seconds=1)), refused:
        book.note("ada", OPENED, wall, None, None)


def test_of_thirty_two_that_come_at_once_exactly_the_limit_is_taken(client: RecordedClient) -> None:
    said = shipped_kinds().model_dump(mode="python")
    said["kinds"]["log"]["quota"] = {"count_a_day": 5, "bytes_a_day": None}
    book = Logbook(trails(client), Quotas(Kinds.model_validate(said), policies))

    def note(number: int) -> int:
        """0, or the seconds to wait."""
        try:
            book.note("ada", OPENED, NOW, f"k{number}", None)
        except QuotaExceeded as refusal:
            return refusal.retry_after_seconds
        return 0

    with ThreadPoolExecutor(32) as pool:
        taken = list(pool.map(note, range(32)))
    # The others wait until four in the morning in UTC.
    assert (taken.count(0), taken.count(19 * 3600)) == (5, 27)
    assert len(trails(client).page(user("ada"), 100, None, NOW).entries) == 5
    # Somebody who acts for the user uses nothing of it up, and the next day takes as many.
    book.note("ada", OPENED, NOW, None, SUE)
    book.note("ada", OPENED, NOW + timedelta(hours=19), None, None)
    assert wrong(client) == []
