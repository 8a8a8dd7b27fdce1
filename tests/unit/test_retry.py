"""How often a write that was not taken is tried again: a conflict often, an overload hardly, a pending one never."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from heapq import heapify, heappop, heappush

import pytest

from streak_core.domain.errors import DatabaseOverloaded, UserBusy
from streak_core.retry import Attempts, RetryRules
from streak_core.store.deadlines import waiting_at_most
from streak_core.store.failures import CommitFailed, StoreOverloaded, WriteConflict, WriteRefused


def tries(attempts: Attempts, failure: CommitFailed | None) -> int:
    """How often it waits before it gives up."""
    for number in range(100):
        try:
            attempts.again(failure)
        except (UserBusy, DatabaseOverloaded, WriteRefused):
            return number
    return 100


def attempts() -> Attempts:
    return Attempts(sleep=lambda _: None, jitter=lambda _, __: 0.0)


def test_a_conflict_is_tried_again_until_the_attempts_are_used_up() -> None:
    assert tries(attempts(), WriteConflict("Aborted")) == RetryRules().attempts_max - 1
    with pytest.raises(UserBusy):
        Attempts(rules=RetryRules(attempts_max=1)).again(WriteConflict("Aborted"))


def test_an_overload_is_tried_again_once() -> None:
    assert tries(attempts(), StoreOverloaded("Unknown")) == 1


def test_a_commit_that_is_still_on_its_way_is_not_sent_again() -> None:
    with pytest.raises(DatabaseOverloaded):
        attempts().again(StoreOverloaded("no answer", is_pending=True))


def test_a_refused_write_is_looked_for_some_times_and_then_refused() -> None:
    assert tries(attempts(), WriteRefused("InvalidArgument")) == RetryRules().refusals_max - 1


@dataclass(order=True)
class Writer:
    """One of those who write to the same user: when it acts next, in seconds, and what it read then."""

    at: float
    number: int
    attempts: Attempts = field(compare=False)
    left: int = field(compare=False)
    read: int | None = field(compare=False, default=None)


def most_attempts(seed: int, writers: int, each: int, step_seconds: float) -> int:
    """How often the unluckiest command is tried, where a read and a commit take so long and one commit in turn wins.

    Raises what `Attempts.again` does.
    """
    chance, now, version, most = random.Random(seed), [0.0], 0, 0  # noqa: S311 - repeatable, no secret

    def attempts() -> Attempts:
        return Attempts(clock=lambda: now[0], sleep=waits.append, jitter=chance.uniform)

    waits: list[float] = []
    due = [Writer(0.0, number, attempts(), each) for number in range(writers)]
    heapify(due)
    while due:
        one = heappop(due)
        now[0] = one.at
        if one.read is None:
            heappush(due, replace(one, at=one.at + step_seconds, read=version))
        elif one.read == version:
            version, most = version + 1, max(most, one.attempts.retries + 1)
            if one.left > 1:
                heappush(due, replace(one, attempts=attempts(), left=one.left - 1, read=None))
        else:
            one.attempts.again(WriteConflict("Aborted"))
            heappush(due, replace(one, at=one.at + waits.pop() + step_seconds, read=None))
    return most


@pytest.mark.parametrize("seed", range(20))
def test_thirty_two_who_write_to_one_user_at_once_all_get_in_within_the_bounds(seed: int) -> None:
    # By a clock of its own: the bounds are enough for a database that takes as long as one at work does.
    assert 1 < most_attempts(seed, writers=32, each=4, step_seconds=0.01) <= RetryRules().attempts_max


def test_where_each_step_takes_too_long_somebody_is_told_to_ask_again() -> None:
    with pytest.raises(UserBusy):
        most_attempts(1, writers=32, each=4, step_seconds=0.5)


def test_no_wait_goes_beyond_what_the_request_may_wait() -> None:
    with waiting_at_most(0), pytest.raises(UserBusy):
        Attempts(sleep=lambda _: None).again(WriteConflict("Aborted"))
