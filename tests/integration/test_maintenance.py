"""The job against the emulator: who is read, what is written, and what cannot stop it."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from google.api_core import exceptions

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import RecordActivity
from streak_core.maintenance.run import Maintenance
from streak_core.queries import StreakQueries
from streak_core.retry import Attempts, RetryRules
from streak_core.store.documents import read_streak
from streak_core.store.due import DueStore
from streak_core.store.run_report import RunReport, report_content
from streak_core.store.runs import RunStore
from streak_core.store.sharding import SHARDS, shard_of
from streak_core.store.users import UserStore
from testing.logged import Logged
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
UNPACED = MaintenanceRules(is_paced=False)
REPORT = {
    *("run_id", "status", "users_processed", "freezes_applied", "streaks_broken", "errors", "transaction_retries"),
    *("duration_seconds", "users_per_second", "peak_memory_mib", "oldest_overdue_seconds", "timestamp"),
    *("stopped_by", "shards_unfinished"),
    *("documents_read", "documents_written", "unreadable"),
}


def job(client: RecordedClient, rules: MaintenanceRules = UNPACED) -> Maintenance:
    def attempts() -> Attempts:
        return Attempts(rules=RetryRules(attempts_max=4), sleep=lambda _: None)

    return Maintenance(DueStore(client), RunStore(client), policies, rules=rules, attempts=attempts)


def run(client: RecordedClient, at: datetime, rules: MaintenanceRules = UNPACED) -> RunReport:
    """A run of its own, whatever ran before."""
    return job(client, rules).run(uuid.uuid4().hex, at)


def active(client: RecordedClient, user_id: str, day: int = 0, correct: int = 0) -> None:
    service = StreakCommands(UserStore(client, policies), policies)
    kind = ("flashcard_set_completed", {"correct": correct}) if correct else ("check_in", {})
    wish = RecordActivity(activity_id=f"a{day}", activity_type=kind[0], metadata=kind[1])
    service.execute(user_id, NOW + timedelta(days=day), wish)


def stored(client: RecordedClient, user_id: str) -> dict[str, Any]:
    return client.collection("streaks").document(user_id).get().to_dict() or {}


def events(client: RecordedClient, user_id: str) -> set[str]:
    found = client.collection("streaks").document(user_id).collection("events").stream()
    return {one.id for one in found if one.id[0] != "0"}


def test_a_night_settles_everybody_who_is_due_and_a_second_run_finds_nobody(client: RecordedClient) -> None:
    for number in range(30):
        active(client, f"u{number}", correct=1_000 if number % 3 == 0 else 0)
    at = NOW + timedelta(days=2)
    report = run(client, at)
    assert set(report_content(report)) == REPORT
    assert (report.status, report.users_processed, report.errors) == ("success", 30, 0)
    assert (report.freezes_applied, report.streaks_broken) == (10, 20)
    assert report.oldest_overdue_seconds == timedelta(hours=5).total_seconds()
    assert events(client, "u0") == {"2026-03-03.freeze_applied"}
    assert events(client, "u1") == {"2026-03-03.streak_broken"}
    assert (stored(client, "u0")["current_streak"], stored(client, "u1")["current_streak"]) == (1, 0)
    assert stored(client, "u0")["expires_at"].isoformat() == "2026-03-05T04:00:00+00:00"
    assert stored(client, "u1")["expires_at"] is None
    again = run(client, at)
    assert (again.users_processed, again.freezes_applied, again.streaks_broken) == (0, 0, 0)


def test_who_is_not_due_is_not_read(client: RecordedClient, recorder: Recorder) -> None:
    for number in range(20):
        active(client, f"u{number}")
    recorder.calls.clear()
    assert run(client, NOW + timedelta(days=1)).users_processed == 0
    methods = recorder.methods()
    assert methods.count("RunQuery") == SHARDS
    # The run's own document: read and claimed, read again, and its report kept.
    assert sorted(set(methods) - {"RunQuery"}) == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert len(methods) == SHARDS + 6


def test_a_job_changes_no_answer_and_neither_tail_nor_checkpoint(client: RecordedClient) -> None:
    active(client, "ada", correct=1_000)
    ask = StreakQueries(UserStore(client, policies), policies)
    at = NOW + timedelta(days=30)
    before, state = ask.streak("ada", at), read_streak(stored(client, "ada"))[0]
    told = ask.events("ada", at, 100, None)
    run(client, at)
    assert ask.streak("ada", at) == before
    assert ask.events("ada", at, 100, None) == told
    assert read_streak(stored(client, "ada"))[0] == state


def test_a_document_that_is_no_streak_is_counted_logged_and_stops_nobody(
    client: RecordedClient,
) -> None:
    shard = shard_of("good")
    active(client, "good")
    streaks = client.collection("streaks")
    early = {"shard": shard, "expires_at": NOW}
    streaks.document("empty").set(early)
    streaks.document("future").set({**early, "schema_version": 99})
    wrong = '{"tail": {"not a day": {"xp": "many"}}}'
    streaks.document("broken").set({**stored(client, "good"), **early, "state": wrong})
    with Logged() as lines:
        report = run(client, NOW + timedelta(days=2))
    assert (report.status, report.errors, report.users_processed) == ("degraded", 3, 1)
    logged = {line["user_id"]: line["reason"] for line in lines.of("user_failed")}
    assert logged.keys() == {"empty", "future", "broken"}
    assert "many" not in logged["broken"]
    assert stored(client, "good")["current_streak"] == 0


def test_a_batch_that_meets_a_conflict_is_settled_one_by_one(client: RecordedClient, recorder: Recorder) -> None:
    users = [name for number in range(600) if shard_of(name := f"u{number}") == 7]
    for name in users:
        active(client, name)
    recorder.before["Commit"] = [None, exceptions.Aborted("busy"), exceptions.Aborted("busy")]
    report = run(client, NOW + timedelta(days=2))
    assert (report.users_processed, report.streaks_broken) == (len(users), len(users))
    assert (report.transaction_retries, report.errors) == (2, 0)


def test_a_user_who_came_back_between_reading_and_writing_keeps_what_was_done(
    client: RecordedClient, recorder: Recorder
) -> None:
    active(client, "ada")
    at = NOW + timedelta(days=2)

    class Meanwhile(DueStore):
        def commit(self, batch: Any, also: Any) -> None:
            if not recorder.methods().count("Rollback"):
                active(client, "ada", day=2)
            super().commit(batch, also)

    report = Maintenance(Meanwhile(client), RunStore(client), policies, rules=UNPACED).run("r", at)
    assert (report.users_processed, report.errors, report.transaction_retries) == (0, 0, 1)
    assert stored(client, "ada")["current_streak"] == 1
    assert events(client, "ada") == {"2026-03-03.streak_broken"}


def test_a_user_who_cannot_be_written_is_an_error_and_not_the_end(client: RecordedClient, recorder: Recorder) -> None:
    active(client, "ada")
    recorder.before["Commit"] = [None, *[exceptions.Aborted("busy")] * 5]
    report = run(client, NOW + timedelta(days=2))
    assert (report.status, report.errors, report.users_processed) == ("degraded", 1, 0)
    recorder.before.clear()
    assert run(client, NOW + timedelta(days=2)).users_processed == 1


def test_a_user_who_is_gone_or_no_longer_due_is_left_alone(client: RecordedClient) -> None:
    store = DueStore(client)
    assert store.reload("nobody") is None
    active(client, "ada")
    current = store.reload("ada")
    assert current is not None
    assert current.is_due(NOW + timedelta(days=2))
    assert not current.is_due(NOW + timedelta(days=1))


def test_pages_of_due_users_follow_each_other_without_loss_or_repetition(client: RecordedClient) -> None:
    users = [name for number in range(500) if shard_of(name := f"u{number}") == 3]
    for number, name in enumerate(users):
        active(client, name, day=number % 2)
    store, at = DueStore(client), NOW + timedelta(days=9)
    seen, cursor = [], None
    while True:
        page = store.page(3, at, cursor, limit=2)
        seen += [user.user_id for user in page.users]
        cursor = page.cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(users)
    assert seen[: len(users) // 2] != sorted(seen)[: len(users) // 2] or len(users) < 4
