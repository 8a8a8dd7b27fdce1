"""The job's gauges through the real Cloud Monitoring client, against a stand-in that keeps the service's contract."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent import futures
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.api.metric_pb2 import MetricDescriptor  # type: ignore[import-untyped]
from google.cloud import monitoring_v3
from google.cloud.monitoring_v3.services.metric_service.transports import MetricServiceGrpcTransport

from emulator.places import ROOT
from streak_core.config.maintenance import MaintenanceRules
from streak_core.maintenance.run import Maintenance
from streak_core.store.due import DueStore
from streak_core.store.runs import RunStore
from streak_core.store.sharding import SHARDS
from streak_core.telemetry.gauges import GAUGES, PREFIX, CloudMonitoring
from testing.logged import Logged
from tests.support.population import due_population
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient

NIGHT = datetime(2026, 3, 4, 5, tzinfo=UTC)
RUN = "2026-03-04T05:00:00Z"
ENDED = datetime(2026, 3, 4, 5, 1, tzinfo=UTC)
LABELS = {"project_id": "p", "location": "global", "namespace": "streak", "job": "maintenance", "task_id": "run"}
REPORT = {
    "run_id": RUN,
    "users_processed": 7,
    "duration_seconds": 1.25,
    "peak_memory_mib": 96.5,
    "oldest_overdue_seconds": 0.0,
}


class StandInMonitoring(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Keeps what is written; refuses points that are not later than the last ones, as Cloud Monitoring does."""

    def __init__(self) -> None:
        self.calls: list[monitoring_v3.CreateTimeSeriesRequest] = []
        self.refusal: grpc.StatusCode | None = None
        self.delay_seconds = 0.0

    def service(self, details: Any) -> Any:
        if details.method != "/google.monitoring.v3.MetricService/CreateTimeSeries":
            return None
        return grpc.unary_unary_rpc_method_handler(
            self.create,
            request_deserializer=monitoring_v3.CreateTimeSeriesRequest.deserialize,
            response_serializer=lambda _: b"",
        )

    def create(self, request: monitoring_v3.CreateTimeSeriesRequest, context: Any) -> object:
        time.sleep(self.delay_seconds)
        if self.refusal:
            context.abort(self.refusal, "no")
        ends = {str(series.points[0].interval.end_time) for call in self.calls for series in call.time_series}
        if any(str(series.points[0].interval.end_time) in ends for series in request.time_series):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "points must be written in order")
        self.calls.append(request)
        return object()


@pytest.fixture
def service() -> StandInMonitoring:
    return StandInMonitoring()


@pytest.fixture
def monitoring(service: StandInMonitoring) -> Iterator[CloudMonitoring]:
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([service])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield connected(port)
    server.stop(None)


def connected(port: int) -> CloudMonitoring:
    channel = grpc.insecure_channel(f"127.0.0.1:{port}")
    client = monitoring_v3.MetricServiceClient(transport=MetricServiceGrpcTransport(channel=channel))
    return CloudMonitoring(project="p", connect=lambda: client, now=lambda: ENDED)


def written(request: monitoring_v3.CreateTimeSeriesRequest) -> dict[str, float]:
    values = {}
    for series in request.time_series:
        (point,) = series.points
        is_whole = series.value_type == MetricDescriptor.INT64
        values[series.metric.type] = point.value.int64_value if is_whole else point.value.double_value
    return values


def test_a_run_writes_its_four_gauges_in_one_call(service: StandInMonitoring, monitoring: CloudMonitoring) -> None:
    with Logged() as logged:
        monitoring.write(REPORT)
    (call,) = service.calls
    assert call.name == "projects/p"
    assert written(call) == {f"{PREFIX}{gauge.name}": REPORT[gauge.name] for gauge in GAUGES}
    for series in call.time_series:
        assert series.metric_kind == MetricDescriptor.GAUGE
        assert series.points[0].interval.end_time == ENDED
        assert (series.resource.type, dict(series.metric.labels)) == ("generic_task", {})
        labels = {
            "project_id": "p",
            "location": "global",
            "namespace": "streak",
            "job": "maintenance",
            "task_id": "run",
        }
        assert dict(series.resource.labels) == labels
    assert logged.events() == []


