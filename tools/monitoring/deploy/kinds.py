"""Each kind of object that is deployed: how it is found again, created, changed, deleted, and what the server fills in.

It must not know files.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote

from google.protobuf import json_format  # type: ignore[import-untyped]

from tools.monitoring.deploy.refusals import Refusal, explained

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from contextlib import AbstractContextManager

    from tools.monitoring.deploy.clients import Clients

# Of one call; none of them does long work.
CALL_SECONDS_MAX: Final = 30.0
METRIC_PREFIX: Final = "streak/"
# Log metrics have no labels: ours say so in their description. Those of version 0.1.0 are known by the lines they
# count.
METRIC_MARK: Final = "(unbroken)"
_LINES_OF_OURS: Final = 'labels.python_logger="streak_core"'
DASHBOARD_ID: Final = "streak-maintenance"
# Begins the label with the content's short name, which every dashboard of ours carries.
REVISION: Final = "revision"
# The label that policies and uptime checks carry which are ours; each is found by another one, whatever it is called.
OURS: Final = ("app", "unbroken")

Json = dict[str, Any]
# A message of any of the three libraries.
Message = Any


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
            there = list(self._list())
        for one in there:
            if taken := self._taken_name(one, names):
                message = f"{self.title} {taken!r} is there and is not ours; rename it, or delete it if nobody needs it"
                raise Refusal(message)
        ours = [(name, one) for one in there if (name := self._own_name(one, names))]
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

    def _taken_name(self, message: Message, names: Collection[str]) -> str | None:  # noqa: ARG002 - as above
        """The name that ours needs, where something of somebody else has it; those with labels need none."""
        return None

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
    """Found by their name, which begins with `streak/`, and by the mark in their description.

    One that is deleted takes what it has counted with it.
    """

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
        is_named = message.name.startswith(METRIC_PREFIX) or message.name in names
        return str(message.name) if is_named and self._is_ours(message) else None

    def _taken_name(self, message: Message, names: Collection[str]) -> str | None:
        return str(message.name) if message.name in names and not self._is_ours(message) else None

    def _is_ours(self, message: Message) -> bool:
        return METRIC_MARK in message.description or _LINES_OF_OURS in message.filter

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
        return [one for one in found if self._has_our_id(one)] or found

    def _own_name(self, message: Message, names: Collection[str]) -> str | None:
        (name,) = names
        return name if name == message.display_name or self._has_our_id(message) else None

    def _taken_name(self, message: Message, names: Collection[str]) -> str | None:
        is_ours = message.display_name in names or any(label.startswith(REVISION) for label in message.labels)
        return DASHBOARD_ID if self._has_our_id(message) and not is_ours else None

    def _has_our_id(self, message: Message) -> bool:
        return bool(message.name.rpartition("/")[2] == DASHBOARD_ID)

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
