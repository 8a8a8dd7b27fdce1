"""A batch against the emulator: one reading, one commit, and once and whole whatever happens meanwhile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from google.api_core import exceptions

from streak_core.batches import ActivityBatch, BatchOutcome
from streak_core.commands import Outcome, StreakCommands
from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import NotTried
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.refusals import OccurredTooLongAgo
from streak_core.retry import Attempts
from streak_core.store.documents import read_entry, read_streak
from streak_core.store.users import UserStore
from tests.support.shipped_policy import RULES, policies

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def service(client: firestore.Client) -> StreakCommands:
    return StreakCommands(UserStore(client, policies), policies, lambda: Attempts(sleep=lambda _: None))


def activity(number: int, *, zone: str | None = None) -> RecordActivity:
    return RecordActivity(
        activity_id=f"n{number}",
        activity_type="study_guide_completed",
        metadata={},
        occurred_at=NOW - timedelta(days=9 - number % 10),
        time_zone=zone,
    )


def sent(
    client: firestore.Client, *activities: RecordActivity, at: datetime = NOW, stops: bool = False
) -> BatchOutcome:
    return ActivityBatch(service(client), "ada", at, activities).run(stop_at_refusal=stops)


def check_proved(client: firestore.Client) -> None:
    """What is stored is what the ledger leads to."""
    entries = [read_entry(one.to_dict() or {}) for one in client.collection("streaks/ada/ledger").stream()]
    stored, _ = read_streak(client.document("streaks/ada").get().to_dict() or {})
    assert rebuild(sorted(entries, key=lambda one: one.seq), RULES) == stored


def test_a_batch_is_one_batch_get_and_one_transaction(client: RecordedClient, recorder: Recorder) -> None:
    outcome = sent(client, *(activity(number) for number in range(25)))
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert all(isinstance(one, Outcome) and not one.replayed for one in outcome.results)
    assert outcome.streak["current_streak"] == 10
    assert sum("/ledger/" in name for name in recorder.documents_written()) == 25
    check_proved(client)


def test_a_batch_in_which_nothing_is_new_writes_nothing(client: RecordedClient, recorder: Recorder) -> None:
    first = sent(client, activity(1), activity(2))
    recorder.calls.clear()
    again = sent(client, activity(1), activity(2), at=NOW + timedelta(days=1))
    assert recorder.methods() == ["BatchGetDocuments"]
    assert [one.response for one in again.results if isinstance(one, Outcome) and one.replayed] == [
        one.response for one in first.results if isinstance(one, Outcome)
    ]


def test_a_batch_that_meets_a_conflict_is_decided_anew(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["Commit"] = [exceptions.Aborted("somebody else wrote first")]
    outcome = sent(client, activity(1), activity(2))
    assert recorder.methods().count("Commit") == 2
    assert outcome.streak["xp_total"] == 30
    check_proved(client)


def test_a_batch_whose_reply_was_lost_is_found_and_not_recorded_again(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.after["Commit"] = [exceptions.Unknown("the reply was lost")]
    outcome = sent(client, activity(1), activity(2), activity(1))
    assert [one.replayed for one in outcome.results if isinstance(one, Outcome)] == [False, False, True]
    assert outcome.streak["xp_total"] == 30
    check_proved(client)


def test_a_batch_that_ended_at_a_refusal_and_whose_reply_was_lost_is_found_up_to_there(
    client: RecordedClient, recorder: Recorder
) -> None:
    recorder.after["Commit"] = [exceptions.Unknown("the reply was lost")]
    too_late = replace(activity(2), occurred_at=NOW - timedelta(days=60))
    outcome = sent(client, activity(1), too_late, activity(3), stops=True)
    first, second, third = outcome.results
    assert isinstance(first, Outcome)
    assert not first.replayed
    assert (isinstance(second, OccurredTooLongAgo), isinstance(third, NotTried)) == (True, True)
    assert recorder.methods().count("Commit") == 1
    assert [one.id for one in client.collection("streaks/ada/ledger").stream()] == ["activity.n1"]
    check_proved(client)


def test_a_first_zone_that_is_said_within_a_batch_labels_what_came_before_it_there(client: RecordedClient) -> None:
    service(client).execute("ada", NOW - timedelta(days=1), activity(8))
    sent(client, activity(7), activity(9, zone="Pacific/Kiritimati"))
    other = "ben"
    for number, zone in ((8, None), (7, None), (9, "Pacific/Kiritimati")):
        at = NOW - timedelta(days=1) if number == 8 else NOW
        service(client).execute(other, at, activity(number, zone=zone))
    ours, theirs = (read_streak(client.document(f"streaks/{name}").get().to_dict() or {})[0] for name in ("ada", "ben"))
    assert ours == theirs
    check_proved(client)
