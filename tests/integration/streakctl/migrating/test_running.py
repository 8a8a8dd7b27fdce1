"""A database goes up and comes back under one lease, and what is in the way is said before anything is written."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.commands import StreakCommands
from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.endurance import Endurance
from streak_core.migrating import SomebodyElseError
from streak_core.migrations.chain import Chain, kept_in
from streak_core.migrations.migration import Migration, MigrationRefusedError
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.failures import StoreOverloaded
from streak_core.store.migrated import MigratedUsers
from streak_core.store.migrations import Counts, MigrationState
from streak_core.store.runs import LEASE
from streak_core.store.users import UserStore
from tests.integration.streakctl.migrating.running import (
    CHAIN,
    ERASED,
    NOW,
    USERS,
    everything,
    record,
    run,
    write_users,
)
from tests.support.shipped_policy import policies
from tools.streakctl.database import WrongUseError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.cloud import firestore

    from streak_core.store.documents import Document
    from streak_core.store.migrated import Beside, Change, Found
    from streak_core.store.migrations import Progress
    from tests.support.recorded_client import RecordedClient

EVERYBODY = len(USERS)
UP = CHAIN.way(FORM_1, SCHEMA_VERSION)[0]


@pytest.fixture
def users(client: RecordedClient) -> RecordedClient:
    write_users(client)
    return client


def forms(client: firestore.Client) -> set[int]:
    return {everything(client)[f"streaks/{name}"]["schema_version"] for name in USERS}


def a_command(client: firestore.Client, user_id: str, at: datetime = datetime(2027, 3, 2, 9, tzinfo=UTC)) -> None:
    command = RecordActivity(activity_id="live", activity_type="study_guide_completed", metadata={})
    StreakCommands(UserStore(client, policies), policies).execute(user_id, at, command, None)


def test_everybody_goes_up_and_comes_back_and_it_is_kept_by_whom(users: RecordedClient) -> None:
    before = everything(users)
    ((_, up),) = run(users).up(None)
    assert (up.is_done, up.counts) == (True, Counts(changed=EVERYBODY, already=1))
    assert forms(users) == {SCHEMA_VERSION}
    kept = record(users)
    assert (kept.state, kept.by, kept.begun_at, kept.ended_at) == (MigrationState.UP, "ops", NOW, NOW)
    assert (kept.name, kept.checksum, kept.progress) == (UP.migration.name, UP.migration.checksum, up)
    ((_, down),) = run(users, stored_form=FORM_1, by="other").down(FORM_1, accept_loss=False)
    assert down.counts == Counts(changed=EVERYBODY, already=1)
    assert (record(users).state, record(users).by) == (MigrationState.DOWN, "other")
    assert everything(users) == before


def test_given_again_it_goes_through_everybody_once_more_and_writes_nobody(users: RecordedClient) -> None:
    run(users).up(None)
    before = everything(users)
    ((_, again),) = run(users).up(SCHEMA_VERSION)
    assert again.counts == Counts(already=EVERYBODY + 1)
    assert everything(users) == before


def test_a_look_says_what_would_be_done_and_writes_nothing(users: RecordedClient) -> None:
    before = everything(users)
    one = run(users)
    assert [(step.is_down, one.look(step).counts.changed) for step in one.way(None)] == [(False, EVERYBODY)]
    assert [(step.is_down, one.look(step).counts.changed) for step in one.way(FORM_1)] == [(True, 0)]
    assert everything(users) == before
    assert list(users.collection("migrations").stream()) == []


def test_what_it_has_come_to_is_seen_and_who_came_to_another_form_since(users: RecordedClient) -> None:
    before = users.document("streaks/check_in").get().to_dict() or {}
    one = run(users)
    one.up(None)
    steps, is_under_way = one.come_to()
    assert (is_under_way, [one.look(step).counts for step in steps]) == (False, [Counts(already=EVERYBODY + 1)])
    # As a restore of one user, or a revision that still writes form 1, would do.
    users.document("streaks/check_in").set(before)
    assert one.look(steps[0]).counts.changed == 1
    run(users).up(None)
    run(users, stored_form=FORM_1).down(FORM_1, accept_loss=False)
    steps, is_under_way = one.come_to()
    assert [step.is_down for step in steps] == [True]
    assert one.look(steps[0]).counts == Counts(already=EVERYBODY + 1)


def refused(call: Any) -> str:
    with pytest.raises((MigrationRefusedError, WrongUseError)) as error:
        call()
    return str(error.value)


def test_where_the_service_would_undo_it_nobody_is_migrated(users: RecordedClient) -> None:
    before = everything(users)
    assert "still writes form 1" in refused(lambda: run(users, stored_form=FORM_1).up(None))
    assert "with STREAK_STORED_FORM=1" in refused(lambda: run(users).down(FORM_1, accept_loss=False))
    closed = run(users, closed=lambda: "moving")
    assert "closed for writing (moving)" in refused(lambda: closed.up(None))
    assert "knows 1, 2" in refused(lambda: run(users, stored_form=9).up(9))
    assert "no step leads up to form 1" in refused(lambda: run(users).up(FORM_1))
    assert "no step leads down to form 2" in refused(lambda: run(users).down(SCHEMA_VERSION, accept_loss=False))
    assert everything(users) == before
    assert list(users.collection("migrations").stream()) == []


def test_what_was_changed_since_or_is_of_a_later_version_is_refused(users: RecordedClient) -> None:
    run(users).up(None)
    users.document("migrations/0002").update({"checksum": "f00d"})
    assert "is not what was run on this database (checksum f00d there" in refused(lambda: run(users).up(None))
    users.document("migrations/0002").set({"state": "up", "checksum": "f00d", "a_field_to_come": 1})
    assert "migration 0002 does not read" in refused(lambda: run(users).up(None))
    users.document("migrations/0002").delete()
    users.document("migrations/0004").set({"state": "going_up", "checksum": "f00d", "a_field_to_come": 1})
    assert "migrated to form 4, and this code knows 2 at most" in refused(lambda: run(users).up(None))
    users.document("migrations/0004").update({"state": "down"})
    run(users).up(None)


def test_who_would_lose_something_keeps_everybody_where_they_are_unless_it_is_accepted_after_a_backup_of_today(
    users: RecordedClient,
) -> None:
    run(users).up(None)
    a_command(users, "check_in")
    before = everything(users)
    said = refused(lambda: run(users, stored_form=FORM_1).down(FORM_1, accept_loss=False))
    assert f"nothing was changed: 1 of {EVERYBODY + 1} users would lose something by 0002_second_edition" in said
    assert "entries of the ledger that are of form 2" in said
    for known, last in ((None, "none is known"), (NOW - timedelta(hours=10), "the last one is of 2026-03-01")):
        one = run(users, stored_form=FORM_1, backed_up=partial(lambda when: when, known))
        assert last in refused(partial(one.down, FORM_1, accept_loss=True))
    assert everything(users) == before
    assert record(users).state is MigrationState.UP
    one = run(users, stored_form=FORM_1, backed_up=lambda: NOW - timedelta(hours=8))
    ((_, down),) = one.down(FORM_1, accept_loss=True)
    assert (down.counts.changed, down.counts.would_lose) == (EVERYBODY - 1, 1)
    assert [one.doc_id for one in record(users).progress.counts.left_alone] == ["check_in"]
    assert (record(users).state, record(users).accept_loss) == (MigrationState.DOWN, True)
    assert forms(users) == {FORM_1, SCHEMA_VERSION}


def test_of_two_migrations_the_whole_way_back_is_looked_at_before_the_first_is_gone(users: RecordedClient) -> None:
    def without(document: Document, beside: Beside, *, accept_loss: bool = False) -> Document:
        del beside, accept_loss
        return {name: value for name, value in document.items() if name != "note"}

    second = Migration(
        number=4,
        name="0004_a_note",
        collections=("streaks",),
        up=lambda document, _: {**document, "note": "new"},
        down=without,
        checksum="4",
    )
    chain = Chain([*kept_in(), second], 4)
    run(users, chain=chain, stored_form=4).up(None)
    a_command(users, "check_in")
    before = everything(users)
    assert before["streaks/check_in"]["note"] == "new"
    one = run(users, chain=chain, stored_form=FORM_1)
    said = refused(lambda: one.down(FORM_1, accept_loss=False))
    assert "would lose something by 0004_a_note and 0002_second_edition" in said
    assert everything(users) == before, "also of the step that would lose nothing"
    assert (record(users).state, record(users, 4).state) == (MigrationState.UP, MigrationState.UP)
    ((_, by_itself),) = run(users, chain=chain).down(SCHEMA_VERSION, accept_loss=False)
    assert by_itself.counts.would_lose == 0
    assert "note" not in everything(users)["streaks/check_in"]


class Meanwhile(MigratedUsers):
    """Something happens before one of the commits."""

    def __init__(self, client: firestore.Client, number: int, do: Any) -> None:
        super().__init__(client, 2, policies, is_down=False)
        self.left, self.do = number, do

    def commit(self, changes: Sequence[Change], before: Progress, after: Progress) -> None:
        self.left -= 1
        if self.left == 0:
            self.do()
        super().commit(changes, before, after)


def test_a_second_operator_is_refused_by_name_until_the_lease_of_the_first_is_over(users: RecordedClient) -> None:
    told: list[Any] = []

    def second() -> None:
        told.append(refused(lambda: run(users, by="eve").up(None)))
        told.append(run(users, by="eve", wall=lambda: NOW + LEASE).up(None)[0][1].counts)

    one = run(users, users=lambda _: Meanwhile(users, 2, second))
    with pytest.raises(SomebodyElseError):
        one.up(None)
    assert "ops migrates this database at this moment" in told[0]
    assert told[1] == Counts(changed=EVERYBODY, already=1)
    assert (record(users).by, record(users).state) == ("eve", MigrationState.UP)
    assert run(users, wall=lambda: NOW + LEASE).lease.holder() is None


def test_who_slept_while_others_went_up_and_down_writes_nobody(users: RecordedClient) -> None:
    before = everything(users)

    def others() -> None:
        later = NOW + LEASE
        run(users, wall=lambda: later).up(None)
        run(users, stored_form=FORM_1, wall=lambda: later).down(FORM_1, accept_loss=False)

    with pytest.raises(SomebodyElseError):
        run(users, users=lambda _: Meanwhile(users, 1, others)).up(None)
    assert everything(users) == before
    assert record(users).state is MigrationState.DOWN


def test_where_firestore_does_not_keep_up_for_a_while_it_goes_on_by_itself(users: RecordedClient) -> None:
    def overloaded() -> None:
        message = "no answer"
        raise StoreOverloaded(message)

    waited: list[float] = []

    def no_wait(_low: float, high: float) -> float:
        waited.append(high)
        return 0.0

    one = run(
        users,
        users=lambda _: Meanwhile(users, 3, overloaded),
        endurance=lambda: Endurance(deadline_seconds=60.0, jitter=no_wait),
    )
    assert one.up(None)[0][1].counts == Counts(changed=EVERYBODY, already=1)
    assert waited == [1.0]


class Unavailable(MigratedUsers):
    """Can't be read at first."""

    def __init__(self, client: firestore.Client, *, is_down: bool) -> None:
        super().__init__(client, 2, policies, is_down=is_down)
        self.failures = 2

    def page(self, after: str | None, limit: int) -> list[Found]:
        self.failures -= 1
        if self.failures >= 0:
            raise DatabaseUnavailable
        return super().page(after, limit)


