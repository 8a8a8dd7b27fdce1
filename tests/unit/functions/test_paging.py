"""A page token is one that a listing gave, and of a listing by numbers it tells a number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest

from functions.http.paging import numbered_cursor, page_cursor, page_token
from streak_core.domain.errors import Malformed

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_numbered_listing_goes_on_after_the_number_that_its_token_tells() -> None:
    assert numbered_cursor("ada", "audit", page_token("ada", "audit", (NOW, "17"))) == 17
    assert numbered_cursor("ada", "audit", None) is None


# Nothing keeps anybody from making a token by the way in which they are made.
@pytest.mark.parametrize("item", ["abc", "a:b~c", "1a", "1.5", "9" * 13, "17-"])
def test_a_token_that_tells_no_number_is_none_of_a_numbered_listing(item: str) -> None:
    token = page_token("ada", "audit", (NOW, item))
    assert page_cursor("ada", "audit", token) == (NOW, item)
    with pytest.raises(Malformed) as refused:
        numbered_cursor("ada", "audit", token)
    assert [one.field for one in refused.value.errors] == ["page_token"]


@pytest.mark.parametrize(
    ("item", "is_a_name"), [("admin=k-1", True), ("=k", False), ("admin=", False), ("a=b=c", False)]
)
def test_what_was_sent_by_whoever_acts_for_a_user_is_a_place_of_a_page(item: str, *, is_a_name: bool) -> None:
    token = page_token("ada", "usage", (NOW, item))
    if is_a_name:
        assert page_cursor("ada", "usage", token) == (NOW, item)
    else:
        with pytest.raises(Malformed):
            page_cursor("ada", "usage", token)


def test_a_token_of_another_user_or_listing_is_refused() -> None:
    for token in (page_token("ben", "audit", (NOW, "17")), page_token("ada", "events", (NOW, "17"))):
        with pytest.raises(Malformed):
            numbered_cursor("ada", "audit", token)
