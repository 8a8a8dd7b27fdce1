"""`streakctl` as a process: interrupted, without a database, for very many users; and apart from what is deployed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tomllib
from collections import Counter
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from google.cloud.firestore_v1.base_document import DocumentSnapshot

from emulator.child import tethered
from emulator.places import ROOT
from emulator.port import HOST, free_port
from emulator.token import unsigned_token
from streak_core.domain.events import Event
from streak_core.proving.audit import WINDOW_ENTRIES
from streak_core.proving.repository import PAGE_DOCUMENTS, PAGE_USERS, KeptEntry, UserDocument
from testing.local_server import LocalServer, serve_command
from tests.integration.streakctl.proving import NOW, Documents, prover
from tests.support.held import held, only_new_counted
from tests.support.imports import imported
from tests.support.stored_life import long_life, write_documents
from tests.support.unkept import HTTP
from tools.streakctl.in_threads import AHEAD
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud import firestore

    from emulator.firestore import FirestoreEmulator
    from tests.support.recorded_client import RecordedClient

COMMAND: Final = [sys.executable, "-m", "tools.streakctl"]


def copies(client: firestore.Client, document: dict[str, Any], size: int) -> None:
    """So many users with that document and nothing else."""
    write_documents(client, {f"streaks/u{number:05d}": document for number in range(size)})


def test_interrupted_it_says_what_was_done_so_far(client: RecordedClient, project_id: str, lived: Documents) -> None:
    size = 1_500
    copies(client, lived["streaks/ada"], size)
    words = ["verify", "--json", "--threads", "2", "--project", project_id]
    with subprocess.Popen(tethered([*COMMAND, *words]), cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        told = [json.loads(process.stdout.readline())]
        process.send_signal(signal.SIGINT)
        told += map(json.loads, process.stdout.read().splitlines())
        assert process.wait() == 130
    *users, summary = told
    assert {user["finding"] for user in users} == {"unprovable"}
    assert summary["complete"] is False
    assert summary["users"] == summary["unprovable"] == len(users) < size


def test_a_database_that_does_not_answer_is_said_in_one_sentence() -> None:
    environment = {**os.environ, "FIRESTORE_EMULATOR_HOST": f"{HOST}:{free_port()}"}
    done = subprocess.run(
        [*COMMAND, "show", "ada"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stdout == ""
    (sentence,) = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert "can't be used" in sentence
    assert "Traceback" not in done.stderr


def test_what_make_serve_prints_is_all_that_it_needs(emulator: FirestoreEmulator) -> None:
    own = {"FIRESTORE_EMULATOR_HOST": emulator.host, "PORT": str(free_port())}
    with LocalServer(serve_command(), {**os.environ, **own}) as server:
        url = server.wait_until_ready()
        token = unsigned_token("eve")
        answer = HTTP.post(f"{url}/streak/update", headers={"Authorization": f"Bearer {token}"}, timeout=30)
        assert answer.is_success
        (said,) = [line for line in server.errors().splitlines() if "streakctl" in line]
        name, _, host = said.rpartition(" ")[2].partition("=")
        environment = {key: value for key, value in os.environ.items() if key != "GOOGLE_CLOUD_PROJECT"} | {name: host}
        words = [*COMMAND, "show", "eve", "--json"]
        done = subprocess.run(words, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        assert server.stop() == 0
    assert json.loads(done.stdout)["streak"]["xp_total"] == answer.json()["streak"]["xp_total"]
    assert json.loads(done.stdout)["entries"][-1]["activity"]["activity_type"] == "check_in"


def test_without_its_packages_it_says_how_to_get_them() -> None:
    script = "import sys; sys.modules['typer'] = None; from tools.streakctl.__main__ import main; main()"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "typer is missing" in done.stderr
    assert "[cli]" in done.stderr


def test_nothing_that_is_deployed_imports_it_or_its_packages() -> None:
    own = ROOT / "tools" / "streakctl"
    deployed = [ROOT / "main.py", *(ROOT / "functions").rglob("*.py"), *(ROOT / "streak_core").rglob("*.py")]
    unwanted = ("typer", "rich", "tools.streakctl")
    for path in deployed:
        found = {name for name in imported(path) for one in unwanted if f"{name}.".startswith(f"{one}.")}
        assert not found, path
    assert any(imported(path) & {"typer"} for path in own.glob("*.py"))


def test_what_is_installed_as_streakctl_is_there_and_needs_no_more_than_its_extra() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, _, name = project["scripts"]["streakctl"].partition(":")
    assert callable(getattr(import_module(module), name))
    asked_for = [*project["dependencies"], *project["optional-dependencies"]["cli"]]
    needed = {one.partition("!")[0].partition(">")[0] for one in asked_for}
    assert {"typer", "rich", "google-cloud-firestore", "pydantic", "tzdata"} <= needed


def test_however_many_users_there_are_a_page_of_them_is_held(client: RecordedClient, lived: Documents) -> None:
    size, threads = PAGE_USERS * 4 + 1, 3
    copies(client, lived["streaks/ada"], size)
    found: Counter[Finding] = Counter()
    documents: list[int] = []
    prove_all = prover(client, threads=threads).prove_all
    with only_new_counted():
        for proof in prove_all(MendingStore(client).user_documents()):
            found[proof.finding] += 1
            if found.total() % 40 == 0:
                documents += held(UserDocument)
    assert found == {Finding.UNPROVABLE: size}
    assert 0 < max(documents) <= PAGE_USERS + (threads + 1) * AHEAD


class Counted(MendingStore):
    """Counts what is held whenever another entry is read."""

    documents_held = 0
    events_held = 0

    def ledger(self, user_doc_id: str) -> Iterator[KeptEntry]:
        for number, kept in enumerate(super().ledger(user_doc_id)):
            if number % 50 == 0:
                documents, events = held(DocumentSnapshot, Event)
                self.documents_held = max(self.documents_held, documents)
                self.events_held = max(self.events_held, events)
            yield kept


def test_however_long_a_life_is_some_pages_of_its_documents_and_a_window_of_events_are_held(
    client: RecordedClient,
) -> None:
    days = WINDOW_ENTRIES * 3
    write_documents(client, long_life("ada", days, NOW))
    store = Counted(client)
    with only_new_counted():
        proof = prover(client, store=store).prove(store.user_document("ada"))
    assert (proof.finding, proof.entries) == (Finding.EQUAL, days)
    assert PAGE_DOCUMENTS < store.documents_held <= 4 * PAGE_DOCUMENTS < days * 2
    assert 0 < store.events_held <= 2 * WINDOW_ENTRIES < days
