"""Reads log lines as Cloud Logging does: what becomes of a line, which filters select it, what metrics read from it.

It must not guess: filter or extractor syntax that it does not know is refused. Checks, drill and preview build on it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from emulator.places import ROOT
from tools.monitoring.files import read_document

METRICS: Final = ROOT / "monitoring" / "metrics"

_PREFIX: Final = "logging.googleapis.com/"
# Fields that Cloud Logging takes out of a line of JSON, into the entry itself.
_LIFTED: Final = frozenset({"severity", "httpRequest", "time", "timestamp"})
# https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity
SEVERITIES: Final = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
_COMPARISON: Final = re.compile(
    r'([A-Za-z_][A-Za-z0-9_.]*)\s*(=~|=|>=|<=|>|<)\s*(?:"([^"\\]*)"|(-?\d+(?:\.\d+)?)|([A-Z]+))'
)
_EXTRACTOR: Final = re.compile(r"EXTRACT\((jsonPayload(?:\.[A-Za-z_][A-Za-z0-9_]*)+)\)")

Metric = Mapping[str, Any]


class UnknownSyntaxError(Exception):
    """A filter or an extractor uses what is not understood here."""


class NotReadableError(Exception):
    """A metric selects an entry and finds no value, or no label, of the right kind in it."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A log entry; `content` is its LogEntry in JSON, as far as a function's line makes it."""

    timestamp: datetime
    content: Mapping[str, Any]

    @property
    def payload(self) -> Mapping[str, Any]:
        """What the line says: message, event and fields."""
        payload: Mapping[str, Any] = self.content["jsonPayload"]
        return payload


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What one entry adds to a metric: 1 for a counter, else the value that is read; labels by name."""

    timestamp: datetime
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


def read_metrics(folder: Path = METRICS) -> dict[str, Metric]:
    """The metrics that are shipped, by file name, which is the name in the catalogue."""
    return {path.stem: read_document(path) for path in sorted(folder.glob("*.yaml"))}


def read_lines(lines: Iterable[str], *, service: str, at: datetime) -> list[Entry]:
    """The entries that a deployed function's standard output becomes; lines that are no JSON object make none.

    `service` is the function's name. `at` is when they are received: a line does not say its time itself.
    """
    return [
        Entry(timestamp=at, content=_entry(line, service)) for text in lines if isinstance(line := _json(text), dict)
    ]


def function_entry(service: str, severity: str) -> Entry:
    """An entry of a function that says nothing but its severity."""
    return Entry(timestamp=datetime.min.replace(tzinfo=UTC), content=_entry({"severity": severity}, service))


def select(metric: Metric, entries: Iterable[Entry]) -> list[Sample]:
    """What a metric makes of entries. Raises `UnknownSyntaxError`, `NotReadableError`."""
    return [_sample(metric, entry) for entry in matching(metric["filter"], entries)]


def matching(text: str, entries: Iterable[Entry]) -> list[Entry]:
    """The entries that a filter selects, in their order. Raises `UnknownSyntaxError`."""
    comparisons = _comparisons(text)
    return [entry for entry in entries if all(one.holds(entry.content) for one in comparisons)]


def lowest_severity(text: str) -> str | None:
    """From which severity on a filter selects; None where it takes all. Raises `UnknownSyntaxError`."""
    return next((str(one.wanted) for one in _comparisons(text) if one.path == "severity"), None)


def paths(metric: Metric) -> set[str]:
    """Every path that the filter and the extractors read. Raises `UnknownSyntaxError`."""
    extractors = [*metric.get("labelExtractors", {}).values(), *filter(None, [metric.get("valueExtractor")])]
    return {one.path for one in _comparisons(metric["filter"])} | {_extracted(one) for one in extractors}


@dataclass(frozen=True)
class _Comparison:
    path: str
    operator: str
    wanted: str | float

    def holds(self, content: Mapping[str, Any]) -> bool:
        """A field that is missing, or of another type, holds no comparison."""
        found = _at(content, self.path)
        if self.path == "severity":
            return SEVERITIES.index(str(found or SEVERITIES[0])) >= SEVERITIES.index(str(self.wanted))
        if isinstance(self.wanted, str):
            return bool(re.search(self.wanted, str(found))) if self.operator == "=~" else found == self.wanted
        if isinstance(found, bool) or not isinstance(found, int | float):
            return False
        return {
            "=": found == self.wanted,
            ">": found > self.wanted,
            "<": found < self.wanted,
            ">=": found >= self.wanted,
            "<=": found <= self.wanted,
        }[self.operator]


def _comparisons(text: str) -> Sequence[_Comparison]:
    """Lines of one comparison each, which all must hold: the whole of the language that our filters use."""
    return [_comparison(line.strip()) for line in text.splitlines() if line.strip()]


def _comparison(line: str) -> _Comparison:
    match = _COMPARISON.fullmatch(line)
    if not match:
        message = f"not a comparison: {line!r}"
        raise UnknownSyntaxError(message)
    path, operator, text, number, word = match.groups()
    if word is not None or path == "severity":
        _require(path == "severity" and operator == ">=" and word in SEVERITIES, "not a lowest severity", line)
        return _Comparison(path, operator, word)
    _require(operator in {"=", "=~"} or number is not None, "text is compared with = and =~ alone", line)
    if operator == "=~":
        _require(text is not None and _is_pattern(text), "not a regular expression", line)
    return _Comparison(path, operator, text if number is None else float(number))


def _require(holds: object, complaint: str, line: str) -> None:
    if not holds:
        message = f"{complaint}: {line!r}"
        raise UnknownSyntaxError(message)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _extracted(extractor: str) -> str:
    match = _EXTRACTOR.fullmatch(extractor)
    if not match:
        message = f"not an extractor: {extractor!r}"
        raise UnknownSyntaxError(message)
    return match[1]


def _sample(metric: Metric, entry: Entry) -> Sample:
    value = _value(metric, entry) if "valueExtractor" in metric else 1.0
    labels = {name: _label(metric, name, entry) for name in metric.get("labelExtractors", {})}
    return Sample(timestamp=entry.timestamp, value=value, labels=labels)


def _value(metric: Metric, entry: Entry) -> float:
    found = _at(entry.content, _extracted(metric["valueExtractor"]))
    if isinstance(found, bool) or not isinstance(found, int | float):
        message = f"{metric['name']} reads {found!r} where it wants a number: {entry.content}"
        raise NotReadableError(message)
    return float(found)


def _label(metric: Metric, name: str, entry: Entry) -> str:
    found = _at(entry.content, _extracted(metric["labelExtractors"][name]))
    if not isinstance(found, str) or not found:
        message = f"{metric['name']} reads {found!r} where it wants the label {name}: {entry.content}"
        raise NotReadableError(message)
    return found


def _at(content: Mapping[str, Any], path: str) -> object:
    found: object = content
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _entry(line: Mapping[str, Any], service: str) -> dict[str, Any]:
    """The special fields go where LogEntry has them; everything else is `jsonPayload`."""
    lifted = {name: line[name] for name in ("severity", "httpRequest") if line.get(name)}
    named = {name.removeprefix(_PREFIX): value for name, value in line.items() if name.startswith(_PREFIX)}
    return {
        **lifted,
        **{name: value for name, value in named.items() if value},
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": service}},
        "jsonPayload": {
            name: value for name, value in line.items() if name not in _LIFTED and not name.startswith(_PREFIX)
        },
    }
