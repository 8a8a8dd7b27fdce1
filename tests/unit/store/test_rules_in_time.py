"""The list of policies as a process holds it: read at most once a minute, and never used when it is too old."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import pytest

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.domain.rules import KNOWN_AFTER, PolicyInTime
from streak_core.store.deadlines import waiting_at_most
from streak_core.store.policies import PolicyUnreadable
from streak_core.store.rules_in_time import READ_EVERY_SECONDS, USABLE_SECONDS, RulesInTime
from testing.logged import Logged
from tests.support.shipped_policy import POLICY, RULES

ONE = PolicyInTime(
    number=1, effective_from=date(2026, 3, 9), policy=POLICY, published_at=datetime(2026, 3, 2, 9, tzinfo=UTC)
)


@dataclass
class Database:
    """What is stored, how often it was read, and what goes wrong with it."""

    policies: tuple[PolicyInTime, ...] = ()
    failure: Exception | None = None
    reads: int = 0
    now: float = 1_000.0
    rules: RulesInTime = field(init=False)

    def __post_init__(self) -> None:
        self.rules = RulesInTime(RULES.policies[0], tuple, self.read, clock=lambda: self.now)

    def read(self) -> tuple[PolicyInTime, ...]:
        self.reads += 1
        if self.failure:
            raise self.failure
        return self.policies


def test_number_0_comes_first_and_those_that_were_published_after_it() -> None:
    assert Database(policies=(ONE,)).rules().policies == (*RULES.policies, ONE)


def test_the_list_is_read_once_a_minute_however_often_it_is_asked_for() -> None:
    database = Database()
    for _ in range(3):
        database.rules()
    database.now += READ_EVERY_SECONDS - 0.1
    database.rules()
    assert database.reads == 1
    database.now += 0.1
    database.policies = (ONE,)
    assert ONE in database.rules().policies
    assert database.reads == 2


def test_a_list_that_has_not_changed_is_the_same_one() -> None:
    database = Database(policies=(ONE,))
    first = database.rules()
    database.now += READ_EVERY_SECONDS
    assert database.rules() is first
    assert database.reads == 2


def test_what_this_process_has_changed_is_read_at_once() -> None:
    database = Database()
    database.rules()
    database.policies = (ONE,)
    database.rules.forget()
    assert ONE in database.rules().policies


@pytest.mark.parametrize("failure", [DatabaseUnavailable(), PolicyUnreadable(number=1)])
def test_without_a_list_nobody_is_answered(failure: Exception) -> None:
    database = Database(failure=failure)
    with pytest.raises(type(failure)):
        database.rules()
    database.failure = None
    assert database.rules().policies == RULES.policies


def test_a_database_that_is_away_is_asked_once_a_minute_while_the_list_is_good_enough() -> None:
    database = Database()
    database.rules()
    database.failure = DatabaseUnavailable()
    database.now += USABLE_SECONDS - 1
    for _ in range(3):
        assert database.rules().policies == RULES.policies
    assert database.reads == 2


def test_a_list_is_given_up_before_a_policy_that_it_does_not_have_could_count() -> None:
    assert KNOWN_AFTER.total_seconds() > USABLE_SECONDS
    database = Database()
    database.rules()
    database.failure = DatabaseUnavailable()
    database.now += USABLE_SECONDS
    with pytest.raises(DatabaseUnavailable):
        database.rules()


def test_a_policy_that_does_not_read_refuses_nobody_before_it_could_count_and_then_everybody() -> None:
    database = Database()
    database.rules()
    database.failure = PolicyUnreadable(number=1)
    while database.now < 1_000.0 + USABLE_SECONDS:
        assert [database.rules().policies for _ in range(2)] == [RULES.policies] * 2
        database.now += READ_EVERY_SECONDS
    for _ in range(2):
        with pytest.raises(PolicyUnreadable):
            database.rules()


@pytest.mark.parametrize(
    ("failure", "said"), [(PolicyUnreadable(number=1), ["POLICY_UNREADABLE"]), (DatabaseUnavailable(), [])]
)
def test_a_policy_that_does_not_read_is_said_at_once_and_a_database_that_is_away_is_not_said_twice(
    failure: Exception, said: list[str]
) -> None:
    database = Database()
    database.rules()
    database.failure = failure
    database.now += READ_EVERY_SECONDS
    with Logged() as logged:
        for _ in range(2):
            database.rules()
    assert [line["reason"] for line in logged.of("firestore_error")] == said


def test_while_one_reads_the_others_go_on_with_what_is_held() -> None:
    database = Database()
    held = database.rules()
    begun, goes_on = threading.Event(), threading.Event()

    def slowly() -> tuple[PolicyInTime, ...]:
        begun.set()
        goes_on.wait(10)
        return (ONE,)

    database.rules.published = slowly
    database.now += READ_EVERY_SECONDS
    reader = threading.Thread(target=database.rules)
    reader.start()
    assert begun.wait(10)
    assert database.rules() is held
    goes_on.set()
    reader.join(10)
    assert ONE in database.rules().policies


def test_whoever_has_nothing_to_go_on_with_waits_no_longer_than_a_request_may() -> None:
    database = Database()
    begun, goes_on = threading.Event(), threading.Event()

    def slowly() -> tuple[PolicyInTime, ...]:
        begun.set()
        goes_on.wait(10)
        return ()

    database.rules.published = slowly
    reader = threading.Thread(target=database.rules)
    reader.start()
    assert begun.wait(10)
    with waiting_at_most(0.0), pytest.raises(DatabaseUnavailable):
        database.rules()
    goes_on.set()
    reader.join(10)
