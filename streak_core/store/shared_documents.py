"""Documents that tell of users and lie below none of them, found by the fields that name users. Must not know more.

They go with the first of those whom they name who is erased, and are exported as far as they are the user's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from google.cloud.firestore_v1.base_query import FieldFilter

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from google.cloud import firestore

# Two users who are friends, or of whom one has blocked the other.
PAIRS: Final = "friend_pairs"
FRIENDS: Final = "friends"
BLOCKED_BY: Final = "blocked_by"
BLOCKED: Final = "blocked"
INVITATIONS: Final = "friend_invitations"
INVITED_BY: Final = "invited_by"

# What an export calls a document that names two: by its own name a guess of the other could be confirmed.
_ID: Final = "friend_id"


def naming(client: firestore.Client, user_id: str) -> Iterator[firestore.Query]:
    """Finds all documents that name the user."""
    pairs, invitations = client.collection(PAIRS), client.collection(INVITATIONS)
    yield pairs.where(filter=FieldFilter(FRIENDS, "array_contains", user_id))
    yield pairs.where(filter=FieldFilter(BLOCKED_BY, "==", user_id))
    yield pairs.where(filter=FieldFilter(BLOCKED, "==", user_id))
    yield invitations.where(filter=FieldFilter(INVITED_BY, "==", user_id))


def own_side(user_id: str, document_id: str, data: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """What of such a document is the user's own to know, under its id; None where that is nothing.

    Of the other one there is the name that they gave, and of who has blocked the user nothing at all.
    """
    if FRIENDS in data:
        place = list(data[FRIENDS]).index(user_id)
        names = data["names"]
        own = {name: data[name] for name in ("schema_version", _ID, "since", "first_day", "counted") if name in data}
        return str(data[_ID]), {**own, "name": names[place], "friend_name": names[1 - place]}
    if data.get(BLOCKED) == user_id:
        return None
    own = {name: value for name, value in data.items() if name not in {BLOCKED_BY, BLOCKED, INVITED_BY}}
    return str(data.get(_ID, document_id)), own
