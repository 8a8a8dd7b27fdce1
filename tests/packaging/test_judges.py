"""The generators and linters that apps use are content with the contract, and are not with what they stumbled over."""

from __future__ import annotations

import copy
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from emulator.places import ROOT
from testing.contract import DOCUMENT
from tests.support.wanted import needs
from tools.openapi.judges.judging import CONTRACT, JUDGES, generated, redocly
from tools.openapi.judges.toolbox import Toolbox, ToolMissingError, pins, toolbox

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tools.openapi.judges.judging import Judge

pytestmark = needs("judges")


@pytest.fixture(scope="module")
def tools() -> Toolbox:
    """The tools, or nothing is judged where npm or PyPI can't be reached."""
    try:
        return toolbox()
    except ToolMissingError:
        pytest.skip("needs judges")


@pytest.fixture
def at(tools: Toolbox) -> Iterator[Path]:
    """A folder beside the packages, where a compiler looks for them."""
    with tempfile.TemporaryDirectory(prefix="test-", dir=tools.folder) as folder:
        yield Path(folder)


@pytest.mark.parametrize("name", JUDGES)
def test_the_judge_is_content(name: str, tools: Toolbox, at: Path) -> None:
    shutil.copy(ROOT / CONTRACT, at)
    assert JUDGES[name](tools, at) == []


def quiz_with_siblings(document: Any) -> None:
    """As the contract was: fields beside `oneOf`, which most generators leave out."""
    body = document["components"]["schemas"]["ActivityBody"]
    kinds = [document["components"]["schemas"][one["$ref"].rpartition("/")[2]] for one in body["oneOf"]]
    common = {name: kinds[0]["properties"][name] for name in ("occurred_at", "time_zone", "activity_id")}
    for kind in kinds:
        kind["properties"] = {name: one for name, one in kind["properties"].items() if name not in common}
        del kind["additionalProperties"]
    body["properties"] = common


def by_redocly(tools: Toolbox, at: Path) -> list[str]:
    """Without the other linter: one of two says it."""
    return [
        text
        for rule, _, text in redocly(tools, at)
        if rule not in {one.partition(" ")[0] for one in pins()["explained"]}
    ]


def by_kotlin(tools: Toolbox, at: Path) -> list[str]:
    return generated(tools, at, "kotlin")


@pytest.mark.parametrize("judge", [by_kotlin, by_redocly])
def test_a_contract_as_it_was_is_found_out(judge: Judge, tools: Toolbox, at: Path) -> None:
    document = copy.deepcopy(DOCUMENT)
    quiz_with_siblings(document)
    (at / CONTRACT).write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    assert judge(tools, at) != []
