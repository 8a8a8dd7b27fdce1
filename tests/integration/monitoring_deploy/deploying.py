"""What the tests of a deployment share: the shipped folder, a deployment of a changed one, and what was called.

Must not know what is tested.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml
from google.cloud.monitoring_v3 import AlertPolicy

from tests.support.monitoring_stand_in import NUMBER, PROJECT, StandInGoogle
from tools.monitoring.deploy.deployment import Deployment
from tools.monitoring.deploy.folder import read_folder
from tools.monitoring.deploy.kinds import AlertPolicies, Dashboards, LogMetrics

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tools.monitoring.deploy.clients import Clients

VARIABLES = {
    "NOTIFICATION_CHANNELS": f"projects/{PROJECT}/notificationChannels/1,projects/{PROJECT}/notificationChannels/2",
    "PLAYBOOKS_URL": "https://example.com/playbooks",
    "HEALTH_HOST": "health-1.europe-west1.run.app",
}
FOLDER = read_folder(VARIABLES)
METRICS, POLICIES, DASHBOARDS = FOLDER[LogMetrics], FOLDER[AlertPolicies], FOLDER[Dashboards]
EVERYTHING = sum(len(of_kind) for of_kind in FOLDER.values())
DASHBOARD = f"projects/{NUMBER}/dashboards/streak-maintenance"
WRITES = ("Create", "Update", "Delete")


def deployed(folder: Path, clients: Clients, *, prunes: bool = False) -> int:
    """The status of a deployment of a folder that was changed."""
    return Deployment(
        project=PROJECT, environ=VARIABLES, make_clients=lambda: clients, folder=folder, is_agreed=True, prunes=prunes
    ).run()


def written(google: StandInGoogle) -> list[str]:
    return [call for call in google.calls if call.startswith(WRITES)]


def rewritten(path: Path, change: Callable[[Any], Any]) -> None:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(content)
    # JSON is YAML, too.
    path.write_text(json.dumps(content), encoding="utf-8")


def policy_of(google: StandInGoogle, alert: str) -> AlertPolicy:
    return next(one for one in google.policies.values() if one.user_labels["alert"] == alert)
