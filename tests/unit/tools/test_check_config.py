"""The check of a configuration: what it finds in an environment, and what it never shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from streak_core.config import Config, load_config
from streak_core.store.health import DatabaseTrouble, Trouble
from tools.check_config.formatting import as_json, as_text
from tools.check_config.judging import Level, judge
from tools.check_config.report import Report, attempts, check
from tools.check_config.variables import VARIABLES, State

SCHEDULER = "scheduler@my-streaks.iam.gserviceaccount.com"
GOOD = {
    "GOOGLE_CLOUD_PROJECT": "my-streaks",
    "STREAK_CORS_ORIGINS": "https://app.example.com",
    "MAINTENANCE_SERVICE_ACCOUNT": SCHEDULER,
    "MAINTENANCE_AUDIENCE": "https://maintenance.example.com",
    "MONITORING_SERVICE_ACCOUNT": "uptime@my-streaks.iam.gserviceaccount.com",
    "MONITORING_AUDIENCE": "https://health.example.com",
}
REMINDERS = {
    "REMINDER_QUEUE": "projects/my-streaks/locations/europe-west1/queues/reminders",
    "REMINDER_URL": "https://reminders.example.com/reminders/send",
}
FANOUT = {
    "MAINTENANCE_FANOUT": "cloud-tasks",
    "MAINTENANCE_QUEUE": "projects/my-streaks/locations/europe-west1/queues/maintenance",
    "MAINTENANCE_URL": "https://maintenance.example.com/maintenance",
    "REMINDER_FANOUT": "cloud-tasks",
    "REMINDER_SHARD_QUEUE": "projects/my-streaks/locations/europe-west1/queues/reminder-shards",
    "REMINDER_SHARD_URL": "https://reminders.example.com/reminders",
}
SECRET = "eyJhbGciOi.S3CR3T/0123456789+abcdefghijklmnopqrstuvwxyz=="  # noqa: S105 - made up


class Database:
    """A database that is fine, but for the steps that a test names."""

    def __init__(self, **troubles: Trouble) -> None:
        self._troubles = troubles
        self.written: list[str] = []
        self.deleted: list[str] = []

    def read(self) -> None:
        self._step("read")

    def write(self, name: str) -> None:
        self._step("write")
        self.written.append(name)

    def delete(self, name: str) -> None:
        self._step("delete")
        self.deleted.append(name)

    def _step(self, name: str) -> None:
        if name in self._troubles:
            raise DatabaseTrouble(self._troubles[name])


def checked(environ: Mapping[str, str], *, production: bool = True, database: Database | None = None) -> Report:
    return check(environ, is_production=production, probe=lambda _: database or Database())


def found(environ: Mapping[str, str]) -> set[tuple[Level, str]]:
    return {(one.level, one.subject) for one in judge(environ).findings}


def told(report: Report) -> str:
    """Everything that is shown of it, both ways."""
    return as_text(report) + as_json(report)


class Noted(dict[str, str]):
    """An environment that remembers what was asked for."""

    def __init__(self, content: Mapping[str, str]) -> None:
        super().__init__(content)
        self.asked: set[str] = set()

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def test_every_variable_that_a_function_reads_is_on_the_list_and_no_other() -> None:
    environ = Noted({**GOOD, **FANOUT})
    load_config(environ)
    # What Google's own library reads.
    assert {one.name for one in VARIABLES} == environ.asked | {"GOOGLE_APPLICATION_CREDENTIALS"}


def test_a_good_environment_is_fine_and_nothing_is_said_against_it() -> None:
    report = checked({**GOOD, **FANOUT})
    assert report.is_fine
    assert report.findings == ()
    assert [one.state for one in report.readings if one.variable.name in GOOD] == [State.SET] * len(GOOD)
    assert {one.state for one in report.readings if one.variable.name not in GOOD | FANOUT} == {State.NOT_SET}


@pytest.mark.parametrize(
    ("change", "subject"),
    [
        ({"STREAK_CORS_ORIGINS": "*"}, "STREAK_CORS_ORIGINS"),
        ({"STREAK_CORS_ORIGINS": "https://app.example.com,http://app.example.com"}, "STREAK_CORS_ORIGINS"),
        ({"MAINTENANCE_SERVICE_ACCOUNT": "", "MAINTENANCE_AUDIENCE": ""}, "MAINTENANCE_SERVICE_ACCOUNT"),
        (
            {"MAINTENANCE_SERVICE_ACCOUNT": "123-compute@developer.gserviceaccount.com"},
            "MAINTENANCE_SERVICE_ACCOUNT",
        ),
        ({"MAINTENANCE_SERVICE_ACCOUNT": "my-streaks@appspot.gserviceaccount.com"}, "MAINTENANCE_SERVICE_ACCOUNT"),
        ({"MAINTENANCE_SERVICE_ACCOUNT": "ada@example.com"}, "MAINTENANCE_SERVICE_ACCOUNT"),
        ({"MAINTENANCE_AUDIENCE": "http://maintenance.example.com"}, "MAINTENANCE_AUDIENCE"),
        ({"MAINTENANCE_PACING": "off"}, "MAINTENANCE_PACING"),
        ({"MAINTENANCE_DEADLINE_SECONDS": "1800"}, "MAINTENANCE_DEADLINE_SECONDS"),
        ({**FANOUT, "MAINTENANCE_URL": "http://maintenance.example.com"}, "MAINTENANCE_URL"),
        ({**REMINDERS, "REMINDER_URL": "http://reminders.example.com/send"}, "REMINDER_URL"),
        ({"MONITORING_SERVICE_ACCOUNT": SCHEDULER}, "MONITORING_SERVICE_ACCOUNT"),
        ({"GOOGLE_CLOUD_PROJECT": "demo-streak"}, "GOOGLE_CLOUD_PROJECT"),
        ({"GOOGLE_APPLICATION_CREDENTIALS": "key.json"}, "GOOGLE_APPLICATION_CREDENTIALS"),
        ({"STREAK_CORSORIGINS": "x"}, "STREAK_CORSORIGINS"),
        ({"MAINTENANCE_SERVICE_ACOUNT": "x"}, "MAINTENANCE_SERVICE_ACOUNT"),
    ],
)
def test_what_works_and_must_not_be_so_in_production_is_found(change: dict[str, str], subject: str) -> None:
    environ = {**GOOD, **change}
    assert (Level.DANGEROUS, subject) in found(environ)
    assert not checked(environ).is_fine
    assert checked(environ, production=False).is_fine


@pytest.mark.parametrize(
    "change",
    [
        {"STREAK_CORS_ORIGINS": "https://app.example.com, https://www.example.com"},
        {"MAINTENANCE_PACING": "on"},
        {"MAINTENANCE_DEADLINE_SECONDS": "1799"},
        {"MAINTENANCE_SERVICE_ACCOUNT": "service-1@gcp-sa-cloudscheduler.iam.gserviceaccount.com"},
        {"FIRESTORE_DATABASE": "streaks"},
        {"STREAKS": "x", "OTHER": "y"},
    ],
)
def test_the_nearest_that_is_harmless_is_not(change: dict[str, str]) -> None:
    assert checked({**GOOD, **change}).findings == ()


def test_a_slip_of_the_pen_is_told_with_what_was_meant() -> None:
    (finding,) = judge({**GOOD, "MAINTENANCE_SERVICE_ACOUNT": "x"}).findings
    assert finding.message == "is read by nothing; is MAINTENANCE_SERVICE_ACCOUNT meant?"


def test_what_is_merely_worth_knowing_is_no_trouble() -> None:
    environ = {name: GOOD[name] for name in GOOD if not name.startswith(("MONITORING", "STREAK"))}
    assert found(environ) == {(Level.NOTE, "STREAK_CORS_ORIGINS"), (Level.NOTE, "MONITORING_SERVICE_ACCOUNT")}
    assert checked(environ).is_fine


EMULATED = {"FIRESTORE_EMULATOR_HOST": "127.0.0.1:8081", "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}


def test_emulators_are_fine_on_this_machine_and_wrong_where_it_is_judged_for_production() -> None:
    local = checked({**GOOD, **EMULATED}, production=False)
    assert local.is_fine
    assert {(one.level, one.subject) for one in local.findings} >= {(Level.DANGEROUS, name) for name in EMULATED}
    deployed = {**GOOD, **EMULATED, "K_SERVICE": "streak"}
    for report in (checked({**GOOD, **EMULATED}), checked(deployed, production=False)):
        assert not report.is_fine
        assert [(one.level, one.subject) for one in report.findings] == [(Level.WRONG, name) for name in EMULATED]
        assert report.attempts == ()


@pytest.mark.parametrize(
    ("change", "states"),
    [
        ({"GOOGLE_CLOUD_PROJECT": ""}, {"GOOGLE_CLOUD_PROJECT": State.MISSING}),
        ({"MAINTENANCE_THREADS": "many"}, {"MAINTENANCE_THREADS": State.WRONG}),
        (
            {"MONITORING_AUDIENCE": ""},
            {"MONITORING_AUDIENCE": State.MISSING, "MONITORING_SERVICE_ACCOUNT": State.WRONG},
        ),
        (
            {"MAINTENANCE_FANOUT": "cloud-tasks"},
            {"MAINTENANCE_QUEUE": State.MISSING, "MAINTENANCE_URL": State.MISSING},
        ),
    ],
)
def test_what_a_function_would_refuse_is_trouble_anywhere(change: dict[str, str], states: dict[str, State]) -> None:
    for production in (True, False):
        report = checked({**GOOD, **change}, production=production)
        assert not report.is_fine
        bad = {one.variable.name: one.state for one in report.readings if one.state in {State.WRONG, State.MISSING}}
        assert bad == states
        assert report.attempts == ()
        assert "was not tried" in told(report)


@pytest.mark.parametrize("step", ["read", "write", "delete"])
@pytest.mark.parametrize("trouble", list(Trouble))
def test_each_step_that_fails_is_told_with_what_to_do(step: str, trouble: Trouble) -> None:
    report = checked(GOOD, database=Database(**{step: trouble}))
    assert not report.is_fine
    (failed,) = [one for one in report.attempts if not one.is_fine]
    assert failed.step.startswith(step)
    assert failed.advice
    assert failed.advice in told(report)


def test_what_is_written_is_deleted_and_nothing_else() -> None:
    database = Database()
    assert all(one.is_fine for one in attempts(database))
    assert database.written == database.deleted
    assert len(database.written) == 1


def test_a_write_that_fails_is_deleted_all_the_same_since_it_may_have_arrived() -> None:
    database = Database(write=Trouble.SILENT)
    attempts(database)
    assert len(database.deleted) == 1


@pytest.mark.parametrize("name", [one.name for one in VARIABLES])
@pytest.mark.parametrize(
    "value",
    [
        SECRET,
        f"https://user:{SECRET}@example.com/",
        f"https://example.com/{SECRET}",
        f"https://example.com/?key={SECRET}",
        f"https://ok.example.com,{SECRET}",
        f"/run/{SECRET}.json",
        f"[bold]{SECRET}[/bold]",
    ],
)
def test_nothing_that_could_be_a_secret_is_shown_wherever_it_was_put(name: str, value: str) -> None:
    for production in (True, False):
        page = told(checked({**GOOD, **FANOUT, name: value}, production=production))
        assert "S3CR3T" not in page
        assert "0123456789" not in page


def test_what_is_no_secret_is_shown_as_far_as_it_helps() -> None:
    page = told(checked({**GOOD, **FANOUT, "MAINTENANCE_THREADS": "8"}))
    for shown in ("my-streaks", SCHEDULER, "https://maintenance.example.com/…", "https://app.example.com"):
        assert shown in page


@pytest.mark.parametrize(
    ("origin", "near"),
    [
        ("https://app.example.com", "https://app.example.com/"),
        ("capacitor://localhost", "capacitor:localhost"),
        ("ionic://localhost", "ionics://localhost"),
        ("tauri://localhost", "tauri://local_host"),
        ("chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb", "chrome-extension://aapb/page.html"),
        ("moz-extension://0a1b2c3d-0000-4000-8000-0123456789ab", "moz-extension://"),
        ("safari-web-extension://0A1B2C3D-0000-4000-8000-0123456789AB", "safari-extension://0A1B2C3D"),
    ],
)
def test_an_apps_and_an_extensions_origin_is_shown_and_judged_as_a_pages(origin: str, near: str) -> None:
    name, page = "STREAK_CORS_ORIGINS", "https://www.example.com"
    environ = {**GOOD, name: f"{page},{origin}"}
    report = checked(environ)
    assert report.is_fine
    assert report.findings == ()
    assert f"{page}, {origin}" in told(report)
    refused = checked({**GOOD, name: f"{page},{near}"})
    (finding,) = refused.findings
    assert (finding.level, finding.subject) == (Level.WRONG, name)
    assert "origin 2 of 2 is not of a form such as https://app.example.com or capacitor://" in finding.message
    assert near not in told(refused)
    assert found({**GOOD, name: f"{origin},http://app.example.com"}) == {(Level.DANGEROUS, name)}


def test_the_json_says_what_the_tables_say() -> None:
    content = json.loads(as_json(checked({**GOOD, "STREAK_CORS_ORIGINS": "*"})))
    assert (content["is_fine"], content["judged_as"]) == (False, "production")
    assert {"name": "STREAK_CORS_ORIGINS", "state": "set", "shown": "*"} in content["variables"]
    assert [one["level"] for one in content["findings"]] == ["dangerous"]
    assert [one["is_fine"] for one in content["database"]] == [True, True, True]


def test_the_database_that_is_tried_is_the_one_that_is_configured() -> None:
    asked: list[tuple[str, str]] = []

    def probe(config: Config) -> Any:
        asked.append((config.project, config.database))
        return Database()

    check({**GOOD, "FIRESTORE_DATABASE": "streaks"}, is_production=False, probe=probe)
    assert asked == [("my-streaks", "streaks")]
