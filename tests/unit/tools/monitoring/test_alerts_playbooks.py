"""Each alert has its playbook and each playbook its alert; what a playbook names, there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emulator.places import ROOT
from streak_core.telemetry.catalogue import LogEvent
from tools.deploy.settings import Settings
from tools.deploy.steps import steps
from tools.monitoring.checks.__main__ import main
from tools.monitoring.checks.alerts import ALERTS, PLAYBOOKS, SECTIONS, playbook_problems

COMPLETE = "# x\n\n" + "\n\n".join(f"{section}\n\ntext" for section in SECTIONS) + "\n"
PAGES = {path.name: path.read_text() for path in (*PLAYBOOKS.glob("*.md"), *ALERTS.glob("*.yaml"))}


@pytest.fixture
def alerts(tmp_path: Path) -> Path:
    """A folder with one alert."""
    folder = tmp_path / "alerts"
    folder.mkdir()
    (folder / "one.yaml").write_text("x: 1")
    return folder


@pytest.fixture
def playbooks(tmp_path: Path) -> Path:
    """A folder with its playbook."""
    folder = tmp_path / "playbooks"
    folder.mkdir()
    (folder / "one.md").write_text(COMPLETE)
    return folder


def test_the_shipped_files_have_no_problem_and_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert playbook_problems() == []
    assert main() == 0
    assert capsys.readouterr().out == "alerts, playbooks and dashboard are as they should be\n"


def test_an_alert_and_its_playbook_belong_together(alerts: Path, playbooks: Path) -> None:
    assert playbook_problems(alerts, playbooks) == []
    (alerts / "two.yaml").write_text("x: 1")
    assert playbook_problems(alerts, playbooks) == ["two.yaml: has no playbook two.md"]
    (playbooks / "two.md").write_text(COMPLETE)
    (playbooks / "three.md").write_text(COMPLETE)
    assert playbook_problems(alerts, playbooks) == ["three.md: is the playbook of no alert"]


@pytest.mark.parametrize("section", SECTIONS)
def test_a_playbook_leaves_no_question_open(alerts: Path, playbooks: Path, section: str) -> None:
    page = playbooks / "one.md"
    page.write_text(COMPLETE.replace(f"{section}\n\ntext", section))
    assert playbook_problems(alerts, playbooks) == [f"one.md: says nothing under {section}"]
    page.write_text(COMPLETE.replace(f"{section}\n\ntext", ""))
    assert "must have the sections" in playbook_problems(alerts, playbooks)[0]


def named(pattern: str) -> set[tuple[str, str]]:
    """Where a page names something, and what."""
    return {(page, found) for page, text in PAGES.items() for found in re.findall(pattern, text)}


def test_the_events_that_are_asked_for_are_logged() -> None:
    groups = named(r'jsonPayload\.event=("\w+"|\([^)]*\))')
    events = {(page, event) for page, group in groups for event in re.findall(r'"(\w+)"', group)}
    assert {event for _, event in events} <= {event.value for event in LogEvent}
    assert len(events) > len(PAGES) // 2


def test_links_lead_somewhere() -> None:
    for page, target in named(r"\]\(([\w./-]+?)(?:#[\w-]+)?\)"):
        assert (PLAYBOOKS / target).resolve().is_file(), (page, target)


def test_make_targets_and_deployment_steps_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {target for _, target in named(r"(?m)(?:`|^)(?:[A-Z_]+=\S+ )*make ([a-z-]+)")} <= targets
    asked = {step for _, said in named(r'STEP=("[a-z ]+"|[a-z]+)') for step in said.strip('"').split()}
    indexes = (ROOT / "firestore.indexes.json").read_text()
    known = steps(Settings(project="demo-streak", region="europe-west1"), indexes=indexes, python="python")
    assert {"accounts", "indexes"} <= asked <= {step.name for step in known}


@pytest.mark.parametrize("name", ["api_error_budget_fast_burn", "api_error_budget_slow_burn"])
def test_an_alert_on_the_error_budget_names_the_amnesty_that_follows_an_outage(name: str) -> None:
    assert "POST /admin/amnesties" in (ALERTS / f"{name}.yaml").read_text(encoding="utf-8")
    playbook = (PLAYBOOKS / f"{name}.md").read_text(encoding="utf-8")
    assert '"After an outage" in [operations](../operations.md' in playbook
    operations = (PLAYBOOKS.parent / "operations.md").read_text(encoding="utf-8")
    assert "**After an outage.**" in operations
    assert 'curl -X POST "$API/admin/amnesties"' in operations
