"""A user has so many ideas and no more whoever makes them at once, each is there once, and room is made by deleting."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.idea import IdeaNotFound, TooManyIdeas, TooManyRefinements
from streak_core.records.ideas import Ideas
from streak_core.records.kinds import Kinds, shipped_kinds
from streak_core.records.quotas import Quotas
from streak_core.rights import UserRights
from streak_core.store.sessions import signed_in
from streak_core.store.sharding import shard_of
from streak_core.store.whole_user import WholeUserStore
from tests.integration.records.trailed import ADA, NOW, SUE, trails, wrong
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

SAID: Final = {"title": "A journal", "category": "habit"}
ASKED: Final = {"prompt": "offline"}


def ideas(client: firestore.Client, **count_max: int) -> Ideas:
    said = shipped_kinds().model_dump(mode="python")
    for kind, most in count_max.items():
        said["kinds"][kind]["count_max"] = most
    return Ideas(trails(client), Quotas(Kinds.model_validate(said), policies))


def make(client: firestore.Client, key: str | None = None, at: datetime = NOW) -> str:
    return ideas(client).make("ada", SAID, at, key, None)[0].idea_id


def test_an_idea_is_one_batch_get_and_one_commit(client: RecordedClient, recorder: Recorder) -> None:
    # The first lists the keys, by the second the process knows them.
    for _ in range(2):
        make(client)
    recorder.calls.clear()
    idea_id = make(client)
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    part = f"counters/2026-03-02.{shard_of('ada'):02d}"
    assert recorder.documents_written() == ["records/ada", f"records/ada/ideas/{idea_id}", part]
    recorder.calls.clear()
    assert ideas(client).mark("ada", idea_id, {"rating": "liked"}, NOW, None).marks == {"rating": "liked"}
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert recorder.documents_written() == ["records/ada", f"records/ada/ideas/{idea_id}"]
    recorder.calls.clear()
    ideas(client).mark("ada", idea_id, {"rating": "liked"}, NOW, None)
    assert recorder.methods() == ["BatchGetDocuments"]


def test_of_eight_that_are_made_at_once_as_many_are_kept_as_can_be(client: RecordedClient) -> None:
    few = ideas(client, idea=3)
    with ThreadPoolExecutor(8) as pool:
        made = [pool.submit(few.make, "ada", SAID, NOW, None, None) for _ in range(8)]
    refused = [one.exception() for one in made if one.exception()]
    assert [type(one) for one in refused] == [TooManyIdeas] * 5
    kept = few.page("ada", 10, None, lambda _: True).ideas
    assert len(kept) == 3
    few.delete("ada", kept[0].idea_id, NOW, None)
    few.make("ada", SAID, NOW, None, None)
    with pytest.raises(TooManyIdeas):
        few.make("ada", SAID, NOW, None, None)
    assert wrong(client) == []


def test_the_same_key_makes_one_idea_and_brings_none_back(client: RecordedClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: ideas(client).make("ada", SAID, NOW, "k", None), range(8)))
    assert len({idea.idea_id for idea, _ in made}) == 1
    assert [was_there for _, was_there in made].count(False) == 1
    with pytest.raises(IdempotencyKeyReused):
        ideas(client).make("ada", {**SAID, "title": "Another"}, NOW, "k", None)
    ideas(client).delete("ada", made[0][0].idea_id, NOW, None)
    with pytest.raises(IdeaNotFound):
        ideas(client).make("ada", SAID, NOW, "k", None)


def test_what_a_reply_was_lost_of_was_done_once(client: RecordedClient, recorder: Recorder) -> None:
    lost = [ServiceUnavailable("gone"), None, None]
    recorder.after["Commit"] = list(lost)
    idea_id = make(client)
    assert len(ideas(client).page("ada", 10, None, lambda _: True).ideas) == 1
    recorder.after["Commit"] = list(lost)
    refinement, was_there = ideas(client).refine("ada", idea_id, ASKED, NOW, None, None)
    assert (refinement.number, was_there) == (1, False)
    recorder.after["Commit"] = list(lost)
    assert ideas(client).mark("ada", idea_id, {"rating": "liked"}, NOW, None).marks == {"rating": "liked"}
    recorder.after["Commit"] = list(lost)
    ideas(client).delete("ada", idea_id, NOW, None)
    assert ideas(client).page("ada", 10, None, lambda _: True).ideas == []
    assert trails(client).home(ADA).held == '{"idea":0}'


def test_eight_who_refine_at_once_leave_each_step_with_a_number(client: RecordedClient) -> None:
    idea_id = make(client)
    few = ideas(client, refinement=6)
    with ThreadPoolExecutor(8) as pool:
        refined = [pool.submit(few.refine, "ada", idea_id, ASKED, NOW, None, None) for _ in range(8)]
    taken = [one.result()[0].number for one in refined if not one.exception()]
    assert sorted(taken) == [1, 2, 3, 4, 5, 6]
    assert [type(one.exception()) for one in refined if one.exception()] == [TooManyRefinements] * 2
    assert [one.number for one in few.find("ada", idea_id).refinements] == [1, 2, 3, 4, 5, 6]


def test_the_same_key_refines_once(client: RecordedClient) -> None:
    idea_id = make(client)
    first, _ = ideas(client).refine("ada", idea_id, ASKED, NOW, "k", None)
    assert ideas(client).refine("ada", idea_id, ASKED, NOW, "k", None) == (first, True)
    with pytest.raises(IdempotencyKeyReused):
        ideas(client).refine("ada", make(client), ASKED, NOW, "k", None)
    ideas(client).delete("ada", idea_id, NOW, None)
    with pytest.raises(IdeaNotFound):
        ideas(client).refine("ada", idea_id, ASKED, NOW, "k", None)


def test_the_last_made_is_first_and_pages_have_each_that_is_wanted_once(client: RecordedClient) -> None:
    made = [make(client, at=NOW + timedelta(minutes=minute // 2)) for minute in range(6)]
    for idea_id in made[::2]:
        ideas(client).mark("ada", idea_id, {"selected": True}, NOW, None)
    seen, after = list[str](), None
    while True:
        page = ideas(client).page("ada", 2, after, lambda one: one.fits({"selected": True}))
        seen += [one.idea_id for one in page.ideas]
        if (after := page.after) is None:
            break
    assert seen == made[::2][::-1]


def test_what_a_person_does_is_told_without_a_word_of_it(client: RecordedClient) -> None:
    idea_id = make(client)
    ideas(client).mark("ada", idea_id, {"rating": "disliked"}, NOW, SUE)
    ideas(client).refine("ada", idea_id, ASKED, NOW, "k", SUE)
    ideas(client).delete("ada", idea_id, NOW, SUE)
    told = trails(client).page(ADA, 9, None, NOW).entries
    assert [one.act.action for one in told] == ["delete_idea", "refine_idea", "mark_idea"]
    assert not [one for one in told if "offline" in one.text or "disliked" in one.text]
    assert wrong(client) == []


def test_who_was_erased_has_room_again_and_no_idea(client: RecordedClient) -> None:
    make(client, "k")
    wall = datetime.now(UTC)
    UserRights(WholeUserStore(client), wall=lambda: wall).erase("ada")
    assert list(client.document("records/ada").collections()) == []
    with signed_in("ada", wall + timedelta(seconds=1)):
        make(client, "k")
    assert trails(client).home(ADA).held == '{"idea":1}'
