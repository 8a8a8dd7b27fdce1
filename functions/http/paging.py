"""Pages of listings: which one is asked for, and tokens of where one ends, opaque and of no use to another user.

It must not know what is listed.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Final

from pydantic import Field, TypeAdapter

from functions.http import parsing
from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from flask import Request

    from streak_core.store.reading import Cursor

# Items of a page where nobody asks for another number, and however many are asked for.
PAGE_SIZE: Final = 20
PAGE_SIZE_MAX: Final = 100
# What a route that lists something knows in its query.
PAGE_PARAMETERS: Final = ("page_size", "page_token")

_SIZE: Final = TypeAdapter[int](Annotated[int, Field(ge=1)])
# What the core names its items; anything else is no name that it could look for. Under a key of whoever acts for the
# user, who that is stands before a `=`.
_ITEM_ID: Final = re.compile(r"([a-z]{1,16}=)?[A-Za-z0-9][A-Za-z0-9._:~-]{0,199}")
_NUMBER: Final = re.compile(r"[0-9]{1,12}")


@dataclass(frozen=True, kw_only=True)
class AskedPage:
    """The page of a user's listing that is asked for: at most `size` items, after the one at `after`."""

    user_id: str
    listing: str
    size: int
    after: Cursor | None

    @property
    def after_number(self) -> int | None:
        """The same where items are numbered. Raises `Malformed` where the item is none that has a number."""
        if self.after is None:
            return None
        if not _NUMBER.fullmatch(self.after[1]):
            raise _no_token()
        return int(self.after[1])

    def next_token(self, place: Cursor | None) -> str | None:
        """The token of the page after `place`; None after the last page."""
        return page_token(self.user_id, self.listing, place)


def asked_page(request: Request, user_id: str, listing: str) -> AskedPage:
    """The page that a request asks for. Raises `Malformed` for a size or a token that can't be."""
    size = min(parsing.query(request, "page_size", _SIZE, PAGE_SIZE), PAGE_SIZE_MAX)
    after = page_cursor(user_id, listing, parsing.parameter(request, "page_token"))
    return AskedPage(user_id=user_id, listing=listing, size=size, after=after)


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


def _no_token() -> Malformed:
    return Malformed(FieldError("page_token", "must be the next_page_token of this listing"))


def _seal(user_id: str, listing: str, content: list[str]) -> str:
    """Keeps tokens from being mixed up. It guards nothing: a listing only ever reads the caller's own items."""
    return hashlib.sha256(json.dumps([user_id, listing, *content]).encode()).hexdigest()[:16]