def test_where_users_can_t_be_read_for_a_while_a_look_goes_on_too_and_gives_up_in_the_end(
    users: RecordedClient,
) -> None:
    def patience(rounds: float) -> Endurance:
        return Endurance(deadline_seconds=rounds, jitter=lambda _low, _high: 0.0)

    one = run(users, users=lambda step: Unavailable(users, is_down=step.is_down), endurance=lambda: patience(60.0))
    assert one.look(UP).counts == Counts(changed=EVERYBODY, already=1)
    with pytest.raises(DatabaseUnavailable):
        replace(one, endurance=lambda: patience(0.0)).look(UP)


def test_however_long_it_takes_the_lease_is_kept_by_signs_of_life(users: RecordedClient) -> None:
    clock, said = [NOW], []

    def wall() -> datetime:
        return clock[0]

    class Slow(MigratedUsers):
        def commit(self, changes: Sequence[Change], before: Progress, after: Progress) -> None:
            super().commit(changes, before, after)
            clock[0] += LEASE / 2
            said.append(refused(lambda: run(users, by="eve", wall=wall).up(None)))

    one = run(users, users=lambda _: Slow(users, 2, policies, is_down=False), wall=wall)
    assert one.up(None)[0][1].counts == Counts(changed=EVERYBODY, already=1)
    assert len(said) == 5
    assert set(said) == {one for one in said if "ops migrates this database" in one}
    assert clock[0] > NOW + 2 * LEASE


def test_a_user_who_was_erased_stays_so(users: RecordedClient) -> None:
    before = users.document(f"streaks/{ERASED}").get().to_dict()
    run(users).up(None)
    assert users.document(f"streaks/{ERASED}").get().to_dict() == before
