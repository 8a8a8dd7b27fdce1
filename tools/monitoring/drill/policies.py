"""The alert policies as rules that Prometheus can evaluate: the very queries and retest windows of the files.

It must not know scenarios. Policies that the checks refuse are not drilled.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from emulator.errors import SetupError
from tools.monitoring.checks.alerts import ALERTS, alert_problems
from tools.monitoring.files import read_document
from tools.monitoring.variables import EXAMPLES, filled

# What is deployed where the job is hourly, and where it is daily.
HOURLY: Final[Mapping[str, str]] = {**EXAMPLES, "MAINTENANCE_WINDOW": "2h45m"}
DAILY: Final[Mapping[str, str]] = {**EXAMPLES, "MAINTENANCE_WINDOW": "24h45m"}


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One policy: its query, how long it must hold, and how often it is looked at, in seconds."""

    alert: str
    severity: str
    query: str
    hold_seconds: int
    every_seconds: int


def read_rules(folder: Path = ALERTS, variables: Mapping[str, str] = DAILY) -> list[Rule]:
    """All policies with their variables filled in, the most severe first. Raises `SetupError` where one is wrong."""
    problems = alert_problems(folder)
    if problems:
        raise SetupError("the alert policies are wrong:\n" + "\n".join(problems))
    rules = [_rule(path, variables) for path in folder.glob("*.yaml")]
    return sorted(rules, key=lambda rule: (["critical", "high", "medium"].index(rule.severity), rule.alert))


def _rule(path: Path, variables: Mapping[str, str]) -> Rule:
    document = filled(read_document(path), variables)
    condition = document["conditions"][0]["conditionPrometheusQueryLanguage"]
    return Rule(
        alert=path.stem,
        severity=document["userLabels"]["severity"],
        query=condition["query"],
        hold_seconds=_seconds(condition["duration"]),
        every_seconds=_seconds(condition["evaluationInterval"]),
    )


def _seconds(duration: str) -> int:
    return int(duration.removesuffix("s"))
