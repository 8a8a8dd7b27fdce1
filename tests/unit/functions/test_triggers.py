"""Whose document a trigger names. Must not know what is done then."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from functions.http.triggers import user_of_written
from streak_core.domain.errors import Malformed
from streak_core.store.documents import user_doc_id


@pytest.mark.parametrize("user_id", ["ada", "a/b%", "%2F", "zoë 😀", ".."])
def test_a_user_is_who_the_document_is_named_after(user_id: str) -> None:
    document = f"streaks/{user_doc_id(user_id)}/outbox/2026-03-02.streak_broken"
    assert user_of_written(quote(document, safe="/")) == user_id


def test_collections_may_have_a_prefix() -> None:
    assert user_of_written("unbroken_streaks/ada/unbroken_outbox/1") == "ada"


@pytest.mark.parametrize(
    "document",
    [
        "",
        "streaks/ada",
        "streaks/ada/events/1",
        "streaks//outbox/1",
        "records/ada/outbox/1",
        "streaks/ada/outbox/1/x",
        "/streaks/ada/outbox/1",
    ],
)
def test_any_other_document_is_refused(document: str) -> None:
    with pytest.raises(Malformed):
        user_of_written(document)
