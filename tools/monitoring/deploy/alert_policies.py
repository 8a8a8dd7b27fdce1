"""Alert policies: ours carry the label `app`, and are found by the label `alert`, whatever they are called.

It must not know files.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar, Final

from tools.monitoring.deploy.clients import CALL_SECONDS_MAX
from tools.monitoring.deploy.comparing import Json, as_json, as_stated
from tools.monitoring.deploy.refusals import Needs, Refusal, explained

if TYPE_CHECKING:
    from collections.abc import Collection
    from contextlib import AbstractContextManager

    from google.cloud.monitoring_v3 import AlertPolicy, AlertPolicyServiceClient

OURS: Final = ("app", "unbroken")
NAME_LABEL: Final = "alert"
_NEEDS: Final = Needs(api="monitoring.googleapis.com", role="roles/monitoring.alertPolicyEditor")
_SERVER_FILLS: Final = ("name", "creationRecord", "mutationRecord", "validity")


class AlertPolicies:
    """Those of one project."""

    title: ClassVar = "alert policy"

    def __init__(self, client: AlertPolicyServiceClient, project: str) -> None:
        """Calls nothing yet."""
        self._client = client
        self._project = project

    def found(self, _names: Collection[str]) -> dict[str, AlertPolicy]:
        """All that carry our label. Raises `Refusal`, too, when two are labelled alike."""
        with self._explained("list alert policies"):
            pages = self._client.list_alert_policies(name=f"projects/{self._project}", timeout=CALL_SECONDS_MAX)
            policies = list(pages)
        ours = [one for one in policies if is_ours(one)]
        for name, number in Counter(name_of(one) for one in ours).items():
            if number > 1:
                message = f"{number} alert policies are labelled as our {name}; delete all but one, and run again"
                raise Refusal(message)
        return {name_of(one): one for one in ours}

    def create(self, name: str, wanted: AlertPolicy) -> None:
        """Makes it."""
        with self._explained(f"create alert policy {name}"):
            self._client.create_alert_policy(
                name=f"projects/{self._project}", alert_policy=wanted, timeout=CALL_SECONDS_MAX
            )

    def update(self, name: str, found: AlertPolicy, wanted: AlertPolicy) -> None:
        """Makes the one that is there what is wanted; its conditions stay the same ones, with their incidents."""
        message = type(wanted)(wanted)
        message.name = found.name
        known = {condition.display_name: condition.name for condition in found.conditions}
        for condition in message.conditions:
            condition.name = known.get(condition.display_name, "")
        with self._explained(f"update alert policy {name}"):
            self._client.update_alert_policy(alert_policy=message, timeout=CALL_SECONDS_MAX)

    def delete(self, name: str, found: AlertPolicy) -> None:
        """Deletes it."""
        with self._explained(f"delete alert policy {name}"):
            self._client.delete_alert_policy(name=found.name, timeout=CALL_SECONDS_MAX)

    def stated(self, message: AlertPolicy) -> Json:
        """Its content without what only the server fills."""
        content = {name: value for name, value in as_json(message).items() if name not in _SERVER_FILLS}
        content["conditions"] = [
            {name: value for name, value in condition.items() if name != "name"}
            for condition in content.get("conditions", [])
        ]
        return content

    def is_same(self, found: Json, wanted: Json) -> bool:
        """In what the file says: the server fills in defaults. What a file no longer says changes its revision."""
        return bool(as_stated(found, wanted) == wanted)

    def _explained(self, action: str) -> AbstractContextManager[None]:
        return explained(action, self._project, _NEEDS)


def is_ours(policy: AlertPolicy) -> bool:
    """Whether it carries our label."""
    label, value = OURS
    return bool(policy.user_labels.get(label) == value)


def name_of(policy: AlertPolicy) -> str:
    """What it is found by; one that was labelled by hand may lack it."""
    return str(policy.user_labels.get(NAME_LABEL) or policy.display_name)
