"""The real gcloud takes each policy file as it is, and sends the API what the file says."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from emulator.port import HOST
from tests.support.wanted import needs
from tools.monitoring.checks.alerts import ALERTS
from tools.monitoring.checks.policies import policy_problems
from tools.monitoring.files import read_document

pytestmark = needs("gcloud")

CREATE = ("gcloud", "alpha", "monitoring", "policies", "create", "--quiet")
Sent = tuple[str, dict[str, Any]]


class Monitoring(http.server.BaseHTTPRequestHandler):
    """Stands in for the API: keeps what it is sent, and answers it with a name."""

    sent: list[Sent]

    def do_POST(self) -> None:
        policy = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.sent.append((self.path.partition("?")[0], policy))
        answer = json.dumps({**policy, "name": "projects/demo-streak/alertPolicies/1"}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Nothing of it is for whoever runs the tests."""


@pytest.fixture
def sent() -> list[Sent]:
    """What the API was sent."""
    return []


@pytest.fixture
def environment(sent: list[Sent], tmp_path: Path) -> Iterator[dict[str, str]]:
    """The settings under which gcloud calls the stand-in, without an account."""
    handler = type("Handler", (Monitoring,), {"sent": sent})
    with http.server.HTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield {
            **os.environ,
            "CLOUDSDK_API_ENDPOINT_OVERRIDES_MONITORING": f"http://{HOST}:{server.server_port}/",
            "CLOUDSDK_AUTH_DISABLE_CREDENTIALS": "true",
            "CLOUDSDK_CONFIG": str(tmp_path),
            "CLOUDSDK_CORE_DISABLE_USAGE_REPORTING": "true",
            "CLOUDSDK_CORE_PROJECT": "demo-streak",
        }
        server.shutdown()


@pytest.mark.parametrize("path", sorted(ALERTS.iterdir()), ids=lambda path: path.stem)
def test_it_sends_what_the_file_says(path: Path, environment: dict[str, str], sent: list[Sent]) -> None:
    ended = subprocess.run(
        [*CREATE, f"--policy-from-file={path}"], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert sent == [("/v3/projects/demo-streak/alertPolicies", read_document(path))]


def created(text: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What gcloud says of a policy on its standard input."""
    command = [*CREATE, "--policy-from-file=-"]
    return subprocess.run(command, env=environment, input=text, capture_output=True, text=True, check=False)


def test_it_takes_a_policy_from_standard_input_too(environment: dict[str, str], sent: list[Sent]) -> None:
    channel = "projects/p/notificationChannels/1"
    text = (ALERTS / "contention.yaml").read_text().replace("${NOTIFICATION_CHANNELS}", channel)
    assert created(text, environment).returncode == 0
    assert [policy["notificationChannels"] for _, policy in sent] == [[channel]]


def test_it_hands_on_a_severity_that_there_is_not_and_the_checks_do_not(
    environment: dict[str, str], sent: list[Sent]
) -> None:
    text = (ALERTS / "contention.yaml").read_text().replace("severity: ERROR", "severity: HIGH")
    assert created(text, environment).returncode == 0
    assert sent[0][1]["severity"] == "HIGH"
    assert "is no AlertPolicy" in policy_problems("contention", yaml.safe_load(text))[0]
