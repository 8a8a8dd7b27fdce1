"""Page tokens: where a page ends, opaque to clients and of no use to another user.

It must not know what is listed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from streak_core.store.reading import Cursor

# What the core names its items; anything else is no name that it could look for. Under a key of whoever acts for the
# user, who that is stands before a `=`.
_ITEM_ID: Final = re.compile(r"([a-z]{1,16}=)?[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")


def page_token(user_id: str, listing: str, place: Cursor | None) -> str | None:
    """The token of the page after `place`; None after the last page."""
    if place is None:
        return None
    moment, item_id = place
    content = [moment.astimezone(UTC).isoformat(), item_id]
    text = json.dumps([*content, _seal(user_id, listing, content)])
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def page_cursor(user_id: str, listing: str, token: str | None) -> Cursor | None:
    """Where the page begins. Raises `Malformed` for a token that this listing did not give to this user."""
    if token is None:
        return None
    try:
        moment, item_id, _ = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        place = datetime.fromisoformat(moment), item_id
        if not _ITEM_ID.fullmatch(item_id) or token != page_token(user_id, listing, place):
            raise ValueError(token)  # noqa: TRY301 - every way to be no token has one answer
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise _no_token() from error
    return place


def numbered_cursor(user_id: str, listing: str, token: str | None) -> int | None:
    """The number that the page begins after, of a listing whose items are numbered. Raises `Malformed`."""
    place = page_cursor(user_id, listing, token)
    if place is None:
        return None
    if not _NUMBER.fullmatch(place[1]):
        raise _no_token()
    return int(place[1])


def _no_token() -> Malformed:
    return Malformed(FieldError("page_token", "must be the next_page_token of this listing"))


def _seal(user_id: str, listing: str, content: list[str]) -> str:
    """Keeps tokens from being mixed up. It guards nothing: a listing only ever reads the caller's own items."""
    return hashlib.sha256(json.dumps([user_id, listing, *content]).encode()).hexdigest()[:16]
