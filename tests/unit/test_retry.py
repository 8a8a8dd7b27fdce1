"""How often a write that was not taken is tried again: a conflict often, an overload hardly, a pending one never."""

from __future__ import annotations

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


def test_no_wait_goes_beyond_what_the_request_may_wait() -> None:
    with waiting_at_most(0), pytest.raises(UserBusy):
        Attempts(sleep=lambda _: None).again(WriteConflict("Aborted"))
