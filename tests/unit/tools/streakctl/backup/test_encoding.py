"""A line holds a document exactly: whatever Firestore can store comes back as it was, byte by byte."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from google.cloud.firestore_v1.types import ArrayValue, Document, MapValue, Value
from google.protobuf.timestamp_pb2 import Timestamp  # type: ignore[import-untyped]
from google.type.latlng_pb2 import LatLng  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from tests.support.thoroughness import examples
from tools.streakctl.backup.encoding import (
    NoDocumentError,
    collection_of,
    document_of,
    line_of,
    message,
    path_of_line,
)

DATABASE = "projects/demo/databases/(default)"
NAME = f"{DATABASE}/documents/streaks/a%2Fb"

_texts = st.text(st.characters(codec="utf-8"))
_moments = st.builds(
    lambda seconds, nanos: Timestamp(seconds=seconds, nanos=nanos),
    # The years 1 to 9999, as Firestore has them.
    st.integers(-62_135_596_800, 253_402_300_799),
    st.integers(0, 999_999_999),
)
_single = st.one_of(
    st.just(Value(null_value=0)),
    st.builds(lambda one: Value(boolean_value=one), st.booleans()),
    st.builds(lambda one: Value(integer_value=one), st.integers(-(2**63), 2**63 - 1)),
    # Of the many NaN of a double, Firestore has one.
    st.builds(lambda one: Value(double_value=one), st.one_of(st.floats(allow_nan=False), st.just(math.nan))),
    st.builds(lambda one: Value(timestamp_value=one), _moments),
    st.builds(lambda one: Value(string_value=one), _texts),
    st.builds(lambda one: Value(bytes_value=one), st.binary()),
    st.builds(lambda one: Value(reference_value=f"{DATABASE}/documents/streaks/{one}"), _texts),
    st.builds(
        lambda latitude, longitude: Value(geo_point_value=LatLng(latitude=latitude, longitude=longitude)),
        st.floats(-90, 90),
        st.floats(-180, 180),
    ),
)
_values = st.recursive(
    _single,
    lambda inner: st.one_of(
        st.builds(lambda some: Value(array_value=ArrayValue(values=some)), st.lists(inner, max_size=4)),
        st.builds(lambda some: Value(map_value=MapValue(fields=some)), st.dictionaries(_texts, inner, max_size=4)),
    ),
    max_leaves=12,
)


def documented(fields: dict[str, Value]) -> Any:
    return message(Document(name=NAME, fields=fields))


def exactly(document: Any) -> bytes:
    """Its bytes, in which 0 and -0 differ, and NaN is like itself."""
    found: bytes = document.SerializeToString(deterministic=True)
    return found


@given(st.dictionaries(_texts, _values, max_size=6))
@examples(300)
def test_every_value_comes_back_exactly(fields: dict[str, Value]) -> None:
    document = documented(fields)
    line = line_of(document)
    assert b"\n" not in line
    assert exactly(document_of(line, DATABASE)) == exactly(document)


@pytest.mark.parametrize(
    "value",
    [
        Value(double_value=-0.0),
        Value(double_value=0.0),
        Value(double_value=1.0),
        Value(integer_value=1),
        Value(double_value=math.inf),
        Value(double_value=-math.inf),
        Value(double_value=math.nan),
        Value(double_value=5e-324),
        Value(timestamp_value=Timestamp(seconds=1, nanos=123_456_789)),
        Value(bytes_value=b"\x00\xff\n"),
        Value(map_value=MapValue(fields={})),
        Value(array_value=ArrayValue(values=[])),
        # As the client writes a vector.
        Value(
            map_value=MapValue(
                fields={
                    "__type__": Value(string_value="__vector__"),
                    "value": Value(array_value=ArrayValue(values=[Value(double_value=0.1), Value(double_value=2)])),
                }
            )
        ),
        Value(array_value=ArrayValue(values=[Value(map_value=MapValue(fields={"a": Value(null_value=0)}))])),
    ],
    ids=repr,
)
def test_what_readers_of_json_disagree_about_comes_back_exactly(value: Value) -> None:
    document = documented({"x": value})
    assert exactly(document_of(line_of(document), DATABASE)) == exactly(document)


def test_no_two_values_have_the_same_line() -> None:
    values = [Value(double_value=0.0), Value(double_value=-0.0), Value(integer_value=0), Value(string_value="0")]
    values += [Value(null_value=0), Value(boolean_value=False), Value(bytes_value=b"0"), Value()]
    assert len({line_of(documented({"x": value})) for value in values}) == len(values)


def test_a_line_names_the_path_alone_so_that_it_goes_into_any_database() -> None:
    line = line_of(documented({"x": Value(integer_value=1)}))
    assert path_of_line(line) == "streaks/a%2Fb"
    assert json.loads(line) == {"path": "streaks/a%2Fb", "fields": {"x": {"integer_value": "1"}}}
    elsewhere = document_of(line, "projects/other/databases/restored")
    assert elsewhere.name == "projects/other/databases/restored/documents/streaks/a%2Fb"


def test_fields_stand_in_one_order_however_they_came() -> None:
    one, two = ("a", Value(integer_value=1)), ("b", Value(integer_value=2))
    assert line_of(documented(dict([one, two]))) == line_of(documented(dict([two, one])))


@pytest.mark.parametrize(
    "line", [b"", b"{}", b"[]", b"\xff", b'{"path": "a/b", "fields": {"x": {"colour": 1}}}', b'{"path": "a/b"']
)
def test_a_line_that_is_none_is_refused(line: bytes) -> None:
    with pytest.raises(NoDocumentError):
        document_of(line, DATABASE)


def test_a_collection_is_named_by_all_that_it_lies_below() -> None:
    assert collection_of("streaks/ada") == "streaks"
    assert collection_of("streaks/ada/ledger/x") == "streaks/ledger"
