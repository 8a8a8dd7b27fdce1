"""A page has as many items as can be; its token is one that its listing gave, and may tell a number."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

import pytest
from flask import Request
from werkzeug.test import EnvironBuilder

from functions.http.paging import PAGE_SIZE, PAGE_SIZE_MAX, AskedPage, asked_page, page_cursor, page_token
from streak_core.domain.errors import Malformed

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)


def asked(token: str | None = None, size: str | None = None) -> AskedPage:
    """The page of Ada's trail that a request asks for."""
    query = {name: text for name, text in (("page_token", token), ("page_size", size)) if text is not None}
    return asked_page(Request(EnvironBuilder(query_string=query).get_environ()), "ada", "audit")


@pytest.mark.parametrize(("size", "given"), [("1", 1), ("100", 100), ("101", 100), ("9" * 30, PAGE_SIZE_MAX)])
def test_of_more_than_a_page_can_have_it_has_as_many_as_it_can(size: str, given: int) -> None:
    assert asked(size=size).size == given


def test_a_page_has_the_default_where_nothing_is_asked_and_none_is_refused() -> None:
    assert (asked().size, asked().after) == (PAGE_SIZE, None)
    with pytest.raises(Malformed) as refused:
        asked(size="0")
    assert refused.value.errors[0].message == "must be at least 1"


def test_a_numbered_listing_goes_on_after_the_number_that_its_token_tells() -> None:
    assert asked(asked().next_token((NOW, "17"))).after_number == 17
    assert asked().after_number is None
    assert asked().next_token(None) is None


# Nothing keeps anybody from making a token by the way in which they are made.
@pytest.mark.parametrize("item", ["abc", "a:b~c", "1a", "1.5", "9" * 13, "17-"])
def test_a_token_that_tells_no_number_is_none_of_a_numbered_listing(item: str) -> None:
    token = page_token("ada", "audit", (NOW, item))
    assert page_cursor("ada", "audit", token) == (NOW, item)
    page = asked(token)
    with pytest.raises(Malformed) as refused:
        _ = page.after_number
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
            asked(token)
