"""Messages have numbers without gaps whoever sends at once, are there once, and are gone when they are to be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.acts import user
from streak_core.records.conversation import SessionClosed, SessionNotFound, TooManyMessages
from streak_core.records.conversations import Added, Conversations
from streak_core.records.kinds import Kinds, shipped_kinds
from streak_core.records.quotas import Quotas
from streak_core.rights import UserRights
from streak_core.store.sharding import shard_of
from streak_core.store.whole_user import WholeUserStore
from tests.integration.records.trailed import ADA, NOTE, NOW, SUE, trails, wrong
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

SAID: Final = {"role": "user", "content": "hello"}
# What is counted of everybody together, in the same commit.
PART: Final = f"counters/2026-03-02.{shard_of('ada'):02d}"
KEPT: Final = timedelta(days=180)
SERVER: Final = Actor(kind=ActorKind.SERVER, id="s@x.iam.gserviceaccount.com")


def talks(client: firestore.Client, kinds: Kinds | None = None) -> Conversations:
    return Conversations(trails(client), Quotas(kinds or shipped_kinds(), policies))


def say(
    client: firestore.Client,
    key: str | None = None,
    *,
    to: str = "chat",
    said: Mapping[str, str] = SAID,
    at: datetime = NOW,
    actor: Actor | None = None,
) -> Added:
    return talks(client).add("ada", to, said, at, key, actor)


def numbers(client: firestore.Client, at: datetime = NOW) -> list[int]:
    return [one.seq for one in talks(client).messages("ada", "chat", 100, None, at).messages]


def test_a_message_is_one_batch_get_and_one_commit_and_a_document(client: RecordedClient, recorder: Recorder) -> None:
    # The first lists the keys, by the second the process knows them.
    for _ in range(2):
        say(client)
    recorder.calls.clear()
    say(client)
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert sorted(recorder.documents_read()[0]) == ["records/ada", "records/ada/conversations/chat", "streaks/ada"]
    assert recorder.documents_written() == [
        "records/ada",
        "records/ada/conversations/chat",
        "records/ada/messages/chat.000000000003",
        PART,
    ]


def test_eight_who_send_at_once_leave_no_gap(client: RecordedClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda number: say(client, said={**SAID, "content": f"{number}"}), range(24)))
    assert sorted(one.message.seq for one in added) == list(range(1, 25))
    stored = talks(client).messages("ada", "chat", 100, None, NOW).messages
    assert {one.seq: one.said["content"] for one in stored} == {
        one.message.seq: one.message.said["content"] for one in added
    }
    # Nothing was told of it, which is no trail that was cut.
    assert trails(client).home(ADA).head is None
    assert wrong(client) == []
    trails(client).append(ADA, NOTE, NOW)
    assert (say(client).message.seq, wrong(client)) == (25, [])


def test_eight_who_send_the_same_key_at_once_are_told_of_one_message(client: RecordedClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(lambda _: say(client, "k"), range(8)))
    assert [one.replayed for one in added].count(False) == 1
    assert {one.message.seq for one in added} == {1}
    assert numbers(client) == [1]
    with pytest.raises(IdempotencyKeyReused):
        say(client, "k", said={**SAID, "content": "another"})
    with pytest.raises(IdempotencyKeyReused):
        say(client, "k", to="elsewhere")


def test_a_message_whose_reply_was_lost_is_there_once(client: RecordedClient, recorder: Recorder) -> None:
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    assert say(client).message.seq == 1
    recorder.before["Commit"] = [ServiceUnavailable("away"), None, None]
    assert say(client).message.seq == 2
    assert numbers(client) == [2, 1]


def test_messages_are_read_page_by_page_by_their_numbers_and_without_a_query(
    client: RecordedClient, recorder: Recorder
) -> None:
    for _ in range(5):
        say(client)
    recorder.calls.clear()
    first = talks(client).messages("ada", "chat", 2, None, NOW)
    assert recorder.methods() == ["BatchGetDocuments"] * 2
    second = talks(client).messages("ada", "chat", 2, first.after, NOW)
    third = talks(client).messages("ada", "chat", 2, second.after, NOW)
    assert [[one.seq for one in page.messages] for page in (first, second, third)] == [[5, 4], [3, 2], [1]]
    assert third.after is None


def test_what_has_expired_is_not_read_and_a_conversation_of_which_nothing_is_left_begins_anew(
    client: RecordedClient,
) -> None:
    for day in range(3):
        say(client, at=NOW + timedelta(days=day))
    assert numbers(client, NOW + KEPT - timedelta(seconds=1)) == [3, 2, 1]
    assert numbers(client, NOW + KEPT) == [3, 2]
    over = NOW + KEPT + timedelta(days=2)
    with pytest.raises(SessionNotFound):
        numbers(client, over)
    assert talks(client).all("ada", 10, None, over).conversations == {}
    # What the database has not deleted yet is written over.
    assert say(client, at=over).message.seq == 1
    assert numbers(client, over) == [1]


def test_the_one_of_the_last_message_is_first_and_pages_have_each_once(client: RecordedClient) -> None:
    for number, name in enumerate(["a", "b", "c", "b"]):
        say(client, to=name, at=NOW + timedelta(minutes=number))
    seen, after = list[str](), None
    while True:
        page = talks(client).all("ada", 2, after, NOW)
        seen += page.conversations
        if (after := page.after) is None:
            break
    assert seen == ["b", "c", "a"]


def test_a_page_of_which_some_have_expired_is_not_the_last_one(client: RecordedClient) -> None:
    say(client, to="old", at=NOW)
    for name in ("new", "newer"):
        say(client, to=name, at=NOW + timedelta(days=1))
    # As if a policy of fewer days had come in between.
    for name in ("new", "newer"):
        client.document(f"records/ada/conversations/{name}").update({"expire_at": NOW + timedelta(days=2)})
    later = NOW + timedelta(days=3)
    first = talks(client).all("ada", 2, None, later)
    assert (first.conversations, first.after) == ({}, (NOW + timedelta(days=1), "new"))
    second = talks(client).all("ada", 2, first.after, later)
    assert (list(second.conversations), second.after) == (["old"], None)


def test_the_list_tells_how_many_messages_there_are(client: RecordedClient) -> None:
    for number in range(2):
        say(client, to="b", at=NOW + timedelta(minutes=number))
    assert talks(client).all("ada", 9, None, NOW).conversations["b"].count == 2


def test_a_conversation_is_deleted_with_all_its_messages_in_one_commit(
    client: RecordedClient, recorder: Recorder
) -> None:
    for _ in range(3):
        say(client)
    say(client, "k")
    say(client, to="other")
    recorder.calls.clear()
    assert talks(client).delete("ada", "chat", NOW, None) == NOW
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    left = {one.id for one in client.collection("records/ada/messages").stream()}
    assert left == {"other.000000000001"}
    later = NOW + timedelta(hours=1)
    assert talks(client).delete("ada", "chat", later, None) == NOW
    for key in (None, "k", "new"):
        with pytest.raises(SessionClosed):
            say(client, key)
    with pytest.raises(SessionNotFound):
        numbers(client)
    with pytest.raises(SessionNotFound):
        talks(client).delete("ada", "never", NOW, None)
    assert list(talks(client).all("ada", 9, None, NOW).conversations) == ["other"]
    assert say(client, at=NOW + KEPT).message.seq == 1


def test_a_deletion_whose_reply_was_lost_is_one(client: RecordedClient, recorder: Recorder) -> None:
    say(client)
    recorder.after["Commit"] = [ServiceUnavailable("gone"), None, None]
    assert talks(client).delete("ada", "chat", NOW, SUE) == NOW
    assert [one.act.action for one in trails(client).page(ADA, 9, None, NOW).entries] == ["delete_conversation"]


def test_what_a_person_does_for_a_user_is_told_without_a_word_of_it_and_what_a_server_does_is_not(
    client: RecordedClient,
) -> None:
    assert say(client, "k", actor=SERVER).message.seq == 1
    assert trails(client).page(ADA, 9, None, NOW).entries == []
    assert say(client, "k", actor=SUE).message.seq == 2
    assert say(client, "k", actor=SUE).replayed
    [entry] = trails(client).page(ADA, 9, None, NOW).entries
    assert (entry.act.action, entry.act.entity_type, entry.act.entity_id) == ("add_message", "conversation", "chat")
    assert "hello" not in entry.text
    # Who acts for the user uses no quota of the user's up.
    assert trails(client).home(ADA).quotas_used is None
    assert wrong(client) == []


def test_a_conversation_takes_as_many_messages_as_the_kind_says(client: RecordedClient) -> None:
    said = shipped_kinds().model_dump(mode="python")
    said["kinds"]["message"]["count_max"] = 3
    few = talks(client, Kinds.model_validate(said))
    with ThreadPoolExecutor(5) as pool:
        taken = [pool.submit(few.add, "ada", "chat", SAID, NOW, None, None) for _ in range(5)]
    refused = [one.exception() for one in taken if one.exception()]
    assert [type(one) for one in refused] == [TooManyMessages] * 2
    assert numbers(client) == [3, 2, 1]


def test_of_who_was_erased_no_message_is_left_nor_what_it_was_of(client: RecordedClient) -> None:
    say(client, "k")
    UserRights(WholeUserStore(client), wall=lambda: datetime.now(UTC)).erase("ada")
    assert list(client.document("records/ada").collections()) == []
    assert trails(client).home(user("ada")).head is not None
