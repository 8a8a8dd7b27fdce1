"""The README of the package: its examples compile strictly with the package as it is packed, and the first runs."""

from __future__ import annotations

import json
import re
import shutil
import tarfile
from pathlib import Path
from typing import Final

import pytest

from emulator.token import unsigned_token
from tests.support.wanted import needs
from tests.web.running import CLIENT, run

EXAMPLES: Final = re.findall(r"```js\n(.*?)```", (CLIENT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
OPTIONS: Final = {
    "strict": True,
    "noImplicitAny": False,  # a variable of JavaScript is declared without a type
    "target": "es2022",
    "module": "nodenext",
    "checkJs": True,
    "noEmit": True,
    "types": ["node"],
    "typeRoots": [str(CLIENT / "node_modules" / "@types")],
}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An app that has installed the package, with a file for each example."""
    place = tmp_path_factory.mktemp("app")
    (pack,) = json.loads(run("npm", "pack", "--json", "--pack-destination", place))
    with tarfile.open(place / pack["filename"]) as packed:
        packed.extractall(place / "node_modules", filter="data")
    (place / "node_modules" / "package").rename(place / "node_modules" / "unbroken-client")
    (place / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (place / "tsconfig.json").write_text(json.dumps({"compilerOptions": OPTIONS}), encoding="utf-8")
    shutil.copy(CLIENT / "types" / "around.d.ts", place)
    for number, example in enumerate(EXAMPLES):
        (place / f"example{number}.js").write_text(example, encoding="utf-8")
    return place


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
