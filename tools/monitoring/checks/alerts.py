"""Checks the folder of alert policies and the folder of playbooks, and that each alert and each playbook has the other.

It must not know what a good policy is; it reads files.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

from emulator.places import ROOT
from tools.monitoring.checks.policies import policy_problems
from tools.monitoring.files import NotReadableError, read_document

ALERTS: Final = ROOT / "monitoring" / "alerts"
PLAYBOOKS: Final = ROOT / "docs" / "playbooks"

# What every playbook answers, in this order.
SECTIONS: Final = (
    "## What it means",
    "## First step",
    "## How to look",
    "## Causes",
    "## When to escalate",
    "## How to know that it is over",
)


def alert_problems(folder: Path = ALERTS) -> list[str]:
    """What is wrong with the policies of a folder, each complaint with its file; nothing where all is well."""
    documents: dict[str, dict[str, Any]] = {}
    found = []
    for path in sorted(folder.glob("*")):
        try:
            documents[path.stem] = read_document(path)
        except NotReadableError as error:
            found.append(str(error))
    for alert, document in documents.items():
        found += [f"{alert}.yaml: {problem}" for problem in policy_problems(alert, document)]
    names = Counter(document.get("displayName") for document in documents.values())
    found += [f"displayName {name!r} stands in {count} files" for name, count in names.items() if count > 1]
    return found or ([] if documents else ["there is no alert policy"])


def playbook_problems(alerts: Path = ALERTS, playbooks: Path = PLAYBOOKS) -> list[str]:
    """Alerts without a playbook, playbooks without an alert, and playbooks that leave a question open."""
    wanted = {path.stem for path in alerts.glob("*.yaml")}
    found = {path.stem: path.read_text(encoding="utf-8") for path in sorted(playbooks.glob("*.md"))}
    return [
        *(f"{alert}.yaml: has no playbook {alert}.md" for alert in sorted(wanted - found.keys())),
        *(f"{alert}.md: is the playbook of no alert" for alert in sorted(found.keys() - wanted)),
        *(problem for alert, text in found.items() for problem in _of_playbook(alert, text)),
    ]


def _of_playbook(alert: str, text: str) -> list[str]:
    headings = [line.strip() for line in text.splitlines() if line.startswith("## ")]
    if headings != list(SECTIONS):
        return [f"{alert}.md: must have the sections {', '.join(SECTIONS)}, in this order"]
    bodies = [part.partition("\n")[2].strip() for part in text.split("\n## ")[1:]]
    return [f"{alert}.md: says nothing under {name}" for name, body in zip(SECTIONS, bodies, strict=True) if not body]
