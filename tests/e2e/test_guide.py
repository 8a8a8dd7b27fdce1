"""The guide, page by page, as a reader who types it: each command runs, and answers what the page says it does."""

from __future__ import annotations

import base64
import json
import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

import pytest

from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import ROOT
from emulator.port import free_port
from emulator.token import unsigned_token
from streak_core.records.kinds import shipped_kinds_text
from testing.local_server import LocalServer, serve_command
from tests.support.guide import FOLDER, LOCAL, PAGES, Example, examples
from tests.support.unkept import HTTP
from tests.support.wanted import needs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARK: Final = "---- the next example ----"
FITNESS: Final = FOLDER / "policies" / "fitness.toml"
OWN_POLICY: Final = FOLDER / "activities.md"
OWN_KINDS: Final = FOLDER / "own-records.md"
SECONDS_MAX: Final = 120
# `make -s token`, without the setting up of an environment, which is there.
MAKE: Final = """make() {
    shift 2; uid=; claim=
    for word in "$@"; do case $word in UID=*) uid=${word#UID=};; ADMIN=1) claim=--admin;; *) return 2;; esac; done
    python -m emulator token --uid="$uid" $claim
}"""


def played(one: Example) -> bool:
    return (one.language == "sh" and not one.is_by_hand) or (one.language == "python" and not one.tag)


def script(page: Path, url: str) -> str:
    """Everything of a page that is typed, in one shell, with the address of the served functions."""
    lines = [MAKE, f'python() {{ {shlex.quote(sys.executable)} "$@"; }}']
    for one in filter(played, examples(page)):
        text = one.text.replace(LOCAL, url)
        lines += [f"echo '{MARK}'", text if one.language == "sh" else f"python - <<'END'\n{text}END"]
    return "\n".join(lines)


def holds(said: Any, answer: Any) -> bool:
    """Whether an answer has all that a page says of it; a list may go on."""
    if isinstance(said, dict):
        return isinstance(answer, dict) and all(name in answer and holds(said[name], answer[name]) for name in said)
    if isinstance(said, list):
        return isinstance(answer, list) and len(said) <= len(answer) and all(map(holds, said, answer))
    return bool(said == answer)


@pytest.fixture(scope="module")
def fitness(emulator: FirestoreEmulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, LocalServer]]:
    """The functions of a fitness app, with kinds of its own: their address, and what serves them."""
    [kinds] = [one.text for one in examples(OWN_KINDS) if one.tag == "kinds"]
    file = tmp_path_factory.mktemp("kinds") / "records.toml"
    file.write_text(shipped_kinds_text() + kinds, encoding="utf-8")
    own = {HOST_VARIABLE: emulator.host, "PORT": str(free_port()), "STREAK_POLICY_FILE": str(FITNESS)}
    own["STREAK_RECORDS_FILE"] = str(file)
    with LocalServer(serve_command(), {**os.environ, **own}) as server:
        yield server.wait_until_ready(), server
        assert server.stop() == 0, server.errors()


@needs("curl")
@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(map(played, examples(page)))], ids=lambda page: page.stem
)
def test_a_page_that_is_typed_answers_what_it_says(page: Path, request: pytest.FixtureRequest) -> None:
    url = (
        request.getfixturevalue("fitness")[0] if page in {OWN_POLICY, OWN_KINDS} else request.getfixturevalue("served")
    )
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script(page, url)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS_MAX,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    answers = iter(done.stdout.split(f"{MARK}\n")[1:])
    answer = ""
    for one in examples(page):
        if played(one):
            answer = next(answers)
        elif one.language == "json" and not one.tag:
            assert holds(json.loads(one.text), json.loads(answer)), f"{one.text}\nis not in\n{answer}"


def test_why_a_token_is_refused_is_said_where_the_functions_are_served(fitness: tuple[str, LocalServer]) -> None:
    url, server = fitness
    header, claims, _ = unsigned_token("kai").split(".")
    other = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"aud": "my-project"}
    foreign = base64.urlsafe_b64encode(json.dumps(other).encode()).rstrip(b"=").decode()
    tokens = {"expired": unsigned_token("kai", valid_seconds=-60), "project": f"{header}.{foreign}."}
    for reason, token in tokens.items():
        assert HTTP.get(f"{url}/streak", headers={"Authorization": f"Bearer {token}"}).status_code == 401
        assert f"a sign-in was refused: {reason}" in server.errors()


def test_an_answer_that_lacks_what_is_said_of_it_is_found_out() -> None:
    assert holds({"a": [{"b": 1}]}, {"a": [{"b": 1, "c": 2}], "d": 3})
    assert not holds({"a": [{"b": 1}]}, {"a": [{"b": 2}]})
    assert not holds({"a": 1}, {"b": 1})
    assert holds([1], [1, 2])
    assert not holds([1, 2], [1])
