"""Shared pictures as Firestore documents below their user: `streaks/{user}/shares/{place}`. It must not decide.

A user has so many places and no more, so that whatever comes at once, no more pictures are shared than may be. The id
that everybody knows is a field: where a picture is stored says whose it is, and is told nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import BaseModel, ConfigDict, Field

from streak_core.store import documents
from streak_core.store.documents import Moment
from streak_core.store.reading import contents, read_all, read_page
from streak_core.store.sharding import shard_of
from streak_core.store.tombstones import NEEDED, is_tombstone
from streak_core.store.unreadable import reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.store.reading import Snapshot

SHARES: Final = "shares"
# The names of a user's places.
PLACES: Final = tuple(f"{number:02d}" for number in range(20))

_NAMESAKES_MAX: Final = 3


class StoredShare(BaseModel):
    """A picture that is or was shared; closed, as all that is stored. One that is revoked shows nothing any more."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_version: Literal[1] = 1
    share_id: str = Field(min_length=1)
    created_at: Moment
    # Firestore deletes it some time after that.
    expire_at: Moment
    revoked_at: Moment | None = None
    # The idempotency key that it was made with, and what was asked for with it.
    key: str | None = None
    asked: str | None = None
    # What it shows, as JSON.
    snapshot: str | None = None


@dataclass(frozen=True, kw_only=True)
class Place:
    """One of a user's places, and what is in it as read."""

    name: str
    version: datetime
    share: StoredShare


class ShareStore:
    """The shared pictures of all users."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def places(self, user_id: str) -> list[Place]:
        """The user's places that are taken, by name. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
        shares = self._user_doc(user_id).collection(SHARES)
        return [_place(one) for one in read_page(shares.order_by("__name__"), len(PLACES))]

    def put(self, user_id: str, user_version: datetime, place: str, before: Place | None, share: StoredShare) -> None:
        """Puts a picture into a place that is as read, of a user who is as read. Raises `CommitFailed`."""
        user_doc = self._user_doc(user_id)
        ref = user_doc.collection(SHARES).document(place)
        content = share.model_dump(exclude_none=True)

        def write(transaction: firestore.Transaction) -> None:
            # It changes nothing: whoever was erased meanwhile has another version, and nothing is written below.
            unchanged = self._client.write_option(last_update_time=user_version)
            transaction.update(user_doc, {"shard": shard_of(user_id)}, option=unchanged)
            if before is None:
                transaction.create(ref, content)
            else:
                # No field of what was there before stays.
                transaction.delete(ref, option=self._client.write_option(last_update_time=before.version))
                transaction.set(ref, content)

        commit(self._client, write)

    def find(self, share_id: str) -> StoredShare | None:
        """The picture of that id, of whomever; None where its user is erased. Raises `DatabaseUnavailable`."""
        named = self._client.collection_group(SHARES).where(filter=FieldFilter("share_id", "==", share_id))
        query = named.order_by("created_at")
        streaks = self._client.collection(documents.STREAKS).id
        for found in read_page(query, _NAMESAKES_MAX):
            user_doc = found.reference.parent.parent
            # Another app may have a collection of that name, elsewhere.
            if user_doc is None or user_doc.path != f"{streaks}/{user_doc.id}":
                continue
            [user] = read_all(self._client, [user_doc], NEEDED)
            return _place(found).share if user.exists and not is_tombstone(contents(user)) else None
        return None

    def _user_doc(self, user_id: str) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self._client.collection(documents.STREAKS).document(
            documents.user_doc_id(user_id)
        )
        return found


def _place(found: Snapshot) -> Place:
    with reading():
        share = StoredShare.model_validate(contents(found))
    return Place(name=found.id, version=found.update_time, share=share)
