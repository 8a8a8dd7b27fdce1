"""The smoke test against every function, really served; and against something that is not it."""

from __future__ import annotations

import http.server
import os
import subprocess
import sys
import threading
from typing import Final

import pytest

from emulator.places import ROOT
from functions.catalogue import FUNCTIONS
from tools.deploy.errors import DeploymentStopped
from tools.deploy.smoke import ATTEMPTS_MAX, smoke

# Each function is asked once, and health once more.
ANSWERS: Final = len(FUNCTIONS) + 1


def test_make_smoke_passes_what_make_serve_serves(served: str) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
    done = subprocess.run(
        ["make", "smoke", f"BASE_URL={served}"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for name in FUNCTIONS:
        assert f"{served}/{name}" in done.stdout
    assert "FAILED" not in done.stdout


def test_a_server_that_answers_everything_alike_does_not_pass(capsys: pytest.CaptureFixture[str]) -> None:
    class Agreeable(http.server.BaseHTTPRequestHandler):
        def _any(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"status": "healthy"}')

        do_GET = do_POST = _any  # noqa: N815  (the server's own names)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agreeable) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        with pytest.raises(DeploymentStopped, match=f"{ANSWERS - 1} of the answers"):
            smoke(lambda _: url, is_local=True, pause=lambda _: None)
        server.shutdown()
    lines = capsys.readouterr().out.splitlines()
    assert sorted(line.split()[0] for line in lines) == ["FAILED"] * (ANSWERS - 1) + ["ok"]
    assert [line.endswith("/health") for line in lines if line.split()[0] == "ok"] == [True]


def test_an_answer_that_comes_late_is_waited_for(capsys: pytest.CaptureFixture[str]) -> None:
    pauses: list[float] = []
    with pytest.raises(DeploymentStopped, match=f"{ANSWERS} of the answers"):
        smoke(lambda _: "http://127.0.0.1:9", is_local=True, pause=pauses.append)
    assert len(pauses) == ANSWERS * (ATTEMPTS_MAX - 1)
    assert "does not answer" in capsys.readouterr().out


def test_the_command_wants_an_address_or_a_project() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.deploy", "smoke"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "PROJECT=" in done.stderr
