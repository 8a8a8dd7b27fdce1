"""A Firebase Rules API that keeps its rulesets and its releases, and gives the tokens to ask it with.

Must not know who asks.
"""

from __future__ import annotations

import http.server
import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROJECT: Final = "projects/demo-prod"
RELEASE: Final = f"{PROJECT}/releases/cloud.firestore"
LOGIN: Final = "/token"


class RulesApi(http.server.ThreadingHTTPServer):
    """As much of the API as a release needs; it refuses what it can't compile, and what it is asked for and has not."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.rulesets: dict[str, dict[str, Any]] = {}
        self.releases: dict[str, dict[str, Any]] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def hold(self, text: str, name: str = RELEASE) -> None:
        """Rules that somebody released."""
        made = f"{PROJECT}/rulesets/{len(self.rulesets) + 1}"
        self.rulesets[made] = {"name": made, "source": {"files": [{"name": "theirs", "content": text}]}}
        self.releases[name] = {"name": name, "rulesetName": made}

    def login(self, file: Path) -> None:
        """Write the file of credentials of an account that gets its tokens here."""
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        content = {
            "type": "service_account",
            "client_email": "somebody@demo-prod.iam.gserviceaccount.com",
            "private_key": pem.decode(),
            "token_uri": f"{self.url}{LOGIN}",
        }
        file.write_text(json.dumps(content), encoding="utf-8")

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
        read = self.rfile.read(length)
        if self.path == LOGIN:
            status, content = 200, {"access_token": "of-the-stand-in", "expires_in": 3600, "token_type": "Bearer"}
        else:
            body = json.loads(read) if read else {}
            status, content = self.server.take(self.command, self.path.removeprefix("/v1/"), body)
        answer = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    do_GET = do_POST = do_PATCH = _any  # noqa: N815  (the server's own names)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[RulesApi]:
    """It, on a port of its own."""
    with RulesApi() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()


def released(api: RulesApi, name: str = RELEASE) -> str:
    """The text of the rules that are in force."""
    text: str = api.rulesets[api.releases[name]["rulesetName"]]["source"]["files"][0]["content"]
    return text
