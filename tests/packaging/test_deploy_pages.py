"""The pages say what the code does: the list of functions, the steps, the fields of a report, commands to type."""

from __future__ import annotations

import re
import shlex
import subprocess
from dataclasses import fields
from datetime import UTC, datetime
from typing import Final

import flask
import pytest

from emulator.places import ROOT
from functions.catalogue import CATALOGUE, FUNCTIONS, SEGMENTS, DeployedFunction
from streak_core.maintenance.report import report_of
from streak_core.store.run_documents import Counts
from streak_core.store.run_report import report_content
from testing.contract import DOCUMENT
from tests.packaging import gcloud_grammar
from tests.packaging.gcloud_commands import PLAIN, documented, lines_of, pages, plan
from tests.support.wanted import needs
from tools.check_config.variables import VARIABLES
from tools.deploy.__main__ import CHOICES, COMMANDS, WHERE
from tools.deploy.action import said
from tools.deploy.settings_file import OPTIONS

OPERATIONS: Final = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
MAKEFILE: Final = (ROOT / "Makefile").read_text(encoding="utf-8")
DECISION: Final = ROOT / "docs" / "decisions" / "0019-deployment.md"
OURS: Final = [ROOT / "docs" / "operations.md", ROOT / "docs" / "rollback.md", DECISION]


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the table with this heading."""
    lines = page.partition(f"{heading}\n")[2].splitlines()[1:]
    table = lines[: next((place for place, line in enumerate(lines) if not line.startswith("|")), len(lines))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def function_row(one: DeployedFunction) -> str:
    cells = (
        f"`{one.name}`",
        one.invoker,
        f"`{one.service_account}`",
        one.access,
        f"{one.memory_mib} MiB",
        one.cpu,
        one.concurrency,
        f"{one.timeout_seconds} s",
        f"{one.instances_min} to {one.instances_max}",
        one.ingress,
    )
    return f"| {' | '.join(map(str, cells))} |"


def test_the_page_shows_every_function_as_it_is_deployed() -> None:
    expected = "\n".join(map(function_row, CATALOGUE))
    assert expected in OPERATIONS, f"docs/operations.md must say:\n{expected}"
    assert len(rows(OPERATIONS, OPERATIONS[OPERATIONS.index("| function") :].partition("\n")[0])) == len(CATALOGUE)


def test_the_page_shows_every_step_in_its_order() -> None:
    expected = "\n".join(f"| `{one.name}` | {one.why} |" for one in plan(PLAIN))
    assert f"| step | why |\n|---|---|\n{expected}\n\n" in OPERATIONS, f"docs/operations.md must say:\n{expected}"


def test_the_page_explains_exactly_the_fields_of_a_report() -> None:
    told = [name for row in rows(OPERATIONS, "| field | meaning |") for name in re.findall(r"`(\w+)`", row[0])]
    moment = datetime(2026, 3, 2, 4, 10, tzinfo=UTC)
    reported = report_content(report_of("2026-03-02T04:10:00Z", Counts(), moment, 1.0))
    assert told == list(reported)
    assert told == DOCUMENT["components"]["schemas"]["MaintenanceReport"]["required"]
    assert {one.name for one in fields(Counts)} - {"oldest_deadline"} <= set(told)
    for status in DOCUMENT["components"]["schemas"]["MaintenanceReport"]["properties"]["status"]["enum"]:
        assert f"`{status}`" in OPERATIONS


def test_the_page_names_every_variable_of_a_deployment() -> None:
    cells = [row[:2] for row in rows(OPERATIONS, "| variable | in the file | meaning |")]
    told = [name for cell, _ in cells for name in re.findall(r"`([A-Z_]+)(?:=[^`]*)?`", cell)]
    assert sorted(told) == sorted({*CHOICES, *WHERE} - {"SETTINGS"})
    in_the_file = {name for _, cell in cells for name in re.findall(r"`\[?([a-z_]+)\]?`", cell)}
    assert in_the_file | {"notification_channels", "ticket_channels"} == set(OPTIONS)


def test_the_page_names_every_setting_of_the_functions() -> None:
    told = "".join(
        row[0] for row in rows(OPERATIONS.partition("### Settings of the functions")[2], "| variable | meaning |")
    )
    settings = [one.name for one in VARIABLES if not one.name.startswith("K_") and "EMULATOR" not in one.name]
    missing = [name for name in settings if f"`{name}" not in told]
    assert missing == ["GOOGLE_APPLICATION_CREDENTIALS", "STREAK_COMMIT"], "which a login and a deployment set"


def test_one_list_of_functions_drives_everything() -> None:
    with flask.Flask("as the framework does").app_context():
        import main
    assert set(dir(main)) == set(FUNCTIONS)
    modules = {path.stem for path in (ROOT / "functions").glob("*.py")} - {"__init__", "catalogue"}
    assert modules == set(FUNCTIONS)
    assert {path.split("/")[1] for path in DOCUMENT["paths"]} == set(SEGMENTS)


def test_the_table_of_the_readme_has_routes_of_every_function() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    routes = "".join(row[0] for row in rows(readme, "| route | what it does |"))
    assert set(re.findall(r"`[A-Z]+ /(\w+)", routes)) == set(SEGMENTS)


@pytest.mark.parametrize("file", ["main.py", "cloudbuild.yaml"])
def test_what_goes_through_all_functions_names_none_of_them(file: str) -> None:
    text = _without_comments(file)
    assert [name for name in FUNCTIONS if re.search(rf"\b{name}\b", text)] == []


def _without_comments(name: str) -> str:
    return re.sub(r"#.*", "", (ROOT / name).read_text(encoding="utf-8"))


def test_a_function_has_a_name_and_an_account_of_its_own() -> None:
    assert len(set(FUNCTIONS)) == len(CATALOGUE)
    assert len({one.service_account for one in CATALOGUE}) == len(CATALOGUE)
    assert all(re.fullmatch(r"[a-z]{1,49}", name) for name in FUNCTIONS), "as Cloud Run names services"


def test_gcloud_takes_every_command_of_the_pages() -> None:
    assert documented()
    assert [trouble for words in documented() if (trouble := gcloud_grammar.trouble_with(words))] == []


@needs("gcloud")
def test_the_installed_gcloud_takes_every_command_of_the_pages() -> None:
    judged = gcloud_grammar.judged_by_gcloud(sorted({said(one) for one in documented()}))
    assert [one["error_message"] for one in judged if not one["success"]] == []


def make_lines() -> list[list[str]]:
    found = [line for page in pages() for line in lines_of(page) if line.startswith("make ")]
    return [shlex.split(line, comments=True) for line in found]


def test_every_make_of_the_pages_is_one_that_the_makefile_takes() -> None:
    assert make_lines()
    for _, target, *variables in make_lines():
        recipe = re.search(rf"^{target}:.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
        assert recipe is not None, target
        commands = re.findall(r"tools\.deploy (\w+) \$\(given\)", recipe[1])
        taken = {*re.findall(r"call option,([A-Z_]+),", recipe[1])}.union(*(COMMANDS[one][1] for one in commands))
        assert {one.partition("=")[0] for one in variables} <= taken


def test_every_make_deploy_of_the_pages_can_be_planned() -> None:
    told = {tuple(line) for line in make_lines() if line[1] == "deploy"}
    for words in sorted(told):
        given = ["SETTINGS=", "PROJECT=demo-prod", "REGION=europe-west1", "DRY_RUN=1"]
        done = subprocess.run([*words, *given], cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (words, done.stderr)
        assert subprocess.run(["sh", "-n"], input=done.stdout, text=True, check=False).returncode == 0


def test_the_widgets_that_a_canary_is_watched_on_are_there() -> None:
    dashboard = (ROOT / "monitoring" / "streak_maintenance_dashboard.json").read_text(encoding="utf-8")
    page = (ROOT / "docs" / "rollback.md").read_text(encoding="utf-8")
    watched = re.findall(r"\*([A-Z][^*]+)\*", page.partition("Watch on the dashboard")[2].partition("\n\n")[0])
    assert len(watched) == 4
    assert [title for title in watched if f'"{title}"' not in dashboard] == []
    named = re.search(r"The dashboard is called \*(.+?)\*\.", OPERATIONS)
    assert named is not None
    assert f'"displayName": "{named[1]}"' in dashboard
