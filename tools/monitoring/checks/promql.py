"""Checks one PromQL query: it parses, names metrics and labels that exist, and reads each as its kind wants.

It must not know what the query is for.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import promql_parser as promql

from functions.catalogue import FUNCTIONS
from tools.monitoring.known_metrics import KnownMetric, KnownMetrics, known_metrics

RESOURCE_LABEL: Final = "monitored_resource"
# Conditions on log-based metrics look back no further: https://cloud.google.com/monitoring/alerts/using-promql
LOOKBACK_MAX: Final = timedelta(hours=25)

_OF_COUNTERS: Final = frozenset({"rate", "increase"})
_OF_ANY: Final = frozenset({"absent_over_time"})
# Labels whose values are names of deployed functions.
_FUNCTION_LABELS: Final = frozenset({"service_name", "function"})


@dataclass(frozen=True)
class _Selector:
    """One mention of a metric, with the window that is read of it and the function that reads it, if any."""

    node: promql.VectorSelector
    window: timedelta | None
    reader: str | None


def promql_problems(query: str, known: KnownMetrics | None = None) -> list[str]:
    """What is wrong with a query; nothing where all is well. `known` is of this project where it is not given."""
    try:
        tree = promql.parse(query)
    except ValueError as error:
        return [f"is no PromQL: {error}"]
    metrics = known or known_metrics()
    selectors = list(_selectors(tree))
    found = [problem for selector in selectors for problem in _of_selector(selector, metrics)]
    found += [] if selectors else ["names no metric"]
    return found + (found or list(_of_labels(tree, metrics)))


def longest_window(query: str) -> timedelta:
    """How far back a query looks. Raises `ValueError` where it is no PromQL."""
    return max((_reach(selector) for selector in _selectors(promql.parse(query))), default=timedelta(0))


def metric_names(query: str) -> set[str]:
    """The names of metrics that a query mentions, as PromQL has them. Raises `ValueError` where it is no PromQL."""
    return {name for selector in _selectors(promql.parse(query)) if (name := selector.node.name)}


def named_metrics(query: str, known: KnownMetrics) -> list[KnownMetric]:
    """The metrics that a query names, of those that are known. Raises `ValueError` where it is no PromQL."""
    return [metric for name in sorted(metric_names(query)) if (metric := known.of_promql(name))]


def _reach(selector: _Selector) -> timedelta:
    offset = selector.node.offset
    return (selector.window or timedelta(0)) + (offset if isinstance(offset, timedelta) else timedelta(0))


def _selectors(node: promql.Expr, reader: str | None = None) -> Iterator[_Selector]:
    if isinstance(node, promql.VectorSelector):
        yield _Selector(node, None, reader)
    elif isinstance(node, promql.MatrixSelector):
        yield _Selector(node.vector_selector, node.range, reader)
    else:
        inner = node.func.name if isinstance(node, promql.Call) else None
        for child in _children(node):
            yield from _selectors(child, inner)


def _children(node: promql.Expr) -> list[promql.Expr]:
    single = (getattr(node, name, None) for name in ("lhs", "rhs", "expr"))
    return [*(one for one in single if one is not None), *getattr(node, "args", ())]


def _of_selector(selector: _Selector, known: KnownMetrics) -> Iterator[str]:
    name = selector.node.name
    if not name:
        yield "a selector names no metric; only exact names are supported"
        return
    metric = known.of_promql(name)
    if metric is None:
        yield f"{name}: is in neither monitoring/metrics nor monitoring/google_metrics.yaml"
        return
    yield from _of_matchers(selector.node, name, metric)
    yield from _of_reading(selector, name, metric)


def _of_matchers(node: promql.VectorSelector, name: str, metric: KnownMetric) -> Iterator[str]:
    matchers = [matcher for matcher in node.matchers.matchers if matcher.name != "__name__"]
    if (RESOURCE_LABEL, promql.MatchOp.Equal, metric.resource) not in [(m.name, m.op, m.value) for m in matchers]:
        yield f'{name}: must say {RESOURCE_LABEL}="{metric.resource}"; it may be written for several resources'
    allowed = metric.labels | metric.resource_labels | {RESOURCE_LABEL}
    allowed |= {"le"} if name.endswith("_bucket") else set()
    for matcher in matchers:
        if matcher.name not in allowed:
            yield f"{name}: has no label {matcher.name}"
        elif matcher.name in _FUNCTION_LABELS:
            yield from (
                f"{name}: {value} is no deployed function"
                for value in matcher.value.split("|")
                if value not in FUNCTIONS
            )


def _of_reading(selector: _Selector, name: str, metric: KnownMetric) -> Iterator[str]:
    is_counter = metric.kind in {"DELTA", "CUMULATIVE"}
    if selector.reader in _OF_ANY:
        pass
    elif is_counter and selector.reader not in _OF_COUNTERS:
        yield f"{name}: counts; read it by rate() or increase()"
    elif not is_counter and selector.reader in _OF_COUNTERS:
        yield f"{name}: is a gauge; {selector.reader}() is for what counts"
    if metric.is_log_based and _reach(selector) > LOOKBACK_MAX:
        yield f"{name}: log-based metrics are looked back at for 25 hours at most"


def _of_labels(node: promql.Expr, known: KnownMetrics) -> Iterator[str]:
    """Labels that an aggregation keeps must be labels of something below it: a typo would merge all series."""
    if isinstance(node, promql.AggregateExpr) and node.modifier:
        below = [metric for one in _selectors(node) if (metric := known.of_promql(one.node.name or ""))]
        allowed = {RESOURCE_LABEL, "le"}.union(*(metric.labels | metric.resource_labels for metric in below))
        yield from (
            f"aggregates by {label}, which nothing below has" for label in node.modifier.labels if label not in allowed
        )
    for child in _children(node):
        yield from _of_labels(child, known)
