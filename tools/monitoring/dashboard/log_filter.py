"""Reads the filter of a logs panel: one comparison a line, which all must hold.

It must not guess: what it does not know is refused. Of the language, equality, a regular expression on the name of the
service, and a lowest severity are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tools.monitoring.log_lines import Entry, UnknownSyntaxError, select

if TYPE_CHECKING:
    from collections.abc import Iterable

# https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity
SEVERITIES: Final = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
_SEVERITY: Final = re.compile(r"severity\s*>=\s*([A-Z]+)")
_SERVICE: Final = re.compile(r'resource\.labels\.service_name\s*=~\s*"([^"\\]+)"')


class UnknownFilterError(Exception):
    """The filter uses what is not understood here."""


@dataclass(frozen=True)
class _Filter:
    lowest: str | None
    service: re.Pattern[str]
    equalities: str


def matching(text: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that the panel would show, in their order. Raises `UnknownFilterError`."""
    read = _read(text)
    lowest = SEVERITIES.index(read.lowest or SEVERITIES[0])
    return [
        entry
        for entry in entries
        if SEVERITIES.index(str(entry.content.get("severity", SEVERITIES[0]))) >= lowest
        and read.service.search(str(entry.content["resource"]["labels"]["service_name"]))
        and _selected(read.equalities, [entry])
    ]


def severity(text: str) -> str | None:
    """The lowest severity that is shown; None where all are. Raises `UnknownFilterError`."""
    _selected(_read(text).equalities, [])
    return _read(text).lowest


def services(text: str, names: Iterable[str]) -> set[str]:
    """Of these names of services, those that are shown. Raises `UnknownFilterError`."""
    service = _read(text).service
    return {name for name in names if service.search(name)}


def _selected(equalities: str, entries: Iterable[Entry]) -> bool:
    try:
        return bool(select({"filter": equalities}, entries))
    except UnknownSyntaxError as error:
        raise UnknownFilterError(str(error)) from error


def _read(text: str) -> _Filter:
    lowest, service, rest = None, re.compile(""), []
    for line in filter(None, map(str.strip, text.splitlines())):
        if match := _SEVERITY.fullmatch(line):
            lowest = match[1]
        elif match := _SERVICE.fullmatch(line):
            service = _pattern(match[1])
        else:
            rest.append(line)
    if lowest is not None and lowest not in SEVERITIES:
        message = f"not a severity: {lowest}"
        raise UnknownFilterError(message)
    return _Filter(lowest, service, "\n".join(rest))


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as error:
        message = f"not a regular expression: {text}"
        raise UnknownFilterError(message) from error
