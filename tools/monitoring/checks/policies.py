"""Checks one alert policy: strictly what the API takes, and what it would take although nobody could work with it.

It must not know where policies are kept, nor their playbooks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

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
_PROMQL: Final = "condition_prometheus_query_language"
_PARTS: Final = ("**What it means.**", "**First step.**")


class _Read(NamedTuple):
    """A policy that was read strictly, as it stands in its file of this name; its severity is in our own words."""

    alert: str
    policy: Any
    severity: str
    known: KnownMetrics


# A complaint, and whether there is reason for it.
Judged = Iterator[tuple[str, object]]


def policy_problems(alert: str, document: Mapping[str, Any], known: KnownMetrics | None = None) -> list[str]:
    """What is wrong with the policy in the file `alert`.yaml; nothing where all is well."""
    try:
        policy = json_format.ParseDict(document, AlertPolicy.pb(AlertPolicy()), ignore_unknown_fields=False)
    except json_format.ParseError as error:
        return [f"is no AlertPolicy: {error}"]
    read = _Read(alert, policy, str(policy.user_labels.get("severity", "")), known or known_metrics())
    checks = (_names, _severity, _conditions, _documentation, _channels_and_strategy)
    unknown = placeholders(document) - {variable.name for variable in VARIABLES}
    return [
        *(complaint for check in checks for complaint, is_wrong in check(read) if is_wrong),
        *(f"${{{name}}}: is no variable of monitoring" for name in sorted(unknown)),
    ]


def _names(read: _Read) -> Judged:
    policy, alert = read.policy, read.alert
    for field, _ in policy.ListFields():
        yield f"{field.name}: is filled in by the server", field.name in _OF_SERVER
    length = len(policy.display_name.strip())
    yield "displayName: must say what is wrong", not 0 < length <= NAME_CHARACTERS_MAX
    labels = policy.user_labels
    yield f"userLabels.alert: must be the file's name, {alert}; it is found again by it", labels.get("alert") != alert
    yield "userLabels.app: must be unbroken; what is not is not ours to change", labels.get("app") != "unbroken"


def _severity(read: _Read) -> Judged:
    wanted, said = SEVERITIES.get(read.severity), AlertPolicy.Severity(read.policy.severity).name
    yield f"userLabels.severity: must be one of {', '.join(SEVERITIES)}", wanted is None
    yield f"severity: is {said}; {read.severity} is {wanted} for the API", wanted not in {None, said}


def _conditions(read: _Read) -> Judged:
    conditions = read.policy.conditions
    kinds = [condition.WhichOneof("condition") for condition in conditions]
    yield "combiner: must say how the conditions combine", not read.policy.combiner
    yield "conditions: are none", not kinds
    yield "conditions: a policy with a PromQL condition has no other one", _PROMQL in kinds and len(kinds) > 1
    for condition, kind in zip(conditions, kinds, strict=True):
        yield "conditions: each must have a displayName", not condition.display_name.strip()
        yield f"conditions: {kind} is not taken; write it in PromQL", kind != _PROMQL
        if kind == _PROMQL and placeholders(condition.condition_prometheus_query_language.query) <= EXAMPLES.keys():
            yield from _promql(condition.condition_prometheus_query_language, read)


def _promql(condition: Any, read: _Read) -> Judged:  # noqa: ANN401 - the message has no type of its own
    query = filled(condition.query, EXAMPLES)
    problems = promql_problems(query, read.known)
    yield from ((f"query: {problem}", True) for problem in problems)
    if problems:
        return
    yield from _times(condition, query, read.known)
    is_named = condition.alert_rule == read.alert and _RULE.fullmatch(condition.alert_rule)
    yield f"alertRule: must be the file's name, {read.alert}, and a name that Prometheus takes", not is_named
    needed = "disableMetricValidation: must be true; a log-based metric exists from its first line on"
    yield needed, not condition.disable_metric_validation


def _times(condition: Any, query: str, known: KnownMetrics) -> Judged:  # noqa: ANN401 - the message has no type of its own
    interval, duration = condition.evaluation_interval.ToTimedelta(), condition.duration.ToTimedelta()
    is_odd = interval <= timedelta(0) or interval % INTERVAL_STEP
    yield "evaluationInterval: must be a multiple of 30 seconds", is_odd
    longer = "duration: must be a multiple of evaluationInterval; else it is longer than it says"
    yield longer, not is_odd and duration % interval
    yield "duration: must not be negative", duration < timedelta(0)
    of_logs = any(metric.is_log_based for metric in named_metrics(query, known))
    over = "duration: window and retest together are over 25 hours, the most for log-based metrics"
    yield over, of_logs and longest_window(query) + duration > LOOKBACK_MAX


def _documentation(read: _Read) -> Judged:
    documentation = read.policy.documentation
    content, link = documentation.content, f"${{PLAYBOOKS_URL}}/{read.alert}.md"
    yield "documentation.mimeType: must be text/markdown", documentation.mime_type != "text/markdown"
    for part in _PARTS:
        yield f"documentation.content: lacks {part}", part not in content
    yield f"documentation.content: must link to {link}", link not in content
    is_long = len(content) > CONTENT_CHARACTERS_MAX or len(content.encode()) > CONTENT_BYTES_MAX
    yield "documentation.content: is longer than the API takes", is_long
    length = len(documentation.subject.encode())
    yield "documentation.subject: must be there, and of 255 bytes at most", not 0 < length <= SUBJECT_BYTES_MAX


def _channels_and_strategy(read: _Read) -> Judged:
    channel, strategy = f"${{{CHANNELS.get(read.severity)}}}", read.policy.alert_strategy
    is_told = read.severity not in CHANNELS or list(read.policy.notification_channels) == [channel]
    yield f"notificationChannels: must be {channel} alone, for severity {read.severity}", not is_told
    closes = strategy.auto_close.ToTimedelta()
    yield "alertStrategy.autoClose: must be from 30 minutes to 7 days", not AUTO_CLOSE_MIN <= closes <= AUTO_CLOSE_MAX
    limit = "alertStrategy.notificationRateLimit: is for conditions on log lines, of which there are none"
    yield limit, strategy.HasField("notification_rate_limit")
