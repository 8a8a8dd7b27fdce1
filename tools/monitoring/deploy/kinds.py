"""Each kind of object that is deployed: how it is found again, created, changed, deleted, and what the server fills in.

It must not know files.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Final, NamedTuple
from urllib.parse import quote

import google.auth
import grpc
from google.cloud.logging_v2.services.metrics_service_v2 import MetricsServiceV2Client
from google.cloud.logging_v2.services.metrics_service_v2.transports import MetricsServiceV2GrpcTransport
from google.cloud.monitoring_dashboard_v1 import DashboardsServiceClient
from google.cloud.monitoring_dashboard_v1.services.dashboards_service.transports import DashboardsServiceGrpcTransport
from google.cloud.monitoring_v3 import AlertPolicyServiceClient, UptimeCheckServiceClient
from google.cloud.monitoring_v3.services.alert_policy_service.transports import AlertPolicyServiceGrpcTransport
from google.cloud.monitoring_v3.services.uptime_check_service.transports import UptimeCheckServiceGrpcTransport
from google.protobuf import json_format  # type: ignore[import-untyped]

from tools.monitoring.deploy.refusals import Refusal, explained

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from contextlib import AbstractContextManager


# Of one call; none of them does long work.
CALL_SECONDS_MAX: Final = 30.0
METRIC_PREFIX: Final = "streak/"
DASHBOARD_ID: Final = "streak-maintenance"
# The label that policies and uptime checks carry which are ours; each is found by another one, whatever it is called.
OURS: Final = ("app", "unbroken")

Json = dict[str, Any]
# A message of any of the three libraries.
Message = Any


class Clients(NamedTuple):
    """One client for each kind of object."""

    metrics: MetricsServiceV2Client
    uptime_checks: UptimeCheckServiceClient
    policies: AlertPolicyServiceClient
    dashboards: DashboardsServiceClient


def google_clients() -> Clients:
    """Clients of Google's own services, with the credentials of this machine. Raises `DefaultCredentialsError`.

    Where the variable GOOGLE_MONITORING_HOST names a stand-in of all of them, it is asked, without encryption.
    """
    if stand_in := os.environ.get("GOOGLE_MONITORING_HOST"):
        return clients_on(grpc.insecure_channel(stand_in))
    own, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    return Clients(
        metrics=MetricsServiceV2Client(credentials=own),
        uptime_checks=UptimeCheckServiceClient(credentials=own),
        policies=AlertPolicyServiceClient(credentials=own),
        dashboards=DashboardsServiceClient(credentials=own),
    )


def clients_on(channel: grpc.Channel) -> Clients:
    """Clients of what answers on one channel for all of the services."""
    return Clients(
        metrics=MetricsServiceV2Client(transport=MetricsServiceV2GrpcTransport(channel=channel)),
        uptime_checks=UptimeCheckServiceClient(transport=UptimeCheckServiceGrpcTransport(channel=channel)),
        policies=AlertPolicyServiceClient(transport=AlertPolicyServiceGrpcTransport(channel=channel)),
        dashboards=DashboardsServiceClient(transport=DashboardsServiceGrpcTransport(channel=channel)),
    )


class Kind:
    """One kind of object in one project. What calls the service raises `Refusal`."""

    title: ClassVar[str]
    api: ClassVar[str] = "monitoring.googleapis.com"
    role: ClassVar[str]
    server_fills: ClassVar[Collection[str]]
    # The client; what its methods end with; the label that it is found by; how a request calls the project.
    client: ClassVar[str]
    noun: ClassVar[str]
    plural: ClassVar[str]
    label: ClassVar[str]
    project_field: ClassVar[str] = "parent"

    def __init__(self, clients: Clients, project: str) -> None:
        """Calls nothing yet."""
        self._client = getattr(clients, self.client)
        self._project = project
        self._parent = f"projects/{project}"

    def found(self, names: Collection[str]) -> dict[str, Message]:
        """Ours among those of the project, by name; `names` are those that the folder has."""
        with self.explained(f"list what there is of kind {self.title}"):
            ours = [(name, one) for one in self._list() if (name := self._own_name(one, names))]
        for name, number in Counter(name for name, _ in ours).items():
            if number > 1:
                message = f"{number} of kind {self.title} are our {name!r}; delete all but one, and run again"
                raise Refusal(message)
        return dict(ours)

    def stated(self, message: Message) -> Json:
        """Its content without what only the server fills, with the names that the API has for its fields."""
        plain = type(message).pb(message) if hasattr(type(message), "pb") else message
        return {
            name: value for name, value in json_format.MessageToDict(plain).items() if name not in self.server_fills
        }

    def is_same(self, found: Json, wanted: Json) -> bool:
        """In what the file says: the server fills in defaults. What a file no longer says changes its revision."""
        return bool(_as_stated(found, wanted) == wanted)

    def explained(self, action: str) -> AbstractContextManager[None]:
        """What is refused while entered becomes a `Refusal`; `action` is as in "list dashboards"."""
        return explained(action, self._project, api=self.api, role=self.role)

    def _call(self, method: str, **request: Any) -> Any:  # noqa: ANN401 - a message of any of the three libraries
        return getattr(self._client, method)(request=request, timeout=CALL_SECONDS_MAX)

    def _list(self) -> Iterable[Message]:
        found: Iterable[Message] = self._call(f"list_{self.plural}", **{self.project_field: self._parent})
        return found

    def _own_name(self, message: Message, names: Collection[str]) -> str | None:  # noqa: ARG002 - others look at them
        """What it is found by where it is ours, else None; one that was labelled by hand may lack its label."""
        app, value = OURS
        labels = message.user_labels
        return str(labels.get(self.label) or message.display_name) if labels.get(app) == value else None

    def create(self, wanted: Message) -> None:
        """Makes it."""
        self._call(f"create_{self.noun}", **{self.project_field: self._parent, self.noun: wanted})

    def update(self, found: Message, wanted: Message) -> None:
        """Makes the one that is there what is wanted."""
        message = type(wanted)(wanted)
        message.name = found.name
        self._keep(found, message)
        self._call(f"update_{self.noun}", **{self.noun: message})

    def _keep(self, found: Message, message: Message) -> None:
        """What the server has filled in and an update must say again."""

    def delete(self, found: Message) -> None:
        """Deletes it."""
        self._call(f"delete_{self.noun}", name=found.name)


class LogMetrics(Kind):
    """Found by their name, which begins with `streak/`; one that is deleted takes what it has counted with it."""

    title = "log metric"
    api = "logging.googleapis.com"
    role = "roles/logging.configWriter"
    server_fills = ("createTime", "updateTime", "version", "resourceName")
    client, noun, plural = "metrics", "log_metric", "log_metrics"
    _descriptor_fills = ("name", "type", "description", "metadata", "launchStage", "monitoredResourceTypes")

    def stated(self, message: Message) -> Json:
        """Also of its descriptor; labels have no order, and a number without a unit is a plain one."""
        content = super().stated(message)
        descriptor = content.get("metricDescriptor")
        if descriptor:
            own = {name: value for name, value in descriptor.items() if name not in self._descriptor_fills}
            own["labels"] = sorted(own.get("labels", []), key=lambda label: label["key"])
            content["metricDescriptor"] = {"unit": "1"} | own
        return content

    def is_same(self, found: Json, wanted: Json) -> bool:
        """Exactly: what the server adds to a log metric is known."""
        return found == wanted

    def _own_name(self, message: Message, names: Collection[str]) -> str | None:
        return str(message.name) if message.name.startswith(METRIC_PREFIX) or message.name in names else None

    def create(self, wanted: Message) -> None:
        """Under the name that it says."""
        self._call("create_log_metric", parent=self._parent, metric=wanted)

    def update(self, found: Message, wanted: Message) -> None:
        """By its path."""
        self._call("update_log_metric", metric_name=self._path(found), metric=wanted)

    def delete(self, found: Message) -> None:
        """By its path; what it has counted goes with it."""
        self._call("delete_log_metric", metric_name=self._path(found))

    def _path(self, metric: Message) -> str:
        # The service reads the name as a path, in which the slash of ours is a letter of the name.
        return f"{self._parent}/metrics/{quote(metric.name, safe='')}"


class UptimeChecks(Kind):
    """Ours carry the label `app`, and are found by the label `check`."""

    title = "uptime check"
    role = "roles/monitoring.uptimeCheckConfigEditor"
    server_fills = ("name",)
    client, noun, plural, label = "uptime_checks", "uptime_check_config", "uptime_check_configs", "check"

    def update(self, found: Message, wanted: Message) -> None:
        """The service never changes what a check asks."""
        if dict(found.monitored_resource.labels).get("host") == dict(wanted.monitored_resource.labels).get("host"):
            super().update(found, wanted)
        else:
            self.delete(found)
            self.create(wanted)


class AlertPolicies(Kind):
    """Ours carry the label `app`, and are found by the label `alert`."""

    title = "alert policy"
    role = "roles/monitoring.alertPolicyEditor"
    server_fills = ("name", "creationRecord", "mutationRecord", "validity")
    client, noun, plural, label = "policies", "alert_policy", "alert_policies", "alert"
    project_field = "name"

    def stated(self, message: Message) -> Json:
        """Also of its conditions."""
        content = super().stated(message)
        conditions = content.get("conditions", [])
        return {**content, "conditions": [{key: one[key] for key in one if key != "name"} for one in conditions]}

    def _keep(self, found: Message, message: Message) -> None:
        """Its conditions stay the same ones, with their incidents."""
        known = {condition.display_name: condition.name for condition in found.conditions}
        for condition in message.conditions:
            condition.name = known.get(condition.display_name, "")


class Dashboards(Kind):
    """The one of our id, or of our display name where it was created by hand."""

    title = "dashboard"
    role = "roles/monitoring.dashboardEditor"
    server_fills = ("name", "etag")
    client, noun, plural = "dashboards", "dashboard", "dashboards"

    def _list(self) -> Iterable[Message]:
        found = list(super()._list())
        # The service names the project by its number.
        return [one for one in found if one.name.rpartition("/")[2] == DASHBOARD_ID] or found

    def _own_name(self, message: Message, names: Collection[str]) -> str | None:
        (name,) = names
        return name if name == message.display_name or message.name.rpartition("/")[2] == DASHBOARD_ID else None

    def create(self, wanted: Message) -> None:
        """Under an id that never changes, so that links to it hold."""
        message = type(wanted)(wanted)
        message.name = f"{self._parent}/dashboards/{DASHBOARD_ID}"
        super().create(message)

    def _keep(self, found: Message, message: Message) -> None:
        """Unless somebody changes it at this moment."""
        message.etag = found.etag


def _as_stated(found: Any, wanted: Any) -> Any:  # noqa: ANN401 - any JSON
    """Of what the server has, the part that the file says something about."""
    if isinstance(found, dict) and isinstance(wanted, dict):
        return {name: _as_stated(found[name], wanted[name]) for name in found.keys() & wanted.keys()}
    if isinstance(found, list) and isinstance(wanted, list) and len(found) == len(wanted):
        return [_as_stated(one, other) for one, other in zip(found, wanted, strict=True)]
    return found
