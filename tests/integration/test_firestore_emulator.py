"""The Firestore emulator starts, answers, forgets and stops. Must not know what the project stores."""

import json
import os
import urllib.request
import zipfile
from pathlib import Path

import pytest
from google.cloud import firestore

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.jar import MAIN_CLASS
from emulator.port import free_port


def own_environment() -> dict[str, str]:
    """This machine's, without the emulator that the other tests share."""
    return {name: value for name, value in os.environ.items() if name != HOST_VARIABLE}


def test_reset_empties_one_project_and_no_other(emulator: FirestoreEmulator, project_id: str) -> None:
    here, there = (firestore.Client(project=name) for name in (project_id, f"{project_id}-other"))
    for client in (here, there):
        client.document("some/thing").set({"kept": True})
    emulator.reset(project_id)
    assert not here.document("some/thing").get().exists
    assert there.document("some/thing").get().exists


def test_all_are_forgotten_where_the_emulator_is_our_own(project_id: str) -> None:
    with FirestoreEmulator(own_environment()) as own, pytest.MonkeyPatch.context() as environment:
        environment.setenv(HOST_VARIABLE, own.host)
        clients = [firestore.Client(project=name) for name in (project_id, f"{project_id}-other")]
        for client in clients:
            client.document("some/thing").set({"kept": True})
        with pytest.raises(SetupError, match=f"at {own.host} is not ours to reset: unset {HOST_VARIABLE}"):
            FirestoreEmulator().reset_all()
        assert all(client.document("some/thing").get().exists for client in clients)
        own.reset_all()
        assert not any(client.document("some/thing").get().exists for client in clients)


def test_each_project_is_empty_at_first(emulator: FirestoreEmulator, project_id: str) -> None:
    assert emulator.host == os.environ[HOST_VARIABLE]
    assert list(firestore.Client(project=project_id).collections()) == []


def test_once_it_is_warm_it_has_answered_a_question_and_holds_nothing(project_id: str) -> None:
    with FirestoreEmulator(own_environment()) as own:
        own.warm_up(project_id)
        url = f"http://{own.host}/v1/projects/{project_id}/databases/(default)/documents/nothing"
        asked = urllib.request.Request(url, headers={"Authorization": "Bearer owner"})
        with urllib.request.urlopen(asked) as answer:  # noqa: S310  (the emulator)
            assert json.load(answer) == {}


def test_what_is_no_firestore_does_not_get_warm(project_id: str) -> None:
    nobody = FirestoreEmulator({HOST_VARIABLE: f"127.0.0.1:{free_port()}"})
    with pytest.raises(SetupError, match="answers no question"):
        nobody.warm_up(project_id)


def test_it_is_gone_once_it_is_left() -> None:
    port = free_port()
    with FirestoreEmulator(own_environment(), port=port) as own:
        assert own.host == f"127.0.0.1:{port}"
        assert own.child is not None
        pid = own.child.pid
        os.kill(pid, 0)
        with pytest.raises(SetupError, match=rf"port {port} is taken: .* as in FIRESTORE_PORT={port + 1}"):
            FirestoreEmulator(own_environment(), port=port).__enter__()
        with pytest.raises(
            SetupError, match=f"FIRESTORE_PORT={port} .* {HOST_VARIABLE}={own.host} .* unset one of them"
        ):
            FirestoreEmulator({HOST_VARIABLE: own.host}, port=port).__enter__()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_it_is_gone_when_what_used_it_fails() -> None:
    pids: list[int] = []

    def fail() -> None:
        with FirestoreEmulator(own_environment()) as own:
            assert own.child is not None
            pids.append(own.child.pid)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with pytest.raises(ProcessLookupError):
        os.kill(pids[0], 0)


def test_a_host_where_nobody_answers_is_refused() -> None:
    nobody = f"127.0.0.1:{free_port()}"
    with pytest.raises(SetupError, match=f"is {nobody}, but nothing answers there"):
        FirestoreEmulator({HOST_VARIABLE: nobody}).__enter__()


def test_an_emulator_that_dies_is_told_with_what_it_printed(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "broken.jar", "w") as jar:
        jar.writestr(MAIN_CLASS.replace(".", "/") + ".class", b"\xca\xfe\xba\xbe\x00\x00\x00\x37")
    environment = own_environment() | {"FIRESTORE_EMULATOR_JAR": str(tmp_path / "broken.jar")}
    with pytest.raises(SetupError, match="ended with status 1") as refused:
        FirestoreEmulator(environment).__enter__()
    assert "ClassFormatError" in str(refused.value)
