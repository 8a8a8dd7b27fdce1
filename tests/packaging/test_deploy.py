"""A deployment as a person runs it, on a gcloud that keeps what it was told: once, twice, stopped in the middle."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from emulator.places import ROOT
from functions.catalogue import CATALOGUE, FUNCTIONS
from tests.packaging import gcloud_grammar, gcloud_stand_in
from tests.packaging.gcloud_commands import PLAIN, plan, planned
from tests.support.wanted import needs
from tools.deploy import runner
from tools.deploy.__main__ import parse
from tools.deploy.action import said
from tools.deploy.errors import DeploymentStopped, WrongUse
from tools.deploy.gcloud import commit_of
from tools.deploy.steps import chosen
from tools.monitoring.variables import NOBODY_IS_TOLD

AGAIN: Final = ("make", "deploy", "PROJECT=demo-prod", "REGION=europe-west1")
# What gcloud alone does; the other steps are our own commands, with tests of their own.
BY_GCLOUD: Final = "apis accounts backups indexes functions queue scheduler"
# The database that is looked at is the emulator's, as the environment says.
pytestmark = pytest.mark.usefixtures("emulator", "deploying")


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the gcloud that is first on the PATH keeps what it was told."""
    return _first_on_the_path(tmp_path, monkeypatch)


def _first_on_the_path(folder: Path, environment: pytest.MonkeyPatch) -> Path:
    gcloud_stand_in.install(folder)
    kept = folder / "state.json"
    environment.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    environment.setenv(gcloud_stand_in.STATE, str(kept))
    for name in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
        environment.delenv(name, raising=False)
    environment.chdir(ROOT)
    return kept


def held(state: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(state.read_text(encoding="utf-8"))
    return {name: value for name, value in content.items() if name != "calls"}


def but_for_revisions(content: dict[str, Any]) -> dict[str, Any]:
    """What must be the same however often it was deployed."""
    services = {name: {**one, "revisions": None} for name, one in content["services"].items()}
    return {**content, "services": services}


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Without the settings that are remembered here, if there are any."""
    words = ["make", *arguments, *(() if any(one.startswith("SETTINGS=") for one in arguments) else ("SETTINGS=",))]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is held after one deployment from nothing."""
    with pytest.MonkeyPatch.context() as environment:
        kept = _first_on_the_path(tmp_path_factory.mktemp("whole"), environment)
        runner.run(chosen(plan(PLAIN), only=BY_GCLOUD, first=""), AGAIN)
        return held(kept)


@pytest.fixture
def deployed(state: Path, whole: dict[str, Any]) -> Path:
    """The state, as if it had been deployed once."""
    state.write_text(json.dumps({**whole, "calls": 0}), encoding="utf-8")
    return state


def test_deploying_again_changes_nothing_but_makes_one_more_revision(deployed: Path, whole: dict[str, Any]) -> None:
    assert {name: len(one["revisions"]) for name, one in whole["services"].items()} == dict.fromkeys(FUNCTIONS, 1)
    runner.run(chosen(plan(PLAIN), only=BY_GCLOUD, first=""), AGAIN)
    now = held(deployed)
    assert but_for_revisions(now) == but_for_revisions(whole)
    assert {name: len(one["revisions"]) for name, one in now["services"].items()} == dict.fromkeys(FUNCTIONS, 2)


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("indexes composite create ledger", "indexes"),
        ("run deploy calendar", "functions"),
        ("scheduler jobs describe", "scheduler"),
    ],
)
def test_a_deployment_that_stopped_says_where_and_goes_on_from_there(
    state: Path, whole: dict[str, Any], monkeypatch: pytest.MonkeyPatch, words: str, step: str
) -> None:
    monkeypatch.setenv(gcloud_stand_in.FAILS, words)
    with pytest.raises(DeploymentStopped) as stopped:
        runner.run(chosen(plan(PLAIN), only=BY_GCLOUD, first=""), AGAIN)
    assert f"stopped in the step {step}" in str(stopped.value)
    assert str(stopped.value).endswith(f"make deploy PROJECT=demo-prod REGION=europe-west1 FROM={step}")
    assert not any(key.startswith("job ") for key in held(state)["things"]), "nothing after the failure was done"
    monkeypatch.delenv(gcloud_stand_in.FAILS)
    runner.run([one for one in chosen(plan(PLAIN), only="", first=step) if one.name in BY_GCLOUD.split()], AGAIN)
    assert but_for_revisions(held(state)) == but_for_revisions(whole)


