"""Two users as a Firestore document, `friend_pairs/{pair}`: they are friends, or one has blocked the other.

It must not know how their days are counted, or who asks. A pair belongs to both and lies below neither: whoever of the
two is erased takes it along (`shared_documents`). It is named after both, so that there is never a second one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal, Self

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from streak_core.domain.friend_counting import Noted
from streak_core.domain.friend_streaks import FriendStreak
from streak_core.records.acts import json_text
from streak_core.records.chain import hash_of
from streak_core.store.documents import Document, Moment
from streak_core.store.reading import contents, read_page
from streak_core.store.shared_documents import BLOCKED_BY, FRIENDS, PAIRS
from streak_core.store.unreadable import UnreadableStreakError, reading
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from streak_core.store.reading import Snapshot

FRIENDS_MAX: Final = 5
# Of these a user has no more but where two come at once.
BLOCKS_MAX: Final = 100
_NAME_HEX: Final = 40

Text = Annotated[str, Field(min_length=1)]


class Stored(BaseModel):
    """Closed, as all that is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_version: Literal[1] = 1


class NotedForm(Stored):
    """What no later command of the two can change any more: how the streak stood after the day `through`."""

    through: date
    count: int = Field(ge=0)
    longest: int = Field(ge=0)
    # How many changes of the list of amnesties it goes by.
    amnesties: int = Field(ge=0)

    @classmethod
    def of(cls, noted: Noted) -> Self:
        """What is to be stored of it."""
        streak = noted.streak
        return cls(through=noted.through, count=streak.count, longest=streak.longest, amnesties=noted.amnesties)

    @property
    def noted(self) -> Noted:
        """What it says."""
        streak = FriendStreak(count=self.count, longest=self.longest)
        return Noted(through=self.through, streak=streak, amnesties=self.amnesties)

    @property
    def text(self) -> str:
        """As it is stored."""
        return json_text(self.model_dump(mode="json"))


class Friends(Stored):
    """Two users who are friends."""

    friend_id: Text
    # Both users, by their ids, and the names that they gave, in the same order.
    friends: tuple[Text, Text]
    names: tuple[Text, Text]
    since: Moment
    # The first label that counts.
    first_day: date
    counted: str | None = None

    @classmethod
    def of(cls, friend_id: str, one: tuple[str, str], other: tuple[str, str], since: datetime, first: date) -> Self:
        """Two users with their names, whichever of them comes first."""
        (user, name), (user_2, name_2) = sorted((one, other))
        return cls(friend_id=friend_id, friends=(user, user_2), names=(name, name_2), since=since, first_day=first)

    @property
    def named(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Each user with the name."""
        return (self.friends[0], self.names[0]), (self.friends[1], self.names[1])

    def own_name(self, user_id: str) -> str:
        """The name that a user of the two gave."""
        return dict(self.named)[user_id]

    def other_than(self, user_id: str) -> tuple[str, str]:
        """The other user of the two, with the name."""
        return next(one for one in self.named if one[0] != user_id)

    @property
    def noted(self) -> Noted | None:
        """What is decided, where anything was noted. Raises `UnreadableStreakError`."""
        with reading():
            return None if self.counted is None else NotedForm.model_validate_json(self.counted).noted


class Block(Stored):
    """One user has blocked the other, who was a friend under that id and name."""

    friend_id: Text
    blocked_by: Text
    blocked: Text
    name: Text
    at: Moment


_FRIENDS: Final = TypeAdapter(Friends)
_BLOCK: Final = TypeAdapter(Block)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two friends as read, by their document and its version."""

    ref: firestore.DocumentReference
    version: datetime
    friends: Friends


@dataclass(frozen=True, kw_only=True)
class StoredBlock:
    """A block as read."""

    ref: firestore.DocumentReference
    version: datetime
    block: Block


def pair_ref(client: firestore.Client, one: str, other: str) -> firestore.DocumentReference:
    """The document of two users, whichever of them comes first."""
    name = hash_of(json_text(sorted((one, other))))[:_NAME_HEX]
    found: firestore.DocumentReference = client.collection(PAIRS).document(name)
    return found


def document_of(stored: Friends | Block) -> Document:
    """As it is stored."""
    return {name: value.isoformat() if type(value) is date else value for name, value in _fields(stored)}


def _fields(stored: Friends | Block) -> list[tuple[str, object]]:
    fields = stored.model_dump(exclude_none=True).items()
    return [(name, list(value) if isinstance(value, tuple) else value) for name, value in fields]


def friends_of(client: firestore.Client, user_id: str) -> list[Pair]:
    """Those with whom the user is friends, the first one first, but for pairs that can't be read.

    Raises `DatabaseUnavailable`.
    """
    found = [pair for one in _pairs(client, user_id) if (pair := _pair(one))]
    return sorted(found, key=lambda one: (one.friends.since, one.friends.friend_id))


def count_of_friends(client: firestore.Client, user_id: str) -> int:
    """How many friends the user has, also in pairs that can't be read. Raises `DatabaseUnavailable`."""
    return len(_pairs(client, user_id))


def _pairs(client: firestore.Client, user_id: str) -> list[Snapshot]:
    query = client.collection(PAIRS).where(filter=FieldFilter(FRIENDS, "array_contains", user_id))
    return read_page(query, FRIENDS_MAX)


def _pair(snapshot: Snapshot) -> Pair | None:
    """The pair; None, and a line in the log, where it can't be read."""
    try:
        with reading():
            friends = _FRIENDS.validate_python(contents(snapshot))
    except UnreadableStreakError as error:
        log(LogEvent.FRIEND_UNREADABLE, "two friends can't be read", error=error, pair=snapshot.id, reason=str(error))
        return None
    return Pair(ref=snapshot.reference, version=snapshot.update_time, friends=friends)


def blocks_of(client: firestore.Client, user_id: str) -> list[StoredBlock]:
    """Whom the user has blocked, the last one first. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
    query = client.collection(PAIRS).where(filter=FieldFilter(BLOCKED_BY, "==", user_id))
    found = [_blocked(one) for one in read_page(query, BLOCKS_MAX + FRIENDS_MAX)]
    return sorted(found, key=lambda one: (one.block.at, one.block.friend_id), reverse=True)


def _blocked(snapshot: Snapshot) -> StoredBlock:
    with reading():
        block = _BLOCK.validate_python(contents(snapshot))
    return StoredBlock(ref=snapshot.reference, version=snapshot.update_time, block=block)
