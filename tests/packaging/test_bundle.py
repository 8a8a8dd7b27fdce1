"""What is deployed starts alone: each entry point from the bundle, with nothing else of the project on its path."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest

from emulator.child import tethered
from emulator.firestore import HOST_VARIABLE
from emulator.places import ROOT
from emulator.port import free_port
from emulator.token import unsigned_token
from functions.catalogue import FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.firestore import FirestoreEmulator

START_SECONDS_MAX: Final = 60.0
FRAMEWORK: Final = "from functions_framework._cli import _cli; _cli()"
CALLS: Final = {"maintenance": ("POST", "run_id"), "streak": ("GET", "current_streak"), "health": ("GET", "version")}
CALLS["admin"], CALLS["policy"] = CALLS["streak"], ("GET", "activity_types")
CALLS["insights"], CALLS["share"] = ("GET", "weekdays"), ("GET", "shares")
CALLS["profile"], CALLS["conversations"] = ("GET", "missing"), ("GET", "conversations")
CALLS["ideas"], CALLS["achievements"] = ("GET", "ideas"), ("GET", "achievements")
CALLS["notices"], CALLS["challenges"] = ("GET", "channels"), ("GET", "challenges")
CALLS["leaderboards"] = ("GET", "joined")
CALLS["friends"] = ("GET", "friends")
# Of a kind that nobody has declared.
CALLS["records"] = ("GET", "code")
BELOW: Final = {
    "admin": "/users/bundled/streak",
    "records": "/unheard",
    "notices": "/preferences",
    "leaderboards": "/me",
}
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


# What each entry point answers, all in one process: starting one of their own for each takes most of what this takes.
ASKED: Final = """
import json, sys
from functions_framework import create_app
for name, requests in json.loads(sys.argv[1]).items():
    client = create_app(name, "main.py").test_client()
    for method, path, headers in requests:
        answer = client.open(path, method=method, headers=headers)
        print(json.dumps([name, answer.status_code, answer.get_json()]), flush=True)
"""


def environment(bundle: Path, emulator: FirestoreEmulator) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(bundle.parent),
        "GOOGLE_CLOUD_PROJECT": "demo-streak",
        HOST_VARIABLE: emulator.host,
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
    }


@pytest.fixture(scope="module")
def answers(bundle: Path, emulator: FirestoreEmulator) -> Mapping[str, list[tuple[int, Any]]]:
    """What each function answers a stranger, and an admin by either of its addresses."""
    token = {"Authorization": f"Bearer {unsigned_token('bundled', admin=True)}"}
    asked = {
        name: [
            (method_of(name), BELOW.get(name, "") or "/", {}),
            *((method_of(name), f"{path}{BELOW.get(name, '')}" or "/", token) for path in ("", f"/{name}")),
        ]
        for name in FUNCTIONS
    }
    command = [sys.executable, "-c", ASKED, json.dumps(asked)]
    told = subprocess.run(
        command, cwd=bundle, env=environment(bundle, emulator), check=True, capture_output=True, text=True
    )
    found: dict[str, list[tuple[int, Any]]] = {}
    for line in told.stdout.splitlines():
        if line.startswith("["):
            name, status, content = json.loads(line)
            found.setdefault(name, []).append((status, content))
    return found


def method_of(name: str) -> str:
    return CALLS.get(name, ("GET", ""))[0]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_entry_point_answers_from_the_bundle_alone(
    answers: Mapping[str, list[tuple[int, Any]]], name: str
) -> None:
    stranger, *admins = answers[name]
    # Health is for everybody.
    assert stranger[0] == (httpx.codes.OK if name == "health" else httpx.codes.UNAUTHORIZED)
    field = CALLS.get(name, ("", "today" if name == "calendar" else "progress"))[1]
    for status, content in admins:
        assert status == REFUSED.get(name, httpx.codes.OK)
        assert field in content
    assert len(admins) == 2


def test_it_starts_as_the_image_starts_it(bundle: Path, emulator: FirestoreEmulator) -> None:
    port = free_port()
    command = [sys.executable, "-c", FRAMEWORK, "--target", "streak", "--source", "main.py", "--port", str(port)]
    own = environment(bundle, emulator)
    with subprocess.Popen(
        tethered(command), cwd=bundle, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            url = _answering(f"http://127.0.0.1:{port}", process)
            assert httpx.get(url).status_code == httpx.codes.UNAUTHORIZED
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