def test_the_printed_commands_do_in_a_shell_what_the_runner_does(state: Path, whole: dict[str, Any]) -> None:
    given = ("PROJECT=demo-prod", "REGION=europe-west1", "COMMIT=4f2d1c9")
    printed = make("deploy", *given, "DRY_RUN=1", f"STEP={BY_GCLOUD}")
    assert printed.returncode == 0, printed.stderr
    assert not state.exists(), "a dry run asks gcloud nothing"
    script = printed.stdout.replace(";STREAK_COMMIT=4f2d1c9", "").replace("functions:4f2d1c9", "functions:latest")
    subprocess.run(["sh"], input=script, cwd=ROOT, text=True, check=True, capture_output=True)
    assert but_for_revisions(held(state)) == but_for_revisions(whole)


def test_a_printed_script_stops_at_the_first_failure_too(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = make("deploy", "PROJECT=demo-prod", "REGION=europe-west1", "DRY_RUN=1", f"STEP={BY_GCLOUD}")
    monkeypatch.setenv(gcloud_stand_in.FAILS, "indexes composite create ledger")
    ended = subprocess.run(["sh"], input=printed.stdout, cwd=ROOT, text=True, check=False, capture_output=True)
    assert ended.returncode == 1
    assert "PERMISSION_DENIED" in ended.stderr
    assert held(state)["services"] == {}


def test_make_deploy_goes_through_its_steps_and_says_each(state: Path) -> None:
    done = make("deploy", "PROJECT=demo-prod", "REGION=europe-west1", f"STEP={BY_GCLOUD}", "FANOUT=cloud-tasks")
    assert done.returncode == 0, done.stderr
    assert "[1/7] apis" in done.stdout
    assert "[7/7] scheduler" in done.stdout
    assert "queue maintenance" in held(state)["things"]


def test_a_failure_ends_make_with_what_to_do_next(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gcloud_stand_in.FAILS, "run deploy streak")
    given = ("PROJECT=demo-prod", "REGION=europe-west1", "SCHEDULE=30 * * * *", "CORS_ORIGINS=https://app.example.com")
    stopped = make("deploy", *given, "STEP=accounts functions scheduler")
    assert stopped.returncode == 2
    going_on = [line for line in stopped.stderr.splitlines() if line.startswith("  make deploy ")]
    assert [shlex.split(one) for one in going_on] == [["make", "deploy", *given, "STEP=functions scheduler"]]
    assert held(state)["services"] == {}


def without_gcloud(path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """How a command ends where only `path` is looked through for programs."""
    command = [sys.executable, "-m", "tools.deploy", *words, "SETTINGS=", "PROJECT=demo-prod", "REGION=europe-west1"]
    return subprocess.run(command, cwd=ROOT, env={"PATH": str(path)}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("words", "besides"),
    [
        (("all", "STEP=apis"), ", or add DRY_RUN=1"),
        (("rollback",), "; DRY_RUN=1 needs it, too"),
        (("rollback", "DRY_RUN=1"), "; DRY_RUN=1 needs it, too"),
        (("monitoring", "DRY_RUN=1"), "; DRY_RUN=1 needs it, too"),
        (("smoke",), "\n"),
    ],
)
def test_without_gcloud_it_says_how_to_get_one_and_whether_a_dry_run_needs_it(
    tmp_path: Path, words: tuple[str, ...], besides: str
) -> None:
    ended = without_gcloud(tmp_path, *words)
    assert ended.returncode == 1
    assert f"install the Google Cloud CLI (https://cloud.google.com/sdk/docs/install){besides}" in ended.stderr


def test_a_dry_run_of_a_deployment_needs_no_gcloud(tmp_path: Path) -> None:
    ended = without_gcloud(tmp_path, "all", "DRY_RUN=1")
    assert ended.returncode == 0
    assert "gcloud services enable" in ended.stdout


def test_without_a_login_it_says_how_to_log_in(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(gcloud_stand_in.FAILS, "auth list")
    ended = make("deploy", "PROJECT=demo-prod", "REGION=europe-west1", "STEP=accounts")
    assert ended.returncode == 2
    assert "gcloud auth login" in ended.stderr
    assert held(state)["things"] == {}


def test_without_channels_a_deployment_is_whole_and_says_that_nobody_is_told(state: Path) -> None:
    given = ("PROJECT=demo-prod", "REGION=europe-west1", "DRY_RUN=1")
    bare = make("deploy", *given)
    assert bare.returncode == 0
    assert NOBODY_IS_TOLD in bare.stderr
    assert "tools.deploy monitoring" in bare.stdout
    assert NOBODY_IS_TOLD not in make("deploy", *given, "STEP=functions").stderr
    told = (
        "NOTIFICATION_CHANNELS=projects/demo-prod/notificationChannels/1",
        "PLAYBOOKS_URL=https://example.com/books",
    )
    ended = make("deploy", *given, *told, "STEP=monitoring")
    assert NOBODY_IS_TOLD not in ended.stderr
    assert shlex.split(ended.stdout.splitlines()[-1])[-2:] == list(told)
    assert not state.exists()


def test_how_long_a_job_may_be_missing_follows_from_its_schedule(state: Path) -> None:
    given = ("PROJECT=demo-prod", "REGION=europe-west1", "DRY_RUN=1", "STEP=monitoring")
    for schedule, window in (("0 * * * *", "2h45m"), ("10 4 * * *", "24h45m")):
        printed = make("deploy", *given, f"SCHEDULE={schedule}").stdout
        assert f"MAINTENANCE_WINDOW={window}" in printed
    assert not state.exists()


def test_the_functions_are_told_the_commit_that_is_given_and_else_the_checked_out_one(state: Path) -> None:
    given = ("PROJECT=demo-prod", "REGION=europe-west1", "DRY_RUN=1", "STEP=functions")
    assert "STREAK_COMMIT=4f2d1c9;" in make("deploy", *given, "COMMIT=4f2d1c9").stdout
    known = commit_of(ROOT)
    assert (f"STREAK_COMMIT={known};" in make("deploy", *given).stdout) is bool(known)
    assert not state.exists()


def test_a_name_that_nothing_knows_is_refused_with_those_that_are_known(state: Path) -> None:
    for command, names in (("deploy", "ADDRESS, SCHEDULE"), ("smoke", "ADDRESS, CANARY, BASE_URL")):
        ended = make(command, "PROJECT=demo-prod", "REGOIN=europe-west1")
        assert ended.returncode == 2
        assert " does not take REGOIN; it takes SETTINGS, PROJECT, REGION" in ended.stderr
        assert names in ended.stderr
    assert not state.exists()


def test_what_is_not_given_is_looked_for_in_the_environment() -> None:
    environ = {"PROJECT": "demo-prod", "REGION": "europe-west1", "SCHEDULE": "0 4 * * *", "HOME": "/root"}
    command, options = parse(["all", "SETTINGS=", "REGION=us-central1", "SCHEDULE="], environ)
    assert (command, options["PROJECT"], options["REGION"], options["SCHEDULE"]) == (
        "all",
        "demo-prod",
        "us-central1",
        "",
    )
    assert "HOME" not in options
    for wrong in ([], ["everything"], ["all", "REGION"]):
        with pytest.raises(WrongUse):
            parse(wrong, environ)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("REGION=europe", "is not a region"),
        ("PROJECT=Demo", "is not a project's id"),
        ("PROJECT=", "is not a project's id"),
        ("STEP=database", "STEP=database is no step"),
        ("SECRETS=KEY=secret:latest", "its version by number"),
        ("ENV=FIRESTORE_EMULATOR_HOST=127.0.0.1:8080", "can't be set"),
        ("CORS_ORIGINS=app.example.com", "STREAK_CORS_ORIGINS"),
        ("NOTIFICATION_CHANNELS=me@example.com", "NOTIFICATION_CHANNELS: 'me@example.com' is not"),
        ("COMMIT=main", "COMMIT=main is not a commit"),
        ("ENV=STREAK_COMMIT=4f2d1c9", "can't be set"),
    ],
)
def test_wrong_use_is_told_before_anything_is_run(state: Path, given: str, told: str) -> None:
    ended = make("deploy", "PROJECT=demo-prod", "REGION=europe-west1", "DRY_RUN=1", given)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert told in ended.stderr
    assert not state.exists()


def test_a_canary_gets_its_share_and_the_next_deployment_all(deployed: Path) -> None:
    runner.run(chosen(plan(replace(PLAIN, canary_percent=10)), only="functions", first=""), AGAIN)
    assert held(deployed)["services"]["streak"]["traffic"] == {"LATEST": 10, "streak-00001-abc": 90}
    runner.run(chosen(plan(PLAIN), only="functions", first=""), AGAIN)
    assert held(deployed)["services"]["streak"]["traffic"] == {"LATEST": 100}


def test_a_rollback_moves_each_function_back_and_a_deployment_moves_it_on(deployed: Path) -> None:
    runner.run(chosen(plan(PLAIN), only="functions", first=""), AGAIN)
    asked = make("rollback", "PROJECT=demo-prod", "REGION=europe-west1", "DRY_RUN=1")
    assert asked.returncode == 0, asked.stderr
    assert "update-traffic streak --to-revisions=streak-00001-abc=100" in asked.stdout
    assert held(deployed)["services"]["streak"]["traffic"] == {"LATEST": 100}
    assert make("rollback", "PROJECT=demo-prod", "REGION=europe-west1").returncode == 0
    serving = {name: one["traffic"] for name, one in held(deployed)["services"].items()}
    assert serving == {name: {f"{name}-00001-abc": 100} for name in FUNCTIONS}
    nothing_before = make("rollback", "PROJECT=demo-prod", "REGION=europe-west1")
    assert nothing_before.returncode == 2
    assert "there is no earlier revision" in nothing_before.stderr
    runner.run(chosen(plan(PLAIN), only="functions", first=""), AGAIN)
    assert held(deployed)["services"]["streak"]["traffic"] == {"LATEST": 100}


def test_a_rollback_of_one_function_to_one_revision_leaves_the_others(deployed: Path) -> None:
    for _ in range(2):
        runner.run(chosen(plan(PLAIN), only="functions", first=""), AGAIN)
    given = ("PROJECT=demo-prod", "REGION=europe-west1", "FUNCTION=streak")
    assert make("rollback", *given, "TO=streak-00001-abc").returncode == 0
    services = held(deployed)["services"]
    assert services["streak"]["traffic"] == {"streak-00001-abc": 100}
    assert services["calendar"]["traffic"] == {"LATEST": 100}
    wrong = make("rollback", *given, "TO=streak-00009-abc")
    assert "is no ready revision of streak; there are: streak-00003-abc" in wrong.stderr
    assert "FUNCTION=strek is no function" in make("rollback", *given[:2], "FUNCTION=strek").stderr
    assert "give FUNCTION, too" in make("rollback", *given[:2], "TO=streak-00001-abc").stderr


def test_every_planned_command_is_one_that_gcloud_takes() -> None:
    assert [trouble for words in planned() if (trouble := gcloud_grammar.trouble_with(words))] == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("gcloud run deploy x --bogus=1", "--bogus is no flag"),
        ("gcloud run deploy x --memory", "--memory needs a value"),
        ("gcloud run deploy x --no-traffic=1", "--no-traffic takes no value"),
        ("gcloud run deploy x --ingress=everywhere", "is none of"),
        ("gcloud run undeploy x", "unknown command"),
    ],
)
def test_what_gcloud_would_not_take_is_seen(words: str, told: str) -> None:
    assert told in (gcloud_grammar.trouble_with(words.split()) or "")


