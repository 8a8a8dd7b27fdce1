"""Erasing a user, against the emulator: nothing is left, and whatever comes in between changes nothing."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.errors import ErasingUnfinished, StreakError, UserBusy
from streak_core.domain.refusals import UserErased
from streak_core.domain.settlement import settle
from streak_core.maintenance.run import Maintenance
from streak_core.proving.repository import ProofStore
from streak_core.queries import StreakQueries
from streak_core.store import whole_user
from streak_core.store.documents import FORM_1
from streak_core.store.due import DueStore, Settled
from streak_core.store.failures import CommitFailed
from streak_core.store.health import DatabaseProbe
from streak_core.store.runs import RunStore
from streak_core.store.sessions import signed_in
from streak_core.store.users import UserStore, Write
from streak_core.store.whole_user import WholeUserStore
from tests.support.shipped_policy import RULES, policies
from tests.support.stored_life import documents_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import firestore

    from streak_core.domain.commands import Command
    from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.erased_user import BEFORE, NOW, SINCE, WALL, guide, lived, queries, rights, service, tombstone


def test_of_a_user_who_is_erased_nothing_is_left_but_when_that_was(client: RecordedClient) -> None:
    lived(client)
    lived(client, "ben")
    others = documents_of(client, "ben")
    assert len(documents_of(client, "ada")) > 100
    erased = rights(client).erase("ada")
    assert erased.is_finished
    assert tombstone(client) == {"schema_version": 3, "erased_at": WALL}
    assert documents_of(client, "ben") == others


def test_the_tombstone_is_written_before_anything_is_deleted(client: RecordedClient, recorder: Recorder) -> None:
    lived(client)
    recorder.calls.clear()
    rights(client).erase("ada")
    written = recorder.documents_written()
    assert set(written[:2]) == {"streaks/ada"}
    assert written[-1] == "streaks/ada"
    assert recorder.methods().count("Commit") > 2


def test_a_user_of_whom_nothing_was_stored_is_erased_as_well(client: RecordedClient) -> None:
    assert rights(client).erase("ada").is_finished
    assert tombstone(client).keys() == {"schema_version", "erased_at"}


def test_erasing_twice_is_erasing_once(client: RecordedClient) -> None:
    lived(client)
    first = rights(client).erase("ada")
    before = documents_of(client, "ada")
    again = rights(client, WALL + timedelta(days=1)).erase("ada")
    assert again == first
    assert documents_of(client, "ada") == before


ASKED: dict[str, Callable[[StreakQueries], object]] = {
    "streak": lambda ask: ask.streak("ada", NOW),
    "offers": lambda ask: ask.offers("ada", NOW),
    "pauses": lambda ask: ask.pauses("ada", NOW),
    "consistency": lambda ask: ask.consistency("ada", NOW),
    "settings": lambda ask: ask.settings("ada", NOW),
    "explain": lambda ask: ask.explain("ada", NOW, 5),
    "calendar": lambda ask: ask.calendar("ada", NOW, 5),
    "activities": lambda ask: ask.activities("ada", 5, None),
    "events": lambda ask: ask.events("ada", NOW, 5, None),
}


@pytest.mark.parametrize("question", ASKED)
def test_whoever_signed_in_before_is_told_so_whatever_is_asked(client: RecordedClient, question: str) -> None:
    lived(client)
    with signed_in("ada", BEFORE):
        ASKED[question](queries(client))
        rights(client).erase("ada")
        with pytest.raises(UserErased):
            ASKED[question](queries(client))
    with signed_in("ada", SINCE):
        ASKED[question](queries(client))
    # An operator, or a job.
    with pytest.raises(UserErased):
        ASKED[question](queries(client))


@pytest.mark.parametrize("at", [BEFORE, WALL, None])
def test_nothing_is_written_for_a_sign_in_from_before(client: RecordedClient, at: datetime | None) -> None:
    rights(client).erase("ada")
    before = documents_of(client, "ada")
    with signed_in("ada", at), pytest.raises(UserErased):
        service(client).execute("ada", NOW, guide("late"))
    with signed_in("ops", SINCE), pytest.raises(UserErased):
        service(client).execute("ada", NOW, guide("late"))
    assert documents_of(client, "ada") == before


def test_whoever_signs_in_anew_begins_anew_and_other_devices_still_get_nothing_in(client: RecordedClient) -> None:
    lived(client)
    rights(client).erase("ada")
    with signed_in("ada", SINCE):
        told = service(client).execute("ada", NOW, guide("a0")).response["streak"]
        assert (told["current_streak"], told["longest_streak"], told["active_days_total"]) == (1, 1, 1)
        service(client).execute("ada", NOW + timedelta(days=1), guide("a1"))
    stored = documents_of(client, "ada")
    assert stored["streaks/ada"]["signed_in_after"] == WALL
    assert "erased_at" not in stored["streaks/ada"]
    with signed_in("ada", BEFORE):
        with pytest.raises(UserErased):
            service(client).execute("ada", NOW + timedelta(days=2), guide("late"))
        with pytest.raises(UserErased):
            queries(client).streak("ada", NOW)
        with pytest.raises(UserErased):
            rights(client).erase("ada")
        with pytest.raises(UserErased):
            rights(client).export("ada")
    assert documents_of(client, "ada") == stored
    # An operator sees who began anew as anybody.
    assert queries(client).streak("ada", NOW + timedelta(days=1))["current_streak"] == 2


def test_who_began_anew_can_be_erased_again_and_then_that_sign_in_is_one_from_before(client: RecordedClient) -> None:
    rights(client).erase("ada")
    later = SINCE + timedelta(seconds=5)
    with signed_in("ada", SINCE):
        service(client).execute("ada", NOW, guide("a0"))
        assert rights(client, later).erase("ada").erased_at == later
        with pytest.raises(UserErased):
            service(client).execute("ada", NOW, guide("a1"))
    assert tombstone(client) == {"schema_version": 3, "erased_at": later}


def test_a_new_sign_in_that_erases_before_it_did_anything_is_one_from_before_as_well(client: RecordedClient) -> None:
    rights(client).erase("ada")
    # Its clock is a little ahead of the server's.
    ahead = WALL + timedelta(seconds=7)
    with signed_in("ada", ahead):
        assert rights(client, SINCE).erase("ada").erased_at == ahead
        with pytest.raises(UserErased):
            service(client).execute("ada", NOW, guide("a1"))


def test_a_command_that_had_read_before_the_tombstone_writes_nothing_after_it(client: RecordedClient) -> None:
    store = service(client).store
    for uid, commands in (("ada", 3), ("nobody", 0)):
        for number in range(commands):
            service(client).execute(uid, NOW + timedelta(days=number), guide(f"a{number}"))
        loaded = store.load(uid)
        write = in_flight(store, uid, loaded)
        rights(client).erase(uid)
        with pytest.raises(CommitFailed):
            store.commit(uid, write)
        tombstone(client, uid)


def in_flight(store: UserStore, uid: str, loaded: Any) -> Write:
    """A command that is decided and not yet written."""
    kept: list[Write] = []

    class Stopped(Exception):
        pass

    class Holding(UserStore):
        def load(self, *_: Any, **__: Any) -> Any:
            return loaded

        def commit(self, _: str, *writes: Write) -> None:
            kept.extend(writes)
            raise Stopped

    holding = Holding(store._client, policies)
    with pytest.raises(Stopped):
        StreakCommands(holding, policies).execute(uid, NOW + timedelta(days=9), guide("in-flight"))
    return kept[0]


def test_a_settlement_that_had_read_before_the_tombstone_writes_nothing_after_it(client: RecordedClient) -> None:
    last = lived(client)
    due = DueStore(client)
    user = due.reload("ada")
    assert user is not None
    assert user.streak is not None
    settled = Settled(user=user, settlement=settle(user.streak, user.settled_through, RULES, last + timedelta(days=30)))
    assert settled.settlement.events
    rights(client).erase("ada")
    with pytest.raises(CommitFailed):
        due.commit([settled], lambda _: None)
    assert due.reload("ada") is None
    tombstone(client)


def job(client: firestore.Client) -> Maintenance:
    return Maintenance(DueStore(client), RunStore(client), policies, rules=MaintenanceRules(is_paced=False))


def test_the_job_finds_no_tombstone_and_counts_none(client: RecordedClient) -> None:
    last = lived(client)
    lived(client, "ben")
    rights(client).erase("ada")
    report = job(client).run("r", last + timedelta(days=30))
    assert (report.users_processed, report.errors) == (1, 0)
    tombstone(client)
    probe = DatabaseProbe(lambda: client)
    assert probe.users() == 1
    rights(client).erase("ben")
    assert probe.users() == 0


@dataclass
class Racing:
    """Commands of many threads and the job, which go on until they are told to end."""

    client: firestore.Client
    begun: datetime
    is_over: threading.Event = field(default_factory=threading.Event)
    endings: list[str] = field(default_factory=list)

    def give(self, thread: int) -> None:
        """Commands of a sign-in from before."""
        for number in range(400):
            if self.is_over.is_set():
                return
            self.endings.append(self._ending(self.begun + timedelta(days=number), guide(f"t{thread}.{number}")))

    def _ending(self, now: datetime, command: Command) -> str:
        try:
            with signed_in("ada", BEFORE):
                service(self.client).execute("ada", now, command)
        except UserErased:
            return "erased"
        except UserBusy:
            return "busy"
        return "recorded"

    def settle_all(self) -> None:
        """The job, again and again."""
        for number in range(50):
            if self.is_over.is_set():
                return
            job(self.client).run(f"r{number}", self.begun + timedelta(days=40 + number))

    def wait_for(self, ending: str, times: int) -> None:
        """Until so many commands have ended so."""
        while self.endings.count(ending) < times:
            time.sleep(0.01)


def test_commands_of_eight_threads_and_the_job_while_a_user_is_erased_leave_the_tombstone_alone(
    client: RecordedClient,
) -> None:
    racing = Racing(client, lived(client))
    with ThreadPoolExecutor(9) as pool:
        giving = [pool.submit(racing.give, thread) for thread in range(8)] + [pool.submit(racing.settle_all)]
        racing.wait_for("recorded", 20)
        with signed_in("ada", BEFORE):
            assert rights(client).erase("ada").is_finished
        recorded = racing.endings.count("recorded")
        racing.wait_for("erased", 80)
        racing.is_over.set()
        for one in giving:
            one.result()
    # Whatever was told to be recorded was so before the tombstone.
    assert racing.endings.count("recorded") <= recorded + 8
    assert tombstone(client) == {"schema_version": 3, "erased_at": WALL}


def test_two_who_erase_at_once_and_one_who_begins_anew_do_not_delete_what_is_new(
    client: RecordedClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_user, "BATCH_DOCUMENTS", 10)
    lived(client)
    with ThreadPoolExecutor(4) as pool:
        erased = list(pool.map(lambda _: rights(client).erase("ada"), range(4)))
    assert {one.erased_at for one in erased} == {WALL}
    store = WholeUserStore(client)
    slow = store.home("ada")
    with signed_in("ada", SINCE):
        service(client).execute("ada", NOW, guide("a0"))
    with pytest.raises(CommitFailed):
        store.delete_some(slow)
    assert len(documents_of(client, "ada")) == 3


def test_erasing_does_not_wait_for_a_release_and_what_comes_after_it_is_written_as_form_2(
    client: RecordedClient,
) -> None:
    service(client, FORM_1).execute("ada", NOW, guide("a0"))
    assert documents_of(client, "ada")["streaks/ada"]["schema_version"] == FORM_1
    rights(client).erase("ada")
    tombstone(client)
    with signed_in("ada", SINCE):
        service(client, FORM_1).execute("ada", NOW, guide("a0"))
        assert documents_of(client, "ada")["streaks/ada"]["schema_version"] == 2
        service(client, FORM_1).execute("ada", NOW + timedelta(days=1), guide("a1"))
    assert documents_of(client, "ada")["streaks/ada"]["signed_in_after"] == WALL
    with signed_in("ada", BEFORE), pytest.raises(UserErased):
        service(client, FORM_1).execute("ada", NOW, guide("late"))


def test_the_proof_of_all_users_leaves_tombstones_out(client: RecordedClient) -> None:
    lived(client)
    lived(client, "ben")
    rights(client).erase("ada")
    store = ProofStore(client)
    assert [one.user_id for one in store.user_documents()] == ["ben"]
    assert store.count() == 1


@pytest.mark.parametrize("kind", [UserErased, ErasingUnfinished])
def test_what_is_said_of_an_erased_user_names_nobody_and_says_what_to_do(kind: type[StreakError]) -> None:
    assert "sign-in" in kind().detail or "Try again" in kind().detail
