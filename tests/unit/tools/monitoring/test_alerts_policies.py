"""The shipped alert policies are as they should be, and each check refuses a policy that is not."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from tools.monitoring.checks.alerts import ALERTS, alert_problems
from tools.monitoring.checks.policies import SEVERITIES, policy_problems
from tools.monitoring.files import read_document

Document = dict[str, Any]
Break = Callable[[Document], object]

# Of the issue that asked for them: who is woken by what.
SEVERITY = {
    "maintenance_failing": "critical",
    "maintenance_missing": "high",
    "maintenance_killed": "critical",
    "scheduler_failing": "critical",
    "health_failing": "critical",
    "health_missing": "high",
    "shard_failed": "high",
    "memory_high": "high",
    "contention": "high",
    "success_rate_low": "medium",
    "overdue_user": "medium",
    "api_error_budget_fast_burn": "critical",
    "api_error_budget_slow_burn": "medium",
    "api_latency": "medium",
    "sign_in_refusals": "high",
    "firestore_errors": "high",
    "backup_missing": "critical",
    "backup_unverified": "medium",
    "reminders_failing": "high",
    "reminders_missing": "high",
    "webhooks_parked": "medium",
    "audit_failed": "medium",
    "audit_heads_missing": "high",
    "counters_failed": "medium",
    "standings_failed": "medium",
}
GOOD = "maintenance_missing"
# What is told of by its failures is told of by its absence, too: each in a policy of its own.
PAIRS = {
    "maintenance_failing": "maintenance_missing",
    "maintenance_killed": "maintenance_missing",
    "scheduler_failing": "maintenance_missing",
    "health_failing": "health_missing",
    "reminders_failing": "reminders_missing",
}
QUERY = 'sum(increase(run_googleapis_com:request_count{monitored_resource="cloud_run_revision"}[5m])) > 1'


def shipped(alert: str = GOOD) -> Document:
    return copy.deepcopy(read_document(ALERTS / f"{alert}.yaml"))


def condition(document: Document) -> Document:
    found: Document = document["conditions"][0]["conditionPrometheusQueryLanguage"]
    return found


def problems(change: Break, alert: str = GOOD) -> list[str]:
    document = shipped(alert)
    change(document)
    return policy_problems(alert, document)


def test_the_shipped_policies_have_no_problem() -> None:
    assert alert_problems() == []


def test_there_is_a_policy_for_each_trouble_with_its_severity() -> None:
    found = {path.stem: read_document(path) for path in ALERTS.iterdir()}
    assert {alert: document["userLabels"]["severity"] for alert, document in found.items()} == SEVERITY
    assert {alert: document["severity"] for alert, document in found.items()} == {
        alert: SEVERITIES[severity] for alert, severity in SEVERITY.items()
    }


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda d: d.update(displayNames="x"), "is no AlertPolicy"),
        (lambda d: d.update(severity="HIGH"), "is no AlertPolicy"),
        (lambda d: condition(d).update(querry="x"), "is no AlertPolicy"),
        (lambda d: condition(d).update(duration="ten minutes"), "is no AlertPolicy"),
        (lambda d: d.update(name="projects/p/alertPolicies/1"), "name: is filled in by the server"),
        (lambda d: d.update(creationRecord={"mutatedBy": "x"}), "creation_record: is filled in by the server"),
        (lambda d: d.update(displayName=" "), "displayName"),
        (lambda d: d.update(displayName="x" * 513), "displayName"),
        (lambda d: d["userLabels"].update(alert="other"), "userLabels.alert"),
        (lambda d: d["userLabels"].pop("app"), "userLabels.app"),
        (lambda d: d["userLabels"].update(severity="urgent"), "userLabels.severity"),
        (lambda d: d.pop("severity"), "severity: is SEVERITY_UNSPECIFIED"),
        (lambda d: d.update(severity="WARNING"), "severity: is WARNING"),
        (lambda d: d.pop("combiner"), "combiner"),
        (lambda d: d.pop("conditions"), "conditions: are none"),
        (lambda d: d["conditions"].append(copy.deepcopy(d["conditions"][0])), "has no other one"),
        (lambda d: d["conditions"][0].pop("displayName"), "must have a displayName"),
        (lambda d: condition(d).update(query=""), "query: is no PromQL"),
        (lambda d: condition(d).update(query="sum("), "query: is no PromQL"),
        (lambda d: condition(d).update(query="vector(1) > 0"), "query: names no metric"),
        (lambda d: condition(d).update(query='up{monitored_resource="x"}'), "query: up: is in neither"),
        (lambda d: condition(d).update(evaluationInterval="45s"), "evaluationInterval"),
        (lambda d: condition(d).pop("evaluationInterval"), "evaluationInterval"),
        (lambda d: condition(d).update(duration="90s"), "duration: must be a multiple"),
        (lambda d: condition(d).update(duration="-60s"), "duration: must not be negative"),
        (lambda d: condition(d).update(duration="960s"), "over 25 hours"),
        (lambda d: condition(d).update(alertRule="other"), "alertRule"),
        (lambda d: condition(d).pop("disableMetricValidation"), "disableMetricValidation"),
        (lambda d: d["documentation"].pop("mimeType"), "documentation.mimeType"),
        (lambda d: d.pop("documentation"), "lacks **What it means.**"),
        (lambda d: d["documentation"].update(content="**What it means.** x"), "lacks **First step.**"),
        (lambda d: d["documentation"].update(content="${PLAYBOOKS_URL}/contention.md"), "must link to"),
        (lambda d: d["documentation"].update(content=d["documentation"]["content"] + "x" * 8_192), "is longer"),
        (lambda d: d["documentation"].update(subject=""), "documentation.subject"),
        (lambda d: d["documentation"].update(subject="x" * 256), "documentation.subject"),
        (lambda d: d.pop("notificationChannels"), "notificationChannels"),
        (lambda d: d.update(notificationChannels=["projects/p/notificationChannels/1"]), "notificationChannels"),
        (lambda d: d.update(notificationChannels=["${TICKET_CHANNELS}"]), "notificationChannels"),
        (lambda d: d.pop("alertStrategy"), "alertStrategy.autoClose"),
        (lambda d: d["alertStrategy"].update(autoClose="1799s"), "alertStrategy.autoClose"),
        (lambda d: d["alertStrategy"].update(autoClose="604801s"), "alertStrategy.autoClose"),
        (lambda d: d["alertStrategy"].update(notificationRateLimit={"period": "3600s"}), "notificationRateLimit"),
        (lambda d: d["documentation"].update(subject="${PLAYBOOK_URL}"), "${PLAYBOOK_URL}: is no variable"),
    ],
)
def test_a_policy_that_is_not_as_it_should_be_is_refused(change: Break, complaint: str) -> None:
    assert any(complaint in problem for problem in problems(change)), problems(change)


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.update(displayName="x" * 512),
        lambda d: condition(d).update(duration="600s"),
        lambda d: condition(d).update(duration="90s", evaluationInterval="30s"),
        lambda d: condition(d).update(query=QUERY.replace("[5m]", "[30d]")),
        lambda d: d["alertStrategy"].update(autoClose="1800s"),
        lambda d: d["alertStrategy"].update(autoClose="604800s"),
        lambda d: d["documentation"].update(subject="x" * 255),
        lambda d: d["documentation"].update(content=d["documentation"]["content"] + "${policy.display_name}"),
    ],
)
def test_its_nearest_neighbour_is_taken(change: Break) -> None:
    assert problems(change) == []


def test_each_alert_on_failures_of_a_job_or_a_probe_has_its_pair_for_when_there_are_none() -> None:
    assert PAIRS.keys() == {alert for alert in SEVERITY if alert.endswith(("_failing", "_killed"))}
    for failing, missing in PAIRS.items():
        assert "absent_over_time" not in condition(shipped(failing))["query"]
        assert "absent_over_time" in condition(shipped(missing))["query"]


def test_a_variable_in_a_query_is_filled_in_before_it_is_judged() -> None:
    assert "${MAINTENANCE_WINDOW}" in condition(shipped())["query"]
    said = problems(lambda d: condition(d).update(query=condition(d)["query"].replace("_WINDOW", "_WIDTH")))
    assert said == ["${MAINTENANCE_WIDTH}: is no variable of monitoring"]


@pytest.mark.parametrize(
    "condition_of",
    [
        {},
        {"conditionMatchedLog": {"filter": "severity=ERROR"}},
        {"conditionMonitoringQueryLanguage": {"query": "fetch x"}},
        {"conditionThreshold": {"filter": 'metric.type="x"', "comparison": "COMPARISON_GT"}},
    ],
)
def test_a_condition_in_another_language_than_promql_is_not_taken(condition_of: Document) -> None:
    said = problems(lambda d: d.update(conditions=[{"displayName": "x", **condition_of}]))
    assert any("write it in PromQL" in problem for problem in said)


def test_a_folder_is_checked_as_a_whole(tmp_path: Path) -> None:
    assert alert_problems(tmp_path) == ["there is no alert policy"]
    (tmp_path / f"{GOOD}.yaml").write_text(yaml.safe_dump(shipped()))
    assert alert_problems(tmp_path) == []
    (tmp_path / "twice.yaml").write_text("displayName: a\ndisplayName: b\n")
    (tmp_path / "list.yaml").write_text("- a\n")
    (tmp_path / "same.yaml").write_text(yaml.safe_dump(shipped()))
    found = "\n".join(alert_problems(tmp_path))
    assert 'found duplicate key "displayName"' in found
    assert "list.yaml: is not a document" in found
    assert "stands in 2 files" in found
    assert "same.yaml: userLabels.alert" in found
