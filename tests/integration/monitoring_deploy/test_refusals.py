"""What a deployment does when Google, a file or a person refuses: one sentence, nothing half said, and a status."""

from __future__ import annotations

import io
import os
import shutil
import signal
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.auth.exceptions import DefaultCredentialsError

from tests.integration.monitoring_deploy.deploying import (
    DASHBOARD,
    EVERYTHING,
    METRICS,
    VARIABLES,
    deployed,
    rewritten,
    written,
)
from tests.support.monitoring_stand_in import PROJECT, StandInGoogle, disabled
from tools.monitoring.deploy.clients import Clients
from tools.monitoring.deploy.deployment import INTERRUPTED, REFUSED, WRONG_USE, Deployment
from tools.monitoring.variables import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


# What alert policies lean on, the uptime check among it.
BEFORE_POLICIES = len(METRICS) + 1


class Terminal(io.StringIO):
    """Somebody who answers at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("method", "status", "message", "said"),
    [
        ("ListLogMetrics", "PERMISSION_DENIED", "no", "permission denied in project unbroken-test (no)"),
        ("ListLogMetrics", "PERMISSION_DENIED", "no", "--role=roles/logging.configWriter"),
        ("ListAlertPolicies", "PERMISSION_DENIED", "no", "roles/monitoring.alertPolicyEditor"),
        ("ListDashboards", "PERMISSION_DENIED", "no", "roles/monitoring.dashboardEditor"),
        ("ListDashboards", "UNAUTHENTICATED", "who", "gcloud auth application-default login"),
        ("ListDashboards", "UNAVAILABLE", "later", "monitoring.googleapis.com does not answer; run again"),
        ("ListLogMetrics", "NOT_FOUND", "no project", "not found (no project); check the project"),
        ("CreateLogMetric", "RESOURCE_EXHAUSTED", "full", "a quota is used up (full); wait a minute"),
        ("CreateLogMetric", "INVALID_ARGUMENT", "bad filter", "refused as invalid (bad filter); mend its file"),
        ("CreateAlertPolicy", "ALREADY_EXISTS", "taken", "somebody else has just created it (taken)"),
        ("CreateAlertPolicy", "INVALID_ARGUMENT", "Cannot find metric a", "is not known (Cannot find metric a)"),
        ("CreateAlertPolicy", "INTERNAL", "oops", "does not answer; run again"),
        ("CreateDashboard", "ABORTED", "raced", "somebody else has just changed it (raced)"),
        ("CreateDashboard", "OUT_OF_RANGE", "odd", "OutOfRange: odd"),
    ],
)
def test_what_google_refuses_becomes_one_sentence_that_says_what_to_do(  # noqa: PLR0913, PLR0917 - a table's columns
    google: StandInGoogle,
    run: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    method: str,
    status: str,
    message: str,
    said: str,
) -> None:
    google.before = lambda name, context: context.abort(grpc.StatusCode[status], message) if name == method else None
    assert run("YES=1") == REFUSED
    error = capsys.readouterr().err.splitlines()
    assert error[0].startswith("error: can't ")
    assert said in error[0]
    assert "Traceback" not in "".join(error)


def test_an_api_that_is_not_enabled_is_said_with_the_command_that_enables_it(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    google.before = lambda name, context: disabled(context) if name == "ListDashboards" else None
    assert run("YES=1") == REFUSED
    assert "gcloud services enable monitoring.googleapis.com --project=unbroken-test" in capsys.readouterr().err


def test_the_first_failure_stops_it_and_the_next_run_goes_on(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    google.before = lambda name, context: (
        context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "full") if name == "CreateAlertPolicy" else None
    )
    assert run("YES=1") == REFUSED
    assert written(google).count("CreateAlertPolicy") == 1
    assert google.dashboards == {}
    error = capsys.readouterr().err
    assert f"so far: created: {BEFORE_POLICIES}, unchanged: 0" in error
    assert "left: alert policy api_error_budget_fast_burn" in error
    assert "dashboard Unbroken: streaks and their maintenance; running it again goes on" in error
    google.before = lambda _name, _context: None
    assert run("YES=1") == 0
    left = EVERYTHING - BEFORE_POLICIES
    assert f"created: {left}, unchanged: {BEFORE_POLICIES}" in capsys.readouterr().out


def test_an_interruption_says_what_was_done_so_far(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    google.before = lambda name, _context: os.kill(os.getpid(), signal.SIGINT) if name == "CreateAlertPolicy" else None
    assert run("YES=1") == INTERRUPTED
    error = capsys.readouterr().err
    assert error.startswith("error: stopped; the object under way may be done or not\n")
    assert f"so far: created: {BEFORE_POLICIES}" in error


def test_a_dashboard_that_somebody_changes_meanwhile_is_not_overwritten(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    run("YES=1")
    google.dashboards[DASHBOARD].display_name = "Theirs"

    def meanwhile(name: str, _context: Any) -> None:
        if name == "UpdateDashboard":
            google.dashboards[DASHBOARD].etag = "theirs"

    google.before = meanwhile
    assert run("YES=1") == REFUSED
    assert "somebody else has just changed it" in capsys.readouterr().err
    assert google.dashboards[DASHBOARD].display_name == "Theirs"


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", REFUSED)])
def test_somebody_at_a_terminal_is_asked(
    google: StandInGoogle, run: Callable[..., int], monkeypatch: pytest.MonkeyPatch, answer: str, status: int
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal(answer))
    assert run() == status
    assert bool(google.dashboards) == (status == 0)


def test_nobody_at_a_terminal_is_not_taken_for_a_yes(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert run() == REFUSED
    assert "run it with YES=1\nnothing was changed" in capsys.readouterr().err
    assert written(google) == []


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("PLAYBOOKS_URL=nowhere", "PLAYBOOKS_URL: 'nowhere' is not"),
        ("HEALTH_HOST=https://health.example.com", "HEALTH_HOST: 'https://health.example.com' is not"),
        ("NOTIFICATION_CHANNELS=me@example.com", "NOTIFICATION_CHANNELS: 'me@example.com' is not"),
        ("CHANNELS=x", "does not take CHANNELS;"),
        ("PLAYBOOKS_URL", "does not take PLAYBOOKS_URL;"),
        ("PROJECT=Not A Project", "is not a project's id"),
        ("PROJECT=projects/x", "is not a project's id"),
    ],
)
def test_wrong_use_is_said_before_google_is_asked(
    google: StandInGoogle, run: Callable[..., int], capsys: pytest.CaptureFixture[str], given: str, said: str
) -> None:
    assert run("YES=1", given) == WRONG_USE
    assert said in capsys.readouterr().err
    assert google.calls == []


def test_a_variable_that_nothing_gives_is_named_before_google_is_asked(
    google: StandInGoogle, clients: Clients, capsys: pytest.CaptureFixture[str]
) -> None:
    environ = {name: value for name, value in VARIABLES.items() if name != "HEALTH_HOST"}
    deployment = Deployment(project=PROJECT, environ=environ, make_clients=lambda: clients, is_agreed=True)
    assert deployment.run() == WRONG_USE
    assert "HEALTH_HOST: is not set" in capsys.readouterr().err
    assert google.calls == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda f: rewritten(f / "metrics" / "requests.yaml", lambda one: one.update(x=1)),
            "requests.yaml: is no LogM",
        ),
        (
            lambda f: rewritten(f / "alerts" / "contention.yaml", lambda one: one.update(x=1)),
            "contention.yaml: is no A",
        ),
        (
            lambda f: rewritten(f / "alerts" / "contention.yaml", lambda one: one["userLabels"].pop("app")),
            "contention.yaml: must carry the user labels app: unbroken and alert: contention",
        ),
        (
            lambda f: rewritten(f / "alerts" / "contention.yaml", lambda one: one["userLabels"].update(alert="b")),
            "contention.yaml: must carry the user labels",
        ),
        (
            lambda f: rewritten(
                f / "metrics" / "requests.yaml", lambda one: one.update(name="streak/request_failures")
            ),
            "two log metrics have the name 'streak/request_failures'",
        ),
        (lambda f: rewritten(f / "metrics" / "requests.yaml", lambda one: one.pop("name")), "metrics has no name"),
        (lambda f: (f / "metrics" / "requests.yaml").write_text("a: ["), "can't be read: requests.yaml"),
        (lambda f: (f / "metrics" / "requests.yaml").write_text("[]"), "can't be read: requests.yaml"),
        (lambda f: (f / "streak_maintenance_dashboard.json").write_text("{"), "dashboard.json"),
        (lambda f: (f / "streak_maintenance_dashboard.json").unlink(), "dashboard.json"),
        (lambda f: shutil.rmtree(f / "alerts"), "there is no file in"),
    ],
)
def test_a_wrong_file_is_named_before_google_is_asked(
    google: StandInGoogle,
    clients: Clients,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], Any],
    said: str,
) -> None:
    change(folder)
    assert deployed(folder, clients, prunes=True) == WRONG_USE
    assert said in capsys.readouterr().err
    assert google.calls == []


def test_a_machine_without_credentials_is_told_how_to_get_them(capsys: pytest.CaptureFixture[str]) -> None:
    def no_credentials() -> Clients:
        raise DefaultCredentialsError("none")

    assert Deployment(project=PROJECT, environ=VARIABLES, make_clients=no_credentials).run() == REFUSED
    assert "gcloud auth application-default login" in capsys.readouterr().err


def test_whoever_says_a_name_that_there_is_not_is_told_every_variable(
    run: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("CHANNELS=x") == WRONG_USE
    said = capsys.readouterr().err
    assert [name for name in (*EXAMPLES, "DRY_RUN", "PRUNE", "YES") if name not in said] == []
