"""The benchmarks run, and keep what they promise to keep. How fast anything is, no test asks."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from emulator.child import tethered
from emulator.places import ROOT
from tools.bench.__main__ import FIGURES, KEPT, PAGE
from tools.bench.report import page

if TYPE_CHECKING:
    from emulator.firestore import FirestoreEmulator

# Those that start no server: together they take a few seconds.
QUICK = ("first_design", "limit", "operations", "recording", "reading", "sharing")


@pytest.fixture(scope="module")
def kept(emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a quick run of some figures keeps."""
    assert emulator.host
    path = tmp_path_factory.mktemp("bench") / "figures.json"
    command = tethered([sys.executable, "-m", "tools.bench", *QUICK, "--quick", "--json", str(path)])
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Against the first design" in done.stdout, done.stdout
    found: dict[str, Any] = json.loads(path.read_text())
    return found


def test_a_run_keeps_each_figure_with_its_absolute_values_and_says_where_it_was_made(kept: dict[str, Any]) -> None:
    assert [figure["name"] for figure in kept["figures"]] == list(QUICK)
    assert all(figure["is_quick"] for figure in kept["figures"])
    assert set(kept["machine"]) == {"cores", "system", "python", "firestore_emulator", "libraries"}
    for figure in kept["figures"]:
        assert figure["findings"]
        for finding in figure["findings"]:
            assert finding["value"] >= 0
            assert (finding["goal"] is None) == (finding["is_met"] is None)
            assert all(side["values"] and side["label"] for side in finding["sides"])


def test_what_is_counted_holds_at_any_size(kept: dict[str, Any]) -> None:
    values = {finding["name"]: finding["value"] for figure in kept["figures"] for finding in figure["findings"]}
    assert values["reads of users who are not due"] == 0
    assert values["writes of a night in which nobody is due"] == 2
    assert next(value for name, value in values.items() if name.startswith("failures")) == 0


def test_the_page_holds_every_figure_and_its_goal(kept: dict[str, Any]) -> None:
    text = page(kept)
    assert text == page(json.loads(json.dumps(kept)))
    for figure in kept["figures"]:
        assert f"## {figure['title']}\n" in text
        for finding in figure["findings"]:
            # Once in its own table, and once more among the goals where it has one.
            assert text.count(f"| {finding['name']} |") == (2 if finding["goal"] else 1)


def test_the_page_in_docs_is_that_of_the_figures_beside_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(json.loads(KEPT.read_text(encoding="utf-8"))), "run: make bench"


def test_a_quick_run_leaves_the_page_of_the_project_alone(kept: dict[str, Any]) -> None:
    assert kept["figures"]
    assert not any(figure["is_quick"] for figure in json.loads(KEPT.read_text())["figures"])


def test_a_figure_that_does_not_exist_is_wrong_use() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench", "speed"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert all(name in done.stderr for name in FIGURES)
