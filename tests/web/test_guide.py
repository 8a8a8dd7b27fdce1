"""The examples of the guide that are JavaScript: strictly typed with the package as it is packed, and the last runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from emulator.token import unsigned_token
from tests.support.guide import FOLDER, PAGES, examples
from tests.support.wanted import needs
from tests.web.apps import app_with
from tests.web.running import run

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES: Final = [one.text for page in PAGES for one in examples(page) if one.language == "js"]
TESTING: Final = next(one.text for one in examples(FOLDER / "testing.md") if one.language == "js")


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app with a file for each example."""
    return app_with(EXAMPLES, tmp_path_factory.mktemp("guide"))


@needs("the client's tools")
def test_the_examples_compile_strictly(app: Path) -> None:
    assert len(EXAMPLES) >= 5
    run("tsc", "--project", ".", cwd=app)


@needs("node")
def test_the_example_of_a_test_runs_with_a_clock_of_its_own(app: Path, service: str) -> None:
    name = f"example{EXAMPLES.index(TESTING)}.js"
    said = run("node", name, cwd=app, URL=service, TOKEN=unsigned_token(f"guide-{app.parent.name}"))
    assert said.strip() == "0"
