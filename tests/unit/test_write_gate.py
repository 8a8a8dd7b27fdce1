"""Whoever is closed waits, and what is known of the lease is never older than it may be."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.write_lease import WriteLease
from streak_core.write_gate import HEEDED_AFTER_SECONDS, KNOWN_SECONDS, Restoring, WriteGate

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Database:
    """Has a lease or none, and may be down; time stands still until it is moved."""

    def __init__(self, lease: WriteLease | None = None) -> None:
        self.lease = lease
        self.is_down = False
        self.asked = 0
        self.seconds = 100.0
        self.gate = WriteGate(self.find, lambda: self.seconds)

    def find(self) -> WriteLease | None:
        self.asked += 1
        if self.is_down:
            raise DatabaseUnavailable
        return self.lease

    def is_closed(self, user_id: str | None = "ada", *, is_question: bool = False) -> bool:
        try:
            self.gate.check(user_id, is_question=is_question)
        except Restoring:
            return True
        return False


def lease(**changes: object) -> WriteLease:
    return WriteLease(reason="restoring", taken_at=NOW, **changes)  # type: ignore[arg-type]


def test_without_a_lease_everybody_is_let_in() -> None:
    database = Database()
    assert not database.is_closed()
    assert not database.is_closed(None)


def test_a_lease_closes_everybody_also_for_questions_unless_it_says_that_they_are_answered() -> None:
    assert Database(lease()).is_closed(is_question=True)
    assert Database(lease()).is_closed(None)
    assert not Database(lease(is_readable=True)).is_closed(is_question=True)
    assert Database(lease(is_readable=True)).is_closed()


def test_a_lease_of_one_user_closes_that_user_and_who_acts_for_all() -> None:
    database = Database(lease(user_ids=("ada",)))
    assert database.is_closed("ada")
    assert not database.is_closed("eve")
    assert database.is_closed(None)


def test_the_lease_is_read_no_more_often_than_it_may_be_known() -> None:
    database = Database()
    assert not any(database.is_closed() for _ in range(9))
    assert database.asked == 1
    database.lease = lease()
    database.seconds += KNOWN_SECONDS - 0.1
    assert not database.is_closed()
    database.seconds += 0.1
    assert database.is_closed()
    assert database.asked == 2


def test_who_restores_waits_longer_than_anybody_goes_by_what_was_known_before() -> None:
    assert HEEDED_AFTER_SECONDS > 2 * KNOWN_SECONDS


def test_where_nobody_knows_nobody_is_let_in_and_the_next_one_asks_again() -> None:
    database = Database()
    database.is_down = True
    with pytest.raises(DatabaseUnavailable):
        database.is_closed()
    database.is_down = False
    assert not database.is_closed()


def test_while_one_asks_others_go_by_what_is_known_and_not_for_longer() -> None:
    database = Database()
    assert not database.is_closed()
    database.seconds += KNOWN_SECONDS
    let_in: list[bool] = []

    def meanwhile() -> WriteLease | None:
        database.asked += 1
        if database.asked == 2:
            let_in.append(not database.is_closed())
            database.seconds += KNOWN_SECONDS
            database.lease = lease()
            let_in.append(not database.is_closed())
        return database.lease

    database.gate = WriteGate(meanwhile, lambda: database.seconds)
    database.asked = 0
    assert not database.is_closed()
    database.seconds += KNOWN_SECONDS
    assert database.is_closed()
    assert let_in == [True, False]


def test_who_is_closed_is_told_when_to_come_again() -> None:
    assert (Restoring.code, Restoring.retry_after_seconds) == ("restoring", 30)
