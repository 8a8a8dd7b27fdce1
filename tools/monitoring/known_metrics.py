"""The metrics that may be named: those that monitoring/metrics declares, and the shipped list of Google's own.

It must not know who names them. A metric that stands in neither does not exist.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from emulator.places import ROOT
from tools.monitoring.files import NotReadableError, read_any, read_document

LOG_METRICS: Final = ROOT / "monitoring" / "metrics"
GOOGLE_METRICS: Final = ROOT / "monitoring" / "google_metrics.yaml"
LOG_PREFIX: Final = "logging.googleapis.com/user/"

# The labels of the resources, as https://cloud.google.com/monitoring/api/resources lists them.
_RESOURCE_LABELS: Final = {
    "cloud_run_revision": frozenset({"project_id", "service_name", "revision_name", "location", "configuration_name"}),
    "cloud_scheduler_job": frozenset({"project_id", "location", "job_id"}),
    "uptime_url": frozenset({"project_id", "host"}),
}
_RESOURCE: Final = re.compile(r'^resource\.type="([a-z_]+)"$', re.MULTILINE)
_SUFFIXES: Final = ("_bucket", "_sum", "_count")


@dataclass(frozen=True, kw_only=True)
class KnownMetric:
    """A metric: `kind` is DELTA, GAUGE or CUMULATIVE, `value` INT64, DOUBLE, BOOL or DISTRIBUTION."""

    type: str
    kind: str
    value: str
    unit: str
    resource: str
    labels: frozenset[str]

    @property
    def is_log_based(self) -> bool:
        """Whether it is made from log lines."""
        return self.type.startswith(LOG_PREFIX)

    @property
    def resource_labels(self) -> frozenset[str]:
        """The labels of the resource that it is written for."""
        return _RESOURCE_LABELS[self.resource]

    @property
    def promql_names(self) -> tuple[str, ...]:
        """Its names in PromQL: three for a distribution, else one."""
        name = promql_name(self.type)
        return tuple(name + suffix for suffix in _SUFFIXES) if self.value == "DISTRIBUTION" else (name,)


@dataclass(frozen=True)
class KnownMetrics:
    """All metrics that may be named, by type and by PromQL name."""

    by_type: Mapping[str, KnownMetric]

    def of_promql(self, name: str) -> KnownMetric | None:
        """The metric of a PromQL name."""
        return next((metric for metric in self.by_type.values() if name in metric.promql_names), None)


def promql_name(metric_type: str) -> str:
    """The name in PromQL: the first slash becomes a colon, all else that PromQL does not know an underscore.

    https://cloud.google.com/monitoring/promql/promql-mapping
    """
    domain, _, path = metric_type.partition("/")
    return ":".join(re.sub(r"[^A-Za-z0-9_]", "_", text) for text in (domain, path))


@lru_cache(maxsize=1)
def known_metrics() -> KnownMetrics:
    """Those of this project. Raises `NotReadableError`."""
    return read_known_metrics(LOG_METRICS, GOOGLE_METRICS)


def read_known_metrics(log_metrics: Path, google_metrics: Path) -> KnownMetrics:
    """Those of a folder of LogMetrics and of a list of Google's metrics. Raises `NotReadableError`."""
    found = [_log_metric(read_document(path)) for path in sorted(log_metrics.glob("*.yaml"))]
    found += [_google_metric(entry) for entry in read_any(google_metrics)]
    return KnownMetrics({metric.type: metric for metric in found})


def _log_metric(document: Mapping[str, Any]) -> KnownMetric:
    descriptor, resource = document["metricDescriptor"], _RESOURCE.search(document["filter"])
    if resource is None or resource[1] not in _RESOURCE_LABELS:
        message = f"{document['name']}: its filter must name one of the resources {', '.join(_RESOURCE_LABELS)}"
        raise NotReadableError(message)
    return KnownMetric(
        type=LOG_PREFIX + document["name"],
        kind=descriptor["metricKind"],
        value=descriptor["valueType"],
        unit=descriptor.get("unit", "1"),
        resource=resource[1],
        labels=frozenset(label["key"] for label in descriptor.get("labels", ())),
    )


def _google_metric(entry: Mapping[str, Any]) -> KnownMetric:
    wanted = {*(one.name for one in fields(KnownMetric)), "source"}
    if set(entry) != wanted or not str(entry["source"]).startswith("https://cloud.google.com/"):
        message = f"google_metrics.yaml: {entry.get('type')} must have {sorted(wanted)}, and a source at Google"
        raise NotReadableError(message)
    own = {name: value for name, value in entry.items() if name != "source"}
    return KnownMetric(**{**own, "labels": frozenset(entry["labels"])})
