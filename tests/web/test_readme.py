"""The README of the package: its examples compile strictly with the package as it is packed, and the first runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from emulator.token import unsigned_token
from tests.support.wanted import needs
from tests.web.apps import app_with
from tests.web.running import CLIENT, run

if TYPE_CHECKING:
    from pathlib import Path

EXAMPLES: Final = re.findall(r"```js\n(.*?)```", (CLIENT / "README.md").read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app with a file for each example."""
    return app_with(EXAMPLES, tmp_path_factory.mktemp("app"))


@needs("the client's tools")
def test_the_examples_compile_strictly(app: Path) -> None:
    assert len(EXAMPLES) == 3
    run("tsc", "--project", ".", cwd=app)


@needs("node")
def test_the_first_example_runs_against_the_local_server(app: Path, service: str) -> None:
    said = run("node", "example0.js", cwd=app, BASE_URL=service, TOKEN=unsigned_token(f"readme-{app.parent.name}"))
    lines = said.splitlines()
    assert {"recorded, 25 XP", "1 days, extended", "nothing to repair"} <= set(lines)
    assert lines[0] == "nobody knows yet" or lines[0].startswith(("0 days", "1 days"))
