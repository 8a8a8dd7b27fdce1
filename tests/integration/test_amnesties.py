"""Amnesties against the emulator: what is answered, whom a run judges anew, and that stopping it changes nothing."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core import exceptions
from google.cloud import firestore

from streak_core.amnesties import Amnesties, AmnestyNotFound, Declaring, JudgingState, TooManyAmnesties
from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import Malformed
from streak_core.domain.refusals import ReasonRequired
from streak_core.domain.rules import Rules
from streak_core.maintenance.run import Maintenance
from streak_core.old_form import NotAvailableYet
from streak_core.queries import StreakQueries
from streak_core.retry import Attempts, RetryRules
from streak_core.store.amnesties import CHANGES_MAX, AmnestyStore, AmnestyUnreadable, StoredChange
from streak_core.store.concerned import ConcernedStore, PutOffStore
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.due import DueStore
from streak_core.store.failures import WriteRefused
from streak_core.store.rules_in_time import READ_EVERY_SECONDS, USABLE_SECONDS, RulesInTime
from streak_core.store.runs import LEASE, RunStore
from streak_core.store.users import UserStore
from streak_core.store.writing import Writer, nothing_else
from tests.support.shipped_policy import RULES
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Finding, Prover

if TYPE_CHECKING:
    from streak_core.domain.rules import Amnesty, PolicyInTime
    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
DAY: Final = timedelta(days=1)
# The day that is missed, the last one that is lived, and the moment after it at which all is looked at.
OUTAGE: Final = NOW + 5 * DAY
UNPACED: Final = MaintenanceRules(is_paced=False, threads=2, batch_users=1)


@dataclass
class Service:
    """The services over one database; the list of amnesties is read each time."""

    client: firestore.Client
    form: int = SCHEMA_VERSION
    wall: list[datetime] = field(default_factory=lambda: [NOW])
    policies: tuple[PolicyInTime, ...] = RULES.policies

    def rules(self) -> Rules:
        return Rules(self.policies, AmnestyStore(self.client).declared())

    @property
    def amnesties(self) -> Amnesties:
        return Amnesties(
            AmnestyStore(self.client),
            RunStore(self.client),
            lambda one: ConcernedStore(self.client, one),
            lambda one: PutOffStore(self.client, one),
            self.form,
            wall=lambda: self.wall[0],
        )

    @property
    def queries(self) -> StreakQueries:
        return StreakQueries(UserStore(self.client, self.rules), self.rules)

    def job(self) -> Maintenance:
        return Maintenance(
            DueStore(self.client),
            RunStore(self.client),
            self.rules,
            rules=UNPACED,
            wall=lambda: self.wall[0],
            attempts=lambda: Attempts(rules=RetryRules(attempts_max=2), sleep=lambda _: None),
        )

    def settle(self, at: datetime) -> None:
        self.job().run(uuid.uuid4().hex, at)

    def active(self, user_id: str, *days: int) -> None:
        commands = StreakCommands(UserStore(self.client, self.rules), self.rules)
        for day in days:
            wish = RecordActivity(activity_id=f"a{day}", activity_type="study_guide_completed", metadata={})
            commands.execute(user_id, NOW + day * DAY, wish)

    def declare(self, at: datetime) -> Amnesty:
        sent = Declaring(from_instant=OUTAGE, until=OUTAGE + timedelta(hours=2), by="ops", reason="away")
        return self.amnesties.declare(sent, at)

    def streak(self, user_id: str, at: datetime) -> int:
        return self.queries.streak(user_id, at)["current_streak"]

    def stored(self, user_id: str) -> dict[str, Any]:
        return self.client.collection("streaks").document(user_id).get().to_dict() or {}

    def told(self, user_id: str, at: datetime) -> list[tuple[str, str]]:
        items = self.queries.events(user_id, at, 100, None).items
        return [(one["type"], one["date"]) for one in items if one["type"].split("_")[1] not in {"extended", "started"}]

    def findings(self, at: datetime) -> set[Finding]:
        prover = Prover(store=MendingStore(self.client), rules=self.rules, now=lambda: at)
        return {proof.finding for proof in prover.prove_all(MendingStore(self.client).user_documents())}


@pytest.fixture
def service(client: RecordedClient) -> Service:
    return Service(client)


def test_whom_the_job_had_settled_has_the_streak_back_at_once_and_stored_once_a_run_has_come_by(
    service: Service,
) -> None:
    service.active("ada", *range(5))
    service.active("bob", 0, 1, 2)
    service.settle(NOW + 6 * DAY)
    assert (service.stored("ada")["current_streak"], service.stored("ada")["expires_at"]) == (0, None)
    at = NOW + 6 * DAY + timedelta(hours=1)
    one = service.declare(at)
    assert service.amnesties.count(one) == 1
    assert (service.streak("ada", at), service.streak("bob", at)) == (5, 0)
    told = [("streak_restored", "2026-03-07"), ("streak_broken", "2026-03-07")]
    assert service.told("ada", at)[:2] == told
    assert service.amnesties.judging(one).state is JudgingState.WAITING
    service.amnesties.judge_some(service.job(), at)
    judging = service.amnesties.judging(one)
    assert (judging.state, judging.counts.users_processed, judging.counts.errors) == (JudgingState.DONE, 1, 0)
    assert service.stored("ada")["current_streak"] == 5
    assert service.stored("ada")["expires_at"] == datetime(2026, 3, 9, 4, tzinfo=UTC)
    assert service.told("ada", at)[:2] == told
    service.settle(NOW + 8 * DAY)
    assert service.told("ada", NOW + 8 * DAY)[0] == ("streak_broken", "2026-03-08")
    assert service.findings(NOW + 8 * DAY) == {Finding.EQUAL}


def test_what_is_decided_heals_by_reading_by_a_command_and_by_the_run_and_the_ledger_proves_it(
    service: Service,
) -> None:
    for name in ("ada", "bob", "cyd"):
        service.active(name, *range(5), *range(6, 40))
    at = NOW + 39 * DAY + timedelta(hours=1)
    one = service.declare(at)
    assert [service.streak(name, at) for name in ("ada", "bob")] == [39, 39]
    rows = {row["date"]: row["verdict"] for row in service.queries.calendar("ada", at, 60)["days"]}
    assert (rows["2026-03-07"], rows["2026-03-06"]) == ("amnesty", "active")
    service.active("bob", 40)
    service.amnesties.judge_some(service.job(), at)
    assert service.amnesties.judging(one).counts.users_processed == 2
    assert service.stored("ada")["current_streak"] == 39
    month = service.client.document("streaks/ada/months/2026-03").get().to_dict() or {}
    assert '"verdict":"amnesty"' in month["days"]["07"]
    for name in ("ada", "bob", "cyd"):
        service.active(name, 41)
        assert ("streak_restored", "2026-03-07") in service.told(name, NOW + 41 * DAY)
    assert service.findings(NOW + 42 * DAY) == {Finding.EQUAL}


def test_what_is_decided_anew_is_proved_also_where_a_policy_of_other_categories_was_withdrawn(service: Service) -> None:
    shipped = RULES.policies[0]
    other = {name: kind.model_copy(update={"category": None}) for name, kind in shipped.policy.activity_types.items()}
    withdrawn = replace(
        shipped,
        number=1,
        effective_from=NOW.date() + DAY,
        policy=shipped.policy.model_copy(update={"activity_types": other, "categories": ("else",)}),
        published_at=NOW - 2 * DAY,
        withdrawn_at=NOW - DAY,
    )
    service.policies = (shipped, withdrawn)
    service.active("ada", *range(5), *range(6, 40))
    at = NOW + 39 * DAY + timedelta(hours=1)
    one = service.declare(at)
    service.amnesties.judge_some(service.job(), at)
    assert service.amnesties.judging(one).counts.users_processed == 1
    assert service.findings(at) == {Finding.EQUAL}


def test_a_withdrawn_amnesty_takes_back_nothing_that_it_gave(service: Service) -> None:
    service.active("ada", *range(5))
    service.settle(NOW + 6 * DAY)
    at = NOW + 6 * DAY + timedelta(hours=1)
    one = service.declare(at)
    service.amnesties.judge_some(service.job(), at)
    withdrawn = service.amnesties.withdraw(one.amnesty_id, "ops", at + timedelta(hours=1))
    assert withdrawn.withdrawn_at == at + timedelta(hours=1)
    assert service.amnesties.withdraw(one.amnesty_id, "ops", at + timedelta(hours=2)) == withdrawn
    assert service.streak("ada", at + timedelta(hours=3)) == 5
    service.settle(at + DAY)
    assert service.streak("ada", at + timedelta(hours=3)) == 5
    assert service.findings(at + DAY) == {Finding.EQUAL}


def test_whose_deadline_an_amnesty_had_put_off_is_due_again_once_a_run_has_come_by_after_it_is_withdrawn(
    service: Service,
) -> None:
    for name in ("ada", "bob"):
        service.active(name, *range(5))
    at = NOW + 4 * DAY + timedelta(hours=1)
    sent = Declaring(from_instant=at, until=at + 30 * DAY, by="ops", reason="a slip of the pen")
    one = service.amnesties.declare(sent, at)
    service.active("ada", 5)
    service.amnesties.judge_some(service.job(), at)
    assert service.amnesties.judging(one).state is JudgingState.DONE
    withdrawn = service.amnesties.withdraw(one.amnesty_id, "ops", NOW + 5 * DAY + timedelta(hours=1))
    assert service.amnesties.judging(withdrawn).state is JudgingState.RUNNING
    late = NOW + 9 * DAY
    service.settle(late)
    # Bob has been told of no other deadline.
    assert [service.stored(name)["current_streak"] for name in ("ada", "bob")] == [6, 0]
    assert service.streak("ada", late) == 0
    service.amnesties.judge_some(service.job(), late)
    judging = service.amnesties.judging(withdrawn)
    assert (judging.state, judging.counts.users_processed, judging.counts.errors) == (JudgingState.DONE, 1, 0)
    assert (service.stored("ada")["current_streak"], service.stored("ada")["expires_at"]) == (0, None)
    assert service.told("ada", late)[0] == ("streak_broken", "2026-03-08")
    assert service.findings(late) == {Finding.EQUAL}


def test_an_amnesty_that_is_withdrawn_when_it_is_over_has_put_nothing_off(service: Service) -> None:
    one = service.declare(NOW + 6 * DAY)
    withdrawn = service.amnesties.withdraw(one.amnesty_id, "ops", NOW + 6 * DAY)
    service.amnesties.judge_some(service.job(), NOW + 6 * DAY)
    assert service.amnesties.judging(withdrawn).state is JudgingState.DONE


def test_a_user_whom_the_ledger_does_not_prove_keeps_what_is_decided_and_is_named(service: Service) -> None:
    service.active("ada", *range(5), *range(6, 40))
    at = NOW + 39 * DAY + timedelta(hours=1)
    service.client.document("streaks/ada/ledger/activity.a3").delete()
    one = service.declare(at)
    assert service.streak("ada", at) == 34
    service.amnesties.judge_some(service.job(), at)
    assert service.amnesties.judging(one).counts.errors == 1
    assert service.streak("ada", at) == 34


def test_dead_at_twenty_moments_and_gone_on_with_a_run_comes_to_the_same_end(
    service: Service, recorder: Recorder
) -> None:
    names = [f"u{number}" for number in range(24)]
    for number, name in enumerate(names):
        service.active(name, 3, 4, *((6,) if number % 3 == 0 else ()))
    service.settle(NOW + 6 * DAY)
    at = NOW + 6 * DAY + timedelta(hours=1)
    one = service.declare(at)
    for death in range(20):
        # From here on nothing is written any more: neither what goes on, nor that it has ended, nor that its lease has.
        recorder.before["Commit"] = [*[None] * (1 + death % 3), *[exceptions.PermissionDenied("dead")] * 9_000]
        with suppress(Exception):
            service.amnesties.judge_some(service.job(), at)
        recorder.before["Commit"] = []
        assert service.amnesties.judging(one).state is not JudgingState.WAITING
        service.wall[0] += LEASE
    service.amnesties.judge_some(service.job(), at)
    assert service.amnesties.judging(one).state is JudgingState.DONE
    for number, name in enumerate(names):
        assert service.stored(name)["current_streak"] == (3 if number % 3 == 0 else 2)
        assert [kind for kind, _ in service.told(name, at)].count("streak_restored") == 1
    assert service.findings(at) == {Finding.EQUAL}


def test_what_is_sent_once_more_is_declared_once_and_what_is_wrong_is_named(service: Service) -> None:
    one = service.declare(NOW)
    assert service.declare(NOW + DAY) == one
    assert service.amnesties.all() == (one,)
    sent = Declaring(from_instant=OUTAGE, until=OUTAGE + DAY, by="ops", reason="why")
    with pytest.raises(ReasonRequired):
        service.amnesties.declare(replace(sent, reason=" "), NOW)
    for wrong in (OUTAGE, OUTAGE + timedelta(days=366, seconds=1)):
        with pytest.raises(Malformed):
            service.amnesties.declare(replace(sent, until=wrong), NOW)
    with pytest.raises(Malformed):
        service.amnesties.declare(replace(sent, reason="x" * 501), NOW)
    assert service.amnesties.declare(replace(sent, until=OUTAGE + timedelta(days=366)), NOW).amnesty_id == "2"
    with pytest.raises(AmnestyNotFound):
        service.amnesties.find("3")
    with pytest.raises(AmnestyNotFound):
        service.amnesties.withdraw("3", "ops", NOW)


class Held(AmnestyStore):
    """A database that takes the first change only when the second one comes, and says until then that it failed."""

    held: StoredChange | None = None

    def add(self, change: StoredChange, also: Writer = nothing_else) -> None:
        if self.held is None:
            self.held = change
            raise WriteRefused
        super().add(self.held, also)
        super().add(change, also)


def test_a_change_that_arrives_after_it_is_said_to_have_failed_is_made_once(service: Service) -> None:
    amnesties = replace(service.amnesties, store=Held(service.client), attempts=lambda: Attempts(sleep=lambda _: None))
    sent = Declaring(from_instant=OUTAGE, until=OUTAGE + DAY, by="ops", reason="why")
    assert amnesties.declare(sent, NOW).amnesty_id == "1"
    assert [one.amnesty_id for one in amnesties.all()] == ["1"]


def test_a_withdrawal_of_what_was_withdrawn_already_takes_a_number(service: Service) -> None:
    one = service.declare(NOW)
    for number in (2, 3):
        AmnestyStore(service.client).add(StoredChange(number=number, at=NOW, by="ops", withdraws=1))
    assert service.amnesties.withdraw(one.amnesty_id, "ops", NOW).withdrawn_number == 2
    assert service.declare(NOW).amnesty_id == "4"


def test_while_the_program_before_may_still_answer_nothing_is_declared(client: RecordedClient) -> None:
    with pytest.raises(NotAvailableYet):
        Service(client, FORM_1).declare(NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"number": 2},
        {"number": firestore.DELETE_FIELD},
        {"later": 1},
        {"schema_version": 2},
        {"withdraws": 1},
        {"until": None},
        {"until": None, "withdraws": 1},
    ],
)
def test_a_change_of_the_list_that_does_not_read_is_refused_whole(service: Service, changed: dict[str, Any]) -> None:
    service.declare(NOW)
    assert service.amnesties.find("1").reason == "away"
    service.client.document("amnesties/1").update(changed)
    with pytest.raises(AmnestyUnreadable):
        service.amnesties.all()


def test_a_list_with_more_changes_than_there_can_be_is_refused_and_not_read_in_part(service: Service) -> None:
    service.declare(NOW)
    stored, batch = service.client.document("amnesties/1").get().to_dict() or {}, service.client.batch()
    for number in range(2, CHANGES_MAX + 1):
        batch.create(service.client.document(f"amnesties/{number}"), {**stored, "number": number})
    batch.commit()
    assert [one.number for one in service.amnesties.all()] == list(range(1, CHANGES_MAX + 1))
    with pytest.raises(TooManyAmnesties):
        service.amnesties.withdraw("1", "ops", NOW)
    service.client.document(f"amnesties/{CHANGES_MAX + 1}").create({**stored, "number": CHANGES_MAX + 1})
    with pytest.raises(AmnestyUnreadable):
        service.amnesties.all()


def test_a_process_reads_the_list_once_a_minute_with_one_query_and_goes_on_without_it_for_some(
    service: Service, recorder: Recorder
) -> None:
    times = [1_000.0]
    rules = RulesInTime(RULES.policies[0], AmnestyStore(service.client).declared, clock=lambda: times[0])
    before = len(recorder.calls)
    assert rules().amnesties == ()
    assert rules() is rules()
    assert len(recorder.calls) == before + 1
    one = service.declare(NOW)
    times[0] += READ_EVERY_SECONDS - 1
    assert rules().amnesties == ()
    times[0] += 1
    assert rules().amnesties == (one,)
    service.amnesties.withdraw("1", "ops", NOW)
    rules.forget()
    assert rules().amnesties[0].withdrawn_at == NOW
    assert times[0] < 1_000 + USABLE_SECONDS
