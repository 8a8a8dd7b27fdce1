"""Checks one alert policy: strictly what the API takes, and what it would take although nobody could work with it.

It must not know where policies are kept, nor their playbooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from google.cloud.monitoring_v3 import AlertPolicy
from google.protobuf import json_format  # type: ignore[import-untyped]

from tools.monitoring.checks.promql import LOOKBACK_MAX, longest_window, named_metrics, promql_problems
from tools.monitoring.known_metrics import KnownMetrics, known_metrics
from tools.monitoring.variables import EXAMPLES, VARIABLES, filled, placeholders

# How the words of our severities are said to the API, and who is told.
SEVERITIES: Final = {"critical": "CRITICAL", "high": "ERROR", "medium": "WARNING"}
CHANNELS: Final = {
    "critical": "NOTIFICATION_CHANNELS",
    "high": "NOTIFICATION_CHANNELS",
    "medium": "TICKET_CHANNELS",
}
# Limits as the API's reference states them.
CONTENT_CHARACTERS_MAX: Final = 8_192
CONTENT_BYTES_MAX: Final = 10_240
NAME_CHARACTERS_MAX: Final = 512
SUBJECT_BYTES_MAX: Final = 255
AUTO_CLOSE_MIN: Final = timedelta(minutes=30)
AUTO_CLOSE_MAX: Final = timedelta(days=7)
INTERVAL_STEP: Final = timedelta(seconds=30)

_RULE: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
_OF_SERVER: Final = ("name", "creation_record", "mutation_record", "validity")
_PARTS: Final = ("**What it means.**", "**First step.**")


@dataclass(frozen=True)
class _Read:
    """A policy that was read strictly, as it stands in its file of this name."""

    alert: str
    policy: Any
    known: KnownMetrics

    @property
    def severity(self) -> str:
        """In our own words."""
        return str(self.policy.user_labels.get("severity", ""))


def policy_problems(alert: str, document: Mapping[str, Any], known: KnownMetrics | None = None) -> list[str]:
    """What is wrong with the policy in the file `alert`.yaml; nothing where all is well."""
    try:
        policy = json_format.ParseDict(document, AlertPolicy.pb(AlertPolicy()), ignore_unknown_fields=False)
    except json_format.ParseError as error:
        return [f"is no AlertPolicy: {error}"]
    read = _Read(alert, policy, known or known_metrics())
    checks = (_names, _severity, _conditions, _documentation, _channels, _strategy)
    return [*(problem for check in checks for problem in check(read)), *_variables(document)]


def _names(read: _Read) -> Iterator[str]:
    policy = read.policy
    yield from (
        f"{field.name}: is filled in by the server" for field, _ in policy.ListFields() if field.name in _OF_SERVER
    )
    if not 0 < len(policy.display_name.strip()) <= NAME_CHARACTERS_MAX:
        yield "displayName: must say what is wrong"
    if policy.user_labels.get("alert") != read.alert:
        yield f"userLabels.alert: must be the file's name, {read.alert}; it is found again by it"
    if policy.user_labels.get("app") != "unbroken":
        yield "userLabels.app: must be unbroken; what is not is not ours to change"


def _severity(read: _Read) -> Iterator[str]:
    wanted = SEVERITIES.get(read.severity)
    said = AlertPolicy.Severity(read.policy.severity).name
    if wanted is None:
        yield f"userLabels.severity: must be one of {', '.join(SEVERITIES)}"
    elif said != wanted:
        yield f"severity: is {said}; {read.severity} is {wanted} for the API"


def _conditions(read: _Read) -> Iterator[str]:
    policy = read.policy
    if not policy.combiner:
        yield "combiner: must say how the conditions combine"
    if not policy.conditions:
        yield "conditions: are none"
    kinds = {condition.WhichOneof("condition") for condition in policy.conditions}
    if "condition_prometheus_query_language" in kinds and len(policy.conditions) > 1:
        yield "conditions: a policy with a PromQL condition has no other one"
    for condition in policy.conditions:
        if not condition.display_name.strip():
            yield "conditions: each must have a displayName"
        yield from _condition(condition, read)


def _condition(condition: Any, read: _Read) -> Iterator[str]:  # noqa: ANN401 - the message has no type of its own
    kind = condition.WhichOneof("condition")
    if kind == "condition_prometheus_query_language":
        yield from _promql(condition.condition_prometheus_query_language, read)
    else:
        yield f"conditions: {kind} is not taken; write it in PromQL"


def _promql(condition: Any, read: _Read) -> Iterator[str]:  # noqa: ANN401 - the message has no type of its own
    unknown = placeholders(condition.query) - EXAMPLES.keys()
    if unknown:
        return
    query = filled(condition.query, EXAMPLES)
    problems = promql_problems(query, read.known)
    yield from (f"query: {problem}" for problem in problems)
    if problems:
        return
    yield from _times(condition, query, read.known)
    if condition.alert_rule != read.alert or not _RULE.fullmatch(condition.alert_rule):
        yield f"alertRule: must be the file's name, {read.alert}, and a name that Prometheus takes"
    if not condition.disable_metric_validation:
        yield "disableMetricValidation: must be true; a log-based metric exists from its first line on"


def _times(condition: Any, query: str, known: KnownMetrics) -> Iterator[str]:  # noqa: ANN401 - the message has no type of its own
    interval, duration = condition.evaluation_interval.ToTimedelta(), condition.duration.ToTimedelta()
    if interval <= timedelta(0) or interval % INTERVAL_STEP:
        yield "evaluationInterval: must be a multiple of 30 seconds"
    elif duration % interval:
        yield "duration: must be a multiple of evaluationInterval; else it is longer than it says"
    if duration < timedelta(0):
        yield "duration: must not be negative"
    of_logs = any(metric.is_log_based for metric in named_metrics(query, known))
    if of_logs and longest_window(query) + duration > LOOKBACK_MAX:
        yield "duration: window and retest together are over 25 hours, the most for log-based metrics"


def _documentation(read: _Read) -> Iterator[str]:
    documentation = read.policy.documentation
    content = documentation.content
    if documentation.mime_type != "text/markdown":
        yield "documentation.mimeType: must be text/markdown"
    yield from (f"documentation.content: lacks {part}" for part in _PARTS if part not in content)
    if f"${{PLAYBOOKS_URL}}/{read.alert}.md" not in content:
        yield f"documentation.content: must link to ${{PLAYBOOKS_URL}}/{read.alert}.md"
    if len(content) > CONTENT_CHARACTERS_MAX or len(content.encode()) > CONTENT_BYTES_MAX:
        yield "documentation.content: is longer than the API takes"
    if not 0 < len(documentation.subject.encode()) <= SUBJECT_BYTES_MAX:
        yield "documentation.subject: must be there, and of 255 bytes at most"


def _channels(read: _Read) -> Iterator[str]:
    wanted = CHANNELS.get(read.severity)
    if wanted and list(read.policy.notification_channels) != [f"${{{wanted}}}"]:
        yield f"notificationChannels: must be ${{{wanted}}} alone, for severity {read.severity}"


def _strategy(read: _Read) -> Iterator[str]:
    strategy = read.policy.alert_strategy
    if not AUTO_CLOSE_MIN <= strategy.auto_close.ToTimedelta() <= AUTO_CLOSE_MAX:
        yield "alertStrategy.autoClose: must be from 30 minutes to 7 days"
    if strategy.HasField("notification_rate_limit"):
        yield "alertStrategy.notificationRateLimit: is for conditions on log lines, of which there are none"


def _variables(document: Mapping[str, Any]) -> Iterator[str]:
    unknown = placeholders(document) - {variable.name for variable in VARIABLES}
    yield from (f"${{{name}}}: is no variable of monitoring" for name in sorted(unknown))
