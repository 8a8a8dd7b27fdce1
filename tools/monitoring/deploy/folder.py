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
from tools.monitoring.deploy.kinds import (
    METRIC_MARK,
    OURS,
    REVISION,
    AlertPolicies,
    Dashboards,
    Kind,
    LogMetrics,
    UptimeChecks,
)
from tools.monitoring.files import NotReadableError, read_document
from tools.monitoring.variables import VariableError, filled

MONITORING: Final = ROOT / "monitoring"
# Of what changes with every change of a file, so that what a file no longer says is noticed, too.
REVISION_LETTERS: Final = 12

# By kind, in the order in which they lean on each other: every object by name.
Folder = Mapping[type[Kind], Mapping[str, Any]]
# Each kind's part of the folder, its message, and the label that holds its file's name; a log metric says its own.
_PARTS: Final[Mapping[type[Kind], tuple[str, Any, str]]] = {
    LogMetrics: ("metrics", LogMetric, ""),
    UptimeChecks: ("uptime_checks", UptimeCheckConfig, "check"),
    AlertPolicies: ("alerts", AlertPolicy, "alert"),
}


class FolderError(Exception):
    """A file can't be deployed; the message names it."""


def read_folder(environ: Mapping[str, str], folder: Path = MONITORING) -> Folder:
    """The folder's files with the variables filled in from `environ`. Raises `FolderError`, `VariableError`."""
    contents = _contents(folder, environ)
    found: dict[type[Kind], dict[str, Any]] = {}
    for kind, (part, message, label) in _PARTS.items():
        found[kind] = {}
        for path, content in contents[part].items():
            one = _message(path, content, message)
            name = path.stem if label else one.name
            if label:
                _mark(path, one, label, content)
            else:
                one.description = f"{one.description} {METRIC_MARK}".lstrip()
            if not name or name in found[kind]:
                text = f"two {kind.title}s have the name {name!r}" if name else f"one of the {kind.title}s has no name"
                raise FolderError(text)
            found[kind][name] = one
    dashboard = _dashboard(folder / DASHBOARD.name, environ)
    return {**found, Dashboards: {dashboard.display_name: dashboard}}


def _contents(folder: Path, environ: Mapping[str, str]) -> dict[str, dict[Path, Any]]:
    """By part and file."""
    found: dict[str, dict[Path, Any]] = {}
    wrong: list[str] = []
    for part, _, _ in _PARTS.values():
        found[part] = {path: _read(path) for path in sorted((folder / part).glob("*.yaml"))}
        if not found[part]:
            # An empty folder would make everything that is deployed look superfluous.
            message = f"there is no file in {folder / part}"
            raise FolderError(message)
        for path, content in found[part].items():
            try:
                found[part][path] = filled(content, environ)
            except VariableError as error:
                wrong += str(error).splitlines()
    if wrong:
        # Most files miss the same variable: once is enough.
        raise VariableError("\n".join(dict.fromkeys(wrong)))
    return found


def _mark(path: Path, message: Any, label: str, content: object) -> None:  # noqa: ANN401 - a class of either kind
    """By its labels it is found again."""
    app, value = OURS
    if (message.user_labels.get(app), message.user_labels.get(label)) != (value, path.stem):
        text = f"{path.name}: must carry the user labels {app}: {value} and {label}: {path.stem}"
        raise FolderError(text)
    message.user_labels[REVISION] = _revision(content)


def _dashboard(path: Path, environ: Mapping[str, str]) -> Dashboard:
    content = filled(_read(path), environ)
    dashboard: Dashboard = _message(path, content, Dashboard)
    # Labels of a dashboard are keys; the service shows no values.
    dashboard.labels[f"{REVISION}-{_revision(content)}"] = ""
    return dashboard


def _read(path: Path) -> dict[str, Any]:
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


def _revision(content: object) -> str:
    """A short name of a content: the same for the same, and another for another."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:REVISION_LETTERS]
