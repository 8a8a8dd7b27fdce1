"""Checks one filter of Cloud Monitoring: that it is understood, and names one metric, its resource and its labels.

It must not know what the filter is for. Of the language only comparisons joined by AND are taken.
"""

from __future__ import annotations

import re
from typing import Final

from functions.catalogue import FUNCTIONS
from tools.monitoring.checks.known_metrics import KnownMetric, KnownMetrics, known_metrics

_VALUE: Final = r'"((?:[^"\\]|\\.)*)"'
_COMPARISON: Final = re.compile(rf"\s*([a-z_][A-Za-z0-9_.]*)\s*(=|!=)\s*(?:{_VALUE}|one_of\(([^)]*)\))\s*")
_AND: Final = re.compile(r"AND\b|(?=[a-z_])")
_LISTED: Final = re.compile(_VALUE)
_LABEL: Final = re.compile(r"(metric|resource)\.labels?\.([A-Za-z0-9_]+)")

Comparison = tuple[str, str, list[str]]


def filter_problems(text: str, known: KnownMetrics | None = None) -> list[str]:
    """What is wrong with a filter; nothing where all is well. `known` is of this project where it is not given."""
    comparisons, rest = _comparisons(text)
    if rest:
        return [f"is not understood from here on: {rest!r}"]
    types = [values for path, operator, values in comparisons if (path, operator) == ("metric.type", "=")]
    if len(types) != 1 or len(types[0]) != 1:
        return ['must name exactly one metric, as in metric.type="…"']
    metric = (known or known_metrics()).by_type.get(types[0][0])
    if metric is None:
        return [f"{types[0][0]}: is in neither monitoring/metrics nor monitoring/google_metrics.yaml"]
    return [problem for comparison in comparisons for problem in _of_comparison(comparison, metric)]


def _comparisons(text: str) -> tuple[list[Comparison], str]:
    """The comparisons of a filter, and the part that is not understood."""
    found: list[Comparison] = []
    position = 0
    while match := _COMPARISON.match(text, position):
        path, operator, value, listed = match.groups()
        found.append((path, operator, _LISTED.findall(listed) if value is None else [value]))
        position = match.end()
        joined = _AND.match(text, position)
        if position == len(text) or not joined:
            return found, text[position:]
        position = joined.end()
    return found, text[position:] or "an end where a comparison should be"


def _of_comparison(comparison: Comparison, metric: KnownMetric) -> list[str]:
    path, _, values = comparison
    if path == "metric.type":
        return []
    if path == "resource.type":
        return [] if values == [metric.resource] else [f"{metric.type}: is written for {metric.resource}"]
    label = _LABEL.fullmatch(path)
    if not label:
        return [f"{path}: is nothing that can be compared"]
    whose, name = label.groups()
    if name not in (metric.labels if whose == "metric" else metric.resource_labels):
        return [f"{metric.type}: has no {whose} label {name}"]
    if name in {"service_name", "function"}:
        return [f"{metric.type}: {value} is no deployed function" for value in values if value not in FUNCTIONS]
    return []
