"""What is deployed starts alone: each entry point from the bundle, with nothing else of the project on its path."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import httpx
import pytest

from emulator.child import tethered
from emulator.firestore import HOST_VARIABLE
from emulator.places import ROOT
from emulator.port import free_port
from emulator.token import unsigned_token
from functions.catalogue import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emulator.firestore import FirestoreEmulator

START_SECONDS_MAX: Final = 60.0
FRAMEWORK: Final = "from functions_framework._cli import _cli; _cli()"
CALLS: Final = {"maintenance": ("POST", "run_id"), "streak": ("GET", "current_streak"), "health": ("GET", "version")}
CALLS["admin"], CALLS["policy"] = CALLS["streak"], ("GET", "activity_types")
CALLS["insights"], CALLS["share"] = ("GET", "weekdays"), ("GET", "shares")
CALLS["profile"], CALLS["conversations"] = ("GET", "missing"), ("GET", "conversations")
CALLS["ideas"], CALLS["achievements"] = ("GET", "ideas"), ("GET", "achievements")
CALLS["notices"], CALLS["challenges"] = ("GET", "channels"), ("GET", "challenges")
# Of a kind that nobody has declared.
CALLS["records"] = ("GET", "code")
BELOW: Final = {"admin": "/users/bundled/streak", "records": "/unheard", "notices": "/preferences"}
# What is sent here has no form, and here is no Google that would take an export, or a task.
CALLS["log"] = CALLS["usage"] = CALLS["backup"] = CALLS["reminders"] = ("POST", "code")
REFUSED: Final = {
    "records": httpx.codes.NOT_FOUND,
    "log": httpx.codes.UNPROCESSABLE_ENTITY,
    "usage": httpx.codes.UNPROCESSABLE_ENTITY,
    "backup": httpx.codes.SERVICE_UNAVAILABLE,
    "reminders": httpx.codes.SERVICE_UNAVAILABLE,
}


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("bundled") / "bundle"
    outer = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    subprocess.run(["make", "bundle", f"BUNDLE={place}"], cwd=ROOT, env=outer, check=True, capture_output=True)
    return place


def test_the_bundle_holds_what_is_on_the_list_and_no_more(bundle: Path) -> None:
    for_the_image = {"Procfile", ".python-version"}
    listed = {"main.py", "requirements.txt", "functions", "streak_core"}
    assert {path.name for path in bundle.iterdir()} == listed | for_the_image
    files = {path for path in bundle.rglob("*") if path.is_file() and path.name not in for_the_image}
    assert {path.suffix for path in files} == {".py", ".txt", ".toml", ".ttf"}
    assert (bundle / "streak_core" / "policy.toml").exists()


def test_what_is_deployed_needs_no_package_of_development(bundle: Path) -> None:
    pinned = (bundle / "requirements.txt").read_text()
    assert "google-cloud-firestore==" in pinned
    assert not [name for name in ("pytest", "hypothesis", "rich", "ruff") if f"\n{name}==" in pinned]


@pytest.fixture(params=FUNCTIONS)
def started(request: pytest.FixtureRequest, bundle: Path, emulator: FirestoreEmulator) -> Iterator[tuple[str, str]]:
    """A function by its name, started from the bundle alone, and its base URL."""
    port, name = free_port(), request.param
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(bundle.parent),
        "GOOGLE_CLOUD_PROJECT": "demo-streak",
        HOST_VARIABLE: emulator.host,
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
    }
    command = [sys.executable, "-c", FRAMEWORK, "--target", name, "--source", "main.py", "--port", str(port)]
    with subprocess.Popen(
        tethered(command), cwd=bundle, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield name, _answering(f"http://127.0.0.1:{port}", process)
        finally:
            process.terminate()


def _answering(url: str, process: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        assert process.poll() is None, "the function ended at its start"
        try:
            httpx.get(url)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return url
    pytest.fail("the function does not answer")


def test_each_entry_point_starts_from_the_bundle_alone_and_answers(started: tuple[str, str]) -> None:
    name, url = started
    method, field = CALLS.get(name, ("GET", "today" if name == "calendar" else "progress"))
    below = BELOW.get(name, "")
    # Health is for everybody.
    stranger = httpx.codes.OK if name == "health" else httpx.codes.UNAUTHORIZED
    assert httpx.request(method, url + below).status_code == stranger
    token = {"Authorization": f"Bearer {unsigned_token('bundled', admin=True)}"}
    for path in ("", f"/{name}"):
        answer = httpx.request(method, f"{url}{path}{below}", headers=token, timeout=60)
        assert answer.status_code == REFUSED.get(name, httpx.codes.OK)
        assert field in answer.json()
