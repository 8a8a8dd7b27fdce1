"""A friend who can't be read, for whatever reason that is theirs, is told so of alone: the others are as ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

import pytest
from google.api_core.exceptions import ServiceUnavailable
from google.cloud import firestore

from streak_core.commands import StreakCommands
from streak_core.domain.commands import CheckIn
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.domain.friend_streaks import FriendStreak
from streak_core.friends.accepting import Accepted
from streak_core.friends.pairs import FRIENDS_MAX, pair_ref
from streak_core.friends.refusals import FriendNotFound, TooManyFriends
from streak_core.rights import UserRights
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from streak_core.telemetry import LogEvent
from streak_core.write_gate import Restoring
from testing.logged import Logged
from tests.support.befriending import Befriending, befriended_for_long
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streak_core.friends.friendships import Friend
    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
# When all three are friends.
THEN: Final = NOW + timedelta(minutes=1)
LAST: Final = NOW + timedelta(days=41)


@pytest.fixture
def logged() -> Iterator[Logged]:
    with Logged() as lines:
        yield lines


def ben_is_restored(user_id: str) -> None:
    if user_id == "ben":
        raise Restoring


def newer(client: firestore.Client) -> None:
    client.document("streaks/ben").update({"schema_version": 99})


def foreign(client: firestore.Client) -> None:
    client.document("streaks/ben").set({"title": "a recipe"})


def damaged(client: firestore.Client) -> None:
    client.document("streaks/ben").update({"state": "{"})


def damaged_note(client: firestore.Client) -> None:
    pair_ref(client, "ada", "ben").update({"counted": "{"})


def untouched(_client: firestore.Client) -> None:
    """What is stored is as it was."""


def three(client: firestore.Client) -> Befriending:
    """Of whom the first is a friend of both others, and all have kept today."""
    doing, service = Befriending(client), StreakCommands(UserStore(client, policies), policies)
    for seconds, user_id in enumerate(("ben", "cy")):
        doing.befriend("ada", user_id, NOW + timedelta(seconds=seconds))
    for user_id in ("ada", "ben", "cy"):
        service.execute(user_id, THEN, CheckIn())
    return doing


def told(friends: list[Friend]) -> list[tuple[str, bool | None, FriendStreak | None]]:
    return [(one.name, one.kept_today, one.streak) for one in friends]


ONE_DAY_KEPT: Final = FriendStreak(count=1, longest=1)


@pytest.mark.parametrize(
    ("harm", "check"),
    [
        (newer, None),
        (foreign, None),
        (damaged, None),
        (damaged_note, None),
        (untouched, ben_is_restored),
    ],
)
def test_a_friend_who_cant_be_read_is_told_so_of_and_the_others_are_as_ever(
    client: RecordedClient,
    logged: Logged,
    harm: Callable[[firestore.Client], None],
    check: Callable[[str], None] | None,
) -> None:
    doing = three(client)
    harm(client)
    if check:
        doing = Befriending(client, check_open=check)
    friends = doing.friendships.all("ada", THEN)
    assert told(friends) == [("The ben", None, None), ("The cy", True, ONE_DAY_KEPT)]
    assert doing.friendships.one("ada", friends[0].friend_id, THEN) == friends[0]
    assert [line["user_id"] for line in logged.of(LogEvent.FRIEND_UNREADABLE)] == ["ben"] * 2


def test_months_of_a_friend_that_cant_be_read_are_theirs_and_own_ones_are_an_error(client: RecordedClient) -> None:
    befriended_for_long(client, "ida", "joe", NOW)
    # So all days are looked up once more.
    pair_ref(client, "ida", "joe").update({"counted": firestore.DELETE_FIELD})
    client.document("streaks/joe/months/2026-03").set({"schema_version": 2, "days": "{"})
    friendships = Befriending(client).friendships
    assert told(friendships.all("ida", LAST)) == [("The joe", None, None)]
    with pytest.raises(UnreadableStreakError):
        friendships.all("joe", LAST)


def test_what_is_wrong_with_who_asks_and_with_the_database_stays_an_error(
    client: RecordedClient, recorder: Recorder
) -> None:
    doing = three(client)
    damaged(client)
    with pytest.raises(UnreadableStreakError):
        doing.friendships.all("ben", NOW)
    # The first is the user, the second is the friend.
    recorder.before["BatchGetDocuments"] = [None, ServiceUnavailable("gone"), *[ServiceUnavailable("gone")] * 400]
    with pytest.raises(DatabaseUnavailable):
        doing.friendships.all("ada", NOW)


def test_an_acceptance_is_answered_whatever_has_become_of_the_friend(client: RecordedClient) -> None:
    doing = Befriending(client)
    code = doing.code("ada", NOW)
    StreakCommands(UserStore(client, policies), policies).execute("ada", NOW, CheckIn())
    accepted = Accepted(code=code, name="The ben")
    friend_id, _ = doing.accepting.accept("ben", accepted, NOW, "k")
    client.document("streaks/ada").update({"schema_version": 99})
    assert doing.accepting.accept("ben", accepted, NOW, "k") == (friend_id, True)
    friend = doing.friendships.one("ben", friend_id, NOW)
    assert (friend.name, friend.kept_today, friend.streak) == ("The ada", None, None)


def test_a_friend_who_is_being_erased_while_days_are_read_is_nobodys(client: RecordedClient) -> None:
    doing = three(client)
    friend_id = doing.friendships.all("ada", NOW)[0].friend_id
    assert not UserRights(WholeUserStore(client)).erase("ben", batches_max=0).is_finished
    assert [name for name, *_ in told(doing.friendships.all("ada", NOW))] == ["The cy"]
    with pytest.raises(FriendNotFound):
        doing.friendships.one("ada", friend_id, NOW)


def test_nothing_is_written_of_two_while_one_of_them_is_restored(client: RecordedClient, recorder: Recorder) -> None:
    doing = Befriending(client)
    friend_id, blocked = doing.befriend("ada", "ben", NOW), doing.befriend("ben", "cy", NOW)
    code = doing.code("ben", NOW)
    doing.friendships.block("cy", blocked, NOW)
    shut = Befriending(client, check_open=ben_is_restored)
    recorder.calls.clear()
    for do in (
        lambda: shut.accepting.accept("eve", Accepted(code=code, name="Eve"), NOW, None),
        lambda: shut.friendships.end("ada", friend_id, NOW),
        lambda: shut.friendships.block("ada", friend_id, NOW),
        lambda: shut.friendships.unblock("cy", blocked, NOW),
    ):
        with pytest.raises(Restoring):
            do()
    assert recorder.documents_written() == []
    doing.accepting.accept("eve", Accepted(code=code, name="Eve"), NOW, None)
    doing.friendships.end("ada", friend_id, NOW)


def test_a_damaged_pair_is_left_out_and_said_in_the_log_and_is_one_of_five(
    client: RecordedClient, logged: Logged
) -> None:
    doing = Befriending(client)
    for number in range(FRIENDS_MAX):
        doing.befriend("ada", f"friend-{number}", NOW)
    pair = pair_ref(client, "ada", "friend-0")
    pair.update({"since": "yesterday"})
    assert len(doing.friendships.all("ada", NOW)) == FRIENDS_MAX - 1
    assert [line["pair"] for line in logged.of(LogEvent.FRIEND_UNREADABLE)] == [pair.id]
    code = doing.code("ada", NOW)
    with pytest.raises(TooManyFriends):
        doing.accepting.accept("eve", Accepted(code=code, name="Eve"), NOW, None)
