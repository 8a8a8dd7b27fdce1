"""What a person may choose about a deployment, each with the nearest that is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from functions.catalogue import FUNCTIONS
from tools.deploy import settings
from tools.deploy.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable

TAKEN = [
    (settings.schedule, "0 * * * *", "0 * * *"),
    (settings.schedule, "*/30 1-5 * * MON", "*/30 1-5 * * MON; rm"),
    (settings.time_zone, "Europe/Berlin", "Europe/Berlinn"),
    (settings.fan_out, "cloud-tasks", "cloud-task"),
    (settings.cors_origins, "https://a.example,https://b.example", "https://a.example;https://b.example"),
    (settings.environment, "MAINTENANCE_THREADS=4;STREAK_SLOW_MS=200", "maintenance_threads=4"),
    (settings.environment, "STREAK_POLICY_FILE=/policy/policy.toml", "GOOGLE_CLOUD_PROJECT=other"),
    (settings.environment, "STREAK_SLOW_MS=200", "FIREBASE_AUTH_EMULATOR_HOST=127.0.0.1:9099"),
    (settings.environment, "MAINTENANCE_PACING=off", "MAINTENANCE_AUDIENCE=https://elsewhere.example"),
    (settings.secrets, "KEY=my-secret:3", "KEY=my-secret:latest"),
    (settings.secrets, "/policy/policy.toml=policy:1", "policy.toml=policy:1"),
    (settings.secrets, "KEY=my-secret:3", "KEY=a value"),
    (settings.canary, "99", "100"),
    (settings.commit, "4f2d1c9", "main"),
    (settings.commit, "4f2d1c9-dirty", "4f2d1c9-changed"),
    (settings.canary, "1", "0"),
    (settings.project_number, "123456789012", "abc"),
    (lambda text: settings.project_and_region("demo-prod", text), "europe-west1", "europe-west1-b"),
    (lambda text: settings.project_and_region(text, "us-central1"), "my-streaks-1", "my-streaks-"),
    (lambda text: settings.project_and_region(text, "us-central1"), "demo-prod", "demo prod"),
    (settings.function_named, "streak", "strek"),
]


@pytest.mark.parametrize(("read", "good", "bad"), TAKEN)
def test_a_choice_is_taken_and_its_nearest_wrong_one_is_not(read: Callable[[str], object], good: str, bad: str) -> None:
    read(good)
    with pytest.raises(WrongUse):
        read(bad)


def test_a_refused_secret_is_not_repeated() -> None:
    """What was meant as a reference may be the secret itself."""
    with pytest.raises(WrongUse) as refused:
        settings.secrets("KEY=hunter2")
    assert "KEY" in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_what_is_not_chosen_is_not_there() -> None:
    assert settings.environment("") == ()
    assert settings.secrets("") == ()
    assert settings.canary("") is None
    assert settings.fan_out("") is False


def test_the_refusal_of_a_function_names_those_there_are() -> None:
    with pytest.raises(WrongUse, match=", ".join(FUNCTIONS)):
        settings.function_named("streaks")


def test_of_what_monitoring_leaves_open_only_what_is_given_is_kept() -> None:
    channel = "projects/p/notificationChannels/1"
    assert settings.monitoring({"NOTIFICATION_CHANNELS": channel, "PLAYBOOKS_URL": ""}) == (
        ("NOTIFICATION_CHANNELS", channel),
    )
    with pytest.raises(WrongUse, match="PLAYBOOKS_URL"):
        settings.monitoring({"PLAYBOOKS_URL": "nowhere"})
