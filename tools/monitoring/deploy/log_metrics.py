"""Log-based metrics: found by their name, which begins with `streak/`.

It must not know files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import quote

from tools.monitoring.deploy.clients import CALL_SECONDS_MAX
from tools.monitoring.deploy.comparing import Json, as_json
from tools.monitoring.deploy.refusals import Needs, explained

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from google.cloud.logging_v2.services.metrics_service_v2 import MetricsServiceV2Client
    from google.cloud.logging_v2.types import LogMetric

PREFIX: Final = "streak/"
_NEEDS: Final = Needs(api="logging.googleapis.com", role="roles/logging.configWriter")
_SERVER_FILLS: Final = ("createTime", "updateTime", "version", "resourceName")
_SERVER_FILLS_DESCRIPTOR: Final = ("name", "type", "description", "metadata", "launchStage", "monitoredResourceTypes")


class LogMetrics:
    """Those of one project."""

    title: ClassVar = "log metric"

    def __init__(self, client: MetricsServiceV2Client, project: str) -> None:
        """Calls nothing yet."""
        self._client = client
        self._project = project

    def found(self, names: Collection[str]) -> dict[str, LogMetric]:
        """All whose name begins as ours do, and those that the folder names otherwise."""
        with self._explained("list log metrics"):
            pages = self._client.list_log_metrics(parent=f"projects/{self._project}", timeout=CALL_SECONDS_MAX)
            return {one.name: one for one in pages if one.name.startswith(PREFIX) or one.name in names}

    def create(self, name: str, wanted: LogMetric) -> None:
        """Makes it."""
        with self._explained(f"create log metric {name}"):
            self._client.create_log_metric(parent=f"projects/{self._project}", metric=wanted, timeout=CALL_SECONDS_MAX)

    def update(self, name: str, _found: LogMetric, wanted: LogMetric) -> None:
        """Makes the one that is there what is wanted."""
        with self._explained(f"update log metric {name}"):
            self._client.update_log_metric(metric_name=self._path(name), metric=wanted, timeout=CALL_SECONDS_MAX)

    def delete(self, name: str, _found: LogMetric) -> None:
        """Deletes it; what it has counted is gone with it."""
        with self._explained(f"delete log metric {name}"):
            self._client.delete_log_metric(metric_name=self._path(name), timeout=CALL_SECONDS_MAX)

    def stated(self, message: LogMetric) -> Json:
        """Its content without what only the server fills."""
        content = {name: value for name, value in as_json(message).items() if name not in _SERVER_FILLS}
        if "metricDescriptor" in content:
            content["metricDescriptor"] = _stated_descriptor(content["metricDescriptor"])
        return content

    def is_same(self, found: Json, wanted: Json) -> bool:
        """Exactly: what the server adds to a log metric is known."""
        return found == wanted

    def _path(self, name: str) -> str:
        # The service reads the name as a path, in which the slash of ours is a letter of the name.
        return f"projects/{self._project}/metrics/{quote(name, safe='')}"

    def _explained(self, action: str) -> AbstractContextManager[None]:
        return explained(action, self._project, _NEEDS)


def _stated_descriptor(descriptor: Json) -> dict[str, Any]:
    content = {name: value for name, value in descriptor.items() if name not in _SERVER_FILLS_DESCRIPTOR}
    # Labels have no order, and a number without a unit is a plain one.
    content["labels"] = sorted(content.get("labels", []), key=lambda label: label["key"])
    return {"unit": "1"} | content