@needs("gcloud")
def test_the_installed_gcloud_takes_every_planned_command() -> None:
    # One of each form: the values of the same flags are alike.
    forms = {
        tuple(word.partition("=")[0] if word.startswith("--") else "" for word in one[4:]): one for one in planned()
    }
    judged = gcloud_grammar.judged_by_gcloud([said(one) for one in forms.values()])
    assert [one["error_message"] for one in judged if not one["success"]] == []


def test_who_deploys_from_cloud_build_can_give_nobody_a_role(whole: dict[str, Any]) -> None:
    """Its steps are those without the rights of an owner."""
    deployer = {role for _, member, role in whole["bindings"] if "unbroken-deploy@" in member}
    assert "roles/run.admin" in deployer
    assert not [role for role in deployer if re.search(r"owner|editor$|securityAdmin|projectIamAdmin|roleAdmin", role)]


def test_each_function_runs_under_its_own_account(whole: dict[str, Any]) -> None:
    flags = {name: dict(one["flags"]) for name, one in whole["services"].items()}
    accounts = {name: one["service-account"] for name, one in flags.items()}
    assert accounts == {one.name: f"{one.service_account}@demo-prod.iam.gserviceaccount.com" for one in CATALOGUE}
    assert len(set(accounts.values())) == len(CATALOGUE)


