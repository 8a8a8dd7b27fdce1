"""Releasing firestore.rules, over real HTTP, to a Firebase Rules API that keeps its rulesets and its release."""

from __future__ import annotations

import http.server
import json
import threading
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.auth.credentials import AnonymousCredentials
from google.auth.transport.requests import AuthorizedSession

from emulator.port import free_port
from tools.deploy import rules
from tools.deploy.errors import DeploymentStopped

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT: Final = "projects/demo-prod"
RELEASE: Final = f"{PROJECT}/releases/cloud.firestore"
TEXT: Final = "rules_version = '2';\n"


class RulesApi(http.server.ThreadingHTTPServer):
    """As much of the API as a release needs; it refuses what it can't compile, and what it is asked for and has not."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rulesets: dict[str, dict[str, Any]] = {}
        self.releases: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def take(self, method: str, name: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if method == "GET":
            found = self.rulesets.get(name) or self.releases.get(name)
            return (200, found) if found else (404, {"error": {"status": "NOT_FOUND"}})
        if name == f"{PROJECT}/rulesets":
            if not body["source"]["files"][0]["content"].startswith("rules_version"):
                return 400, {"error": {"status": "INVALID_ARGUMENT", "message": "line 1: syntax"}}
            made = f"{PROJECT}/rulesets/{len(self.rulesets) + 1}"
            self.rulesets[made] = {"name": made, **body}
            return 200, self.rulesets[made]
        released = body if method == "POST" else body["release"]
        if (released["name"] in self.releases) is (method == "POST"):
            return 409, {"error": {"status": "ALREADY_EXISTS or NOT_FOUND"}}
        self.releases[released["name"]] = released
        return 200, released


class Handler(http.server.BaseHTTPRequestHandler):
    """Hands each request to the server."""

    server: RulesApi

    def _any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = json.loads(self.rfile.read(length)) if length else {}
        status, content = self.server.take(self.command, self.path.removeprefix("/v1/"), body)
        answer = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PATCH = _any  # noqa: N815  (the server's own names)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def api() -> Iterator[RulesApi]:
    with RulesApi() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def release(api_url: str, text: str) -> bool:
    return rules.release(AuthorizedSession(AnonymousCredentials()), "demo-prod", text, endpoint=api_url)


def released(api: RulesApi) -> str:
    text: str = api.rulesets[api.releases[RELEASE]["rulesetName"]]["source"]["files"][0]["content"]
    return text


def test_rules_are_released_the_first_time_and_when_they_change_and_not_again(api: RulesApi) -> None:
    assert release(api.url, TEXT) is True
    assert released(api) == TEXT
    assert release(api.url, TEXT) is False
    assert len(api.rulesets) == 1
    assert release(api.url, f"{TEXT}// changed\n") is True
    assert released(api) == f"{TEXT}// changed\n"


def test_rules_that_do_not_compile_leave_the_released_ones(api: RulesApi) -> None:
    release(api.url, TEXT)
    with pytest.raises(DeploymentStopped, match=r"(?s)400.*line 1: syntax"):
        release(api.url, "servic cloud.firestore {}")
    assert released(api) == TEXT


def test_a_release_whose_rules_are_gone_is_made_anew(api: RulesApi) -> None:
    release(api.url, TEXT)
    api.rulesets.clear()
    assert release(api.url, TEXT) is True
    assert released(api) == TEXT


def test_an_api_that_does_not_answer_stops_the_deployment() -> None:
    with pytest.raises(DeploymentStopped, match="does not answer"):
        release(f"http://127.0.0.1:{free_port()}", TEXT)
