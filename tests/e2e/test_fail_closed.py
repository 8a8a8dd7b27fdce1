"""A process with a dangerous or a wrong configuration does not start, and says which variable is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.port import free_port
from tests.e2e.one_function import OneFunction
from tests.support.shipped_policy import TEXT

NOBODY = f"127.0.0.1:{free_port()}"
FIRESTORE = {"FIRESTORE_EMULATOR_HOST": NOBODY}
AUTH = {"FIREBASE_AUTH_EMULATOR_HOST": NOBODY}
DEPLOYED = {"K_SERVICE": "streak"}
# As the Firebase CLI's emulator starts a function.
CLI = {"K_SERVICE": "streak", "K_REVISION": "1", "FUNCTIONS_EMULATOR": "true"}
SCHEDULER = {
    "MAINTENANCE_SERVICE_ACCOUNT": "scheduler@demo-streak.iam.gserviceaccount.com",
    "MAINTENANCE_AUDIENCE": "https://example.com/maintenance",
}


def refusal(own: dict[str, str], *, project: str | None = "demo-streak") -> str:
    """What a process says that refuses to start."""
    with OneFunction("streak", own, project=project) as process:
        assert not process.starts(), process.output()
        assert process.status() not in {0, None}
        return process.output()


@pytest.mark.parametrize("emulators", [FIRESTORE, AUTH, FIRESTORE | AUTH])
def test_a_deployed_function_refuses_every_emulator_by_name(emulators: dict[str, str]) -> None:
    output = refusal(DEPLOYED | emulators)
    for name in emulators:
        assert f"{name}: must not be set in a deployed function" in output


@pytest.mark.parametrize("own", [{}, DEPLOYED, FIRESTORE, FIRESTORE | AUTH, DEPLOYED | SCHEDULER])
def test_without_that_contradiction_it_starts(own: dict[str, str]) -> None:
    with OneFunction("streak", own) as process:
        assert process.starts(), process.output()


def test_an_auth_emulator_is_refused_where_the_database_is_real() -> None:
    assert "FIREBASE_AUTH_EMULATOR_HOST: must not be set without FIRESTORE_EMULATOR_HOST" in refusal(AUTH)


def test_the_firebase_clis_emulator_starts_a_function_and_nothing_deployed_passes_for_it() -> None:
    with OneFunction("streak", CLI | FIRESTORE | AUTH) as process:
        assert process.starts(), process.output()
    output = refusal(CLI | FIRESTORE | AUTH | {"K_CONFIGURATION": "streak"})
    for name in ("FUNCTIONS_EMULATOR", *FIRESTORE, *AUTH):
        assert f"{name}: must not be set in a deployed function" in output


def test_a_missing_project_is_named() -> None:
    assert "GOOGLE_CLOUD_PROJECT: is not set" in refusal({}, project=None)


@pytest.mark.parametrize(
    ("own", "named"),
    [
        ({"STREAK_CORS_ORIGINS": "app.example.com"}, "STREAK_CORS_ORIGINS: origin 1 of 1 is not of a form"),
        ({**SCHEDULER, "MAINTENANCE_AUDIENCE": ""}, "MAINTENANCE_SERVICE_ACCOUNT and MAINTENANCE_AUDIENCE"),
        ({**SCHEDULER, "MAINTENANCE_SERVICE_ACCOUNT": "scheduler"}, "MAINTENANCE_SERVICE_ACCOUNT: is not"),
    ],
)
def test_a_wrong_variable_is_named(own: dict[str, str], named: str) -> None:
    assert named in refusal(own)


def test_all_that_is_wrong_is_named_at_once() -> None:
    output = refusal(DEPLOYED | FIRESTORE | {"STREAK_CORS_ORIGINS": "x"}, project=None)
    for name in ("FIRESTORE_EMULATOR_HOST", "GOOGLE_CLOUD_PROJECT", "STREAK_CORS_ORIGINS"):
        assert f"{name}: " in output


def test_a_policy_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "STREAK_POLICY_FILE: can't be read" in refusal({"STREAK_POLICY_FILE": str(tmp_path / "none.toml")})


@pytest.mark.parametrize(
    ("was", "becomes", "named"),
    [
        ("day_start_hour = 4", "day_start_hour = 13", "days.day_start_hour"),
        ("held_max = 5", "held_maximum = 5", "freezes.held_maximum"),
        ('category = "quiz"', 'category = "sport"', "activity_types.quiz_completed.category"),
        ("[freezes]", "[freezes", "not TOML"),
    ],
)
def test_a_wrong_policy_is_named_field_by_field(tmp_path: Path, was: str, becomes: str, named: str) -> None:
    file = tmp_path / "policy.toml"
    assert was in TEXT
    file.write_text(TEXT.replace(was, becomes, 1))
    output = refusal({"STREAK_POLICY_FILE": str(file)})
    assert "STREAK_POLICY_FILE: " in output
    assert named in output


def test_another_policy_is_accepted(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(TEXT.replace("day_start_hour = 4", "day_start_hour = 12", 1))
    with OneFunction("streak", {"STREAK_POLICY_FILE": str(file)}) as process:
        assert process.starts(), process.output()
