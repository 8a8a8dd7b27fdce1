"""An emulator is used as the environment says; production only when its project is typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from streak_core.config import shipped_policy
from tests.support.shipped_policy import TEXT
from tools.streakctl.database import LOCAL_PROJECT, WrongUseError, find_target

EMULATOR = {"FIRESTORE_EMULATOR_HOST": "127.0.0.1:8081"}


def test_with_an_emulator_nothing_has_to_be_typed() -> None:
    target = find_target(EMULATOR, None, None, None)
    assert (target.project, target.database, target.emulator) == (LOCAL_PROJECT, "(default)", "127.0.0.1:8081")
    assert target.first_policy.policy == shipped_policy()
    assert find_target(EMULATOR | {"GOOGLE_CLOUD_PROJECT": "mine"}, None, None, None).project == "mine"
    assert find_target(EMULATOR | {"GOOGLE_CLOUD_PROJECT": "mine"}, "typed", None, None).project == "typed"


@pytest.mark.parametrize("environ", [{}, {"GOOGLE_CLOUD_PROJECT": "prod"}, {"FIRESTORE_EMULATOR_HOST": ""}])
def test_production_needs_its_project_typed_whatever_the_environment_says(environ: dict[str, str]) -> None:
    with pytest.raises(WrongUseError, match="--project PROJECT"):
        find_target(environ, None, None, None)
    target = find_target(environ, "prod", None, None)
    assert (target.project, target.emulator) == ("prod", None)


def test_the_database_is_that_of_the_option_before_that_of_the_environment() -> None:
    environ = EMULATOR | {"FIRESTORE_DATABASE": "one"}
    assert find_target(environ, None, None, None).database == "one"
    assert find_target(environ, None, "other", None).database == "other"


def test_the_policy_is_that_of_the_option_before_that_of_the_environment(tmp_path: Path) -> None:
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text(TEXT.replace("held_max = 5", "held_max = 4"))
    other.write_text(TEXT.replace("held_max = 5", "held_max = 3"))
    environ = EMULATOR | {"STREAK_POLICY_FILE": str(one)}
    assert find_target(environ, None, None, None).first_policy.policy.freezes.held_max == 4
    assert find_target(environ, None, None, other).first_policy.policy.freezes.held_max == 3


def test_a_policy_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUseError, match="STREAK_POLICY_FILE"):
        find_target(EMULATOR, None, None, tmp_path / "missing.toml")


def test_a_place_says_whether_it_is_production() -> None:
    assert str(find_target({}, "p", None, None)) == "database (default) of project p, Google Cloud"
    assert "emulator at 127.0.0.1:8081" in str(find_target(EMULATOR, None, None, None))
