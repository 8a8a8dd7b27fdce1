"""What is made straight from protobuf is what the client itself would have made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from google.api_core.datetime_helpers import DatetimeWithNanoseconds
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore
from google.cloud.firestore_v1 import _helpers
from google.cloud.firestore_v1.types import Write
from hypothesis import given
from hypothesis import strategies as st

from streak_core.store import encoding
from streak_core.store.writing import WriteOnlyTransaction

CLIENT = firestore.Client(project="p", credentials=AnonymousCredentials())
HOME = CLIENT.document("streaks/ada")
PATH = "projects/p/databases/(default)/documents/streaks/ada"

moments = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False) | st.text() | moments,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(min_size=1), inner, max_size=3),
    max_leaves=12,
)
plain_documents = st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), values, max_size=4)


@given(plain_documents)
def test_a_new_and_a_whole_document_are_as_the_client_makes_them(document: dict[str, Any]) -> None:
    assert [encoding.new_document(PATH, document)] == _helpers.pbs_for_create(PATH, document)
    assert [encoding.whole_document(PATH, document)] == _helpers.pbs_for_set_no_merge(PATH, document)


@given(st.dictionaries(st.from_regex(r"[a-z_]{1,8}", fullmatch=True), st.integers(0, 99) | st.text(), min_size=1))
def test_changed_fields_are_as_the_client_makes_them(fields: dict[str, Any]) -> None:
    read_at = DatetimeWithNanoseconds(2026, 3, 2, 9, nanosecond=123_456_000, tzinfo=UTC)
    option = CLIENT.write_option(last_update_time=read_at)
    ours, theirs = WriteOnlyTransaction(CLIENT), CLIENT.batch()
    ours.update(HOME, fields, option=option)
    theirs.update(HOME, fields, option=option)
    assert written(ours) == written(theirs)


@pytest.mark.parametrize("name", ["a.b", "with space", "`", "1st", "é", ""])
def test_a_field_that_a_path_would_have_to_quote_is_refused(name: str) -> None:
    assert encoding.changed_fields(PATH, {"plain_name": 1}).update_mask.field_paths == ["plain_name"]
    with pytest.raises(ValueError, match="quoted"):
        encoding.changed_fields(PATH, {"plain_name": 1, name: 1})


@pytest.mark.parametrize("value", [b"bytes", {1, 2}, (1,), object(), timedelta(1)])
def test_what_no_document_of_ours_holds_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="can't hold"):
        encoding.whole_document(PATH, {"x": value})


def test_an_instant_is_stored_as_the_moment_it_is() -> None:
    tokyo = datetime(2026, 3, 2, 9, tzinfo=timezone(timedelta(hours=9)))
    same = datetime(2026, 3, 2, tzinfo=UTC)
    assert encoding.whole_document(PATH, {"x": tokyo}) == encoding.whole_document(PATH, {"x": same})


def test_a_change_without_an_option_needs_the_document_to_be_there() -> None:
    ours, theirs = WriteOnlyTransaction(CLIENT), CLIENT.batch()
    ours.update(HOME, {"x": 1})
    theirs.update(HOME, {"x": 1})
    assert written(ours) == written(theirs)
    assert written(ours)[0].current_document.exists


def test_a_merge_is_left_to_the_client() -> None:
    ours, theirs = WriteOnlyTransaction(CLIENT), CLIENT.batch()
    ours.set(HOME, {"days": {"01": "x"}}, merge=True)
    theirs.set(HOME, {"days": {"01": "x"}}, merge=True)
    assert written(ours) == written(theirs)


def written(batch: Any) -> list[Write]:
    found: list[Write] = batch._write_pbs
    return found
