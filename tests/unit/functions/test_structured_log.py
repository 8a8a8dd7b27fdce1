"""Google's handler, as functions use it: one line of JSON whatever is said, and no client for what it does not send."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

from emulator.places import ROOT

PREPARED: Final = """
import logging, sys
from functions.http.structured_log import FunctionLogHandler
from streak_core.telemetry import LogEvent, log
from streak_core.telemetry.context import Trace, Work, during
from streak_core.telemetry.log import LOGGER
logging.getLogger().addHandler(FunctionLogHandler("p"))
LOGGER.setLevel(logging.INFO)
"""
HOSTILE: Final = (
    "a\nb",
    "a\r\nb",
    "\u2028",
    "\ud800",
    '"}',
    '{"severity": "ALERT"}',
    "%(levelname)s",
    "{}",
    "None",
    "\x00",
    "",
)


def lines(script: str) -> list[dict[str, Any]]:
    """What a process of its own writes to standard output, each line read as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", PREPARED + script], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    )
    assert done.stderr == ""
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_line_is_what_cloud_logging_reads() -> None:
    (line,) = lines("""
with during(Work(function="streak", request_id="a" * 32, trace=Trace(trace_id="a" * 32, span_id="b" * 16))):
    log(LogEvent.SIGN_IN_REFUSED, "a sign-in was refused", reason="missing")
""")
    place = line.pop("logging.googleapis.com/sourceLocation")
    assert place["file"] == "<string>"
    assert line == {
        "message": "a sign-in was refused",
        "event": "sign_in_refused",
        "reason": "missing",
        "function": "streak",
        "request_id": "a" * 32,
        "severity": "NOTICE",
        "logging.googleapis.com/labels": {"python_logger": "streak_core"},
        "logging.googleapis.com/trace": f"projects/p/traces/{'a' * 32}",
        "logging.googleapis.com/spanId": "b" * 16,
        "logging.googleapis.com/trace_sampled": False,
        "httpRequest": {},
    }


def test_whatever_is_said_is_one_line_and_says_just_that() -> None:
    said = lines(f"for hostile in {HOSTILE!r}: log(LogEvent.USER_FAILED, 'said', user_id=hostile)")
    found = [(line["message"], line["user_id"], line["severity"]) for line in said]
    assert found == [("said", hostile, "ERROR") for hostile in HOSTILE]


def test_a_field_cannot_pretend_to_be_one_of_cloud_loggings_own() -> None:
    (line,) = lines("log(LogEvent.USER_FAILED, 'said', timestamp='1970-01-01T00:00:00Z', httpRequest='x')")
    assert "timestamp" not in line
    assert line["httpRequest"] == {}


def test_a_field_of_another_type_is_named_and_not_told() -> None:
    (line,) = lines("log(LogEvent.USER_FAILED, 'said', user_id={'a secret'})")
    assert line["user_id"] == "set"


def test_of_a_flask_request_nothing_is_taken() -> None:
    (line,) = lines("""
import flask
app = flask.Flask("x")
with app.test_request_context("/a-secret?b-secret", headers={"User-Agent": "c-secret", "traceparent": "d-secret"}):
    logging.getLogger("a.library").warning("something")
""")
    assert "secret" not in json.dumps(line)
    assert (line["message"], line["severity"]) == ("something", "WARNING")
    assert line["logging.googleapis.com/labels"] == {"python_logger": "a.library"}


def test_the_client_that_sends_over_grpc_is_not_loaded_and_still_can_be() -> None:
    assert lines("""
import importlib, json
loaded = [name for name in sys.modules if name.startswith("google.cloud.logging_v2.services")]
importlib.import_module("google.cloud.logging_v2._gapic")
print(json.dumps({"loaded": loaded}))
""") == [{"loaded": []}]


def test_what_a_library_warns_of_is_a_line_too() -> None:
    (line,) = lines("import warnings; warnings.warn('this Python is old', FutureWarning)")
    assert line["severity"] == "WARNING"
    assert "FutureWarning: this Python is old" in line["message"]


def test_what_a_library_warns_of_before_there_is_a_log_is_not_written_between_its_lines() -> None:
    script = "import functions, warnings; warnings.warn('this Python is old', FutureWarning)"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
