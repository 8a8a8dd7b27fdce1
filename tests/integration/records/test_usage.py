"""Fifty events are two writes, counted once however often they are sent, and whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.acts import json_text
from streak_core.records.homes import RecordsUnreadable
from streak_core.records.kinds import Kinds, shipped_kinds
from streak_core.records.quotas import QuotaExceeded, Quotas
from streak_core.records.usage import FeatureUsage
from streak_core.store.sharding import shard_of
from tests.integration.records.trailed import ADA, NOW, SUE, trails, wrong
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

PART: Final = f"counters/2026-03-02.{shard_of('ada'):02d}"
FIFTY: Final[list[dict[str, Any]]] = [
    {"feature": "chat", "duration_seconds": number / 2, "metadata": {"number": number}} for number in range(50)
]


def usage(client: firestore.Client, kinds: Kinds | None = None) -> FeatureUsage:
    return FeatureUsage(trails(client), Quotas(kinds or shipped_kinds(), policies))


def stored(client: firestore.Client) -> list[str]:
    return sorted(one.id for one in client.collection("records/ada/usage").stream())


def test_fifty_events_are_two_writes_and_that_of_a_counter_and_sent_again_none(
    client: RecordedClient, recorder: Recorder
) -> None:
    # The first lists the keys, by the second the process knows them.
    for _ in range(2):
        usage(client).count("ada", FIFTY, NOW, None, None)
    recorder.calls.clear()
    counted = usage(client).count("ada", FIFTY, NOW, "k", None)
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert recorder.documents_written() == ["records/ada", "records/ada/usage/k", PART]
    assert (counted.count, counted.replayed) == (50, False)
    recorder.calls.clear()
    again = usage(client).count("ada", FIFTY, NOW + timedelta(hours=1), "k", None)
    assert recorder.methods() == ["BatchGetDocuments"]
    assert (again.count, again.at, again.replayed) == (50, NOW, True)
    with pytest.raises(IdempotencyKeyReused):
        usage(client).count("ada", FIFTY[:49], NOW, "k", None)
    assert wrong(client) == []


def test_eight_who_send_the_same_at_once_count_it_once_and_its_quota_once(client: RecordedClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        counted = list(pool.map(lambda _: usage(client).count("ada", FIFTY, NOW, "k", None), range(8)))
    assert [one.replayed for one in counted].count(False) == 1
    assert stored(client) == ["k"]
    assert '"count":50' in str(trails(client).home(ADA).quotas_used)


def test_what_has_no_key_is_counted_each_time_and_once_where_a_reply_was_lost(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    assert not usage(client).count("ada", FIFTY, NOW, None, None).replayed
    assert len(stored(client)) == 1
    usage(client).count("ada", FIFTY, NOW, None, None)
    assert len(stored(client)) == 2


def test_a_key_whose_reply_was_lost_is_no_repetition(client: RecordedClient, recorder: Recorder) -> None:
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    assert not usage(client).count("ada", FIFTY, NOW, "k", None).replayed


def test_events_are_counted_whole_or_not_at_all(client: RecordedClient) -> None:
    said = shipped_kinds().model_dump(mode="python")
    said["kinds"]["usage"]["quota"] = {"count_a_day": 60, "bytes_a_day": None}
    few = usage(client, Kinds.model_validate(said))
    few.count("ada", FIFTY, NOW, "a", None)
    with pytest.raises(QuotaExceeded):
        few.count("ada", FIFTY[:11], NOW, "b", None)
    few.count("ada", FIFTY[:10], NOW, "c", None)
    # Who acts for the user uses nothing of it up, and has keys of their own.
    few.count("ada", FIFTY, NOW, "a", SUE)
    assert stored(client) == ["a", "c", "support=a"]
    [entry] = trails(client).page(ADA, 9, None, NOW).entries
    assert (entry.act.action, entry.act.entity_id, entry.act.details) == ("count_usage", "support=a", {})


def test_what_has_expired_is_no_key_any_more(client: RecordedClient) -> None:
    usage(client).count("ada", FIFTY, NOW, "k", None)
    kept = shipped_kinds().kept_for("usage")
    assert usage(client).count("ada", FIFTY, NOW + kept - timedelta(seconds=1), "k", None).replayed
    assert not usage(client).count("ada", FIFTY[:1], NOW + kept, "k", None).replayed


def test_what_does_not_read_is_not_taken_for_what_was_sent(client: RecordedClient) -> None:
    usage(client).count("ada", FIFTY, NOW, "k", None)
    for change in ({"schema_version": 2}, {"usage": "x", "schema_version": 1}):
        client.document("records/ada/usage/k").update(change)
        with pytest.raises(RecordsUnreadable):
            usage(client).count("ada", FIFTY, NOW, "k", None)


def test_what_was_counted_is_listed_the_last_first_at_a_read_each_until_it_expires(
    client: RecordedClient, recorder: Recorder
) -> None:
    for number in range(3):
        usage(client).count("ada", FIFTY[number : number + 2], NOW + timedelta(minutes=number), None, None)
    usage(client).count("ben", FIFTY, NOW, None, None)
    first = usage(client).page("ada", 2, None, NOW)
    assert [(one.at, one.events) for one in first.sent] == [
        (NOW + timedelta(minutes=number), FIFTY[number : number + 2]) for number in (2, 1)
    ]
    recorder.calls.clear()
    last = usage(client).page("ada", 2, first.after, NOW)
    assert recorder.methods() == ["BatchGetDocuments", "RunQuery"]
    assert ([one.at for one in last.sent], last.after) == ([NOW], None)
    kept = shipped_kinds().kept_for("usage")
    left = usage(client).page("ada", 9, None, NOW + kept)
    assert [one.at for one in left.sent] == [NOW + timedelta(minutes=number) for number in (2, 1)]
    client.document("records/ada/usage/x").set({"schema_version": 1, "at": NOW, "expire_at": NOW + kept, "usage": "x"})
    with pytest.raises(RecordsUnreadable):
        usage(client).page("ada", 9, None, NOW)


def test_each_quota_says_what_is_used_up_until_the_user_s_day_ends(client: RecordedClient) -> None:
    usage(client).count("ada", FIFTY, NOW, None, None)
    quotas = Quotas(shipped_kinds(), policies)
    for now, count in ((NOW, 50), (NOW + timedelta(days=1), 0)):
        found = {one.kind: one for one in quotas.used_up(trails(client).read("ada", []), now)}
        assert found.keys() == shipped_kinds().kinds.keys()
        assert (found["usage"].used.count, found["usage"].quota.count_a_day) == (count, 5_000)
        assert found["usage"].used.size_bytes == (len(json_text(FIFTY)) if count else 0)
        assert (found["log"].used.count, found["log"].used.size_bytes) == (0, 0)
        # Of whom there is no streak, by UTC; a day begins at four.
        assert {one.ends_at - now for one in found.values()} == {timedelta(hours=19)}
