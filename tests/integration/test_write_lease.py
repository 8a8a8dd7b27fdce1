"""One lease a database: one call at a time works under it, and what it has half done only goes on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from streak_core.store.write_lease import LEASE, LeaseTakenError, WriteLease, WriteLeases
from tests.support.recorded_client import RecordedClient

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def wanted(owner: str = "me", backup: str | None = "b", user_ids: tuple[str, ...] | None = None) -> WriteLease:
    return WriteLease(reason="restoring", taken_at=NOW, owner=owner, backup=backup, user_ids=user_ids)


@pytest.fixture
def leases(client: RecordedClient) -> WriteLeases:
    return WriteLeases(client)


def test_nothing_is_closed_until_somebody_takes_it_and_none_is_once_it_is_given_back(leases: WriteLeases) -> None:
    assert leases.find() is None
    taken = leases.take(wanted(), NOW)
    assert leases.find() == taken
    assert taken.owned_until == NOW + LEASE
    leases.give_back("me", NOW)
    assert leases.find() is None
    leases.give_back("me", NOW)


def test_another_call_is_refused_while_there_are_signs_of_life_and_goes_on_after_them(leases: WriteLeases) -> None:
    leases.take(wanted(), NOW)
    leases.keep("me", NOW + LEASE, parts_done=7)
    with pytest.raises(LeaseTakenError):
        leases.take(wanted("other"), NOW + LEASE)
    taken = leases.take(wanted("other"), NOW + 2 * LEASE + timedelta(seconds=1))
    assert (taken.owner, taken.parts_done) == ("other", 7)
    with pytest.raises(LeaseTakenError):
        leases.keep("me", NOW + 2 * LEASE)
    with pytest.raises(LeaseTakenError):
        leases.give_back("me", NOW + 2 * LEASE)


@pytest.mark.parametrize("other", [wanted("x", backup="c"), wanted("x", user_ids=("ada",)), wanted("x", backup=None)])
def test_what_is_half_done_is_not_taken_over_by_anything_else(leases: WriteLeases, other: WriteLease) -> None:
    leases.take(wanted(), NOW)
    with pytest.raises(LeaseTakenError):
        leases.take(other, NOW + 2 * LEASE)
    assert leases.take(wanted("x"), NOW + 2 * LEASE).owner == "x"


def test_it_is_given_back_without_an_owner_only_where_nobody_works_under_it(leases: WriteLeases) -> None:
    leases.take(wanted(), NOW)
    with pytest.raises(LeaseTakenError):
        leases.give_back(None, NOW)
    leases.give_back(None, NOW + 2 * LEASE)
    assert leases.find() is None


def test_one_that_does_not_read_closes_all_the_same(client: RecordedClient, leases: WriteLeases) -> None:
    client.document("service/write_lease").set({"reason": 5})
    found = leases.find()
    assert found
    assert found.closes("ada", is_question=True)
