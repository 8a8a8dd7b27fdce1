"""What the folder says: log metrics, alert policies and the dashboard as messages of Google's libraries.

It must not know what a project has already. Unknown fields are refused here; what else makes an object wrong is judged
by `monitoring.checks` and, at last, by the service itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from google.cloud.logging_v2.types import LogMetric
from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.cloud.monitoring_v3 import AlertPolicy
from google.protobuf import json_format  # type: ignore[import-untyped]

from emulator.places import ROOT
from tools.monitoring.checks.reading import NotReadableError, read_document
from tools.monitoring.dashboard import DASHBOARD, NotADashboardError, read_dashboard
from tools.monitoring.deploy.alert_policies import NAME_LABEL, OURS, is_ours, name_of
from tools.monitoring.deploy.comparing import revision
from tools.monitoring.deploy.kinds import MessageT
from tools.monitoring.variables import VariableError, filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

MONITORING: Final = ROOT / "monitoring"
# What changes with every change of a file, so that what a file no longer says is noticed, too.
REVISION: Final = "revision"


class FolderError(Exception):
    """A file can't be deployed; the message names it."""


@dataclass(frozen=True, kw_only=True)
class Folder:
    """Everything that is to be deployed, by name."""

    metrics: Mapping[str, LogMetric]
    policies: Mapping[str, AlertPolicy]
    dashboard: Mapping[str, Dashboard]


def read_folder(environ: Mapping[str, str], folder: Path = MONITORING) -> Folder:
    """The folder's files with the variables filled in from `environ`. Raises `FolderError`, `VariableError`."""
    metrics = [_metric(path, environ) for path in _files(folder, "metrics")]
    policies = _policies(_files(folder, "alerts"), environ)
    dashboard = _dashboard(folder / DASHBOARD.name, environ)
    return Folder(
        metrics=_by_name(metrics, lambda metric: metric.name, "log metrics"),
        policies=_by_name(policies, name_of, "alert policies"),
        dashboard={dashboard.display_name: dashboard},
    )


def _files(folder: Path, kind: str) -> list[Path]:
    found = sorted((folder / kind).glob("*.yaml"))
    if not found:
        # An empty folder would make everything that is deployed look superfluous.
        message = f"there is no file in {folder / kind}"
        raise FolderError(message)
    return found


def _metric(path: Path, environ: Mapping[str, str]) -> LogMetric:
    metric: LogMetric = _message(path, _content(path, environ), LogMetric)
    return metric


def _policies(paths: Iterable[Path], environ: Mapping[str, str]) -> list[AlertPolicy]:
    policies, wrong = [], []
    for path in paths:
        try:
            policies.append(_policy(path, environ))
        except VariableError as error:
            wrong += str(error).splitlines()
    if wrong:
        # Most files miss the same variable: once is enough.
        raise VariableError("\n".join(dict.fromkeys(wrong)))
    return policies


def _policy(path: Path, environ: Mapping[str, str]) -> AlertPolicy:
    content = _content(path, environ)
    policy: AlertPolicy = _message(path, content, AlertPolicy)
    if not is_ours(policy) or policy.user_labels.get(NAME_LABEL) != path.stem:
        label, value = OURS
        message = f"{path.name}: must carry the user labels {label}: {value} and {NAME_LABEL}: {path.stem}"
        raise FolderError(message)
    policy.user_labels[REVISION] = revision(content)
    return policy


def _dashboard(path: Path, environ: Mapping[str, str]) -> Dashboard:
    content = _content(path, environ)
    dashboard: Dashboard = _message(path, content, Dashboard)
    # Labels of a dashboard are keys; the service shows no values.
    dashboard.labels[f"{REVISION}-{revision(content)}"] = ""
    return dashboard


def _content(path: Path, environ: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    try:
        return filled(read_dashboard(path) if path.suffix == ".json" else read_document(path), environ)
    except (OSError, NotReadableError, NotADashboardError) as error:
        message = f"can't be read: {error}"
        raise FolderError(message) from error


def _message(path: Path, content: object, kind: Any) -> Any:  # noqa: ANN401 - a class of any of the three libraries
    message = kind()
    try:
        json_format.ParseDict(content, kind.pb(message), ignore_unknown_fields=False)
    except (json_format.ParseError, AttributeError, TypeError) as error:
        text = f"{path.name}: is no {kind.__name__}: {error}"
        raise FolderError(text) from error
    return message


def _by_name(messages: Iterable[MessageT], name_of: Callable[[MessageT], str], kind: str) -> dict[str, MessageT]:
    found: dict[str, MessageT] = {}
    for one in messages:
        name = name_of(one)
        if not name or name in found:
            message = f"two {kind} have the name {name!r}" if name else f"one of the {kind} has no name"
            raise FolderError(message)
        found[name] = one
    return found
