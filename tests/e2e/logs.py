"""The log of a running function: its own lines of JSON, as it writes them where it is deployed.

Must not know what is logged.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tools.monitoring.log_lines import Entry, read_lines

if TYPE_CHECKING:
    from tests.e2e.one_function import OneFunction


def entries_of(function: OneFunction, service: str) -> list[Entry]:
    """What Cloud Logging would make of all that a function has written."""
    return read_lines(function.output().splitlines(), service=service, at=datetime.now(UTC))


def lines_of(function: OneFunction, event: str) -> list[dict[str, Any]]:
    """The payloads of one event, in order."""
    return [dict(one.payload) for one in entries_of(function, "any") if one.payload.get("event") == event]
