"""Stands in for the four Google services that monitoring is deployed to, over real gRPC, and keeps what it is given.

It behaves as they do in what a deployment depends on: names are given once and filled in by the server, lists come in
pages, what is invalid is refused, a dashboard is changed only by who has seen its last version. Must not know files.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from concurrent import futures
from typing import Any, Final, Self
from urllib.parse import unquote

import grpc
from google.api import metric_pb2  # type: ignore[import-untyped]
from google.cloud.logging_v2.types import (
    CreateLogMetricRequest,
    DeleteLogMetricRequest,
    ListLogMetricsRequest,
    ListLogMetricsResponse,
    LogMetric,
    UpdateLogMetricRequest,
)
from google.cloud.monitoring_dashboard_v1 import (
    CreateDashboardRequest,
    Dashboard,
    DeleteDashboardRequest,
    ListDashboardsRequest,
    ListDashboardsResponse,
    UpdateDashboardRequest,
)
from google.cloud.monitoring_v3 import (
    AlertPolicy,
    CreateAlertPolicyRequest,
    DeleteAlertPolicyRequest,
    DeleteUptimeCheckConfigRequest,
    ListAlertPoliciesRequest,
    ListAlertPoliciesResponse,
    ListUptimeCheckConfigsRequest,
    ListUptimeCheckConfigsResponse,
    MutationRecord,
    UpdateAlertPolicyRequest,
    UptimeCheckConfig,
)
from google.cloud.monitoring_v3 import CreateUptimeCheckConfigRequest as CreateCheckRequest
from google.cloud.monitoring_v3 import UpdateUptimeCheckConfigRequest as UpdateCheckRequest
from google.protobuf import any_pb2, empty_pb2, timestamp_pb2  # type: ignore[import-untyped]
from google.rpc import error_details_pb2, status_pb2  # type: ignore[import-untyped]
from grpc_status import rpc_status  # type: ignore[import-untyped]

from tools.monitoring.deploy.clients import Clients, clients_on

PROJECT: Final = "unbroken-test"
NUMBER: Final = "123456789"
PAGE: Final = 3
_LOGGING: Final = "/google.logging.v2.MetricsServiceV2/"
_POLICIES: Final = "/google.monitoring.v3.AlertPolicyService/"
_CHECKS: Final = "/google.monitoring.v3.UptimeCheckService/"
_DASHBOARDS: Final = "/google.monitoring.dashboard.v1.DashboardsService/"


class StandInGoogle(grpc.GenericRpcHandler):  # type: ignore[misc]
    """One project. `calls` are the names of the methods called; `before` is asked before each and may refuse."""

    def __init__(self, project: str = PROJECT) -> None:
        self.project = project
        self.metrics: dict[str, LogMetric] = {}
        self.policies: dict[str, AlertPolicy] = {}
        self.dashboards: dict[str, Dashboard] = {}
        self.checks: dict[str, UptimeCheckConfig] = {}
        self.calls: list[str] = []
        self.before: Callable[[str, Any], None] = lambda _name, _context: None
        self._numbers = itertools.count(1)
        self._methods: dict[str, tuple[Callable[[Any, Any], Any], Any, Any]] = {
            f"{_LOGGING}ListLogMetrics": (self._list_metrics, ListLogMetricsRequest, ListLogMetricsResponse),
            f"{_LOGGING}CreateLogMetric": (self._create_metric, CreateLogMetricRequest, LogMetric),
            f"{_LOGGING}UpdateLogMetric": (self._update_metric, UpdateLogMetricRequest, LogMetric),
            f"{_LOGGING}DeleteLogMetric": (self._delete_metric, DeleteLogMetricRequest, None),
            f"{_POLICIES}ListAlertPolicies": (self._list_policies, ListAlertPoliciesRequest, ListAlertPoliciesResponse),
            f"{_POLICIES}CreateAlertPolicy": (self._create_policy, CreateAlertPolicyRequest, AlertPolicy),
            f"{_POLICIES}UpdateAlertPolicy": (self._update_policy, UpdateAlertPolicyRequest, AlertPolicy),
            f"{_POLICIES}DeleteAlertPolicy": (self._delete_policy, DeleteAlertPolicyRequest, None),
            f"{_CHECKS}ListUptimeCheckConfigs": (
                self._list_checks,
                ListUptimeCheckConfigsRequest,
                ListUptimeCheckConfigsResponse,
            ),
            f"{_CHECKS}CreateUptimeCheckConfig": (self._create_check, CreateCheckRequest, UptimeCheckConfig),
            f"{_CHECKS}UpdateUptimeCheckConfig": (self._update_check, UpdateCheckRequest, UptimeCheckConfig),
            f"{_CHECKS}DeleteUptimeCheckConfig": (self._delete_check, DeleteUptimeCheckConfigRequest, None),
            f"{_DASHBOARDS}ListDashboards": (self._list_dashboards, ListDashboardsRequest, ListDashboardsResponse),
            f"{_DASHBOARDS}CreateDashboard": (self._create_dashboard, CreateDashboardRequest, Dashboard),
            f"{_DASHBOARDS}UpdateDashboard": (self._update_dashboard, UpdateDashboardRequest, Dashboard),
            f"{_DASHBOARDS}DeleteDashboard": (self._delete_dashboard, DeleteDashboardRequest, None),
        }

    def service(self, details: Any) -> Any:
        """Finds the method that is called."""
        if details.method not in self._methods:
            return None
        method, request, answer = self._methods[details.method]
        name = details.method.rpartition("/")[2]

        def handle(asked: Any, context: Any) -> Any:
            self.calls.append(name)
            self.before(name, context)
            return method(asked, context)

        serializer = answer.serialize if answer else empty_pb2.Empty.SerializeToString
        return grpc.unary_unary_rpc_method_handler(handle, request.deserialize, serializer)

    def _list_metrics(self, request: ListLogMetricsRequest, context: Any) -> ListLogMetricsResponse:
        _require(request.parent == f"projects/{self.project}", context)
        page, token = _page(self.metrics.values(), request.page_token)
        return ListLogMetricsResponse(metrics=page, next_page_token=token)

    def _create_metric(self, request: CreateLogMetricRequest, context: Any) -> LogMetric:
        _require(request.parent == f"projects/{self.project}", context)
        if request.metric.name in self.metrics:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, f"Metric {request.metric.name} already exists.")
        return self._kept_metric(request.metric, context)

    def _update_metric(self, request: UpdateLogMetricRequest, context: Any) -> LogMetric:
        name = _metric_of(self.project, request.metric_name, context)
        if name != request.metric.name:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "The name in the path and that of the metric differ.")
        return self._kept_metric(request.metric, context)

    def _kept_metric(self, metric: LogMetric, context: Any) -> LogMetric:
        if not metric.name or not metric.filter:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "A metric has a name and a filter.")
        kept = LogMetric(metric)
        LogMetric.pb(kept).version = LogMetric.ApiVersion.V2
        kept.update_time = timestamp_pb2.Timestamp(seconds=next(self._numbers))
        kept.create_time = getattr(self.metrics.get(metric.name), "create_time", None) or kept.update_time
        descriptor = metric_pb2.MetricDescriptor()
        descriptor.CopyFrom(LogMetric.pb(kept).metric_descriptor)
        descriptor.type = f"logging.googleapis.com/user/{metric.name}"
        descriptor.name = f"projects/{self.project}/metricDescriptors/{descriptor.type}"
        descriptor.description = metric.description
        # Labels are a set to the service.
        labels = sorted(descriptor.labels, key=lambda label: label.key, reverse=True)
        del descriptor.labels[:]
        descriptor.labels.extend(labels)
        LogMetric.pb(kept).metric_descriptor.CopyFrom(descriptor)
        self.metrics[metric.name] = kept
        return kept

    def _delete_metric(self, request: DeleteLogMetricRequest, context: Any) -> Any:
        _taken(self.metrics, _metric_of(self.project, request.metric_name, context), context)
        return empty_pb2.Empty()

    def _list_policies(self, request: ListAlertPoliciesRequest, context: Any) -> ListAlertPoliciesResponse:
        _require(request.name == f"projects/{self.project}", context)
        page, token = _page(self.policies.values(), request.page_token)
        return ListAlertPoliciesResponse(alert_policies=page, next_page_token=token)

    def _create_policy(self, request: CreateAlertPolicyRequest, context: Any) -> AlertPolicy:
        _require(request.name == f"projects/{self.project}", context)
        policy = AlertPolicy(request.alert_policy)
        policy.name = f"projects/{self.project}/alertPolicies/{next(self._numbers)}"
        policy.creation_record = self._record()
        return self._kept_policy(policy, context)

    def _record(self) -> MutationRecord:
        moment = timestamp_pb2.Timestamp(seconds=next(self._numbers))
        return MutationRecord(mutate_time=moment, mutated_by="somebody")

    def _update_policy(self, request: UpdateAlertPolicyRequest, context: Any) -> AlertPolicy:
        policy = AlertPolicy(request.alert_policy)
        if policy.name not in self.policies:
            context.abort(grpc.StatusCode.NOT_FOUND, f"Could not find {policy.name}.")
        before = self.policies[policy.name]
        known = {condition.name for condition in before.conditions}
        if any(condition.name and condition.name not in known for condition in policy.conditions):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "The policy has no condition of this name.")
        policy.creation_record = before.creation_record
        return self._kept_policy(policy, context)

    def _kept_policy(self, policy: AlertPolicy, context: Any) -> AlertPolicy:
        if not policy.conditions or policy.combiner == AlertPolicy.ConditionCombinerType.COMBINE_UNSPECIFIED:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "A policy has conditions and a combiner.")
        for condition in policy.conditions:
            query = condition.condition_prometheus_query_language
            if "condition_prometheus_query_language" in condition and not query.query:
                context.abort(grpc.StatusCode.INVALID_ARGUMENT, "A condition has a query.")
            condition.name = condition.name or f"{policy.name}/conditions/{next(self._numbers)}"
        policy.mutation_record = self._record()
        AlertPolicy.pb(policy).enabled.value = True
        self.policies[policy.name] = policy
        return policy

    def _delete_policy(self, request: DeleteAlertPolicyRequest, context: Any) -> Any:
        _taken(self.policies, request.name, context)
        return empty_pb2.Empty()

    def _list_checks(self, request: ListUptimeCheckConfigsRequest, context: Any) -> ListUptimeCheckConfigsResponse:
        _require(request.parent == f"projects/{self.project}", context)
        page, token = _page(self.checks.values(), request.page_token)
        return ListUptimeCheckConfigsResponse(uptime_check_configs=page, next_page_token=token)

    def _create_check(self, request: CreateCheckRequest, context: Any) -> UptimeCheckConfig:
        _require(request.parent == f"projects/{self.project}", context)
        check = UptimeCheckConfig(request.uptime_check_config)
        check.name = f"projects/{self.project}/uptimeCheckConfigs/check-{next(self._numbers)}"
        return self._kept_check(check, context)

    def _update_check(self, request: UpdateCheckRequest, context: Any) -> UptimeCheckConfig:
        check = UptimeCheckConfig(request.uptime_check_config)
        before = self.checks.get(check.name)
        if before is None:
            context.abort(grpc.StatusCode.NOT_FOUND, f"Could not find {check.name}.")
        elif before.monitored_resource.labels["host"] != check.monitored_resource.labels["host"]:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "What is asked can't be changed.")
        return self._kept_check(check, context)

    def _kept_check(self, check: UptimeCheckConfig, context: Any) -> UptimeCheckConfig:
        if not check.display_name or not check.monitored_resource.labels["host"]:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "A check has a display name and a host.")
        # As the service does.
        check.monitored_resource.labels["project_id"] = self.project
        self.checks[check.name] = check
        return check

    def _delete_check(self, request: DeleteUptimeCheckConfigRequest, context: Any) -> Any:
        _taken(self.checks, request.name, context)
        return empty_pb2.Empty()

    def _list_dashboards(self, request: ListDashboardsRequest, context: Any) -> ListDashboardsResponse:
        _require(request.parent == f"projects/{self.project}", context)
        page, token = _page(self.dashboards.values(), request.page_token)
        return ListDashboardsResponse(dashboards=page, next_page_token=token)

    def _create_dashboard(self, request: CreateDashboardRequest, context: Any) -> Dashboard:
        _require(request.parent == f"projects/{self.project}", context)
        dashboard = Dashboard(request.dashboard)
        identity = dashboard.name.rpartition("/")[2] or f"generated-{next(self._numbers)}"
        dashboard.name = f"projects/{NUMBER}/dashboards/{identity}"
        if dashboard.name in self.dashboards:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, f"{dashboard.name} already exists.")
        return self._kept_dashboard(dashboard, context)

    def _update_dashboard(self, request: UpdateDashboardRequest, context: Any) -> Dashboard:
        dashboard = Dashboard(request.dashboard)
        before = self.dashboards.get(dashboard.name)
        if before is None:
            context.abort(grpc.StatusCode.NOT_FOUND, f"Could not find {dashboard.name}.")
        elif dashboard.etag and dashboard.etag != before.etag:
            context.abort(grpc.StatusCode.ABORTED, "The etag is not that of the last version.")
        return self._kept_dashboard(dashboard, context)

    def _kept_dashboard(self, dashboard: Dashboard, context: Any) -> Dashboard:
        if not dashboard.display_name:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "A dashboard has a display name.")
        dashboard.etag = f"etag-{next(self._numbers)}"
        for tile in dashboard.mosaic_layout.tiles:
            for data in tile.widget.xy_chart.data_sets if "xy_chart" in tile.widget else []:
                # A default that the service fills in and no file says.
                data.min_alignment_period = data.min_alignment_period or {"seconds": 60}
        self.dashboards[dashboard.name] = dashboard
        return dashboard

    def _delete_dashboard(self, request: DeleteDashboardRequest, context: Any) -> Any:
        _taken(self.dashboards, request.name, context)
        return empty_pb2.Empty()


class Serving:
    """A stand-in behind a port; its clients are the real ones."""

    def __init__(self, google: StandInGoogle) -> None:
        """Listens."""
        self._server = grpc.server(futures.ThreadPoolExecutor(2))
        self._server.add_generic_rpc_handlers([google])
        self.address = f"127.0.0.1:{self._server.add_insecure_port('127.0.0.1:0')}"
        self._server.start()
        self._channel = grpc.insecure_channel(self.address)

    def clients(self) -> Clients:
        """Clients of it."""
        return clients_on(self._channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._channel.close()
        self._server.stop(None)


def disabled(context: Any) -> None:
    """Refuses as a service whose API is not enabled."""
    details = any_pb2.Any()
    details.Pack(error_details_pb2.ErrorInfo(reason="SERVICE_DISABLED", domain="googleapis.com"))
    status = status_pb2.Status(
        code=grpc.StatusCode.PERMISSION_DENIED.value[0], message="API has not been used before.", details=[details]
    )
    context.abort_with_status(rpc_status.to_status(status))


def _require(is_ours: bool, context: Any) -> None:
    if not is_ours:
        context.abort(grpc.StatusCode.NOT_FOUND, "The project does not exist.")


def _metric_of(project: str, path: str, context: Any) -> str:
    """The metric that a path names; a slash in the name must not look like one of the path."""
    prefix, _, name = path.rpartition("/")
    if prefix != f"projects/{project}/metrics":
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"{path} is not the path of a metric.")
    return unquote(name)


def _taken(kept: dict[str, Any], name: str, context: Any) -> None:
    if kept.pop(name, None) is None:
        context.abort(grpc.StatusCode.NOT_FOUND, f"Could not find {name}.")


def _page(kept: Iterable[Any], token: str) -> tuple[list[Any], str]:
    everything, begin = list(kept), int(token or 0)
    rest = everything[begin + PAGE :]
    return everything[begin : begin + PAGE], str(begin + PAGE) if rest else ""
