"""Checks what Google's APIs would judge, before it reaches them; each answers its complaints, in words, or nothing.

It must not talk to anything but files. `python -m tools.monitoring.checks` runs all of them on the project's own files.
"""

from tools.monitoring.checks.filters import filter_problems
from tools.monitoring.checks.known_metrics import KnownMetric, KnownMetrics, known_metrics
from tools.monitoring.checks.promql import longest_window, metric_names, promql_problems

__all__ = [
    "KnownMetric",
    "KnownMetrics",
    "filter_problems",
    "known_metrics",
    "longest_window",
    "metric_names",
    "promql_problems",
]
