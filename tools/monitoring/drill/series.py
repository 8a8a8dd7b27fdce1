"""Turns log lines, placed in the minutes of some days, into the series that Cloud Monitoring would make of them.

It must not know what the lines are about. What a line adds to a metric is decided by `monitoring.log_lines` alone.

A log-based metric is a DELTA: each point says what its own minute added, so that an increase is known from one point.
Prometheus knows an increase from two, so each series here begins with a zero and goes on, minute by minute, as a
counter. Google's own request metrics are read from the lines `request_completed` that the same requests left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby
from typing import Any, Final

from tools.monitoring.checks.known_metrics import LOG_PREFIX, promql_name
from tools.monitoring.log_lines import Entry, Sample, read_metrics, select

_RESOURCE: Final = {
    "monitored_resource": "cloud_run_revision",
    "project_id": "demo-streak",
    "location": "europe-west1",
}
_REQUESTS: Final = "requests"
_DURATIONS: Final = "request_duration_ms"

Labels = tuple[tuple[str, str], ...]
Key = tuple[str, Labels]


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Lines in a minute; `every` so many minutes again, up to the minute `until`, or once where it is 0.

    `times` says how often the same lines are there in such a minute. A new `revision` counts from zero.
    """

    entries: Sequence[Entry]
    at: int
    every: int = 0
    until: int = 0
    times: int = 1
    revision: int = 1

    @property
    def minutes(self) -> range:
        """The minutes that have the lines."""
        return range(self.at, self.until, self.every) if self.every else range(self.at, self.at + 1)


@dataclass(frozen=True, kw_only=True)
class Series:
    """A counter: its value in each minute from `first` on."""

    name: str
    labels: Labels
    first: int
    values: Sequence[float]

    @property
    def selector(self) -> str:
        """Name and labels as PromQL writes them."""
        return f"{self.name}{{{','.join(f'{name}={_quoted(value)}' for name, value in self.labels)}}}"

    @property
    def notation(self) -> str:
        """The values as promtool reads them: equal ones in a row are written once."""
        runs = [(value, len(list(run))) for value, run in groupby(self.values)]
        parts = [f"{value:.10g}+0x{length - 1}" if length > 1 else f"{value:.10g}" for value, length in runs]
        return " ".join([f"_x{self.first}", *parts] if self.first else parts)


def series_of(placements: Iterable[Placement], minutes: int, names: set[str]) -> list[Series]:
    """The series, of those PromQL names, of lines placed in so many minutes."""
    added: dict[Key, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for placement in placements:
        for key, amount in _amounts(placement).items():
            if key[0] in names:
                for minute in placement.minutes:
                    added[key][minute] += amount * placement.times
    return [_series(key, by_minute, minutes) for key, by_minute in sorted(added.items())]


def _series(key: Key, by_minute: Mapping[int, float], minutes: int) -> Series:
    # A zero stands where the first minute with lines begins.
    first = max(0, min(by_minute) - 1)
    values = list(accumulate(by_minute.get(minute, 0.0) for minute in range(first, minutes)))
    return Series(name=key[0], labels=key[1], first=first, values=values)


def _amounts(placement: Placement) -> dict[Key, float]:
    """What the lines add, once, to each series."""
    amounts: dict[Key, float] = defaultdict(float)
    for service, entries in _by_service(placement.entries).items():
        resource = {**_RESOURCE, "service_name": service, "revision_name": f"{service}-{placement.revision:05d}"}
        for metric_type, metric in _metrics().items():
            for sample in select(metric, entries):
                for (name, more), amount in _of_sample(metric_type, metric, sample):
                    amounts[name, tuple(sorted({**resource, **sample.labels, **more}.items()))] += amount
    return amounts


def _by_service(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[entry.content["resource"]["labels"]["service_name"]].append(entry)
    return found


@lru_cache(maxsize=1)
def _metrics() -> dict[str, Mapping[str, Any]]:
    """The metrics by type: ours, and Google's as they can be read from our lines of the same requests."""
    ours = read_metrics()
    requests, durations = ours[_REQUESTS], ours[_DURATIONS]
    labels = {"labelExtractors": {"response_code_class": requests["labelExtractors"]["status_class"]}}
    return {
        **{LOG_PREFIX + metric["name"]: metric for metric in ours.values()},
        "run.googleapis.com/request_count": {**requests, **labels},
        # Nothing asks for the latency of one class of answers, and each class would be some sixty series.
        "run.googleapis.com/request_latencies": {**durations, "labelExtractors": {}},
    }


def _of_sample(
    metric_type: str, metric: Mapping[str, Any], sample: Sample
) -> list[tuple[tuple[str, dict[str, str]], float]]:
    """The counters that a sample adds to, and how much."""
    name = promql_name(metric_type)
    if "valueExtractor" not in metric:
        return [((name, {}), sample.value)]
    bounds = [f"{bound:.6g}" for bound in bucket_bounds(metric["bucketOptions"]) if sample.value <= bound]
    return [
        ((f"{name}_count", {}), 1.0),
        ((f"{name}_sum", {}), sample.value),
        *(((f"{name}_bucket", {"le": bound}), 1.0) for bound in [*bounds, "+Inf"]),
    ]


def bucket_bounds(options: Mapping[str, Any]) -> list[float]:
    """The upper bounds of a distribution's buckets but the last, which has none."""
    if "explicitBuckets" in options:
        return [float(bound) for bound in options["explicitBuckets"]["bounds"]]
    if "linearBuckets" in options:
        linear = options["linearBuckets"]
        return [linear.get("offset", 0) + linear["width"] * step for step in range(linear["numFiniteBuckets"] + 1)]
    growing = options["exponentialBuckets"]
    return [growing["scale"] * growing["growthFactor"] ** step for step in range(growing["numFiniteBuckets"] + 1)]


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
