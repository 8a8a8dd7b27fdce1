"""Counts of a run add up, and a report names at most a hundred users."""

from __future__ import annotations

from datetime import UTC, datetime

from streak_core.maintenance.endurance import Stop
from streak_core.maintenance.report import report
from streak_core.store.run_documents import UNREADABLE_REPORTED_MAX, Counts, total

EARLY, LATE = datetime(2026, 3, 4, 4, tzinfo=UTC), datetime(2026, 3, 4, 5, tzinfo=UTC)


def test_counts_add_up_and_keep_the_oldest_deadline() -> None:
    one = Counts(users_processed=2, rpcs=3, oldest_deadline=LATE)
    other = Counts(users_processed=5, errors=1, oldest_deadline=EARLY)
    assert one + other == Counts(users_processed=7, errors=1, rpcs=3, oldest_deadline=EARLY)
    assert total([]) == Counts()
    assert total([one, Counts()]) == one


def test_a_report_names_at_most_a_hundred_users_and_counts_all() -> None:
    failed = [Counts(errors=1, unreadable=({"user_id": str(number), "reason": "tail"},)) for number in range(150)]
    answer = report("r", "degraded", total(failed), LATE, 2.0)
    assert answer["errors"] == 150
    assert [one["user_id"] for one in answer["unreadable"]] == [
        str(number) for number in range(UNREADABLE_REPORTED_MAX)
    ]


def test_a_report_says_how_overdue_the_oldest_was_and_never_less_than_nothing() -> None:
    assert report("r", "success", Counts(oldest_deadline=EARLY), LATE, 2.0)["oldest_overdue_seconds"] == 3600
    assert report("r", "success", Counts(oldest_deadline=LATE), EARLY, 2.0)["oldest_overdue_seconds"] == 0
    assert report("r", "success", Counts(), LATE, 0.0)["users_per_second"] == 0


def test_a_report_says_what_stopped_the_run_and_which_shards_are_left() -> None:
    answer = report("r", "partial", Counts(errors=3), LATE, 2.0, stops={9: Stop.FAILURE, 2: Stop.DEADLINE})
    assert (answer["stopped_by"], answer["shards_unfinished"], answer["errors"]) == ("deadline", [2, 9], 3)
    assert report("r", "partial", Counts(), LATE, 2.0, stops={9: Stop.FAILURE})["stopped_by"] == "failure"
    done = report("r", "success", Counts(), LATE, 2.0)
    assert (done["stopped_by"], done["shards_unfinished"]) == (None, [])
