"""The configuration: every wrong variable is named, and a dangerous process does not start."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

import pytest

from streak_core.config import ConfigError, load_config, shipped_policy
from streak_core.config.backup import BackupRules
from streak_core.config.maintenance import MaintenanceRules
from tests.support.shipped_policy import TEXT

if TYPE_CHECKING:
    from pathlib import Path

GOOD = {"GOOGLE_CLOUD_PROJECT": "p"}
# A function of the Firebase CLI's emulator.
CLI = {**GOOD, "K_SERVICE": "streak", "FUNCTIONS_EMULATOR": "true"}
FANOUT = {
    **GOOD,
    "MAINTENANCE_FANOUT": "cloud-tasks",
    "MAINTENANCE_QUEUE": "projects/p/locations/l/queues/q",
    "MAINTENANCE_URL": "https://maintenance.example.com/maintenance",
    "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
    "MAINTENANCE_AUDIENCE": "https://maintenance.example.com",
}


def test_a_project_is_all_that_a_function_needs() -> None:
    config = load_config(GOOD)
    assert (config.project, config.database, config.policy) == ("p", "(default)", shipped_policy())
    assert config.cors_origins == frozenset()
    assert config.public_url is None
    assert not config.allows_simulated_time
    assert config.scheduler.account is None


def test_everything_that_can_be_set_is_read() -> None:
    config = load_config(
        {
            **GOOD,
            "FIRESTORE_DATABASE": "streaks",
            "STREAK_CORS_ORIGINS": "https://app.example.com, http://localhost:3000,",
            "STREAK_PUBLIC_URL": "https://app.example.com",
            "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
            "MAINTENANCE_AUDIENCE": "https://maintenance.example.com",
            "FIRESTORE_EMULATOR_HOST": "127.0.0.1:8081",
            "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
        }
    )
    assert config.database == "streaks"
    assert config.cors_origins == {"https://app.example.com", "http://localhost:3000"}
    assert config.public_url == "https://app.example.com"
    assert config.allows_simulated_time
    assert config.scheduler.audience == "https://maintenance.example.com"


def test_maintenance_is_bounded_by_default_and_paced_except_on_the_emulator() -> None:
    assert load_config(GOOD).maintenance_rules == MaintenanceRules()
    assert load_config(GOOD).maintenance_queue is None
    assert not load_config({**GOOD, "FIRESTORE_EMULATOR_HOST": "h:1"}).maintenance_rules.is_paced
    chosen = load_config(
        {
            **GOOD,
            "FIRESTORE_EMULATOR_HOST": "h:1",
            "MAINTENANCE_PACING": "on",
            "MAINTENANCE_THREADS": "64",
            "MAINTENANCE_PAGE_USERS": "1",
            "MAINTENANCE_BATCH_USERS": "200",
            "MAINTENANCE_DEADLINE_SECONDS": "3600",
        }
    ).maintenance_rules
    assert chosen == MaintenanceRules(threads=64, page_users=1, batch_users=200, deadline_seconds=3600, is_paced=True)


REMINDERS = {
    **GOOD,
    "REMINDER_QUEUE": "projects/p/locations/l/queues/r",
    "REMINDER_URL": "https://reminders.example.com/reminders/send",
    "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@p.iam.gserviceaccount.com",
    "MAINTENANCE_AUDIENCE": "https://reminders.example.com",
}


def test_reminders_need_a_queue_an_address_and_an_identity_or_there_are_none() -> None:
    queue = load_config(REMINDERS).reminder_queue
    assert queue is not None
    assert (queue.queue, queue.url) == (REMINDERS["REMINDER_QUEUE"], REMINDERS["REMINDER_URL"])
    assert load_config({**REMINDERS, "REMINDER_QUEUE": ""}).reminder_queue is None


@pytest.mark.parametrize(
    ("name", "text"),
    [("REMINDER_QUEUE", "r"), ("REMINDER_URL", "reminders"), ("MAINTENANCE_SERVICE_ACCOUNT", "")],
)
def test_what_nobody_can_be_reminded_with_is_named(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_config({**REMINDERS, name: text})


REMINDER_FANOUT = {
    **REMINDERS,
    "REMINDER_FANOUT": "cloud-tasks",
    "REMINDER_SHARD_QUEUE": "projects/p/locations/l/queues/reminder-shards",
    "REMINDER_SHARD_URL": "https://reminders.example.com/reminders",
}


def test_a_run_of_reminders_is_fanned_out_through_a_queue_of_its_own_where_that_is_chosen() -> None:
    queue = load_config(REMINDER_FANOUT).reminder_shard_queue
    assert queue is not None
    assert (queue.queue, queue.url) == (REMINDER_FANOUT["REMINDER_SHARD_QUEUE"], REMINDER_FANOUT["REMINDER_SHARD_URL"])
    assert load_config({**REMINDER_FANOUT, "REMINDER_FANOUT": ""}).reminder_shard_queue is None
    assert load_config(REMINDERS).reminder_shard_queue is None


@pytest.mark.parametrize(
    ("name", "text"),
    [("REMINDER_FANOUT", "threads"), ("REMINDER_SHARD_QUEUE", "r"), ("REMINDER_SHARD_URL", "reminders")],
)
def test_what_no_run_of_reminders_can_be_fanned_out_with_is_named(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_config({**REMINDER_FANOUT, name: text})


def test_fan_out_needs_a_queue_an_address_and_an_identity() -> None:
    config = load_config(FANOUT)
    assert config.maintenance_queue is not None
    assert config.maintenance_queue.queue == FANOUT["MAINTENANCE_QUEUE"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("MAINTENANCE_FANOUT", "threads"),
        ("MAINTENANCE_QUEUE", "q"),
        ("MAINTENANCE_URL", "maintenance"),
        ("MAINTENANCE_SERVICE_ACCOUNT", ""),
        ("MAINTENANCE_PACING", "slow"),
        ("MAINTENANCE_THREADS", "0"),
        ("MAINTENANCE_THREADS", "65"),
        ("MAINTENANCE_PAGE_USERS", "0"),
        ("MAINTENANCE_PAGE_USERS", "1001"),
        ("MAINTENANCE_BATCH_USERS", "201"),
        ("MAINTENANCE_BATCH_USERS", "many"),
        ("MAINTENANCE_DEADLINE_SECONDS", "-5"),
    ],
)
def test_what_maintenance_cannot_work_with_is_named(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_config({**FANOUT, name: text})


@pytest.mark.parametrize(
    ("environ", "named"),
    [
        ({}, "GOOGLE_CLOUD_PROJECT"),
        ({**GOOD, "K_SERVICE": "streak", "FIRESTORE_EMULATOR_HOST": "h:1"}, "FIRESTORE_EMULATOR_HOST"),
        ({**GOOD, "K_SERVICE": "streak", "FIREBASE_AUTH_EMULATOR_HOST": "h:1"}, "FIREBASE_AUTH_EMULATOR_HOST"),
        ({**CLI, "K_CONFIGURATION": "streak", "FIRESTORE_EMULATOR_HOST": "h:1"}, "FIRESTORE_EMULATOR_HOST"),
        ({**CLI, "K_CONFIGURATION": "streak"}, "FUNCTIONS_EMULATOR: must not be set in a deployed function"),
        ({**CLI, "FUNCTIONS_EMULATOR": "1", "FIRESTORE_EMULATOR_HOST": "h:1"}, "FIRESTORE_EMULATOR_HOST"),
        ({**CLI, "FIREBASE_AUTH_EMULATOR_HOST": "h:1"}, "FIREBASE_AUTH_EMULATOR_HOST"),
        ({**GOOD, "FIREBASE_AUTH_EMULATOR_HOST": "h:1"}, "FIREBASE_AUTH_EMULATOR_HOST"),
        ({**GOOD, "CLOUD_TASKS_EMULATOR_HOST": "h:1"}, "CLOUD_TASKS_EMULATOR_HOST"),
        (
            {**GOOD, "K_SERVICE": "m", "CLOUD_TASKS_EMULATOR_HOST": "h:1", "FIRESTORE_EMULATOR_HOST": "h:1"},
            "CLOUD_TASKS_EMULATOR_HOST",
        ),
        ({**GOOD, "STREAK_CORS_ORIGINS": "app.example.com"}, "STREAK_CORS_ORIGINS"),
        ({**GOOD, "STREAK_CORS_ORIGINS": "https://app.example.com/"}, "STREAK_CORS_ORIGINS"),
        *(
            ({**GOOD, "STREAK_PUBLIC_URL": wrong}, "STREAK_PUBLIC_URL: is not of a form")
            for wrong in ("app.example.com", "https://app.example.com/", "https://a.example.com/share", "ftp://a")
        ),
        ({**GOOD, "MAINTENANCE_SERVICE_ACCOUNT": "x@y"}, "MAINTENANCE_AUDIENCE"),
        ({**GOOD, "MAINTENANCE_AUDIENCE": "https://m"}, "MAINTENANCE_SERVICE_ACCOUNT"),
        (
            {**GOOD, "MAINTENANCE_SERVICE_ACCOUNT": "nobody", "MAINTENANCE_AUDIENCE": "https://m"},
            "MAINTENANCE_SERVICE_ACCOUNT: is not",
        ),
        *(
            ({**GOOD, "STREAK_COLLECTION_PREFIX": wrong}, "STREAK_COLLECTION_PREFIX: must be")
            for wrong in ("unbroken", "Unbroken_", "un__broken_", "__a_", "a/b_", "maintenance_", "health_")
        ),
        ({**GOOD, "STREAK_POLICY_FILE": "/does/not/exist.toml"}, "STREAK_POLICY_FILE: can't be read"),
    ],
)
def test_what_is_wrong_is_named(environ: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError, match=named):
        load_config(environ)


def test_everything_that_is_wrong_is_named_at_once() -> None:
    wrong = {"BACKUP_TIME": "2:00", "MAINTENANCE_THREADS": "none", "STREAK_STORED_FORM": "9", "BACKUP_BUCKET": "gs://a"}
    with pytest.raises(ConfigError) as refused:
        load_config({name: text for name, text in (GOOD | wrong).items() if name != "GOOGLE_CLOUD_PROJECT"})
    named = {one.partition(":")[0] for one in refused.value.wrong}
    assert named == {*wrong, "GOOGLE_CLOUD_PROJECT"}


def test_collections_may_have_a_prefix_and_have_none_unless_it_is_said() -> None:
    assert load_config(GOOD).collection_prefix == ""
    for prefix in ("unbroken_", "my_app2_", "maintenance2_"):
        assert load_config({**GOOD, "STREAK_COLLECTION_PREFIX": prefix}).collection_prefix == prefix


def test_backups_are_due_at_two_by_default_and_go_nowhere_without_a_bucket() -> None:
    assert load_config(GOOD).backup == BackupRules(at=time(2), time_zone="UTC", bucket=None)
    chosen = {"BACKUP_TIME": "23:59", "BACKUP_TIME_ZONE": "Europe/Kyiv", "BACKUP_BUCKET": "my-streaks-backups"}
    expected = BackupRules(at=time(23, 59), time_zone="Europe/Kyiv", bucket="my-streaks-backups")
    assert load_config({**GOOD, **chosen}).backup == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BACKUP_TIME", "24:00"),
        ("BACKUP_TIME", "2:00"),
        ("BACKUP_TIME_ZONE", "Europe/Nowhere"),
        ("BACKUP_BUCKET", "gs://my-streaks-backups"),
        ("FIRESTORE_ADMIN_EMULATOR_HOST", "h:1"),
    ],
)
def test_what_backups_can_not_go_by_is_named(name: str, text: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_config({**GOOD, name: text})


def test_monitoring_has_an_identity_of_its_own_or_none() -> None:
    own = {"MONITORING_SERVICE_ACCOUNT": "uptime@p.iam.gserviceaccount.com", "MONITORING_AUDIENCE": "https://h"}
    config = load_config({**GOOD, **own, "K_REVISION": "health-00007-kib", "STREAK_COMMIT": "4f2d1c9"})
    assert config.monitoring == tuple(own.values())
    assert config.scheduler.account is None
    assert (config.revision, load_config(GOOD).revision) == ("health-00007-kib", None)
    assert (config.commit, load_config(GOOD).commit) == ("4f2d1c9", None)
    assert load_config(GOOD).monitoring.account is None
    for alone in own.items():
        with pytest.raises(ConfigError, match="MONITORING_SERVICE_ACCOUNT and MONITORING_AUDIENCE"):
            load_config({**GOOD, **dict([alone])})


@pytest.mark.parametrize(
    "name",
    [
        "STREAK_CORS_ORIGINS",
        "STREAK_POLICY_FILE",
        "MAINTENANCE_THREADS",
        "MAINTENANCE_QUEUE",
        "MONITORING_SERVICE_ACCOUNT",
    ],
)
def test_what_is_wrong_is_said_without_what_it_says(name: str) -> None:
    with pytest.raises(ConfigError) as refused:
        load_config({**FANOUT, name: "/secret-0123456789"})
    assert name in "".join(refused.value.wrong)
    assert "0123456789" not in str(refused.value)


@pytest.mark.parametrize(
    "environ",
    [
        {**GOOD, "K_SERVICE": "streak", "K_CONFIGURATION": "streak"},
        {**GOOD, "K_SERVICE": "streak"},
        {**GOOD, "FIRESTORE_EMULATOR_HOST": "h:1"},
        {**CLI, "FIRESTORE_EMULATOR_HOST": "h:1", "FIREBASE_AUTH_EMULATOR_HOST": "h:2"},
    ],
)
def test_the_nearest_right_ones_are_taken(environ: dict[str, str]) -> None:
    assert load_config(environ).project == "p"


def test_a_policy_file_is_read_and_a_wrong_one_names_its_field(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(TEXT.replace("held_max = 5", "held_max = 9"))
    assert load_config({**GOOD, "STREAK_POLICY_FILE": str(file)}).policy.freezes.held_max == 9
    file.write_text(TEXT.replace("held_max = 5", "held_max = -1"))
    with pytest.raises(ConfigError, match=r"STREAK_POLICY_FILE: .*\n?freezes.held_max"):
        load_config({**GOOD, "STREAK_POLICY_FILE": str(file)})
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="can't be read"):
        load_config({**GOOD, "STREAK_POLICY_FILE": str(file)})


def test_form_2_is_written_unless_the_release_before_is_to_be_kept_readable() -> None:
    assert load_config(GOOD).stored_form == 2
    for chosen in ("1", "2"):
        assert load_config({**GOOD, "STREAK_STORED_FORM": chosen}).stored_form == int(chosen)
    for wrong in ("0", "3", "one", "1.0"):
        with pytest.raises(ConfigError, match="STREAK_STORED_FORM: must be 1"):
            load_config({**GOOD, "STREAK_STORED_FORM": wrong})
