"""A shard comes to the same end wherever it was stopped, whoever writes meanwhile, and nobody's write is hidden."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest

from streak_core import migrating
from streak_core.migrating import Counts, Migrating, Progress, SomebodyElseError
from streak_core.migrations.chain import Chain, kept_in
from streak_core.store import documents
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.failures import StoreOverloaded, WriteConflict
from tests.support.kept_shard import KeptShard, KilledError
from tests.support.kept_user import KeptUser
from tests.support.stored_files import STORED, read

if TYPE_CHECKING:
    from collections.abc import Callable

Json = dict[str, Any]
CHAIN: Final = Chain(kept_in(), SCHEMA_VERSION)
USERS: Final = 12


def some_shard(form: int = FORM_1) -> KeptShard:
    users = {}
    for path in sorted((STORED / f"v{form}").glob("*.json"))[:USERS]:
        kept = read(path)
        users[path.stem] = KeptUser(documents=kept["documents"]), datetime.fromisoformat(kept["now"])
    return KeptShard(users)


def going(
    start: int = FORM_1, end: int = SCHEMA_VERSION, *, is_stopping: Callable[[], bool] = lambda: False
) -> Migrating:
    """In pages of five."""
    step = CHAIN.way(start, end)[0]
    return Migrating(step=step, accept_loss=False, take=lambda _: None, is_stopping=is_stopping, users_max=5)


def stored(shard: KeptShard) -> Json:
    return {doc_id: deepcopy(user.documents) for doc_id, (user, _) in shard.users.items()}


def forms(shard: KeptShard) -> set[int]:
    return {documents.form_of(user.documents["streak"]) for user, _ in shard.users.values()}


def a_command(shard: KeptShard, doc_id: str, day: int = 1) -> None:
    user, now = shard.users[doc_id]
    now += timedelta(days=day)
    record = {"do": "record", "activity_type": "study_guide_completed", "activity_id": f"live{day}"}
    assert user.step({**record, "at": now.isoformat()})
    shard.users[doc_id] = user, now


def test_every_user_goes_up_once_and_comes_back() -> None:
    shard = some_shard()
    before = stored(shard)
    assert going().run(shard) == Progress(cursor=max(before), is_done=True, counts=Counts(changed=USERS))
    assert forms(shard) == {SCHEMA_VERSION}
    shard.kept = Progress()
    assert going().run(shard).counts == Counts(already=USERS)
    shard.kept = Progress()
    assert going(SCHEMA_VERSION, FORM_1).run(shard).counts == Counts(changed=USERS)
    assert forms(shard) == {FORM_1}
    assert {name: one["ledger"] for name, one in stored(shard).items()} == {
        n: one["ledger"] for n, one in before.items()
    }


def test_a_shard_that_is_done_is_not_gone_through_again() -> None:
    shard = some_shard()
    done = going().run(shard)
    commits = shard.commits
    assert going().run(shard) == done
    assert shard.commits == commits


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_killed_around_any_commit_it_comes_to_the_same_end(when: str, number: int) -> None:
    whole = some_shard()
    end = going().run(whole)
    assert whole.commits == 4
    shard = some_shard()

    def kill() -> None:
        if shard.commits == number:
            raise KilledError

    setattr(shard, when, kill)
    with pytest.raises(KilledError):
        going().run(shard)
    assert going().run(shard) == end
    assert stored(shard) == stored(whole)


@pytest.mark.parametrize("number", range(1, 15))
def test_killed_among_users_who_go_one_by_one_it_comes_to_the_same_end(number: int) -> None:
    shard = some_shard()

    def others() -> None:
        # Of each page one is written meanwhile, so that its users go alone.
        if shard.commits in {1, 7}:
            a_command(shard, sorted(shard.users)[2 if shard.commits == 1 else 7])
        if shard.commits == number:
            raise KilledError

    shard.before = others
    with pytest.raises(KilledError):
        going().run(shard)
    shard.before = lambda: None
    done = going().run(shard)
    assert forms(shard) == {SCHEMA_VERSION}
    assert done.counts.changed + done.counts.already == USERS
    assert done.counts.already <= 2


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_commit_whose_reply_is_lost_counts_once(number: int) -> None:
    shard = some_shard()

    def lose() -> None:
        if shard.commits == number:
            message = "lost"
            raise WriteConflict(message)

    shard.after = lose
    assert going().run(shard).counts == Counts(changed=USERS)
    assert shard.commits == 4


def test_a_command_that_comes_in_between_is_not_hidden() -> None:
    shard, doc_id = some_shard(), "everything"

    def command() -> None:
        if shard.commits == 1:
            a_command(shard, doc_id)

    shard.before = command
    assert going().run(shard).counts == Counts(changed=USERS - 1, already=1)
    assert "activity.live1" in shard.users[doc_id][0].documents["ledger"]
    streak, _ = shard.users[doc_id][0].read()
    assert streak
    assert streak.seq == max(one["seq"] for one in shard.users[doc_id][0].documents["ledger"].values())


def test_who_is_written_each_time_is_left_and_named_and_the_others_go_on() -> None:
    shard, doc_id = some_shard(), "fall_back"

    def settled() -> None:
        # What the job writes keeps the form.
        shard.users[doc_id][0].documents["streak"]["settled_through"] = f"2026-11-{shard.commits:02}"

    shard.before = settled
    done = going().run(shard)
    assert (done.is_done, done.counts.changed, done.counts.failed) == (True, USERS - 1, 1)
    assert [one.doc_id for one in done.counts.left_alone] == [doc_id]
    assert documents.form_of(shard.users[doc_id][0].documents["streak"]) == FORM_1


def test_who_is_gone_meanwhile_needs_nothing() -> None:
    shard = some_shard()

    def gone() -> None:
        shard.users.pop("fall_back", None)

    shard.before = gone
    assert going().run(shard).counts == Counts(changed=USERS - 1)


def test_who_would_lose_something_or_does_not_read_is_left_and_named() -> None:
    shard = some_shard(SCHEMA_VERSION)
    first = min(shard.users)
    shard.users[first][0].documents["streak"]["schema_version"] = SCHEMA_VERSION + 2
    before = stored(shard)
    done = going(SCHEMA_VERSION, FORM_1).run(shard)
    assert (done.counts.would_lose, done.counts.failed, done.counts.changed) == (USERS - 1, 1, 0)
    assert done.counts.left_alone[0].reason == "stored_by_newer_version: schema_version"
    assert "entries of the ledger" in done.counts.left_alone[1].reason
    assert stored(shard) == before


def test_of_many_who_are_left_the_first_are_named() -> None:
    one = Counts(failed=1, left_alone=(migrating.LeftAlone(doc_id="a", reason="r"),))
    many = sum([one] * 30, Counts())
    assert (many.failed, len(many.left_alone)) == (30, migrating.NAMED_MAX)


def test_stopped_it_says_how_far_it_is_and_goes_on_from_there() -> None:
    shard = some_shard()
    stopped = going(is_stopping=lambda: shard.commits == 1).run(shard)
    assert (stopped.is_done, stopped.counts) == (False, Counts(changed=5))
    assert forms(shard) == {FORM_1, SCHEMA_VERSION}
    assert going().run(shard).counts == Counts(changed=USERS)


def test_two_at_one_shard_do_not_both_go_on() -> None:
    shard = some_shard()

    def other() -> None:
        if shard.commits == 1:
            shard.before = lambda: None
            going().run(shard)

    shard.before = other
    with pytest.raises(SomebodyElseError):
        going().run(shard)
    assert shard.kept.counts == Counts(changed=USERS)


def test_where_firestore_does_not_keep_up_the_caller_is_told_and_the_same_call_goes_on() -> None:
    shard = some_shard()

    def overloaded() -> None:
        if shard.commits == 2:
            message = "no answer"
            raise StoreOverloaded(message, is_pending=True)

    shard.before = overloaded
    with pytest.raises(StoreOverloaded):
        going().run(shard)
    assert going().run(shard).counts == Counts(changed=USERS)
