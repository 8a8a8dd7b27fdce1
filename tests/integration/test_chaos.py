"""The simulation itself: it meets faults of every kind, finds nothing where all is well, and finds what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

import pytest
from google.cloud import firestore

from streak_core.amnesties import Amnesties
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.domain.rules import Rules, always
from streak_core.store.amnesties import StoredChange
from streak_core.store.concerned import ConcernedStore
from streak_core.store.due import DuePage
from streak_core.store.failures import CommitFailed
from streak_core.store.whole_user import WholeUserStore
from tests.support.shipped_policy import POLICY, policies
from tools.chaos.__main__ import main
from tools.chaos.environment import DifferenceError, Environment
from tools.chaos.faults import COMMIT, Code, Fault, Mode, Site, no_faults
from tools.chaos.lives import CHANGE_AMNESTIES, ERASE, Way, lives, user_ids
from tools.chaos.playing import Game

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator
    from streak_core.amnesties import Declaring
    from streak_core.domain.rules import Amnesty

pytestmark = pytest.mark.usefixtures("emulator")

_SEED: Final = 20


def test_a_environment_under_faults_of_every_place_is_answered_as_the_model_answers() -> None:
    played = [Game(_SEED, environment).play() for environment in range(2)]
    assert [one.different for one in played] == [None, None]
    faults = [fault for one in played for _, fault in one.met]
    assert {fault.mode for fault in faults} == set(Mode)
    assert {fault.code for fault in faults} == {*Code, None}
    assert {rpc for one in played for rpc in one.rpcs} >= {"BatchGetDocuments", "Commit", "RunQuery"}
    assert sum(one.counts["retries"] for one in played) > 0
    assert sum(one.counts["asked_again"] for one in played) > 0


def test_where_nothing_happens_at_once_the_same_seed_meets_the_same_faults() -> None:
    alone = (step for step in lives(_SEED, 4) if "lanes" not in step and step.get("way") != "both")
    steps = [step for step in alone if len(step.get("changes", ())) < 2]
    first, again = (Game(_SEED, 4, steps).play() for _ in range(2))
    assert len(first.met) > 10
    assert first.met == again.met


def other_rules() -> Rules:
    """A service that gives a freeze at the start, of which the model knows nothing."""
    return always(POLICY.model_copy(update={"freezes": POLICY.freezes.model_copy(update={"at_start": 1})}))


def test_a_service_that_goes_by_other_rules_differs_in_its_first_answer() -> None:
    step = {"at": "2026-03-02T09:00:00+00:00", "user": 0, "number": 0, "do": "check_in"}
    environment = Environment(user_ids(0), other_rules, no_faults)
    with pytest.raises(DifferenceError, match=r"freezes_available: expected 0, got 1"):
        environment.play(step)
    environment.close()


@pytest.mark.parametrize("by_user", [True, False])
def test_who_is_blocked_is_erased_by_an_operator_whoever_asks(*, by_user: bool) -> None:
    environment, at = Environment(user_ids(0), policies, no_faults), "2026-03-02T09:00:00+00:00"
    environment.play({"at": at, "user": 0, "number": 0, "do": "block", "reason": "asked for", "key": "k"})
    erasing = {"at": at, "user": 0, "number": 1, "do": ERASE, "lanes": [], "by_user": by_user}
    environment.play({**erasing, "rpcs_until_killed": 99})
    assert environment.erasing.erased == 1
    # Whoever begins anew is blocked no more, or the model would say so.
    environment.play({"at": at, "user": 0, "number": 2, "do": "check_in"})
    environment.prove([at])
    environment.close()


def test_what_was_written_past_the_service_is_found_by_the_proof(emulator: FirestoreEmulator) -> None:
    assert emulator.host
    at = "2026-03-02T09:00:00+00:00"
    environment = Environment(user_ids(0), policies, no_faults)
    environment.play({"at": at, "user": 0, "number": 0, "do": "check_in"})
    environment.prove([at])
    ledger = environment.clean.collection("streaks").document(user_ids(0)[0]).collection("ledger")
    for entry in ledger.stream():
        entry.reference.delete()
    with pytest.raises(DifferenceError, match="the ledger holds 0 entries, expected 1"):
        environment.prove([at])
    environment.close()


def test_a_timeline_that_is_told_otherwise_is_found_by_the_proof_while_it_holds() -> None:
    environment = Environment(user_ids(0)[:1], policies, no_faults)
    environment.play({"at": "2026-03-02T09:00:00+00:00", "user": 0, "number": 0, "do": "check_in"})
    [stored], [state] = environment.stored, environment.states
    told = stored.user_doc.get(["timeline"]).to_dict() or {}
    stored.user_doc.update({"timeline": told["timeline"].replace('"current_streak":0', '"current_streak":1')})
    assert list(stored.wrong_timeline(state, ["2026-03-03T09:00:00+00:00", "2026-03-12T09:00:00+00:00"])) == []
    with pytest.raises(DifferenceError, match=r"the timeline at 2026-03-04.*'none', 'current_streak': 0"):
        environment.prove(["2026-03-04T09:00:00+00:00"])
    environment.close()


def test_a_job_that_dies_at_any_of_its_rpcs_says_nothing_of_the_users_it_had() -> None:
    def aborted(site: Site) -> Fault | None:
        """Its first commits fail, so that it goes on to write each user alone."""
        return Fault(Mode.BEFORE, Code.ABORTED) if site.rpc == COMMIT and site.device == "dying job" else None

    environment = Environment(user_ids(0)[:1], policies, aborted)
    at, number = datetime(2026, 3, 2, 9, tzinfo=UTC), count()
    for rpcs_until_killed in range(5, 12):
        environment.play({"at": at.isoformat(), "user": 0, "number": next(number), "do": "check_in"})
        at += timedelta(days=2)
        job = {"do": "maintenance", "way": Way.KILLED, "rpcs_until_killed": rpcs_until_killed}
        environment.play({"at": at.isoformat(), "number": next(number), **job})
    assert environment.job.killed > 0
    environment.prove([at.isoformat()])
    environment.close()


ERASING: Final = {
    "at": "2026-03-02T09:00:00+00:00",
    "user": 0,
    "number": 1,
    "do": ERASE,
    "lanes": [{"at": "2026-03-02T09:00:00+00:00", "user": 0, "number": 2, "do": "reset"}],
    "rpcs_until_killed": 5,
    "by_user": False,
}


@pytest.mark.parametrize("by_user", [True, False])
def test_whoever_is_erased_begins_anew_and_whoever_signed_in_before_is_kept_away(*, by_user: bool) -> None:
    environment = Environment(user_ids(0)[:1], policies, no_faults)
    at, number = "2026-03-02T09:00:00+00:00", count(10)
    for rpcs_until_killed in range(1, 20):
        environment.play({"at": at, "user": 0, "number": next(number), "do": "check_in"})
        killed = {"by_user": by_user, "rpcs_until_killed": rpcs_until_killed}
        environment.play({**ERASING, **killed, "number": next(number)})
    assert environment.erasing.killed > 5
    # Nothing has been done since.
    environment.play({**ERASING, "number": next(number)})
    environment.play({"at": at, "user": 0, "number": next(number), "do": "check_in"})
    environment.prove([at])
    [stored] = environment.stored
    stored.user_doc.update({"signed_in_after": firestore.DELETE_FIELD})
    with pytest.raises(DifferenceError, match="a sign-in of before is let in again"):
        environment.prove([at])
    environment.close()


def test_an_erasing_that_leaves_something_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment(user_ids(0)[:1], policies, no_faults)
    environment.play({"at": ERASING["at"], "user": 0, "number": 0, "do": "check_in"})
    monkeypatch.setattr(WholeUserStore, "delete_some", lambda *_: False)
    with pytest.raises(DifferenceError, match="was erased, and something is left in events"):
        environment.play(ERASING)
    environment.close()


def through_an_outage(environment: Environment) -> None:
    """Two days with activity, a break that the job writes, and an amnesty of that day that is heard of late."""
    at, number = datetime(2026, 3, 2, 9, tzinfo=UTC), count()

    def play(day: int, do: str, **more: object) -> None:
        environment.play({"at": (at + timedelta(days=day)).isoformat(), "number": next(number), "do": do, **more})

    for day in range(2):
        play(day, "check_in", user=0)
    play(3, "maintenance", way=Way.SHARD)
    lost = {"from": (at + timedelta(days=2)).isoformat(), "until": (at + timedelta(days=3)).isoformat()}
    play(3, CHANGE_AMNESTIES, changes=[lost, lost], rpcs_until_killed=2)
    # No process has heard of it.
    play(3, "get_streak", user=0)
    play(3, "maintenance", way=Way.JUDGE, rpcs_until_killed=12)
    environment.prove([(at + timedelta(days=day)).isoformat() for day in (3, 12)])


def test_an_amnesty_is_heard_of_late_and_whom_it_concerns_is_judged_by_a_run_that_dies() -> None:
    environment = Environment(user_ids(0)[:1], policies, no_faults)
    through_an_outage(environment)
    assert (environment.amnesties.changes, environment.job.killed) == (2, 1)
    assert environment.amnesties.killed > 0
    assert environment.rules.revision == 1
    environment.close()


def test_a_run_of_an_amnesty_that_finds_nobody_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment(user_ids(0)[:1], policies, no_faults)
    monkeypatch.setattr(ConcernedStore, "page", lambda *_: DuePage(users=(), cursor=None))
    with pytest.raises(DifferenceError, match=r"the field current_streak at .*: expected 2, got 0"):
        through_an_outage(environment)
    environment.close()


def test_an_amnesty_that_is_declared_once_more_by_a_call_that_is_given_again_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    environment = Environment(user_ids(0)[:1], policies, no_faults)
    monkeypatch.setattr(Amnesties, "declare", declared_anew)
    with pytest.raises(DifferenceError, match="the amnesties that stand: expected"):
        through_an_outage(environment)
    environment.close()


def declared_anew(amnesties: Amnesties, sent: Declaring, now: datetime) -> Amnesty:
    """Looks for no amnesty that is the same."""
    number = len(amnesties.all()) + 1
    begins, ends = sent.from_instant, sent.until
    change = StoredChange(number=number, at=now, by=sent.by, from_instant=begins, until=ends, reason=sent.reason)
    try:
        amnesties.store.add(change)
    except CommitFailed as failure:
        raise DatabaseUnavailable from failure
    return amnesties.find(str(number))


def test_the_command_tells_its_counts_by_rpc_mode_and_kind_and_ends_well(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["--seed", str(_SEED), "--user", "0"])
    told = capsys.readouterr().out.splitlines()
    assert status == 0
    assert told[0].startswith(f"seed {_SEED}: 1 environments, 3 users, ")
    (faults,) = (int(line.split()[0]) for line in told if line.endswith("faults, by RPC, mode and kind:"))
    by_place = [line.split(":")[1].split(",") for line in told if line.startswith("  ")]
    assert faults == sum(int(kind.split()[1]) for kinds in by_place for kind in kinds) > 0
    assert told[-1] == "0 differences"
