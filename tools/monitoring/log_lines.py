"""Reads log lines as Cloud Logging does: what becomes of a line, which filters select it, what metrics read from it.

It must not guess: filter or extractor syntax that it does not know is refused. Checks and drill build on it.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeGuard

from emulator.places import ROOT
from tools.monitoring.files import read_document
from tools.monitoring.variables import EXAMPLES, filled

METRICS: Final = ROOT / "monitoring" / "metrics"

_PREFIX: Final = "logging.googleapis.com/"
# Fields that Cloud Logging takes out of a line of JSON, into the entry itself.
_LIFTED: Final = frozenset({"severity", "httpRequest", "time", "timestamp"})
# https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#LogSeverity
SEVERITIES: Final = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")
# The comparisons that are known; a severity is compared with its lowest alone.
_SEVERITY: Final = re.compile(r"severity\s*>=\s*([A-Z]+)")
_PATH: Final = r"(?!severity\b)([A-Za-z_][A-Za-z0-9_.]*)\s*"
_TEXT: Final = re.compile(_PATH + r'(=~|=)\s*"([^"\\]*)"')
_NUMBER: Final = re.compile(_PATH + r"(=|>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)")
_OPERATORS: Final = {"=": operator.eq, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le}
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
    return {path.stem: filled(read_document(path), EXAMPLES) for path in sorted(folder.glob("*.yaml"))}


def read_lines(lines: Iterable[str], *, service: str, at: datetime) -> list[Entry]:
    """The entries that a deployed function's standard output becomes; lines that are no JSON object make none.

    `service` is the function's name. `at` is when they are received: a line does not say its time itself.
    """
    found = [_json(text) for text in lines]
    return [Entry(timestamp=at, content=_entry(line, service)) for line in found if isinstance(line, dict)]


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
        return _is_number(found) and bool(_OPERATORS[self.operator](found, self.wanted))


def _comparisons(text: str) -> Sequence[_Comparison]:
    """Lines of one comparison each, which all must hold: the whole of the language that our filters use."""
    return [_comparison(line.strip()) for line in text.splitlines() if line.strip()]


def _comparison(line: str) -> _Comparison:
    complaint = "not a comparison"
    if match := _NUMBER.fullmatch(line):
        return _Comparison(match[1], match[2], float(match[3]))
    if match := _SEVERITY.fullmatch(line):
        complaint = "not a lowest severity"
        if match[1] in SEVERITIES:
            return _Comparison("severity", ">=", match[1])
    if match := _TEXT.fullmatch(line):
        complaint = "not a regular expression"
        if match[2] == "=" or _is_pattern(match[3]):
            return _Comparison(match[1], match[2], match[3])
    message = f"{complaint}: {line!r}"
    raise UnknownSyntaxError(message)


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _is_number(found: object) -> TypeGuard[float]:
    return isinstance(found, int | float) and not isinstance(found, bool)


def _extracted(extractor: str) -> str:
    match = _EXTRACTOR.fullmatch(extractor)
    if not match:
        message = f"not an extractor: {extractor!r}"
        raise UnknownSyntaxError(message)
    return match[1]


def _sample(metric: Metric, entry: Entry) -> Sample:
    value: Any = 1.0
    if "valueExtractor" in metric:
        value = _at(entry.content, _extracted(metric["valueExtractor"]))
        _require(_is_number(value), metric, f"{value!r} where it wants a number", entry)
    labels: dict[str, Any] = {}
    for name, extractor in metric.get("labelExtractors", {}).items():
        labels[name] = _at(entry.content, _extracted(extractor))
        is_text = isinstance(labels[name], str) and labels[name]
        _require(is_text, metric, f"{labels[name]!r} where it wants the label {name}", entry)
    return Sample(timestamp=entry.timestamp, value=float(value), labels=labels)


def _require(holds: object, metric: Metric, what: str, entry: Entry) -> None:
    if not holds:
        message = f"{metric['name']} reads {what}: {entry.content}"
        raise NotReadableError(message)


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
