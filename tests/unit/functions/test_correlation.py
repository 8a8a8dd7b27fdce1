"""Only what has the exact form of a trace is taken from a header."""

from __future__ import annotations

import re

import pytest
from werkzeug.datastructures import Headers

from functions.http.correlation import trace_of, work_of
from streak_core.telemetry.context import Trace

ID, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
W3C = f"00-{ID}-{SPAN}-01"


@pytest.mark.parametrize(
    ("header", "trace"),
    [
        (W3C, Trace(trace_id=ID, span_id=SPAN, is_sampled=True)),
        (f"00-{ID}-{SPAN}-00", Trace(trace_id=ID, span_id=SPAN)),
        (f"cc-{ID}-{SPAN}-03-what-will-be", Trace(trace_id=ID, span_id=SPAN, is_sampled=True)),
    ],
)
def test_the_standards_header_names_a_trace(header: str, trace: Trace) -> None:
    assert trace_of(Headers({"traceparent": header})) == trace


@pytest.mark.parametrize(
    ("header", "trace"),
    [
        (f"{ID}/1;o=1", Trace(trace_id=ID, span_id="0000000000000001", is_sampled=True)),
        (f"{ID.upper()}/18446744073709551615;o=0", Trace(trace_id=ID, span_id="f" * 16)),
        (f"{ID}/18446744073709551616", Trace(trace_id=ID)),
        (ID, Trace(trace_id=ID)),
        (f"{ID};o=1", Trace(trace_id=ID, is_sampled=True)),
    ],
)
def test_googles_header_names_a_trace(header: str, trace: Trace) -> None:
    assert trace_of(Headers({"X-Cloud-Trace-Context": header})) == trace


@pytest.mark.parametrize(
    "header",
    [
        "",
        ID,
        f"00-{ID}-{SPAN}",
        f"ff-{ID}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{ID}-{'0' * 16}-01",
        f"00-{ID.upper()}-{SPAN}-01",
        f"00-{ID}-{SPAN}-01\n",
        f"00-{ID}-{SPAN}-01-\n",
        f" {W3C}",
        f'00-{ID[:-1]}"-{SPAN}-01',
        "٣" * 32,
    ],
)
def test_anything_else_in_the_standards_header_is_as_good_as_not_sent(header: str) -> None:
    headers = Headers()
    headers._list = [("traceparent", header)]  # werkzeug refuses a line's end itself
    assert trace_of(headers) is None


@pytest.mark.parametrize(
    "header", ["", "/1", ";o=1", f"{ID}/", f"{ID}/1;o=x", f"{ID}0/1", f"{'0' * 32}/1", f"{ID}/x", '{"a": 1}', "٣" * 32]
)
def test_anything_else_in_googles_header_is_as_good_as_not_sent(header: str) -> None:
    assert trace_of(Headers({"X-Cloud-Trace-Context": header})) is None


def test_the_standard_comes_first_and_googles_own_where_it_is_no_good() -> None:
    other = "a" * 32
    both = {"traceparent": W3C, "X-Cloud-Trace-Context": f"{other}/1"}
    assert work_of("streak", Headers(both)).request_id == ID
    assert work_of("streak", Headers({**both, "traceparent": "x"})).request_id == other


def test_a_request_without_a_trace_has_an_id_of_its_own() -> None:
    first, second = work_of("streak", Headers()), work_of("streak", Headers({"X-Request-Id": "mine"}))
    assert first.trace is None
    assert first.request_id != second.request_id
    for each in (first, second):
        assert re.fullmatch("[0-9a-f]{32}", each.request_id)
