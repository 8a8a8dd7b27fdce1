"""Turns log lines and the platform's own points, placed in the minutes of some days, into series of Cloud Monitoring.

It must not know what they are about. What a line adds to a metric is decided by `monitoring.log_lines` alone.

A log-based metric is a DELTA: each point says what its own minute added, so that an increase is known from one point.
Prometheus knows an increase from two, so each series here begins with a zero and goes on, minute by minute, as a
counter. Of a request that was answered, Google's metrics are read from the line `request_completed` that it left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate, groupby, pairwise
from math import inf
from typing import Any, Final

from tools.monitoring.known_metrics import LOG_PREFIX, KnownMetric, known_metrics, promql_name
from tools.monitoring.log_lines import Entry, read_metrics, select

_REGIONAL: Final = frozenset({"cloud_run_revision", "cloud_scheduler_job"})
_REQUESTS: Final = "requests"
_DURATIONS: Final = "request_duration_ms"
_CODE: Final = "response_code"
_BOUND: Final = "le"
# Google does not say its own.
_BUCKETS: Final = {"linearBuckets": {"numFiniteBuckets": 50, "width": 0.02}}

Labels = tuple[tuple[str, str], ...]
Key = tuple[str, Labels]


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """One point of a metric that the platform writes by itself, with the labels of its resource."""

    metric: str
    value: float = 1.0
    resource: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Placement:
    """Lines and points in a minute; `every` so many minutes again, up to the minute `until`, or once where it is 0.

    `times` says how often the same is there in such a minute. A new `revision` counts from zero.
    """

    entries: Sequence[Entry] = ()
    measurements: Sequence[Measurement] = ()
    at: int
    every: int = 0
    until: int = 0
    times: int = 1
    revision: int = 1

    @property
    def minutes(self) -> range:
        """The minutes that have it."""
        return range(self.at, self.until, self.every) if self.every else range(self.at, self.at + 1)


@dataclass(frozen=True, kw_only=True)
class Series:
    """A counter or a gauge: its value in each minute from `first` on; None where a gauge has no point."""

    name: str
    labels: Labels
    first: int
    values: tuple[float | None, ...]

    @property
    def selector(self) -> str:
        """Name and labels as PromQL writes them."""
        return f"{self.name}{{{','.join(f'{name}={_quoted(value)}' for name, value in self.labels)}}}"

    @property
    def notation(self) -> str:
        """The values as promtool reads them: equal ones in a row are written once."""
        runs = [(value, len(list(run))) for value, run in groupby(self.values)]
        parts = [_notation(value, length) for value, length in runs]
        return " ".join([f"_x{self.first}", *parts] if self.first else parts)


def _notation(value: float | None, length: int) -> str:
    if value is None:
        return f"_x{length}"
    return f"{value:.10g}+0x{length - 1}" if length > 1 else f"{value:.10g}"


def series_of(placements: Iterable[Placement], minutes: int, names: set[str]) -> list[Series]:
    """The series, of those PromQL names, of what is placed in so many minutes."""
    found: dict[Key, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for placement in placements:
        for key, amount in _amounts(placement).items():
            if key[0] in names:
                for minute in placement.minutes:
                    found[key][minute] += amount * placement.times
    return _without_idle_bounds([_series(key, by_minute, minutes) for key, by_minute in sorted(found.items())])


def _without_idle_bounds(series: Sequence[Series]) -> list[Series]:
    """The same quantiles of fewer series: without the bounds that nothing lies next to, at either side.

    Distributions are added up, so a bound that one of a metric needs stays in all of them.
    """
    found: dict[str, dict[Labels, dict[float, Series]]] = defaultdict(lambda: defaultdict(dict))
    rest, kept = [], []
    for one in series:
        bound = dict(one.labels).get(_BOUND)
        if bound is None:
            rest.append(one)
        else:
            others = tuple(label for label in one.labels if label[0] != _BOUND)
            found[one.name][others][float(bound)] = one
    for distributions in found.values():
        bounds = sorted({bound for by_bound in distributions.values() for bound in by_bound})
        needed = {bounds[0], inf}
        for lower, upper in pairwise(bounds):
            if any(_differ(by_bound.get(lower), by_bound.get(upper)) for by_bound in distributions.values()):
                needed |= {lower, upper}
        kept += [one for by_bound in distributions.values() for bound, one in by_bound.items() if bound in needed]
    return [*rest, *kept]


def _differ(below: Series | None, above: Series | None) -> bool:
    return (below and (below.first, below.values)) != (above and (above.first, above.values))


def _series(key: Key, by_minute: Mapping[int, float], minutes: int) -> Series:
    known = known_metrics().of_promql(key[0])
    if known is not None and known.kind == "GAUGE":
        return Series(name=key[0], labels=key[1], first=0, values=tuple(map(by_minute.get, range(minutes))))
    # A zero stands where the first minute with lines begins.
    first = max(0, min(by_minute) - 1)
    values = tuple(accumulate(by_minute.get(minute, 0.0) for minute in range(first, minutes)))
    return Series(name=key[0], labels=key[1], first=first, values=values)


def _amounts(placement: Placement) -> dict[Key, float]:
    """What a placement adds, once, to each series."""
    amounts: dict[Key, float] = defaultdict(float)
    for name, labels, amount in [*_of_entries(placement.entries), *_of_measurements(placement.measurements)]:
        if "service_name" in labels:
            labels["revision_name"] = f"{labels['service_name']}-{placement.revision:05d}"
        amounts[name, tuple(sorted(labels.items()))] += amount
    return amounts


def _of_entries(entries: Iterable[Entry]) -> Iterator[tuple[str, dict[str, str], float]]:
    for (kind, labels), grouped in _by_resource(map(_with_code, entries)).items():
        resource = _resource(kind, dict(labels))
        for metric_type, metric in _metrics().items():
            for sample in select(metric, grouped):
                for name, more, amount in _of_sample(metric_type, metric, sample.value):
                    yield name, {**resource, **sample.labels, **more}, amount


def _of_measurements(measurements: Iterable[Measurement]) -> Iterator[tuple[str, dict[str, str], float]]:
    for one in measurements:
        known: KnownMetric = known_metrics().by_type[one.metric]
        metric = {"valueExtractor": "", "bucketOptions": _BUCKETS} if known.value == "DISTRIBUTION" else {}
        for name, more, amount in _of_sample(one.metric, metric, one.value):
            yield name, {**_resource(known.resource, one.resource), **one.labels, **more}, amount


def _with_code(entry: Entry) -> Entry:
    """The same with its status as text, as Cloud Run has it among the labels of what it counts."""
    payload = entry.payload
    if not isinstance(payload.get("status"), int):
        return entry
    return replace(entry, content={**entry.content, "jsonPayload": {**payload, _CODE: str(payload["status"])}})


def _resource(kind: str, labels: Mapping[str, str]) -> dict[str, str]:
    place = {"location": "europe-west1"} if kind in _REGIONAL else {}
    return {"monitored_resource": kind, "project_id": "demo-streak", **place, **labels}


def _by_resource(entries: Iterable[Entry]) -> dict[tuple[str, Labels], list[Entry]]:
    found: dict[tuple[str, Labels], list[Entry]] = defaultdict(list)
    for entry in entries:
        resource = entry.content["resource"]
        found[resource["type"], tuple(resource["labels"].items())].append(entry)
    return found


@lru_cache(maxsize=1)
def _metrics() -> dict[str, Mapping[str, Any]]:
    """The metrics by type: ours, and Google's as they can be read from our lines of the same requests."""
    ours = read_metrics()
    requests, durations = ours[_REQUESTS], ours[_DURATIONS]
    of_class = requests["labelExtractors"]["status_class"]
    labels = {"labelExtractors": {"response_code_class": of_class, "response_code": f"EXTRACT(jsonPayload.{_CODE})"}}
    return {
        **{LOG_PREFIX + metric["name"]: metric for metric in ours.values()},
        "run.googleapis.com/request_count": {**requests, **labels},
        # Nothing asks for the latency of one class of answers, and each class would be some sixty series.
        "run.googleapis.com/request_latencies": {**durations, "labelExtractors": {}},
    }


def _of_sample(metric_type: str, metric: Mapping[str, Any], value: float) -> list[tuple[str, dict[str, str], float]]:
    """The series that a value adds to, and how much."""
    name = promql_name(metric_type)
    if "valueExtractor" not in metric:
        return [(name, {}, value)]
    bounds = [f"{bound:.6g}" for bound in bucket_bounds(metric["bucketOptions"]) if value <= bound]
    return [
        (f"{name}_count", {}, 1.0),
        (f"{name}_sum", {}, value),
        *((f"{name}_bucket", {_BOUND: bound}, 1.0) for bound in [*bounds, "+Inf"]),
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
