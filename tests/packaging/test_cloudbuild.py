"""cloudbuild.yaml: what its published schema says, and what a schema can't say."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest
import yaml

from emulator.places import ROOT
from tests.packaging.gcloud_commands import PLAIN, documented, plan
from tools.deploy.__main__ import COMMANDS, WRONG_USE, main
from tools.deploy.accounts import grants
from tools.deploy.settings import DEPLOY_ACCOUNT, Settings
from tools.deploy.settings_file import DEFAULT
from tools.deploy.steps import OWNERS_STEPS

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = ROOT / "cloudbuild.yaml"
TEXT: Final = FILE.read_text(encoding="utf-8")
BUILD: Final[dict[str, Any]] = yaml.safe_load(TEXT)
STEPS: Final[list[dict[str, Any]]] = BUILD["steps"]
MAKEFILE: Final = (ROOT / "Makefile").read_text(encoding="utf-8")
# What Cloud Build itself puts in.
BUILT_IN: Final = {"PROJECT_ID", "COMMIT_SHA"}
# What is chosen for one build; all else is in the settings file, and rules of others are merged by a person.
CHOSEN: Final = {"_IMAGE", "_SETTINGS", "_CANARY", "_YES", "_JUDGES"}
IMAGE: Final = re.compile(r"[a-z0-9./-]+(:\d+\.\d+\.\d+|@sha256:[0-9a-f]{64})")


def seconds(text: str) -> int:
    assert re.fullmatch(r"[0-9]+s", text)
    return int(text.removesuffix("s"))


def substituted(content: object) -> set[str]:
    """The substitutions that the values use; the comments of the file are not looked at."""
    if isinstance(content, dict):
        return set().union(*map(substituted, content.values()))
    if isinstance(content, list):
        return set().union(*map(substituted, content))
    plain = str(content).replace("$$", "")
    return {name or bare for name, bare in re.findall(r"\$(?:\{(\w+)\}|(\w+))", plain)}


def by_make() -> list[dict[str, Any]]:
    return [one for one in STEPS if one["entrypoint"] == "make"]


@pytest.mark.parametrize(("text", "fits"), [(TEXT, True), (TEXT.replace("entrypoint:", "entry_point:"), False)])
def test_it_is_what_the_published_schema_allows(tmp_path: Any, text: str, *, fits: bool) -> None:
    file = tmp_path / "cloudbuild.yaml"
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.cloudbuild", str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) is fits, done.stdout


def test_every_substitution_that_is_used_is_declared_and_the_other_way_round() -> None:
    used = substituted({name: value for name, value in BUILD.items() if name != "substitutions"})
    assert used - BUILT_IN == set(BUILD["substitutions"])
    assert all(re.fullmatch(r"_[A-Z_]+", name) for name in BUILD["substitutions"])
    assert all(isinstance(value, str) for value in BUILD["substitutions"].values())


def test_a_dollar_that_is_no_substitution_is_escaped() -> None:
    for value in re.findall(r"\$+[^$]?", re.sub(r"\$\{?_?[A-Z][A-Z_]*\}?", "", re.sub(r"#.*", "", TEXT))):
        assert value.startswith("$$")


def test_the_steps_wait_for_each_other_in_the_order_of_a_deployment() -> None:
    ids = [one["id"] for one in STEPS]
    of_deployment = [one.name for one in plan(PLAIN) if one.name not in OWNERS_STEPS]
    assert ids == ["tools", "plan", "test", "judges", "bundle", *of_deployment]
    assert [one.get("waitFor") for one in STEPS] == [None, *([before] for before in ids[:-1])]


def test_each_step_calls_a_target_of_the_makefile_with_variables_that_it_takes() -> None:
    targets = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
    for step in by_make():
        target, *variables = step["args"]
        assert target in targets
        commands = re.findall(r"tools\.deploy (\w+) \$\(given\)", _recipe(target))
        known = {name for command in commands for name in COMMANDS[command][1]}
        assert {one.partition("=")[0] for one in variables} <= known
    assert "make java" in STEPS[0]["args"][1]
    assert "java" in targets


def _recipe(target: str) -> str:
    match = re.search(rf"^{target}:.*\n((?:\t.*\n)*)", MAKEFILE, re.MULTILINE)
    assert match is not None
    return match[1]


@pytest.mark.parametrize(("chosen", "called"), [("1", ["judges"]), ("", [])])
def test_the_judges_are_called_unless_they_are_left_out(tmp_path: Path, chosen: str, called: list[str]) -> None:
    (tmp_path / "make").write_text('#!/bin/sh\necho "$@"\n', encoding="utf-8")
    (tmp_path / "make").chmod(0o755)
    step = next(one for one in STEPS if one["id"] == "judges")
    words = [step["entrypoint"], *(one.replace("${_JUDGES}", chosen) for one in step["args"])]
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(words, env={"PATH": path}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == called


def test_each_step_of_a_deployment_is_called_by_its_name() -> None:
    for step in by_make():
        if step["id"] == "plan":
            assert {"DRY_RUN=1", "FROM=indexes"} <= set(step["args"])
        elif step["args"][0] == "deploy":
            assert step["args"][1] == f"STEP={step['id']}"
        else:
            assert step["args"][0] == step["id"]


def test_what_a_build_chooses_is_a_substitution_and_all_else_is_remembered() -> None:
    assert set(BUILD["substitutions"]) == CHOSEN
    assert BUILD["substitutions"]["_SETTINGS"] == DEFAULT
    assert all("SETTINGS=${_SETTINGS}" in step["args"] for step in by_make() if step["args"][0] in {"deploy", "smoke"})


def test_what_is_deployed_with_is_judged_before_anything_is() -> None:
    plan_step, *later = by_make()
    given = {one for step in later if step["args"][0] == "deploy" for one in step["args"][2:]}
    assert given <= set(plan_step["args"])
    assert STEPS[1] is plan_step
    values = {**BUILD["substitutions"], "_SETTINGS": "deploy/example.toml"}
    words = [re.sub(r"\$\{(_\w+)\}", lambda one: values[one[1]], one) for one in plan_step["args"][1:]]

    def planned_in(project: str) -> int:
        return main(["all", *(one.replace("$PROJECT_ID", project).replace("$COMMIT_SHA", "") for one in words)], {})

    assert planned_in("my-streaks") == 0, "a build with its defaults is whole"
    assert planned_in("my-other-project") == WRONG_USE, "the file is another project's"


def test_every_step_runs_in_the_one_image_which_is_of_a_version_or_a_digest() -> None:
    assert {step["name"] for step in STEPS} == {"${_IMAGE}"}
    assert IMAGE.fullmatch(BUILD["substitutions"]["_IMAGE"])


def test_the_page_tells_how_to_ask_for_the_digest_of_that_very_image() -> None:
    asked = next(words[4] for words in documented() if words[:4] == ("gcloud", "container", "images", "describe"))
    assert IMAGE.fullmatch(asked)
    named = BUILD["substitutions"]["_IMAGE"]
    assert "@" in named or named == asked


@pytest.mark.parametrize(
    ("image", "fits"),
    [
        (f"gcr.io/a/b@sha256:{'0' * 64}", True),
        ("gcr.io/a/b:528.0.0", True),
        ("gcr.io/a/b:latest", False),
        ("gcr.io/a/b", False),
        ("gcr.io/a/b@sha256:0", False),
    ],
)
def test_a_tag_that_moves_is_no_version(image: str, *, fits: bool) -> None:
    assert bool(IMAGE.fullmatch(image)) is fits


def test_no_step_may_take_longer_than_the_build() -> None:
    assert all(seconds(one["timeout"]) < seconds(BUILD["timeout"]) for one in STEPS)
    assert seconds(BUILD["timeout"]) <= 24 * 3600


def test_it_runs_as_the_account_that_was_given_the_roles_for_it() -> None:
    account = BUILD["serviceAccount"].rpartition("/")[2].partition("@")[0]
    assert account == DEPLOY_ACCOUNT
    roles = {one.role for one in grants(Settings(project="demo-prod", region="europe-west1")) if one.account == account}
    assert "roles/logging.logWriter" in roles, "with an account of one's own the log goes to Cloud Logging"
    assert BUILD["options"]["logging"] == "CLOUD_LOGGING_ONLY"
