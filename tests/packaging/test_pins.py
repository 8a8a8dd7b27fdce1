"""The pins: whole, said once, and enough for every pip though newer releases are out. Must not ask a registry."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires, version
from itertools import chain
from pathlib import Path
from typing import Any, Final

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from emulator.places import ROOT
from streak_core import __version__
from tests.packaging.stand_ins import PIN, Index, installed_releases, newer
from tools.pins import LOCKS, without_extras

PROJECT: Final[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOR_PYTHON: Final = ("requirements.txt", "requirements-dev.txt")
# As Google's buildpack for Python calls it, but for the folder: nothing here may be written there.
BUILDPACK: Final = ("--upgrade", "--upgrade-strategy=only-if-needed", "--force-reinstall", "--no-compile")
# A folder of pip's own wheels, should more be tried than what this Python brings.
PIP_WHEELS: Final = Path(os.environ.get("PIP_WHEELS", "/nowhere"))
PIPS: Final = ("", *(str(wheel) for wheel in sorted(PIP_WHEELS.glob("pip-*.whl"))))

Asked = tuple[str, frozenset[str]]


def lock(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def pinned(text: str) -> list[Requirement]:
    return [Requirement(found["what"]) for found in PIN.finditer(text)]


def here(requirement: Requirement, extras: frozenset[str] = frozenset()) -> bool:
    """Whether its marker is true of this Python, for one of `extras` where it wants one."""
    marker = requirement.marker
    return marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras))


def asked_words(requirement: Requirement) -> Asked:
    return canonicalize_name(requirement.name), frozenset(requirement.extras)


def missing(text: str) -> set[Asked]:
    """What a package of the lock asks for and the lock doesn't say in the same words."""
    pins = {asked_words(each) for each in pinned(text) if here(each)}
    asked = {
        asked_words(demand)
        for name, extras in pins
        for demand in map(Requirement, requires(name) or ())
        if here(demand, extras)
    }
    return asked - pins


@pytest.mark.parametrize("name", FOR_PYTHON)
def test_all_that_is_asked_for_is_pinned_in_the_same_words(name: str) -> None:
    assert missing(lock(name)) == set()


@pytest.mark.parametrize("words", ["google-api-core", r"google-api-core\[grpc\]", "idna"])
def test_a_line_that_is_missing_would_be_noticed(words: str) -> None:
    text, removed = re.subn(rf"^{words}==.*\n(?:    --hash.*\n)+", "", lock("requirements.txt"), flags=re.MULTILINE)
    assert removed == 1
    assert {name for name, _ in missing(text)} == {words.partition("\\")[0]}


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_is_a_pin_with_hashes_and_names_no_registry(name: str) -> None:
    left = PIN.sub("", lock(name))
    assert left == "# Made from pyproject.toml by `make pins`; do not edit.\n"


def test_each_version_stands_once_in_pyproject_and_the_locks_are_made_of_these() -> None:
    versions = PROJECT["tool"]["uv"]["constraint-dependencies"]
    of_locks = {
        name: set(without_extras("\n".join(each["what"] for each in PIN.finditer(lock(name))))) for name in LOCKS
    }
    assert len(versions) == len(set(versions))
    assert set().union(*of_locks.values()) == set(versions)


def test_what_pyproject_asks_for_is_a_name_alone_and_in_its_lock() -> None:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    extras = project["optional-dependencies"]
    asked = {
        "requirements.txt": project["dependencies"],
        "requirements-dev.txt": [*project["dependencies"], *chain(*extras.values()), *groups["dev"]],
        "requirements-java.txt": groups["java"],
        "requirements-web.txt": groups["web"],
    }
    for name, demands in asked.items():
        wanted = [Requirement(each) for each in demands]
        assert all(str(each.specifier) in {"", "!=1.78.1"} for each in wanted)
        assert {canonicalize_name(each.name) for each in wanted} <= {each.name for each in pinned(lock(name))}


def test_what_uv_sync_brings_is_all_that_the_lock_for_developers_has() -> None:
    """It takes no extra unless asked to, so what the extras name stands in the group too."""
    extras = {name for names in PROJECT["project"]["optional-dependencies"].values() for name in names}
    assert extras <= set(PROJECT["dependency-groups"]["dev"])


def test_the_version_stands_in_one_place_and_the_changelog_has_it() -> None:
    assert PROJECT["project"]["dynamic"] == ["version"]
    where = PROJECT["tool"]["hatch"]["version"]
    found = re.search(where["pattern"], (ROOT / where["path"]).read_text(encoding="utf-8"), re.MULTILINE)
    assert found is not None
    assert found["version"] == __version__
    releases = re.findall(r"^## \[(\d.*)\] - \d{4}-\d\d-\d\d$", lock("CHANGELOG.md"), re.MULTILINE)
    assert releases[0] == __version__


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Every package of this environment as it is, and a newer release of each."""
    made = Index(tmp_path_factory.mktemp("index"))
    for release in installed_releases():
        made.offer(release, newer(release))
    return made


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python with nothing but the pip that it brings."""
    place = tmp_path_factory.mktemp("bare") / "environment"
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True, capture_output=True)
    return place / "bin" / "python"


@pytest.fixture(params=PIPS, ids=lambda wheel: Path(wheel).stem or "its own pip")
def pip(request: pytest.FixtureRequest, bare: Path, index: Index) -> tuple[str, ...]:
    """The words that run a pip that knows this index alone."""
    program = (f"{request.param}/pip",) if request.param else ("-m", "pip")
    return (
        str(bare),
        *program,
        "--isolated",
        "--no-cache-dir",
        "--disable-pip-version-check",
        "install",
        "--index-url",
        index.url,
    )


def resolved(pip: tuple[str, ...], file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [*pip, *options, "--dry-run", "--quiet", "--report=-", f"--requirement={file}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("name", FOR_PYTHON)
def test_pip_takes_what_is_pinned_though_each_package_has_a_newer_release(
    name: str, pip: tuple[str, ...], index: Index, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_text(index.lock(lock(name)), encoding="utf-8")
    done = resolved(pip, file, *BUILDPACK)
    assert done.returncode == 0, done.stderr
    taken = {
        canonicalize_name(one["metadata"]["name"]): one["metadata"]["version"]
        for one in json.loads(done.stdout)["install"]
    }
    assert taken == {each.name: version(each.name) for each in pinned(lock(name)) if here(each)}


def test_pip_refuses_a_lock_with_a_line_less(pip: tuple[str, ...], index: Index, tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text(re.sub(r"^idna==.*\n", "", index.lock(lock(file.name)), flags=re.MULTILINE), encoding="utf-8")
    done = resolved(pip, file, *BUILDPACK)
    assert done.returncode != 0
    assert "all requirements must have their versions pinned" in done.stderr
