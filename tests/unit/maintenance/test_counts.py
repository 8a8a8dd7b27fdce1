"""Counts of a run add up, and a report names at most a hundred users."""

from __future__ import annotations

from datetime import UTC, datetime

from streak_core.maintenance.report import report_of
from streak_core.store.run_documents import UNREADABLE_REPORTED_MAX, Counts, total
from streak_core.store.run_report import RunStatus, Stop

EARLY, LATE = datetime(2026, 3, 4, 4, tzinfo=UTC), datetime(2026, 3, 4, 5, tzinfo=UTC)


def test_counts_add_up_and_keep_the_oldest_deadline() -> None:
    one = Counts(users_processed=2, documents_read=3, oldest_deadline=LATE)
    other = Counts(users_processed=5, errors=1, oldest_deadline=EARLY)
    assert one + other == Counts(users_processed=7, errors=1, documents_read=3, oldest_deadline=EARLY)
    assert total([]) == Counts()
    assert total([one, Counts()]) == one


def test_a_report_names_at_most_a_hundred_users_and_counts_all() -> None:
    failed = [Counts(errors=1, unreadable=({"user_id": str(number), "reason": "tail"},)) for number in range(150)]
    report = report_of("r", total(failed), LATE, 2.0)
    assert report.errors == 150
    assert [one["user_id"] for one in report.unreadable] == [str(number) for number in range(UNREADABLE_REPORTED_MAX)]


def test_a_report_says_how_overdue_the_oldest_was_and_never_less_than_nothing() -> None:
    assert report_of("r", Counts(oldest_deadline=EARLY), LATE, 2.0).oldest_overdue_seconds == 3600
    assert report_of("r", Counts(oldest_deadline=LATE), EARLY, 2.0).oldest_overdue_seconds == 0
    assert report_of("r", Counts(), LATE, 0.0).users_per_second == 0


def test_a_report_says_what_stopped_the_run_and_which_shards_are_left() -> None:
    report = report_of("r", Counts(errors=3), LATE, 2.0, stops={9: Stop.FAILURE, 2: Stop.DEADLINE})
    assert (report.stopped_by, report.shards_unfinished, report.errors) == (Stop.DEADLINE, (2, 9), 3)
    assert report_of("r", Counts(), LATE, 2.0, stops={9: Stop.FAILURE}).stopped_by is Stop.FAILURE
    done = report_of("r", Counts(), LATE, 2.0)
    assert (done.stopped_by, done.shards_unfinished) == (None, ())


def test_a_run_is_partial_where_a_shard_is_left_degraded_where_a_user_is_and_else_a_success() -> None:
    stops = {2: Stop.SHUTDOWN}
    assert report_of("r", Counts(errors=1), LATE, 2.0, stops=stops).status is RunStatus.PARTIAL
    assert report_of("r", Counts(errors=1), LATE, 2.0).status is RunStatus.DEGRADED
    assert report_of("r", Counts(), LATE, 2.0).status is RunStatus.SUCCESS
