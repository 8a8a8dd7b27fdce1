"""A migration comes to the same end wherever it was stopped, whoever writes meanwhile, and nobody's write is hidden."""

from __future__ import annotations

import json
from copy import deepcopy
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from streak_core.migrating import Migrating, SomebodyElseError
from streak_core.migrations.chain import Chain, kept_in
from streak_core.store import documents
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.failures import StoreOverloaded, WriteConflict
from streak_core.store.migrations import NAMED_MAX, Counts, LeftAlone, Progress
from tests.support.kept_user import KeptUser
from tests.support.kept_users import KeptUsers, KilledError
from tests.support.stored_files import STORED, read

Json = dict[str, Any]
CHAIN: Final = Chain(kept_in(), SCHEMA_VERSION)
USERS: Final = 12


def some_users(form: int = FORM_1) -> KeptUsers:
    users = {}
    for path in sorted((STORED / f"v{form}").glob("*.json"))[:USERS]:
        kept = read(path)
        users[path.stem] = KeptUser(documents=kept["documents"]), datetime.fromisoformat(kept["now"])
    return KeptUsers(users)


def going(start: int = FORM_1, end: int = SCHEMA_VERSION) -> Migrating:
    """In pages of five."""
    step = CHAIN.way(start, end)[0]
    return Migrating(step=step, accept_loss=False, take=lambda _: None, users_max=5)


def stored(all_users: KeptUsers) -> Json:
    return {doc_id: deepcopy(user.documents) for doc_id, (user, _) in all_users.users.items()}


def forms(all_users: KeptUsers) -> set[int]:
    return {documents.form_of(user.documents["streak"]) for user, _ in all_users.users.values()}


def a_command(all_users: KeptUsers, doc_id: str, day: int = 1) -> None:
    user, now = all_users.users[doc_id]
    now += timedelta(days=day)
    record = {"do": "record", "activity_type": "study_guide_completed", "activity_id": f"live{day}"}
    assert user.step({**record, "at": now.isoformat()})
    all_users.users[doc_id] = user, now


def test_every_user_goes_up_once_and_comes_back() -> None:
    all_users = some_users()
    before = stored(all_users)
    assert going().run(all_users) == Progress(cursor=max(before), is_done=True, counts=Counts(changed=USERS))
    assert forms(all_users) == {SCHEMA_VERSION}
    all_users.kept = Progress()
    assert going().run(all_users).counts == Counts(already=USERS)
    all_users.kept = Progress()
    assert going(SCHEMA_VERSION, FORM_1).run(all_users).counts == Counts(changed=USERS)
    assert forms(all_users) == {FORM_1}
    assert {name: one["ledger"] for name, one in stored(all_users).items()} == {
        n: one["ledger"] for n, one in before.items()
    }


def test_a_migration_that_is_done_is_not_gone_through_again() -> None:
    all_users = some_users()
    done = going().run(all_users)
    commits = all_users.commits
    assert going().run(all_users) == done
    assert all_users.commits == commits


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_killed_around_any_commit_it_comes_to_the_same_end(when: str, number: int) -> None:
    whole = some_users()
    end = going().run(whole)
    assert whole.commits == 4
    all_users = some_users()

    def kill() -> None:
        if all_users.commits == number:
            raise KilledError

    setattr(all_users, when, kill)
    with pytest.raises(KilledError):
        going().run(all_users)
    assert going().run(all_users) == end
    assert stored(all_users) == stored(whole)


@pytest.mark.parametrize("number", range(1, 15))
def test_killed_among_users_who_go_one_by_one_it_comes_to_the_same_end(number: int) -> None:
    all_users = some_users()

    def others() -> None:
        # Of each page one is written meanwhile, so that its users go alone.
        if all_users.commits in {1, 7}:
            a_command(all_users, sorted(all_users.users)[2 if all_users.commits == 1 else 7])
        if all_users.commits == number:
            raise KilledError

    all_users.before = others
    with pytest.raises(KilledError):
        going().run(all_users)
    all_users.before = lambda: None
    done = going().run(all_users)
    assert forms(all_users) == {SCHEMA_VERSION}
    assert done.counts.changed + done.counts.already == USERS
    assert done.counts.already <= 2


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_commit_whose_reply_is_lost_counts_once(number: int) -> None:
    all_users = some_users()

    def lose() -> None:
        if all_users.commits == number:
            message = "lost"
            raise WriteConflict(message)

    all_users.after = lose
    assert going().run(all_users).counts == Counts(changed=USERS)
    assert all_users.commits == 4


