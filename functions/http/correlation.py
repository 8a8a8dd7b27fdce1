"""What a request belongs to: its trace, the id by which its log lines are found, and where it came from.

Of a trace it must not take what does not have the exact form of one: that is as good as not sent.
"""

from __future__ import annotations

import re
import time
import uuid
from typing import TYPE_CHECKING, Final

from streak_core.telemetry.context import Origin, Trace, Work

if TYPE_CHECKING:
    from werkzeug.datastructures import Headers

REQUEST_ID_HEADER: Final = "X-Request-Id"

_W3C: Final = re.compile(r"(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-[!-~]*)?", re.ASCII)
# The span is decimal here, and optional.
_GOOGLES: Final = re.compile(r"([0-9a-f]{32})(?:/(\d{1,20}))?(?:;o=(\d))?", re.ASCII | re.IGNORECASE)
_SPAN_LIMIT: Final = 2**64


def work_of(function: str, headers: Headers, peer: str | None = None) -> Work:
    """The request as log lines name it, by the id of its trace or by a new one, and where it came from."""
    trace = trace_of(headers)
    origin = Origin(
        peer=peer,
        # Each proxy may have added a header of its own, in place of adding to the one that was there.
        forwarded_for=",".join(headers.getlist("X-Forwarded-For")),
        user_agent=headers.get("User-Agent"),
        begun=time.perf_counter(),
    )
    request_id = trace.trace_id if trace else new_request_id()
    return Work(function=function, request_id=request_id, trace=trace, origin=origin)


def new_request_id() -> str:
    """An id of the same form as a trace's: 32 hexadecimal digits."""
    return uuid.uuid4().hex


def trace_of(headers: Headers) -> Trace | None:
    """The trace that a request names, by the standard's header or by Google's own; None where neither does."""
    return _w3c(headers.get("traceparent", "")) or _googles(headers.get("X-Cloud-Trace-Context", ""))


def _w3c(header: str) -> Trace | None:
    match = _W3C.fullmatch(header)
    if not match or not int(match[1], 16) or not int(match[2], 16):
        return None
    return Trace(trace_id=match[1], span_id=match[2], is_sampled=bool(int(match[3], 16) & 1))


def _googles(header: str) -> Trace | None:
    match = _GOOGLES.fullmatch(header)
    if not match or not int(match[1], 16):
        return None
    span = int(match[2] or 0)
    return Trace(
        trace_id=match[1].lower(),
        span_id=f"{span:016x}" if 0 < span < _SPAN_LIMIT else None,
        is_sampled=match[3] == "1",
    )
