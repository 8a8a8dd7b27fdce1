"""The dashboard: found by its id, or by its display name where it was created by hand.

It must not know files.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from tools.monitoring.deploy.clients import CALL_SECONDS_MAX
from tools.monitoring.deploy.comparing import Json, as_json, as_stated
from tools.monitoring.deploy.refusals import Needs, Refusal, explained

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from google.cloud.monitoring_dashboard_v1 import Dashboard, DashboardsServiceClient

DASHBOARD_ID: Final = "streak-maintenance"
_NEEDS: Final = Needs(api="monitoring.googleapis.com", role="roles/monitoring.dashboardEditor")
_SERVER_FILLS: Final = ("name", "etag")


class Dashboards:
    """Those of one project, of which one is ours."""

    title: ClassVar = "dashboard"

    def __init__(self, client: DashboardsServiceClient, project: str) -> None:
        """Calls nothing yet."""
        self._client = client
        self._project = project

    def found(self, names: Collection[str]) -> dict[str, Dashboard]:
        """The one of our id, else the one of our display name. Raises `Refusal`, too, when there are several."""
        (name,) = names
        with self._explained("list dashboards"):
            pages = self._client.list_dashboards(
                request={"parent": f"projects/{self._project}"}, timeout=CALL_SECONDS_MAX
            )
            dashboards = list(pages)
        # The service names the project by its number.
        ours = [one for one in dashboards if one.name.rpartition("/")[2] == DASHBOARD_ID]
        ours = ours or [one for one in dashboards if one.display_name == name]
        if len(ours) > 1:
            message = f"{len(ours)} dashboards are named {name!r}; delete all but one, and run again"
            raise Refusal(message)
        return dict.fromkeys([name], ours[0]) if ours else {}

    def create(self, name: str, wanted: Dashboard) -> None:
        """Makes it, under an id that never changes, so that links to it hold."""
        message = type(wanted)(wanted)
        message.name = f"projects/{self._project}/dashboards/{DASHBOARD_ID}"
        with self._explained(f"create dashboard {name!r}"):
            self._client.create_dashboard(
                request={"parent": f"projects/{self._project}", "dashboard": message}, timeout=CALL_SECONDS_MAX
            )

    def update(self, name: str, found: Dashboard, wanted: Dashboard) -> None:
        """Makes the one that is there what is wanted, unless somebody changes it at this moment."""
        message = type(wanted)(wanted)
        message.name, message.etag = found.name, found.etag
        with self._explained(f"update dashboard {name!r}"):
            self._client.update_dashboard(request={"dashboard": message}, timeout=CALL_SECONDS_MAX)

    def delete(self, name: str, found: Dashboard) -> None:
        """Deletes it."""
        with self._explained(f"delete dashboard {name!r}"):
            self._client.delete_dashboard(request={"name": found.name}, timeout=CALL_SECONDS_MAX)

    def stated(self, message: Dashboard) -> Json:
        """Its content without what only the server fills."""
        return {name: value for name, value in as_json(message).items() if name not in _SERVER_FILLS}

    def is_same(self, found: Json, wanted: Json) -> bool:
        """In what the file says: the server fills in defaults. What a file no longer says changes its revision."""
        return bool(as_stated(found, wanted) == wanted)

    def _explained(self, action: str) -> AbstractContextManager[None]:
        return explained(action, self._project, _NEEDS)
