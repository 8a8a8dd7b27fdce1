"""The guide for app developers: whole, with policies and codes that are the code's own."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import tomllib
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from functions.catalogue import CATALOGUE, Invoker
from streak_core.domain.policy import PolicyError, parse_policy
from streak_core.domain.xp import base_xp_of
from testing.contract import DOCUMENT
from tests.support.guide import FOLDER, PAGES, examples
from tests.support.shipped_policy import TEXT
from tools.deploy.settings_file import read
from tools.openapi.rendering import rendered
from tools.simulate.costs import BilledDay, bill, load_prices

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT: Final = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
POLICIES: Final = tuple(sorted((FOLDER / "policies").glob("*.toml")))
# Each is tried by a test: played, compiled, or looked for in the file that it is a part of.
LANGUAGES: Final = {"sh", "json", "python", "js", "toml"}
DAILY_READS: Final = 2 + 3 + 3 * 2
DAILY_WRITES: Final = 3 + 2 + 2
DAILY_REQUESTS: Final = 6
REQUEST_SECONDS: Final = 0.1
DUE_SHARE: Final = 0.03
MONTH_DAYS: Final = 30
# Parts of a policy without names that are the same in each, or with none.
OWN_NAMES: Final = {"activity_types", "achievements", "challenges", "categories", "timeline_days"}


def by_name(page: Path) -> str:
    return page.stem


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_the_index_has_every_page_and_every_policy() -> None:
    linked = set(re.findall(r"\]\(([\w/.-]+)\)", text_of(FOLDER / "README.md")))
    pages = {page.relative_to(FOLDER).as_posix() for page in (*PAGES, *POLICIES)} - {"README.md"}
    assert pages <= linked
    assert len(pages) > 8


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_every_example_is_in_a_language_that_is_tried(page: Path) -> None:
    blocks = examples(page)
    assert {one.language for one in blocks} <= LANGUAGES
    assert text_of(page).count("```") == 2 * len(blocks)
    for one in blocks:
        if one.language == "json":
            json.loads(one.text)


def test_what_only_a_deployed_server_runs_is_python_whose_names_are_there() -> None:
    (found,) = [one for page in PAGES for one in examples(page) if one.tag == "deployed"]
    for node in ast.walk(ast.parse(found.text)):
        if isinstance(node, ast.ImportFrom):
            module = importlib.import_module(str(node.module))
            assert [one.name for one in node.names if not hasattr(module, one.name)] == []


def test_what_is_started_by_hand_is_a_target_or_a_folder_that_there_is() -> None:
    lines = [
        line for page in PAGES for one in examples(page) if one.is_by_hand for line in one.text.strip().splitlines()
    ]
    targets = re.findall(r"^([a-z-]+):", text_of(ROOT / "Makefile"), re.MULTILINE)
    for line in lines:
        if made := re.search(r"make (?:-s )?([a-z]+)", line):
            assert made[1] in targets, line
        else:
            assert (ROOT / line.removeprefix("npm install /path/to/unbroken/") / "package.json").exists(), line
    assert len(lines) >= 4


@pytest.mark.parametrize("file", POLICIES, ids=by_name)
def test_the_policies_are_policies_and_the_contract_can_be_rendered_for_them(file: Path) -> None:
    policy = parse_policy(text_of(file))
    assert set(policy.categories) == {kind.category for kind in policy.activity_types.values() if kind.category}
    assert f"const: {next(iter(policy.activity_types))}" in rendered(CONTRACT, policy)


@pytest.mark.parametrize("file", POLICIES, ids=by_name)
def test_a_number_that_a_policy_lacks_is_named_and_each_is_named_as_in_the_shipped_one(file: Path) -> None:
    own, shipped = tomllib.loads(text_of(file)), tomllib.loads(TEXT)
    assert {name: set(own[name]) for name in own if name not in OWN_NAMES} == {
        name: set(shipped[name]) for name in shipped if name not in OWN_NAMES
    }
    with pytest.raises(PolicyError, match=r"freezes\.xp_per_freeze"):
        parse_policy(re.sub(r"^xp_per_freeze.*\n", "", text_of(file), flags=re.MULTILINE))


def test_what_the_comments_of_the_policies_say_is_so() -> None:
    fitness, language = (
        parse_policy(text_of(FOLDER / "policies" / f"{name}.toml")) for name in ("fitness", "language")
    )
    assert [base_xp_of(fitness, "run_completed", {"metres": metres}).counts for metres in (999, 1000)] == [False, True]
    assert not base_xp_of(fitness, "check_in", {}).counts
    assert base_xp_of(language, "check_in", {}).counts
    lessons = [base_xp_of(language, "lesson_completed", {"level": "advanced", "score": score}) for score in (49, 50)]
    assert [(one.base_xp, one.counts) for one in lessons] == [(0, False), (30, True)]


def test_each_part_of_a_policy_that_the_guide_shows_is_in_the_policy() -> None:
    shown = [one.text for one in examples(FOLDER / "activities.md") if one.language == "toml"]
    assert len(shown) >= 3
    assert [one for one in shown if one not in text_of(FOLDER / "policies" / "fitness.toml")] == []


def test_each_variable_that_the_guide_shows_is_read() -> None:
    (shown,) = [one.text for one in examples(FOLDER / "server.md") if one.language == "toml"]
    read = text_of(ROOT / "streak_core" / "config" / "__init__.py")
    assert [name for name in tomllib.loads(shown)["environment"] if f'"{name}"' not in read] == []


def test_each_code_that_the_guide_names_is_answered_with_that_status() -> None:
    answered = {
        (str(properties["status"]["const"]), code)
        for response in DOCUMENT["components"]["responses"].values()
        for content in response.get("content", {}).values()
        if (properties := content["schema"].get("properties", {})).keys() >= {"status", "code"}
        for code in properties["code"].get("enum", [])
    }
    rows = re.findall(r"^\| (\d{3}) \| ([^|]+) \|", text_of(FOLDER / "errors.md"), re.MULTILINE)
    named = {(status, code) for status, cell in rows for code in re.findall(r"`(\w+)`", cell)}
    assert len(named) > 10
    assert named - answered == set()


def test_one_address_leads_to_every_function_of_clients_and_is_a_setting(tmp_path: Path) -> None:
    page = examples(FOLDER / "your-project.md")
    (hosting,) = [json.loads(one.text) for one in page if one.tag == "firebase.json"]
    ways = [(one.name, way) for one in CATALOGUE for way in one.segments if one.invoker is Invoker.EVERYBODY]
    assert [(one["run"]["serviceId"], one["source"]) for one in hosting["rewrites"]] == [
        (name, f"/{way}{{,/**}}") for name, way in ways
    ]
    (settings,) = [one.text for one in page if one.language == "toml"]
    (tmp_path / "production.toml").write_text(
        f'project = "my-project"\nregion = "europe-west1"\n{settings}', encoding="utf-8"
    )
    assert read(tmp_path / "production.toml")["ADDRESS"] == "https://my-project.web.app"


def cost_row(users: int) -> str:
    """A row of the table of costs, in whole dollars."""
    prices = load_prices()
    reads, writes = round(users * (DAILY_READS + DUE_SHARE)), round(users * (DAILY_WRITES + 2 * DUE_SHARE))
    requests = users * DAILY_REQUESTS
    billed = BilledDay(
        reads=reads,
        writes=writes,
        instance_seconds=requests * REQUEST_SECONDS,
        memory_gib=0.5,
        requests=requests,
        task_operations=0,
    )
    regional, multi = (bill(billed, prices, location) for location in ("regional", "multi_region"))
    dollars = (regional.reads + regional.writes, regional.compute, regional.total, multi.total)
    cells = [f"{users:,}", f"{reads:,}", f"{writes:,}", *(f"${each * MONTH_DAYS:,.0f}" for each in dollars)]
    return f"| {' | '.join(cells)} |"


def test_the_page_of_costs_is_what_the_prices_come_to() -> None:
    page = text_of(FOLDER / "costs.md")
    for users in (10_000, 1_000_000):
        assert f"\n{cost_row(users)}\n" in page, f"docs/apps/costs.md must say:\n{cost_row(users)}"
    assert f"List prices of {load_prices().date}" in page
    assert f"{DAILY_REQUESTS} requests, {DAILY_READS} reads, {DAILY_WRITES} writes" in page
