"""A write that Firestore does not take, refuses or does not answer: how often it is sent, and what is said then."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from google.api_core import exceptions
from google.cloud import firestore

from streak_core.commands import StreakCommands
from streak_core.domain.errors import DatabaseOverloaded, DatabaseUnavailable, UserBusy
from streak_core.retry import Attempts, RetryRules
from streak_core.store.deadlines import waiting_at_most
from streak_core.store.failures import StoreOverloaded, WriteRefused
from streak_core.store.users import UserStore
from streak_core.store.writing import PENDING_MAX, commit
from tests.support.one_user import NOW, guide, service
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies


def test_a_write_that_was_aborted_is_tried_again(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["Commit"] = [exceptions.Aborted("busy"), exceptions.Aborted("busy")]
    outcome = service(client).execute("ada", NOW, guide("a"))
    assert (outcome.retries, outcome.response["streak"]["current_streak"]) == (2, 1)


def test_a_write_that_never_succeeds_gives_up_within_its_bounds(client: RecordedClient, recorder: Recorder) -> None:
    waits: list[float] = []

    def attempts() -> Attempts:
        return Attempts(rules=RetryRules(attempts_max=4), sleep=waits.append, jitter=lambda _, limit: limit)

    recorder.before["Commit"] = [exceptions.Aborted("busy")] * 5
    user = StreakCommands(UserStore(client, policies), policies, attempts)
    with pytest.raises(UserBusy):
        user.execute("ada", NOW, guide("a"))
    assert waits == [0.02, 0.04, 0.08]
    assert len(recorder.before["Commit"]) == 1


def test_what_is_neither_conflict_nor_overload_is_not_tried_again(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["Commit"] = [exceptions.PermissionDenied("no"), exceptions.PermissionDenied("no")]
    with pytest.raises(DatabaseUnavailable):
        service(client).execute("ada", NOW, guide("a"))
    assert len(recorder.before["Commit"]) == 1


def test_a_write_that_firestore_refuses_is_sent_some_times_and_no_more(
    client: RecordedClient, recorder: Recorder
) -> None:
    refusals_max = RetryRules().refusals_max
    recorder.before["Commit"] = [exceptions.InvalidArgument("too large")] * 9
    with pytest.raises(WriteRefused):
        service(client).execute("ada", NOW, guide("a"))
    assert recorder.methods().count("Commit") == refusals_max
    # Each time it was looked for: its reply may have been lost, and the client have sent it once more.
    assert recorder.methods().count("BatchGetDocuments") == refusals_max + 1


def test_the_last_try_of_a_write_that_is_refused_may_have_taken_effect(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.before["Commit"] = [exceptions.InvalidArgument("closed")] * (RetryRules().refusals_max - 1)
    recorder.after["Commit"] = [exceptions.InvalidArgument("closed")]
    outcome = service(client).execute("ada", NOW, guide("a"))
    assert (outcome.replayed, outcome.response["streak"]["xp_total"]) == (False, 15)


def test_what_a_write_is_refused_for_is_told_also_where_it_can_not_be_rolled_back(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.before["Commit"] = [exceptions.PermissionDenied("no")]
    recorder.before["Rollback"] = [exceptions.Aborted("busy")]
    with pytest.raises(DatabaseUnavailable) as unavailable:
        service(client).execute("ada", NOW, guide("a"))
    assert isinstance(unavailable.value.__cause__, exceptions.PermissionDenied)


def test_a_mistake_of_our_own_in_a_write_is_no_trouble_of_the_databases(client: RecordedClient) -> None:
    def write(_: firestore.Transaction) -> None:
        message = "ours"
        raise ValueError(message)

    with pytest.raises(ValueError, match="ours"):
        commit(client, write)


@pytest.mark.parametrize("status", [exceptions.DeadlineExceeded, exceptions.InternalServerError, exceptions.Unknown])
def test_an_overloaded_database_is_told_from_a_conflict_after_two_tries(
    client: RecordedClient, recorder: Recorder, status: type[exceptions.GoogleAPICallError]
) -> None:
    recorder.before["Commit"] = [status("busy")] * 5
    with pytest.raises(DatabaseOverloaded) as refused:
        service(client).execute("ada", NOW, guide("a"))
    assert (refused.value.code, refused.value.retry_after_seconds) == ("database_unavailable", 10)
    assert recorder.methods().count("Commit") == 2


@pytest.mark.parametrize("method", ["BeginTransaction", "Commit"])
@pytest.mark.parametrize("status", [exceptions.ResourceExhausted, exceptions.ServiceUnavailable])
def test_what_the_client_goes_on_trying_by_itself_is_waited_for_once_and_not_for_long(
    client: RecordedClient, recorder: Recorder, method: str, status: type[exceptions.GoogleAPICallError]
) -> None:
    recorder.before[method] = [status("busy")] * 1_000
    begun = time.monotonic()
    with waiting_at_most(1.0), pytest.raises(DatabaseOverloaded):
        service(client).execute("ada", NOW, guide("a"))
    # The client itself goes on for a minute.
    assert time.monotonic() - begun < 30
    assert recorder.methods().count("BatchGetDocuments") == 1
    recorder.before.clear()


def without_answers(client: RecordedClient, recorder: Recorder) -> None:
    """An outage that has left as many commits behind as may be."""
    recorder.before["Commit"] = [exceptions.ResourceExhausted("busy")] * 1_000
    for _ in range(PENDING_MAX):
        with waiting_at_most(0.3), pytest.raises(StoreOverloaded):
            commit(client, lambda transaction: transaction.set(client.document("a/b"), {}))


def test_after_some_commits_without_an_answer_one_at_a_time_is_sent_and_the_others_are_refused_unsent(
    client: RecordedClient, recorder: Recorder
) -> None:
    without_answers(client, recorder)

    with ThreadPoolExecutor(1) as pool:
        one = pool.submit(service(client).execute, "bob", NOW, guide("a"))
        while recorder.methods().count("BeginTransaction") == PENDING_MAX and not one.done():
            time.sleep(0.01)
        for _ in range(3):
            with pytest.raises(DatabaseOverloaded):
                service(client).execute("ada", NOW, guide("a"))
        assert not one.done()
        assert recorder.methods().count("BeginTransaction") == PENDING_MAX + 1
        with pytest.raises(DatabaseOverloaded):
            one.result()


def test_a_database_that_is_back_gets_every_commit_although_earlier_ones_still_wait_to_be_sent_again(
    client: RecordedClient, recorder: Recorder
) -> None:
    without_answers(client, recorder)
    recorder.before.clear()
    service(client).execute("ada", NOW, guide("a"))
    with ThreadPoolExecutor(2 * PENDING_MAX) as pool:
        names = [f"v{number}" for number in range(2 * PENDING_MAX)]
        found = list(pool.map(lambda name: service(client).execute(name, NOW, guide("a")).response["streak"], names))
    assert [one["current_streak"] for one in found] == [1] * len(names)


def test_a_request_whose_time_is_used_up_sends_nothing_more(client: RecordedClient, recorder: Recorder) -> None:
    with waiting_at_most(0), pytest.raises(DatabaseUnavailable):
        UserStore(client, policies).load("ada")
    with waiting_at_most(0), pytest.raises(StoreOverloaded):
        commit(client, lambda transaction: transaction.set(client.document("a/b"), {}))
    assert recorder.methods() == []


def test_a_database_that_does_not_answer_is_said_to_be_unavailable(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["BatchGetDocuments"] = [exceptions.DeadlineExceeded("gone")]
    with pytest.raises(DatabaseUnavailable):
        UserStore(client, policies).load("ada")
    recorder.before["RunQuery"] = [exceptions.DeadlineExceeded("gone")]
    with pytest.raises(DatabaseUnavailable):
        UserStore(client, policies).activities("ada", 5, None)
