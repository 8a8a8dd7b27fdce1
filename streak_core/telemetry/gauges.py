"""The job's gauges, written to Cloud Monitoring at the end of a run in one call.

It must never make the job fail or wait for long. The client is imported by the first run that writes, and nowhere else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streak_core.telemetry.catalogue import LogEvent
from streak_core.telemetry.log import log
from streak_core.telemetry.stack import kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.cloud.monitoring_v3 import MetricServiceClient, TimeSeries

PREFIX: Final = "custom.googleapis.com/streak/maintenance/"
WRITE_SECONDS_MAX: Final = 5.0


@dataclass(frozen=True, kw_only=True)
class Gauge:
    """One field of the report as a metric."""

    name: str
    unit: str
    is_whole: bool = False


GAUGES: Final = (
    Gauge(name="users_processed", unit="{user}", is_whole=True),
    Gauge(name="duration_seconds", unit="s"),
    Gauge(name="peak_memory_mib", unit="MiBy"),
    Gauge(name="oldest_overdue_seconds", unit="s"),
)


def _connect() -> MetricServiceClient:
    from google.cloud import monitoring_v3

    return monitoring_v3.MetricServiceClient()


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class CloudMonitoring:
    """Where the gauges of a project go."""

    project: str
    connect: Callable[[], MetricServiceClient] = _connect
    now: Callable[[], datetime] = _now
    seconds_max: float = WRITE_SECONDS_MAX

    def write(self, report: Mapping[str, Any]) -> None:
        """Writes the gauges of a report; what can't be written is logged."""
        try:
            series = [self._series(gauge, report[gauge.name]) for gauge in GAUGES]
            # Once: a second try would write the same moment again, which Cloud Monitoring refuses.
            self.connect().create_time_series(
                name=f"projects/{self.project}", time_series=series, retry=None, timeout=self.seconds_max
            )
        except Exception as error:  # noqa: BLE001 - the job is done, and whatever is wrong here does not undo it
            log(
                LogEvent.GAUGES_NOT_WRITTEN,
                "the gauges of a run could not be written; its log line has the same numbers",
                reason=kind_of(error),
                run_id=report.get("run_id"),
            )

    def _series(self, gauge: Gauge, value: float) -> TimeSeries:
        from google.cloud import monitoring_v3

        return monitoring_v3.TimeSeries(
            metric={"type": f"{PREFIX}{gauge.name}"},
            # The same for every run, so that a gauge is one series whatever instance writes it.
            resource={
                "type": "generic_task",
                "labels": {
                    "project_id": self.project,
                    "location": "global",
                    "namespace": "streak",
                    "job": "maintenance",
                    "task_id": "run",
                },
            },
            metric_kind="GAUGE",
            value_type="INT64" if gauge.is_whole else "DOUBLE",
            unit=gauge.unit,
            points=[
                {
                    "interval": {"end_time": self.now()},
                    "value": {"int64_value": value} if gauge.is_whole else {"double_value": value},
                }
            ],
        )
