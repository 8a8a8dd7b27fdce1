"""`make deploy-monitoring` against stand-ins of Google's services: real files, real clients, real gRPC."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from google.cloud.logging_v2.types import LogMetric
from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.cloud.monitoring_v3 import AlertPolicy

from tests.integration.monitoring_deploy.deploying import (
    DASHBOARD,
    DASHBOARDS,
    EVERYTHING,
    METRICS,
    POLICIES,
    VARIABLES,
    deployed,
    policy_of,
    rewritten,
    written,
)
from tests.support.monitoring_stand_in import PROJECT, StandInGoogle
from tools.monitoring.deploy.clients import Clients
from tools.monitoring.deploy.deployment import REFUSED
from tools.monitoring.deploy.kinds import METRIC_MARK
from tools.monitoring.variables import NOBODY_IS_TOLD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def test_an_empty_project_gets_everything_and_a_second_deployment_changes_nothing(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("YES=1") == 0
    assert capsys.readouterr().out.endswith(f"created: {EVERYTHING}, unchanged: 0\n")
    assert google.metrics.keys() == METRICS.keys()
    assert {one.user_labels["alert"] for one in google.policies.values()} == POLICIES.keys()
    assert google.dashboards.keys() == {DASHBOARD}
    google.calls.clear()
    assert run("YES=1") == 0
    assert capsys.readouterr().out == f"unchanged: {EVERYTHING}\n"
    assert written(google) == []


def test_what_leans_on_something_is_deployed_after_it(google: StandInGoogle, run: Callable[..., int]) -> None:
    run("YES=1")
    assert [call for call, _ in itertools.groupby(written(google))] == [
        "CreateLogMetric",
        "CreateUptimeCheckConfig",
        "CreateAlertPolicy",
        "CreateDashboard",
    ]


def test_the_variables_are_filled_in_and_the_ticket_channels_default_to_the_others(
    google: StandInGoogle, run: Callable[..., int]
) -> None:
    run("YES=1")
    for policy in google.policies.values():
        assert list(policy.notification_channels) == VARIABLES["NOTIFICATION_CHANNELS"].split(",")
        assert VARIABLES["PLAYBOOKS_URL"] in policy.documentation.content
    assert "${" not in "".join(str(one.documentation) for one in google.policies.values())


def test_without_channels_policies_are_deployed_and_it_is_said_that_nobody_is_told(
    google: StandInGoogle,
    run: Callable[..., int],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("YES=1") == 0
    assert NOBODY_IS_TOLD not in capsys.readouterr().err
    monkeypatch.delenv("NOTIFICATION_CHANNELS")
    monkeypatch.delenv("PLAYBOOKS_URL")
    assert run("YES=1") == 0
    assert NOBODY_IS_TOLD in capsys.readouterr().err
    assert not any(policy.notification_channels for policy in google.policies.values())
    assert "docs/playbooks/contention.md" in policy_of(google, "contention").documentation.content


def test_the_uptime_check_asks_the_function_and_its_alerts_look_for_the_same_host(
    google: StandInGoogle, run: Callable[..., int]
) -> None:
    run("YES=1")
    (check,) = google.checks.values()
    assert (check.monitored_resource.labels["host"], check.http_check.path) == (VARIABLES["HEALTH_HOST"], "/health")
    for alert in ("health_failing", "health_missing"):
        query = policy_of(google, alert).conditions[0].condition_prometheus_query_language.query
        assert f'host="{VARIABLES["HEALTH_HOST"]}"' in query


def test_a_check_of_another_host_is_made_anew_because_its_host_can_not_be_changed(
    google: StandInGoogle, run: Callable[..., int]
) -> None:
    run("YES=1")
    google.calls.clear()
    assert run("YES=1", "HEALTH_HOST=health.example.com") == 0
    assert written(google)[:2] == ["DeleteUptimeCheckConfig", "CreateUptimeCheckConfig"]
    (check,) = google.checks.values()
    assert check.monitored_resource.labels["host"] == "health.example.com"
    google.calls.clear()
    (check,) = google.checks.values()
    google.checks[check.name].timeout = {"seconds": 5}
    assert run("YES=1", "HEALTH_HOST=health.example.com") == 0
    assert written(google) == ["UpdateUptimeCheckConfig"]


def test_an_option_is_stronger_than_the_environment(google: StandInGoogle, run: Callable[..., int]) -> None:
    assert run("YES=1", "PLAYBOOKS_URL=https://elsewhere.example.com") == 0
    assert all("https://elsewhere.example.com" in one.documentation.content for one in google.policies.values())


def test_a_dry_run_shows_and_changes_nothing(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("DRY_RUN=1") == 0
    out = capsys.readouterr().out
    assert f"to create: {EVERYTHING}, unchanged: 0" in out
    assert "create log metric streak/requests\n--- deployed/log_metric/streak/requests" in out
    assert '+  "displayName": "Unbroken: streaks and their maintenance"' in out
    assert written(google) == []


def test_a_change_by_hand_is_shown_and_set_back(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    run("YES=1")
    google.metrics["streak/requests"].filter = "severity>=ERROR"
    policy_of(google, "contention").conditions[0].condition_prometheus_query_language.query = "vector(1)"
    google.dashboards[DASHBOARD].mosaic_layout.tiles[1].widget.title = "Mine"
    capsys.readouterr()
    google.calls.clear()
    assert run("YES=1") == 0
    out = capsys.readouterr().out
    assert '-  "filter": "severity>=ERROR"' in out
    assert '-        "query": "vector(1)"' in out
    assert '-          "title": "Mine"' in out
    assert "updated: 3, " in out
    assert written(google) == ["UpdateLogMetric", "UpdateAlertPolicy", "UpdateDashboard"]
    assert google.metrics["streak/requests"].filter == METRICS["streak/requests"].filter
    assert run("DRY_RUN=1") == 0
    assert capsys.readouterr().out == f"unchanged: {EVERYTHING}\n"


def test_what_a_file_no_longer_says_is_taken_away(google: StandInGoogle, clients: Clients, folder: Path) -> None:
    assert deployed(folder, clients) == 0
    rewritten(folder / "metrics" / "requests.yaml", lambda one: one.pop("description"))
    rewritten(folder / "alerts" / "contention.yaml", lambda one: one["documentation"].pop("subject"))
    rewritten(
        folder / "streak_maintenance_dashboard.json",
        lambda one: one["mosaicLayout"]["tiles"][0]["widget"]["sectionHeader"].pop("subtitle"),
    )
    google.calls.clear()
    assert deployed(folder, clients) == 0
    assert written(google) == ["UpdateLogMetric", "UpdateAlertPolicy", "UpdateDashboard"]
    assert google.metrics["streak/requests"].description == METRIC_MARK
    assert not policy_of(google, "contention").documentation.subject
    assert not google.dashboards[DASHBOARD].mosaic_layout.tiles[0].widget.section_header.subtitle
    google.calls.clear()
    assert deployed(folder, clients) == 0
    assert written(google) == []


def test_a_condition_stays_the_same_one_and_a_new_name_makes_no_second_policy(
    google: StandInGoogle, clients: Clients, folder: Path
) -> None:
    deployed(folder, clients)
    before = AlertPolicy(policy_of(google, "contention"))
    rewritten(folder / "alerts" / "contention.yaml", lambda one: one.update(displayName="Renamed", severity="WARNING"))
    deployed(folder, clients)
    after = policy_of(google, "contention")
    assert after.display_name == "Renamed"
    assert after.name == before.name
    assert [one.name for one in after.conditions] == [one.name for one in before.conditions]
    assert len(google.policies) == len(POLICIES)


def test_what_gcloud_has_created_from_the_files_is_taken_over(
    google: StandInGoogle, clients: Clients, run: Callable[..., int]
) -> None:
    dashboard = Dashboard(DASHBOARDS["Unbroken: streaks and their maintenance"])
    clients.dashboards.create_dashboard(request={"parent": f"projects/{PROJECT}", "dashboard": dashboard})
    clients.policies.create_alert_policy(name=f"projects/{PROJECT}", alert_policy=POLICIES["contention"])
    clients.metrics.create_log_metric(parent=f"projects/{PROJECT}", metric=METRICS["streak/requests"])
    assert run("YES=1") == 0
    assert len(google.dashboards) == 1
    assert len(google.policies) == len(POLICIES)
    assert len(google.metrics) == len(METRICS)


@pytest.mark.parametrize("kind", ["policy", "dashboard"])
def test_two_of_the_same_are_not_guessed_between(
    google: StandInGoogle, clients: Clients, run: Callable[..., int], capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    for _ in range(2):
        if kind == "policy":
            clients.policies.create_alert_policy(name=f"projects/{PROJECT}", alert_policy=POLICIES["contention"])
        else:
            (dashboard,) = DASHBOARDS.values()
            clients.dashboards.create_dashboard(request={"parent": f"projects/{PROJECT}", "dashboard": dashboard})
    google.calls.clear()
    assert run("YES=1") == REFUSED
    assert "delete all but one, and run again" in capsys.readouterr().err
    assert written(google) == []


@pytest.mark.parametrize("kind", ["metric", "dashboard"])
def test_what_somebody_else_has_under_a_name_of_ours_is_left_alone(
    google: StandInGoogle, clients: Clients, run: Callable[..., int], capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    parent = f"projects/{PROJECT}"
    if kind == "metric":
        theirs = LogMetric(name="streak/requests", filter='resource.type="gae_app"', description="Our own streak.")
        clients.metrics.create_log_metric(parent=parent, metric=theirs)
    else:
        board = Dashboard(name=f"{parent}/dashboards/streak-maintenance", display_name="Winning streaks")
        clients.dashboards.create_dashboard(request={"parent": parent, "dashboard": board})
    google.calls.clear()
    assert run("YES=1") == REFUSED
    assert "is there and is not ours" in capsys.readouterr().err
    assert written(google) == []


def test_another_metric_of_somebody_else_is_in_nobodys_way(
    google: StandInGoogle, clients: Clients, folder: Path
) -> None:
    theirs = LogMetric(name="streak/theirs", filter='resource.type="gae_app"')
    clients.metrics.create_log_metric(parent=f"projects/{PROJECT}", metric=theirs)
    assert deployed(folder, clients, prunes=True) == 0
    assert google.metrics["streak/theirs"].filter == theirs.filter


def test_what_the_folder_has_no_more_is_listed_and_only_pruned_when_asked(
    google: StandInGoogle, clients: Clients, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed(folder, clients)
    foreign = AlertPolicy(POLICIES["contention"])
    foreign.user_labels.clear()
    clients.policies.create_alert_policy(name=f"projects/{PROJECT}", alert_policy=foreign)
    clients.metrics.create_log_metric(parent=f"projects/{PROJECT}", metric=LogMetric(name="other", filter="a"))
    (folder / "alerts" / "contention.yaml").unlink()
    (folder / "metrics" / "requests.yaml").unlink()
    capsys.readouterr()
    assert deployed(folder, clients) == 0
    out = capsys.readouterr().out
    assert "no longer in the folder: alert policy contention (PRUNE=1 deletes it)\n" in out
    assert "no longer in the folder: log metric streak/requests (PRUNE=1 deletes it)\n" in out
    assert "streak/requests" in google.metrics
    google.calls.clear()
    assert deployed(folder, clients, prunes=True) == 0
    assert written(google) == ["DeleteAlertPolicy", "DeleteLogMetric"]
    assert "deleted: 2" in capsys.readouterr().out
    assert "streak/requests" not in google.metrics
    assert "other" in google.metrics
    assert [one.name for one in google.policies.values() if not one.user_labels] != []
    assert deployed(folder, clients, prunes=True) == 0
