"""The npm package `unbroken-client`: made of the contract, typed, small, and packed with what belongs in it alone."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from emulator.places import ROOT
from streak_core import __version__
from tests.support.wanted import needs
from tests.web.running import CLIENT, run
from tools.client_contract import SOURCES, camel, texts

if TYPE_CHECKING:
    from collections.abc import Iterator

SIZE_MAX: Final = 12 * 1024
PACKAGE: Final = json.loads((CLIENT / "package.json").read_text(encoding="utf-8"))
UNIT_TESTS: Final = sorted(path.name for path in (CLIENT / "test").glob("*.test.js"))
PACKED: Final = {
    "LICENSE",
    "README.md",
    "package.json",
    "src/clock.js",
    "src/contract.d.ts",
    "src/error.js",
    "src/for-user.d.ts",
    "src/for-user.js",
    "src/index.d.ts",
    "src/index.js",
    "src/names.js",
    "src/node.d.ts",
    "src/node.js",
    "src/queue.js",
    "src/request.js",
    "src/routes-for-user.js",
    "src/routes.js",
    "src/sending.js",
    "src/service.d.ts",
    "src/service.js",
    "src/standing.js",
    "src/storage.js",
    "src/tabs.js",
    "src/watch.js",
}


@pytest.mark.parametrize(("name", "text"), texts().items(), ids=texts())
def test_what_is_made_of_the_contract_is_made_of_this_one(name: str, text: str) -> None:
    assert (SOURCES / name).read_text(encoding="utf-8") == text, "make client writes it anew"


def property_names(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for one in schema:
            yield from property_names(one)
    elif isinstance(schema, dict):
        if isinstance(named := schema.get("properties"), dict):
            yield from named
        for one in schema.values():
            yield from property_names(one)


def test_every_name_of_the_contract_has_one_name_in_the_client_and_back() -> None:
    from testing.contract import DOCUMENT

    names = {*property_names(DOCUMENT["paths"]), *property_names(DOCUMENT["components"])}
    back = {name: re.sub("[A-Z]", lambda found: f"_{found[0].lower()}", camel(name)) for name in names}
    assert {name: one for name, one in back.items() if name != one} == {}
    assert "current_streak" in names


def test_as_many_activities_go_at_once_as_the_contract_lets() -> None:
    from testing.contract import DOCUMENT

    most = DOCUMENT["components"]["schemas"]["BatchBody"]["properties"]["activities"]["maxItems"]
    assert f"const BATCH_MAX = {most};" in (SOURCES / "sending.js").read_text(encoding="utf-8")


def test_it_depends_on_nothing_and_has_the_projects_version_and_license() -> None:
    assert not {"dependencies", "peerDependencies", "optionalDependencies", "bundleDependencies"} & set(PACKAGE)
    assert PACKAGE["version"] == __version__
    assert (CLIENT / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()


def test_modules_are_small_and_say_what_they_are_for_and_what_they_must_not_know() -> None:
    for path in (*SOURCES.glob("*.js"), *(CLIENT / "test").glob("*.js")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 400, path
        assert lines[0].startswith("// "), path
        if path.is_relative_to(SOURCES) and "Made from openapi.yaml" not in lines[0]:
            assert "must not know" in lines[0].lower(), path


@needs("the client's tools")
def test_the_sources_are_what_their_types_say() -> None:
    run("tsc", "--project", ".")


@needs("the client's tools")
def test_good_uses_are_accepted_and_bad_ones_refused_by_strict_types() -> None:
    run("tsc", "--project", "types")
    assert (CLIENT / "types" / "bad.ts").read_text(encoding="utf-8").count("@ts-expect-error") >= 20


@needs("the client's tools")
@pytest.mark.parametrize("entry", ["index", "service", "for-user"])
def test_in_a_page_it_takes_less_than_12_kib(entry: str, tmp_path: Path) -> None:
    made = tmp_path / "bundle.js"
    run("esbuild", f"src/{entry}.js", "--bundle", "--minify", "--format=esm", "--target=es2022", f"--outfile={made}")
    assert len(gzip.compress(made.read_bytes(), 9)) < SIZE_MAX


@needs("node")
@pytest.mark.parametrize("name", UNIT_TESTS)
def test_its_own_tests_pass_on_node(name: str) -> None:
    run("node", "--test", f"test/{name}")


@needs("node")
def test_what_is_packed_is_its_sources_readme_and_license() -> None:
    (pack,) = json.loads(run("npm", "pack", "--dry-run", "--json"))
    assert {one["path"] for one in pack["files"]} == PACKED
