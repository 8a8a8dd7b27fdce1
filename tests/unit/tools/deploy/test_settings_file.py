"""The file of settings: what it may say, each problem by its name, and that nothing else is said beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emulator.places import ROOT
from tools.deploy import settings
from tools.deploy.__main__ import COMMANDS
from tools.deploy.errors import WrongUse
from tools.deploy.settings_file import OPTIONS, SettingsFile, read, remembered, written

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLE = ROOT / "deploy" / "example.toml"
WHERE = 'project = "my-streaks"\nregion = "europe-west1"\n'
KNOWN = COMMANDS["all"][1]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "production.toml"


def test_the_example_shows_every_setting_and_is_one_that_can_be_deployed() -> None:
    shown = read(EXAMPLE)
    left_out = {"FANOUT", "REMINDER_FANOUT", "TICKET_CHANNELS"}
    assert set(shown) | left_out == set(OPTIONS.values())
    chosen = settings.read(shown)
    assert (chosen.project, chosen.prefix, chosen.collection_prefix) == ("my-streaks", "unbroken-", "unbroken_")
    assert dict(chosen.environment)["STREAK_POLICY_FILE"] == "/policy/policy.toml"
    assert [(one.target, one.name, one.version) for one in chosen.secrets] == [
        ("/policy/policy.toml", "streak-policy", "3"),
        ("/webhooks/webhooks.toml", "streak-webhooks", "1"),
    ]


def test_every_setting_is_one_of_a_deployment() -> None:
    assert set(OPTIONS.values()) <= set(KNOWN)
    assert set(OPTIONS) == set(SettingsFile.model_fields)


def test_what_is_written_reads_as_it_was(file: Path) -> None:
    kept = read(EXAMPLE)
    file.write_text(written(kept, ["A word before."]), encoding="utf-8")
    assert read(file) == kept
    assert file.read_text(encoding="utf-8").startswith("# A word before.\nproject = ")


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('regoin = "x"', "regoin: is no setting; is region meant?"),
        ("schedule = 5", "schedule: must be text in quotes"),
        ('cors_origins = "https://app.example.com"', 'cors_origins: must be a list, as in ["one", "two"]'),
        ('cors_origins = ["https://a.example,https://b.example"]', "cors_origins.0: may not contain ','"),
        ("environment = { STREAK_SLOW_MS = 200 }", "environment.STREAK_SLOW_MS: must be text in quotes"),
        ('environment = { STREAK_TENANT = "a;B=c" }', "environment.STREAK_TENANT: may not contain ';'"),
        ('secrets = { KEY = "" }', "secrets.KEY: "),
        ('prefix = ""', "prefix: "),
    ],
)
def test_a_problem_is_told_by_its_name_with_all_others(file: Path, line: str, told: str) -> None:
    file.write_text(f'project = "my-streaks"\n{line}\n', encoding="utf-8")
    with pytest.raises(WrongUse) as refused:
        read(file)
    lines = str(refused.value).splitlines()
    assert lines[0] == f"{file} is wrong:"
    assert '  region: is missing; say it, as in region = "…"' in lines
    assert any(one.startswith(f"  {told}") for one in lines)


def test_a_file_that_is_none_is_told_with_how_to_begin_one(file: Path) -> None:
    with pytest.raises(WrongUse, match=r"can't be read: .*copy deploy/example\.toml"):
        read(file)
    file.write_text("project = my-streaks", encoding="utf-8")
    with pytest.raises(WrongUse, match="is no TOML"):
        read(file)


def test_what_is_said_beside_the_file_must_be_what_the_file_says(file: Path) -> None:
    file.write_text(WHERE, encoding="utf-8")
    same = {"PROJECT": "my-streaks", "CANARY": "10", "SCHEDULE": ""}
    assert remembered(same, file, KNOWN) == {**same, "REGION": "europe-west1"}
    for name, text in (("PROJECT", "another"), ("SCHEDULE", "0 4 * * *")):
        with pytest.raises(WrongUse, match=f"{name}={text.replace('*', '.')} was given, and .* says "):
            remembered({name: text}, file, KNOWN)


def test_a_command_is_told_what_it_takes_and_no_more(file: Path) -> None:
    file.write_text(f'{WHERE}fanout = "cloud-tasks"\n', encoding="utf-8")
    assert remembered({}, file, COMMANDS["rollback"][1]) == {"PROJECT": "my-streaks", "REGION": "europe-west1"}