def test_backups_are_set_up_in_a_bucket_that_is_closed_and_ends_and_kept_as_long_as_was_chosen(
    deployed: Path, whole: dict[str, Any]
) -> None:
    assert whole["databases"]["(default)"] == {"pitr": True, "daily": "7d"}
    assert whole["databases"]["unbroken"] == {}, "another database is left alone"
    bucket = whole["buckets"]["demo-prod-unbroken-backups"]
    assert (bucket["location"], bucket["labels"], bucket["is-closed"]) == ("europe-west1", {"app": "unbroken"}, True)
    assert bucket["lifecycle"] == {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 7}}]}
    on_bucket = [one for one in whole["bindings"] if one[0].endswith(" gs://demo-prod-unbroken-backups")]
    backup = "serviceAccount:unbroken-backup@demo-prod.iam.gserviceaccount.com"
    assert [one[1:] for one in on_bucket] == [[backup, "roles/storage.admin"]]
    runner.run(chosen(plan(replace(PLAIN, backup_days=14)), only="backups", first=""), AGAIN)
    after = held(deployed)
    assert after["databases"]["(default)"]["daily"] == "14d"
    assert after["buckets"]["demo-prod-unbroken-backups"]["lifecycle"]["rule"][0]["condition"] == {"age": 14}