@pytest.mark.parametrize("status", [grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAVAILABLE])
def test_a_refusal_is_logged_and_not_tried_again(
    service: StandInMonitoring, monitoring: CloudMonitoring, status: grpc.StatusCode
) -> None:
    service.refusal = status
    with Logged() as logged:
        monitoring.write(REPORT)
    (line,) = logged.of("gauges_not_written")
    kind = {"PERMISSION_DENIED": "PermissionDenied", "UNAVAILABLE": "ServiceUnavailable"}[status.name]
    assert (line["reason"], line["run_id"], line["severity"]) == (kind, RUN, "WARNING")
    assert service.calls == []


def test_a_service_that_is_slow_is_not_waited_for(service: StandInMonitoring, monitoring: CloudMonitoring) -> None:
    service.delay_seconds = 2
    with Logged() as logged:
        begun = time.monotonic()
        replace(monitoring, seconds_max=0.2).write(REPORT)
        waited = time.monotonic() - begun
    assert waited < service.delay_seconds
    assert [line["reason"] for line in logged.of("gauges_not_written")] == ["DeadlineExceeded"]


def test_a_service_that_is_down_is_logged() -> None:
    with Logged() as logged:
        replace(connected(1), seconds_max=1).write(REPORT)
    assert [line["reason"] for line in logged.of("gauges_not_written")] == ["ServiceUnavailable"]


def test_a_client_that_cannot_be_made_is_logged() -> None:
    def connect() -> Any:
        message = "no credentials: a secret"
        raise OSError(message)

    with Logged() as logged:
        CloudMonitoring(project="p", connect=connect).write(REPORT)
    (line,) = logged.of("gauges_not_written")
    assert "secret" not in str(line)


def job(client: RecordedClient, monitoring: CloudMonitoring) -> Maintenance:
    rules = MaintenanceRules(threads=4, page_users=6, batch_users=3, is_paced=False)
    return Maintenance(DueStore(client), RunStore(client), policies, rules=rules, write_gauges=monitoring.write)


def test_a_run_writes_the_numbers_of_its_report_once(
    client: RecordedClient, service: StandInMonitoring, monitoring: CloudMonitoring
) -> None:
    due_population(client, 20)
    report = job(client, monitoring).run(RUN, NIGHT)
    # A call that finds the run ended answers its report, and writes nothing.
    assert job(client, monitoring).run(RUN, NIGHT) == report
    assert [written(call) for call in service.calls] == [
        {f"{PREFIX}{gauge.name}": getattr(report, gauge.name) for gauge in GAUGES}
    ]
    assert report.users_processed == 20


def test_a_run_ends_as_well_without_its_gauges(client: RecordedClient, service: StandInMonitoring) -> None:
    due_population(client, 5)
    with Logged() as logged:
        report = job(client, replace(connected(1), seconds_max=1)).run(RUN, NIGHT)
    assert (report.status, report.users_processed) == ("success", 5)
    assert logged.events() == ["maintenance_started", "maintenance_completed", "gauges_not_written"]
    assert service.calls == []


def test_the_last_shard_of_a_run_that_is_fanned_out_writes_the_gauges_of_all(
    client: RecordedClient, service: StandInMonitoring, monitoring: CloudMonitoring
) -> None:
    due_population(client, 20)
    RunStore(client).claim(RUN, "whoever enqueued its tasks", datetime.now(UTC))
    for shard in range(SHARDS - 1):
        job(client, monitoring).run_shard(RUN, shard, NIGHT)
    assert service.calls == []
    job(client, monitoring).run_shard(RUN, SHARDS - 1, NIGHT)
    (call,) = service.calls
    assert written(call)[f"{PREFIX}users_processed"] == 20


def test_the_client_is_loaded_by_the_first_run_that_writes_and_by_nothing_before() -> None:
    script = (
        "import sys, functions.maintenance, streak_core.maintenance.run, streak_core.telemetry.gauges\n"
        "print([name for name in sys.modules if name.startswith('google.cloud.monitoring')])"
    )
    shown = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
