"""The npm package `unbroken-components`: typed, small, right on Node, and packed with what belongs in it alone."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT
from streak_core import __version__
from tests.support.wanted import needs
from tests.web.running import COMPONENTS, run

if TYPE_CHECKING:
    from pathlib import Path


SIZE_MAX: Final = 12 * 1024
PACKAGE: Final = json.loads((COMPONENTS / "package.json").read_text(encoding="utf-8"))
UNIT_TESTS: Final = sorted(path.name for path in (COMPONENTS / "test").glob("*.test.js"))
UNSAFE: Final = ("innerHTML", "outerHTML", "insertAdjacentHTML", "eval(", "new Function", 'h("style"', ".style.")
PACKED: Final = {
    "LICENSE",
    "README.md",
    "package.json",
    "src/achievements-view.js",
    "src/achievements.js",
    "src/badge-view.js",
    "src/badge.js",
    "src/calendar-view.js",
    "src/calendar.js",
    "src/challenges-view.js",
    "src/challenges.js",
    "src/choosing.js",
    "src/day-view.js",
    "src/days.js",
    "src/de.d.ts",
    "src/de.js",
    "src/element.js",
    "src/friends-view.js",
    "src/friends.js",
    "src/goal-bar.js",
    "src/goal-styles.js",
    "src/goal-texts.js",
    "src/goals.d.ts",
    "src/goals.js",
    "src/history-view.js",
    "src/history.js",
    "src/inbox-view.js",
    "src/inbox.js",
    "src/index.d.ts",
    "src/index.js",
    "src/insights-view.js",
    "src/insights.js",
    "src/leaderboard-view.js",
    "src/leaderboard.js",
    "src/loaded-element.js",
    "src/loading-view.js",
    "src/loading.js",
    "src/nodes.js",
    "src/notice-element.js",
    "src/notice-styles.js",
    "src/notice-texts.js",
    "src/notices.d.ts",
    "src/notices.js",
    "src/offers-view.js",
    "src/offers.js",
    "src/once.js",
    "src/others-styles.js",
    "src/others-texts.js",
    "src/others.d.ts",
    "src/others.js",
    "src/outcome-view.js",
    "src/patch.js",
    "src/pictures.js",
    "src/preferences-view.js",
    "src/preferences.js",
    "src/styles.js",
    "src/taking.js",
    "src/taps.js",
    "src/texts.js",
    "src/week-view.js",
    "src/week.js",
    "src/words.js",
}


def test_it_depends_on_the_client_alone_and_has_the_projects_version_and_license() -> None:
    assert not {"dependencies", "optionalDependencies", "bundleDependencies"} & set(PACKAGE)
    assert PACKAGE["peerDependencies"] == {"unbroken-client": __version__}
    assert PACKAGE["version"] == __version__
    assert (COMPONENTS / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_modules_are_small_and_say_what_they_are_for_and_what_they_must_not_know() -> None:
    for path in (COMPONENTS / "src").glob("*.js"):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 300, path
        assert lines[0].startswith("// "), path
        assert "must not know" in lines[0].lower(), path


def test_nothing_is_ever_read_as_html_and_no_page_needs_a_laxer_policy_for_styles_or_scripts() -> None:
    for path in (COMPONENTS / "src").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        for forbidden in UNSAFE:
            assert forbidden not in text, f"{path}: {forbidden}"


@needs("the client's tools")
def test_the_sources_are_what_their_types_say() -> None:
    run("tsc", "--project", ".", cwd=COMPONENTS)


@needs("the client's tools")
@pytest.mark.parametrize("entry", ["index", "notices", "goals", "others"])
def test_in_a_page_the_elements_of_an_entry_take_less_than_12_kib(entry: str, tmp_path: Path) -> None:
    made = tmp_path / "bundle.js"
    options = ("--bundle", "--minify", "--format=esm", "--target=es2022")
    run("esbuild", f"src/{entry}.js", *options, f"--outfile={made}", cwd=COMPONENTS)
    assert len(gzip.compress(made.read_bytes(), 9)) < SIZE_MAX


@needs("node")
@pytest.mark.parametrize("name", UNIT_TESTS)
def test_its_own_tests_pass_on_node(name: str) -> None:
    run("node", "--test", f"test/{name}", cwd=COMPONENTS)


@needs("node")
def test_what_is_packed_is_its_sources_readme_and_license() -> None:
    (pack,) = json.loads(run("npm", "pack", "--dry-run", "--json", cwd=COMPONENTS))
    assert {one["path"] for one in pack["files"]} == PACKED