def test_backups_that_are_kept_otherwise_or_a_bucket_of_somebody_else_are_changed_by_nobody_unasked(
    deployed: Path, whole: dict[str, Any]
) -> None:
    given = ("deploy", "PROJECT=demo-prod", "REGION=europe-west1", "STEP=backups")
    refused = make(*given, "BACKUP_DAYS=3")
    assert refused.returncode == 2
    assert "daily backups are kept is '7 days', and would become '3 days'" in refused.stderr
    assert held(deployed) == whole
    theirs = {**whole["buckets"]["demo-prod-unbroken-backups"], "labels": {"app": "shop"}}
    before = {**whole, "buckets": {"demo-prod-unbroken-backups": theirs}}
    deployed.write_text(json.dumps({**before, "calls": 0}), encoding="utf-8")
    refused = make(*given, "YES=1")
    assert refused.returncode == 2
    assert "the bucket demo-prod-unbroken-backups, in which all that is older" in refused.stderr
    assert held(deployed) == before


def test_a_bucket_of_another_project_that_has_our_name_is_not_touched(deployed: Path, whole: dict[str, Any]) -> None:
    theirs = {**whole["buckets"]["demo-prod-unbroken-backups"], "project": "other", "labels": {}}
    before = {**whole, "buckets": {"demo-prod-unbroken-backups": theirs}}
    deployed.write_text(json.dumps({**before, "calls": 0}), encoding="utf-8")
    with pytest.raises(DeploymentStopped, match="stopped in the step backups, at the bucket demo-prod-unbroken"):
        runner.run(chosen(plan(PLAIN), only="backups", first=""), AGAIN)
    assert held(deployed) == before
