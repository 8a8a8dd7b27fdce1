"""What the folder says: log metrics, uptime checks, alert policies and the dashboard as messages of Google's libraries.

It must not know what a project has already. Unknown fields are refused here; what else makes an object wrong is judged
by `monitoring.checks` and, at last, by the service itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from google.cloud.logging_v2.types import LogMetric
from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.cloud.monitoring_v3 import AlertPolicy, UptimeCheckConfig
from google.protobuf import json_format  # type: ignore[import-untyped]

from emulator.places import ROOT
from tools.monitoring.checks.dashboard import DASHBOARD
from tools.monitoring.deploy.kinds import OURS, AlertPolicies, Dashboards, Kind, LogMetrics, UptimeChecks, labelled
from tools.monitoring.files import NotReadableError, read_document
from tools.monitoring.variables import VariableError, filled

MONITORING: Final = ROOT / "monitoring"
# What changes with every change of a file, so that what a file no longer says is noticed, too.
REVISION: Final = "revision"
REVISION_LETTERS: Final = 12

# By kind, in the order in which they lean on each other: every object by name.
Folder = Mapping[type[Kind], Mapping[str, Any]]


class FolderError(Exception):
    """A file can't be deployed; the message names it."""


def read_folder(environ: Mapping[str, str], folder: Path = MONITORING) -> Folder:
    """The folder's files with the variables filled in from `environ`. Raises `FolderError`, `VariableError`."""
    contents = _contents([*(_files(folder, part) for part in ("metrics", "uptime_checks", "alerts"))], environ)
    metrics = [_message(path, content, LogMetric) for path, content in contents["metrics"].items()]
    dashboard = _dashboard(folder / DASHBOARD.name)
    return {
        LogMetrics: _by_name([(one.name, one) for one in metrics], "log metrics"),
        UptimeChecks: _labelled(contents["uptime_checks"], UptimeCheckConfig, "check"),
        AlertPolicies: _labelled(contents["alerts"], AlertPolicy, "alert"),
        Dashboards: {dashboard.display_name: dashboard},
    }


def _files(folder: Path, kind: str) -> list[Path]:
    found = sorted((folder / kind).glob("*.yaml"))
    if not found:
        # An empty folder would make everything that is deployed look superfluous.
        message = f"there is no file in {folder / kind}"
        raise FolderError(message)
    return found


def _contents(parts: list[list[Path]], environ: Mapping[str, str]) -> dict[str, dict[Path, Any]]:
    found: dict[str, dict[Path, Any]] = {}
    wrong: list[str] = []
    for path in [path for paths in parts for path in paths]:
        try:
            found.setdefault(path.parent.name, {})[path] = filled(_read(path), environ)
        except VariableError as error:
            wrong += str(error).splitlines()
    if wrong:
        # Most files miss the same variable: once is enough.
        raise VariableError("\n".join(dict.fromkeys(wrong)))
    return found


def _labelled(contents: Mapping[Path, Any], kind: Any, label: str) -> dict[str, Any]:  # noqa: ANN401 - a class
    messages = []
    for path, content in contents.items():
        message = _message(path, content, kind)
        if labelled(message, label) is None or message.user_labels.get(label) != path.stem:
            app, value = OURS
            text = f"{path.name}: must carry the user labels {app}: {value} and {label}: {path.stem}"
            raise FolderError(text)
        message.user_labels[REVISION] = _revision(content)
        messages.append((path.stem, message))
    return _by_name(messages, f"{label}s")


def _dashboard(path: Path) -> Dashboard:
    content = _read(path)
    dashboard: Dashboard = _message(path, content, Dashboard)
    # Labels of a dashboard are keys; the service shows no values.
    dashboard.labels[f"{REVISION}-{_revision(content)}"] = ""
    return dashboard


def _read(path: Path) -> Any:  # noqa: ANN401 - any JSON
    try:
        return read_document(path)
    except (OSError, NotReadableError) as error:
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


def _by_name(messages: list[tuple[str, Any]], kind: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, one in messages:
        if not name or name in found:
            message = f"two {kind} have the name {name!r}" if name else f"one of the {kind} has no name"
            raise FolderError(message)
        found[name] = one
    return found


def _revision(content: object) -> str:
    """A short name of a content: the same for the same, and another for another."""
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:REVISION_LETTERS]
