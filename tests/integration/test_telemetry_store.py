"""What the store counts and tells of its calls, against the emulator."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.api_core import exceptions

from streak_core.commands import StreakCommands
from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.queries import StreakQueries
from streak_core.retry import Attempts
from streak_core.store.deadlines import waiting_at_most
from streak_core.store.due import DueStore
from streak_core.store.failures import StoreOverloaded
from streak_core.store.runs import RunStore
from streak_core.store.users import UserStore
from streak_core.store.writing import commit
from streak_core.telemetry.context import Tally, Work, during
from streak_core.telemetry.operations import SLOW_MS, call_slow_from
from testing.logged import Logged
from tests.support.population import due_population
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
NIGHT = datetime(2026, 3, 4, 5, tzinfo=UTC)


@pytest.fixture
def tally() -> Iterator[Tally]:
    with during(Work(function="streak", request_id="r")) as work:
        yield work.tally


@pytest.fixture
def slow() -> Iterator[None]:
    call_slow_from(0)
    yield
    call_slow_from(SLOW_MS)


def counts(tally: Tally) -> tuple[int, int]:
    return tally.reads, tally.writes


def record(client: RecordedClient, name: str) -> None:
    wish = RecordActivity(activity_id=name, activity_type="check_in", metadata={})
    service = StreakCommands(UserStore(client, policies), policies, attempts=lambda: Attempts(sleep=lambda _: None))
    service.execute("ada", NOW, wish)


def test_documents_are_counted_as_they_are_read_and_written(
    client: RecordedClient, recorder: Recorder, tally: Tally
) -> None:
    record(client, "a")
    sent = sum(len(names) for names in recorder.documents_read()), len(recorder.documents_written())
    assert counts(tally) == sent
    assert sent == (2, 3)


def test_a_query_reads_what_it_finds_and_one_document_where_it_finds_none(client: RecordedClient, tally: Tally) -> None:
    due_population(client, 10)
    found = [DueStore(client).page(shard, NIGHT, None, 300).users for shard in range(64)]
    assert sum(map(len, found)) == 10
    assert tally.reads == 10 + sum(not users for users in found)
    before = tally.reads
    RunStore(client).shards_done("x")
    assert tally.reads == before + 1


def test_a_write_that_met_a_conflict_is_not_counted_and_its_retry_is(
    client: RecordedClient, recorder: Recorder, tally: Tally
) -> None:
    recorder.before["Commit"] = [exceptions.Aborted("busy"), exceptions.FailedPrecondition("changed")]
    with Logged() as logged:
        record(client, "a")
    assert (tally.writes, tally.retries) == (3, 2)
    assert logged.events() == ["transaction_retry"] * 2
    assert [(line["reason"], line["attempt"]) for line in logged.of("transaction_retry")] == [
        ("Aborted", 1),
        ("FailedPrecondition", 2),
    ]
    assert {line["function"] for line in logged.of("transaction_retry")} == {"streak"}


def test_a_bonus_that_is_earned_is_counted_once_however_often_it_is_asked_for(
    client: RecordedClient, tally: Tally
) -> None:
    service = StreakCommands(UserStore(client, policies), policies)
    monday = datetime(2026, 3, 2, 9, tzinfo=UTC)
    kinds: list[tuple[str, dict[str, Any]]] = [
        ("flashcard_set_completed", {"correct": 10}),
        ("quiz_completed", {"difficulty": "easy", "score": 80}),
        ("evaluation_completed", {"grade": 8}),
        ("study_guide_completed", {}),
    ]
    for number, (kind, metadata) in [*enumerate(kinds), *enumerate(kinds), *enumerate(kinds, 4)]:
        wish = RecordActivity(activity_id=f"a{number}", activity_type=kind, metadata=metadata)
        service.execute("ada", monday + timedelta(hours=1), wish)
    assert tally.bonuses_earned == 1


def test_a_commit_that_failed_otherwise_is_an_error_and_tried_once_more(
    client: RecordedClient, recorder: Recorder, tally: Tally
) -> None:
    recorder.before["Commit"] = [exceptions.DeadlineExceeded("slow")]
    with Logged() as logged:
        record(client, "a")
    assert logged.events() == ["firestore_error", "transaction_retry"]
    ((operation, reason),) = [(line["operation"], line["reason"]) for line in logged.of("firestore_error")]
    assert (operation, reason) == ("firestore.commit", "DEADLINE_EXCEEDED")
    assert (tally.retries, tally.writes) == (1, 3)


def test_a_commit_without_an_answer_is_said_to_have_none(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["Commit"] = [exceptions.ServiceUnavailable("gone")] * 1_000
    with Logged() as logged, waiting_at_most(0.3), pytest.raises(StoreOverloaded):
        commit(client, lambda transaction: transaction.set(client.document("a/b"), {}))
    recorder.before.clear()
    assert [line["reason"] for line in logged.of("firestore_error")] == ["NO_ANSWER"]


@pytest.mark.parametrize(
    ("method", "operation"),
    [("BatchGetDocuments", "firestore.batch_get"), ("RunQuery", "firestore.query"),
     ("RunAggregationQuery", "firestore.aggregate")],
)  # fmt: skip
def test_a_read_that_failed_is_told_once_with_the_name_of_its_status(
    client: RecordedClient, recorder: Recorder, method: str, operation: str
) -> None:
    recorder.before[method] = [exceptions.PermissionDenied("not you: a secret")]
    asks: dict[str, Callable[[], object]] = {
        "BatchGetDocuments": lambda: StreakQueries(UserStore(client, policies), policies).streak("ada", NOW),
        "RunQuery": lambda: DueStore(client).page(0, NOW, None, 10),
        "RunAggregationQuery": lambda: RunStore(client).shards_done("x"),
    }
    with Logged() as logged, pytest.raises(DatabaseUnavailable):
        asks[method]()
    (line,) = logged.of("firestore_error")
    assert (line["operation"], line["reason"], line["severity"]) == (operation, "PERMISSION_DENIED", "ERROR")
    assert "secret" not in str(line)


def test_a_query_that_lacks_an_index_is_told_in_googles_words_and_no_other_failure_is(
    client: RecordedClient, recorder: Recorder
) -> None:
    missing = "The query requires an index. You can create it here: https://console.firebase.google.com/x"
    recorder.before["RunQuery"] = [exceptions.FailedPrecondition(missing), exceptions.InvalidArgument("ada's word")]
    with Logged() as logged:
        for _ in range(2):
            with pytest.raises(DatabaseUnavailable):
                DueStore(client).page(0, NOW, None, 10)
    index, other = logged.of("firestore_error")
    assert (index["reason"], missing in index["detail"]) == ("FAILED_PRECONDITION", True)
    assert "detail" not in other


def test_a_read_that_is_given_up_has_the_reason_of_its_last_failure(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["BatchGetDocuments"] = [exceptions.ResourceExhausted("slow")] * 1_000
    with Logged() as logged, pytest.raises(DatabaseUnavailable):
        UserStore(client, policies).load("ada")
    assert [line["reason"] for line in logged.of("firestore_error")] == ["RESOURCE_EXHAUSTED"]


def test_a_slow_call_is_told_with_what_it_read_and_wrote(client: RecordedClient, slow: None) -> None:
    del slow
    due_population(client, 2)
    with Logged() as logged:
        record(client, "a")
        DueStore(client).page(0, NIGHT, None, 300)
    told = [(line["operation"], line["reads"], line["writes"]) for line in logged.of("slow_operation")]
    assert told == [
        ("firestore.batch_get", 2, 0),
        ("firestore.commit", 0, 3),
        ("firestore.query", 1, 0),
    ]
    assert all(0 < line["duration_ms"] < 60_000 for line in logged.of("slow_operation"))
