"""Page tokens: where a page ends, opaque to clients and of no use to another user.

It must not know what is listed.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from streak_core.errors import FieldError, Malformed

if TYPE_CHECKING:
    from streak_core.questions import Place


def page_token(user_id: str, listing: str, place: Place | None) -> str | None:
    """The token of the page after `place`; None after the last page."""
    if place is None:
        return None
    moment, item_id = place
    content = [moment.astimezone(UTC).isoformat(), item_id]
    text = json.dumps([*content, _seal(user_id, listing, content)])
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def page_place(user_id: str, listing: str, token: str | None) -> Place | None:
    """Where the page begins. Raises `Malformed` for a token that this listing did not give to this user."""
    if token is None:
        return None
    try:
        moment, item_id, seal = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        if seal != _seal(user_id, listing, [moment, item_id]):
            raise ValueError(token)
        return datetime.fromisoformat(moment), item_id
    except (ValueError, TypeError) as error:
        raise Malformed(FieldError("page_token", "must be the next_page_token of this listing")) from error


def _seal(user_id: str, listing: str, content: list[str]) -> str:
    """Keeps honest clients from mixing tokens up. It guards nothing: a listing only ever reads the caller's own items."""
    return hashlib.sha256(json.dumps([user_id, listing, *content]).encode()).hexdigest()[:16]