def test_a_command_that_comes_in_between_is_not_hidden() -> None:
    all_users, doc_id = some_users(), "everything"

    def command() -> None:
        if all_users.commits == 1:
            a_command(all_users, doc_id)

    all_users.before = command
    assert going().run(all_users).counts == Counts(changed=USERS - 1, already=1)
    assert "activity.live1" in all_users.users[doc_id][0].documents["ledger"]
    streak, _ = all_users.users[doc_id][0].read()
    assert streak
    assert streak.seq == max(one["seq"] for one in all_users.users[doc_id][0].documents["ledger"].values())


def test_who_is_written_each_time_is_left_and_named_and_the_others_go_on() -> None:
    all_users, doc_id = some_users(), "fall_back"

    def settled() -> None:
        # What the job writes keeps the form.
        all_users.users[doc_id][0].documents["streak"]["settled_through"] = f"2026-11-{all_users.commits:02}"

    all_users.before = settled
    done = going().run(all_users)
    assert (done.is_done, done.counts.changed, done.counts.failed) == (True, USERS - 1, 1)
    assert [one.doc_id for one in done.counts.left_alone] == [doc_id]
    assert documents.form_of(all_users.users[doc_id][0].documents["streak"]) == FORM_1


def test_who_is_gone_meanwhile_needs_nothing() -> None:
    all_users = some_users()

    def gone() -> None:
        all_users.users.pop("fall_back", None)

    all_users.before = gone
    assert going().run(all_users).counts == Counts(changed=USERS - 1)


def test_who_would_lose_something_or_does_not_read_is_left_and_named() -> None:
    all_users = some_users(SCHEMA_VERSION)
    first = min(all_users.users)
    all_users.users[first][0].documents["streak"]["schema_version"] = SCHEMA_VERSION + 2
    before = stored(all_users)
    done = going(SCHEMA_VERSION, FORM_1).run(all_users)
    assert (done.counts.would_lose, done.counts.failed, done.counts.changed) == (USERS - 1, 1, 0)
    assert done.counts.left_alone[0].reason == "stored_by_newer_version: schema_version"
    assert "entries of the ledger" in done.counts.left_alone[1].reason
    assert stored(all_users) == before


def test_who_has_something_unreadable_beside_or_trips_the_code_is_left_and_the_others_go_on() -> None:
    all_users = some_users()
    all_users.unreadable = "fall_back"
    state = json.loads(all_users.users["everything"][0].documents["streak"]["state"])
    state["settings"]["zones"] = [{"from_instant": None, "time_zone": "Mars/Olympus", "floor": None}]
    all_users.users["everything"][0].documents["streak"]["state"] = json.dumps(state)
    done = going().run(all_users)
    assert (done.is_done, done.counts.changed, done.counts.failed) == (True, USERS - 2, 2)
    assert [one.doc_id for one in done.counts.left_alone] == ["everything", "fall_back"]
    assert all(one.reason for one in done.counts.left_alone)


def test_of_many_who_are_left_the_first_are_named() -> None:
    one = Counts(failed=1, left_alone=(LeftAlone(doc_id="a", reason="r"),))
    many = sum([one] * 30, Counts())
    assert (many.failed, len(many.left_alone)) == (30, NAMED_MAX)


def test_two_at_it_do_not_both_go_on() -> None:
    all_users = some_users()

    def other() -> None:
        if all_users.commits == 1:
            all_users.before = lambda: None
            going().run(all_users)

    all_users.before = other
    with pytest.raises(SomebodyElseError):
        going().run(all_users)
    assert all_users.kept.counts == Counts(changed=USERS)


def test_where_firestore_does_not_keep_up_the_caller_is_told_and_the_same_call_goes_on() -> None:
    all_users = some_users()

    def overloaded() -> None:
        if all_users.commits == 2:
            message = "no answer"
            raise StoreOverloaded(message, is_pending=True)

    all_users.before = overloaded
    with pytest.raises(StoreOverloaded):
        going().run(all_users)
    assert going().run(all_users).counts == Counts(changed=USERS)
