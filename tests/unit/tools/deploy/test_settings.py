"""What a person may choose about a deployment, each with the nearest that is refused."""

from __future__ import annotations

import pytest

from functions.catalogue import FUNCTIONS
from tools.deploy.errors import WrongUse
from tools.deploy.settings import Settings, read

WHERE = {"PROJECT": "demo-prod", "REGION": "us-central1"}
TAKEN = [
    ("SCHEDULE", "0 * * * *", "0 * * *"),
    ("SCHEDULE", "*/30 1-5 * * MON", "*/30 1-5 * * MON; rm"),
    ("TIME_ZONE", "Europe/Berlin", "Europe/Berlinn"),
    ("FANOUT", "cloud-tasks", "cloud-task"),
    ("WEBHOOK_TRIGGER_LOCATION", "eur3", "eur"),
    ("WEBHOOK_TRIGGER_LOCATION", "europe-west10", "europe-west1-b"),
    ("WEBHOOK_TRIGGER_LOCATION", "nam5", "on"),
    ("CORS_ORIGINS", "https://a.example,https://b.example", "https://a.example;https://b.example"),
    ("ENV", "MAINTENANCE_THREADS=4;STREAK_SLOW_MS=200", "maintenance_threads=4"),
    ("ENV", "STREAK_POLICY_FILE=/policy/policy.toml", "GOOGLE_CLOUD_PROJECT=other"),
    ("ENV", "STREAK_SLOW_MS=200", "FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099"),
    ("ENV", "MAINTENANCE_PACING=off", "MAINTENANCE_AUDIENCE=https://elsewhere.example"),
    ("ENV", "STREAK_SLOW_MS=200;STREAK_TENANT=a", "STREAK_SLOW_MS=200;STREAK_SLOW_MS=300"),
    ("SECRETS", "KEY=my-secret:3", "KEY=my-secret:latest"),
    ("SECRETS", "/policy/policy.toml=policy:1", "policy.toml=policy:1"),
    ("SECRETS", "KEY=my-secret:3", "KEY=a value"),
    ("SECRETS", "STREAK_SLOW_MS=host:1", "FIRESTORE_EMULATOR_HOST=host:1"),
    ("ENV", "STREAK_TENANT=other", "FIRESTORE_DATABASE=other"),
    ("ENV", "STREAK_TENANT=other", "STREAK_COLLECTION_PREFIX=unbroken_"),
    ("PREFIX", "unbroken-", "unbroken"),
    ("PREFIX", "a-", "unbroken_"),
    ("DATABASE", "(default)", "default)"),
    ("DATABASE", "unbroken", "Unbroken"),
    ("ADDRESS", "https://my-streaks.web.app", "http://my-streaks.web.app"),
    ("APP_CHECK_KEY", "6LcKEY-0123456789-abcdefghij", '"><script>alert(1)</script>'),
    ("RULES", "merge", "theirs"),
    ("RULES", "replace", "yes"),
    ("SECRETS", "STREAK_TENANT=host:1", "CLOUD_TASKS_EMULATOR_HOST=host:1"),
    ("SECRETS", "STREAK_TENANT=tenant:1", "STREAK_CORS_ORIGINS=origins:1"),
    ("SECRETS", "MONITORING_AUDIENCE=audience:1", "MAINTENANCE_AUDIENCE=audience:1"),
    ("SECRETS", "KEY=my-secret:3,OTHER=my-secret:3", "KEY=my-secret:3,KEY=other:1"),
    ("SECRETS", "/a/b=one:1,/a/c=two:1", "/a/b=one:1,/a/b=two:1"),
    ("SECRETS", "/etc/EMULATOR=host:1", "EMULATOR=host:1"),
    ("CANARY", "99", "100"),
    ("BACKUP_DAYS", "98", "99"),
    ("BACKUP_DAYS", "1", "0"),
    ("COMMIT", "4f2d1c9", "main"),
    ("COMMIT", "4f2d1c9-dirty", "4f2d1c9-changed"),
    ("CANARY", "1", "0"),
    ("REGION", "europe-west1", "europe-west1-b"),
    ("PROJECT", "my-streaks-1", "my-streaks-"),
    ("PROJECT", "demo-prod", "demo prod"),
    ("PROJECT", "demo-prod", ""),
    ("REGION", "us-central1", ""),
    ("FUNCTION", "streak", "strek"),
    ("PLAYBOOKS_URL", "https://example.com/p", "nowhere"),
]


@pytest.mark.parametrize(("name", "good", "bad"), TAKEN)
def test_a_choice_is_taken_and_its_nearest_wrong_one_is_not(name: str, good: str, bad: str) -> None:
    read({**WHERE, name: good})
    with pytest.raises(WrongUse, match=name):
        read({**WHERE, name: bad})


def test_what_env_sets_is_no_secret_as_well() -> None:
    both = {**WHERE, "ENV": "STREAK_TENANT=a", "SECRETS": "STREAK_SLOW_MS=slow:1"}
    assert [one.target for one in read(both).secrets] == ["STREAK_SLOW_MS"]
    with pytest.raises(WrongUse, match="SECRETS: STREAK_TENANT is set by ENV, too; leave it out of one of them"):
        read({**both, "SECRETS": "STREAK_TENANT=tenant:1"})


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"SECRETS": "FIRESTORE_EMULATOR_HOST=a:1"}, "it is for this machine alone, so leave it out"),
        ({"SECRETS": "THREADS=a:1"}, "the deployment sets what it needs, so leave it out"),
        ({"SECRETS": "KEY=a:1,KEY=b:1"}, "is set twice; leave one of them out"),
        ({"ENV": "A=1;A=1"}, "is set twice; leave one of them out"),
    ],
)
def test_a_refusal_says_how_to_mend_it(given: dict[str, str], said: str) -> None:
    with pytest.raises(WrongUse, match=said):
        read({**WHERE, **given})


def test_a_refused_secret_is_not_repeated() -> None:
    """What was meant as a reference may be the secret itself."""
    with pytest.raises(WrongUse) as refused:
        read({**WHERE, "SECRETS": "KEY=hunter2"})
    assert "KEY" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_what_is_not_chosen_is_not_there() -> None:
    assert read({**WHERE, "ENV": "", "SECRETS": "", "CANARY": "", "FANOUT": ""}) == Settings(
        project="demo-prod", region="us-central1"
    )


def test_the_refusal_of_a_function_names_those_there_are() -> None:
    with pytest.raises(WrongUse, match=", ".join(FUNCTIONS)):
        read({**WHERE, "FUNCTION": "streaks"})


def test_of_what_monitoring_leaves_open_only_what_is_given_is_kept() -> None:
    channel = "projects/p/notificationChannels/1"
    given = {**WHERE, "NOTIFICATION_CHANNELS": channel, "PLAYBOOKS_URL": ""}
    assert read(given).monitoring == (("NOTIFICATION_CHANNELS", channel),)
