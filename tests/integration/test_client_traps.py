"""The traps of Firestore's Python client that this code could meet, each with the test that says it does not.

The numbers are those of the list of facts that the design builds on.

| trap | its test here |
|---|---|
| 1 a decorated function shares the id of a retried transaction between threads | `sends_no_id_of_another_threads` |
| 2 an `Aborted` while reading escapes | `an_aborted_read` |
| 2 used-up attempts are a plain `ValueError` | `test_one_write`: `gives_up_within_its_bounds` |
| 3 a commit whose reply is lost is sent again by the RPC layer | `however_often`, `arrives_late` |
| 3 a bare `Increment` counts twice; 4 `BulkWriter` loses writes | `never_uses` |
| 5 a stream that is resumed answers more than its limit, or a `TypeError` | `wherever_its_stream_was_cut` |
| 5 one that broke before its first document is a `TypeError`, or without an order a `ValueError` | `before_its_first` |
| 6 a client that is made before the fork | `connects_to_nothing` |
| 6 `firebase_admin.firestore` wants credentials; grpcio 1.78.1 | `never_uses`, `the_grpcio_that_breaks` |
| 7 a cursor's document may be gone | `when_the_last_item_of_its_page_is_gone` |
| 8 no clock skew is allowed; an emulator's tokens are taken | `e2e/test_identity`, `e2e/test_fail_closed` |
| 9 packages that are slow to import | `loads_no_package_that_few_need` |
"""

from __future__ import annotations

import ast
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core import exceptions

from emulator.places import ROOT
from streak_core.commands import StreakCommands
from streak_core.domain.commands import Command, RecordActivity, ResetStreak
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.queries import StreakQueries
from streak_core.retry import Attempts, RetryRules
from streak_core.store.due import DueStore
from streak_core.store.reading import read_page
from streak_core.store.sharding import shard_of
from streak_core.store.users import UserStore
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies
from tools.chaos.faults import Code, Fault, Mode
from tools.chaos.faulty_client import FaultInterceptor, FaultyClient

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from emulator.firestore import FirestoreEmulator
    from tools.chaos.faults import Site

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# How many activities the listings below are cut out of.
RECORDED: Final = 12


class _First:
    """The first RPC of a name meets a fault; all others are well."""

    def __init__(self, rpc: str, fault: Fault) -> None:
        self._rpc = rpc
        self._faults = [fault]

    def __call__(self, site: Site) -> Fault | None:
        return self._faults.pop() if site.rpc == self._rpc and self._faults else None


@pytest.fixture
def with_fault(emulator: FirestoreEmulator, project_id: str) -> Iterator[Callable[[str, Fault], FaultyClient]]:
    """A client of this test's database, the first RPC of which meets a fault."""
    assert emulator.host
    made: list[FaultyClient] = []

    def client(rpc: str, fault: Fault) -> FaultyClient:
        made.append(FaultyClient(project_id, FaultInterceptor(_First(rpc, fault))))
        return made[-1]

    yield client
    for one in made:
        one.hang_up()


def service(client: Any) -> StreakCommands:
    return StreakCommands(UserStore(client, policies), policies)


def guide(name: str) -> Command:
    return RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})


def test_a_write_that_is_tried_again_sends_no_id_of_another_threads_transaction(
    client: RecordedClient, recorder: Recorder
) -> None:
    patient = RetryRules(deadline_seconds=60.0)
    user = StreakCommands(UserStore(client, policies), policies, lambda: Attempts(rules=patient))
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda n: user.execute("ada", NOW, guide(f"a{n}")), range(24)))
    assert sum(outcome.retries for outcome in outcomes) > 0
    begun = [request for method, request in recorder.calls if method == "BeginTransaction"]
    assert {request.options.read_write.retry_transaction for request in begun} == {b""}


@pytest.mark.parametrize("mode", [Mode.BEFORE, Mode.CUT])
def test_an_aborted_read_is_a_database_that_does_not_answer_now(
    with_fault: Callable[[str, Fault], FaultyClient], client: RecordedClient, mode: Mode
) -> None:
    service(client).execute("ada", NOW, guide("a"))
    troubled = with_fault("BatchGetDocuments", Fault(mode, Code.ABORTED, amount=1))
    with pytest.raises(DatabaseUnavailable):
        service(troubled).execute("ada", NOW, guide("b"))
    assert service(troubled).execute("ada", NOW, guide("b")).response["streak"]["xp_total"] == 30


@pytest.mark.parametrize(
    ("code", "times"),
    [(exceptions.Aborted, 1), (exceptions.DeadlineExceeded, 1),
     (exceptions.ServiceUnavailable, 2), (exceptions.ResourceExhausted, 2)],
)  # fmt: skip
def test_a_commit_whose_reply_is_lost_is_found_again_however_often_the_client_sends_it_by_itself(
    client: RecordedClient, recorder: Recorder, code: type[exceptions.GoogleAPICallError], times: int
) -> None:
    recorder.after["Commit"] = [code("lost")]
    outcome = service(client).execute("ada", NOW, guide("a"))
    commits = ["Commit"] * times
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", *commits, "Rollback", "BatchGetDocuments"]
    assert (outcome.response["streak"]["xp_total"], outcome.response["streak"]["streak_created"]) == (15, True)


@pytest.mark.parametrize("key", [None, "k"])
def test_a_commit_that_arrives_late_when_the_next_one_is_on_its_way_takes_effect_once(
    with_fault: Callable[[str, Fault], FaultyClient], client: RecordedClient, key: str | None
) -> None:
    service(client).execute("ada", NOW, guide("a"))
    troubled = with_fault("Commit", Fault(Mode.LATE, Code.DEADLINE_EXCEEDED))
    outcome = service(troubled).execute("ada", NOW, ResetStreak(), key)
    assert [event["type"] for event in outcome.response["events"]] == ["streak_reset"]
    ledger = client.collection("streaks").document("ada").collection("ledger")
    assert len(list(ledger.stream())) == 2


@pytest.mark.parametrize("mode", [Mode.BEFORE, Mode.CUT])
@pytest.mark.parametrize("code", [Code.UNAVAILABLE, Code.RESOURCE_EXHAUSTED])
def test_a_page_has_exactly_its_limit_wherever_its_stream_was_cut(
    with_fault: Callable[[str, Fault], FaultyClient], client: RecordedClient, mode: Mode, code: Code
) -> None:
    for number in range(RECORDED):
        service(client).execute("ada", NOW + timedelta(minutes=number), guide(f"a{number:02}"))
    limit, cut_after = 8, 5
    ask = UserStore(with_fault("RunQuery", Fault(mode, code, amount=cut_after)), policies)
    try:
        page = ask.activities("ada", limit, None)
    except DatabaseUnavailable:
        page = ask.activities("ada", limit, None)
    listed = [entry.entry_id for entry, _ in page]
    assert listed == [f"activity.a{number:02}" for number in range(RECORDED - 1, RECORDED - 1 - limit, -1)]


@pytest.mark.parametrize("mode", [Mode.BEFORE, Mode.CUT])
def test_a_ledger_is_read_whole_wherever_its_stream_was_cut(
    with_fault: Callable[[str, Fault], FaultyClient], client: RecordedClient, mode: Mode
) -> None:
    for number in range(3):
        service(client).execute("ada", NOW + timedelta(minutes=number), guide(f"a{number}"))
    ask = UserStore(with_fault("RunQuery", Fault(mode, Code.UNAVAILABLE, amount=2)), policies)
    try:
        entries = list(ask.ledger("ada"))
    except DatabaseUnavailable:
        entries = list(ask.ledger("ada"))
    assert [entry.seq for entry in entries] == [1, 2, 3]


def test_a_page_of_due_users_has_exactly_its_limit_wherever_its_stream_was_cut(
    with_fault: Callable[[str, Fault], FaultyClient], client: RecordedClient
) -> None:
    names = [name for number in range(2_000) if shard_of(name := f"u{number}") == 0][:7]
    for minute, name in enumerate(names):
        service(client).execute(name, NOW + timedelta(minutes=minute), guide("a"))
    night, limit = NOW + timedelta(days=3), 5
    due = DueStore(with_fault("RunQuery", Fault(Mode.CUT, Code.UNAVAILABLE, amount=3)))
    try:
        page = due.page(0, night, None, limit)
    except DatabaseUnavailable:
        page = due.page(0, night, None, limit)
    rest = due.page(0, night, page.cursor, limit)
    assert len(page.users) == limit
    assert sorted(user.user_id for user in (*page.users, *rest.users)) == sorted(names)


@pytest.mark.parametrize("order", [["__name__"], ["seq", "__name__"], []])
def test_a_stream_that_breaks_before_its_first_document_is_a_database_that_does_not_answer_now(
    with_fault: Callable[[str, Fault], FaultyClient], order: list[str]
) -> None:
    # Of a query that finds nothing the first response holds no document.
    query: Any = with_fault("RunQuery", Fault(Mode.CUT, Code.UNAVAILABLE, amount=1)).collection("nothing")
    for name in order:
        query = query.order_by(name)
    with pytest.raises(DatabaseUnavailable) as raised:
        read_page(query, 5)
    assert isinstance(raised.value.__cause__, exceptions.ServiceUnavailable)
    assert read_page(query, 5) == []


def test_a_listing_goes_on_where_it_was_when_the_last_item_of_its_page_is_gone(client: RecordedClient) -> None:
    for number in range(5):
        service(client).execute("ada", NOW + timedelta(minutes=number), guide(f"a{number}"))
    ask = StreakQueries(UserStore(client, policies), policies)
    first = ask.activities("ada", 2, None)
    client.collection("streaks").document("ada").collection("ledger").document("activity.a3").delete()
    rest = ask.activities("ada", 5, first.after)
    assert [item["activity_id"] for item in rest.items] == ["a2", "a1", "a0"]


_SHUNNED: Final = {
    "BulkWriter": "loses writes silently",
    "bulk_writer": "loses writes silently",
    "Increment": "counts twice when a reply is lost",
    "batch": "has no precondition of ours",
    "firestore_async": "is another client",
    "get_partitions": "is not there in the emulator",
}


# Where it stands in one commit with a document that is written over its version: sent again, nothing of it is taken.
_HELD_BY_A_VERSION: Final = {(ROOT / "streak_core" / "records" / "counting.py", "Increment")}


def test_the_product_never_uses_what_loses_or_doubles_writes() -> None:
    sources = [*(ROOT / "streak_core").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    assert len(sources) > 40
    assert {(path, name) for path in sources for name in _named(path) if name in _SHUNNED} == _HELD_BY_A_VERSION
    assert not [path for path in sources if "firebase_admin.firestore" in path.read_text(encoding="utf-8")]


def _named(path: Path) -> set[str]:
    """Attributes and imported names of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    attributes = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imports = (node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom | ast.Import))
    return attributes | {alias.name for node in imports for alias in node.names}


_LOADED: Final = """
import gc, sys
from functions_framework import create_app
from functions.catalogue import FUNCTIONS
for name in FUNCTIONS:
    create_app(name, "main.py")
client = sys.modules.get("google.cloud.firestore_v1.client")
made = [one for one in gc.get_objects() if client and isinstance(one, client.Client)]
slow = ("google.cloud.logging", "google.cloud.monitoring_v3", "google.cloud.tasks_v2")
print(len(FUNCTIONS), made, [name for name in slow if name in sys.modules])
"""


def test_importing_every_function_connects_to_nothing_and_loads_no_package_that_few_need() -> None:
    environment = {
        "GOOGLE_CLOUD_PROJECT": "demo-streak",
        "FIRESTORE_EMULATOR_HOST": "127.0.0.1:1",
        "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:1",
    }
    done = subprocess.run(
        [sys.executable, "-c", _LOADED], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    functions, found = done.stdout.strip().split("\n")[-1].split(" ", 1)
    assert int(functions) >= 5
    assert found == "[] []"


def test_the_grpcio_that_breaks_is_not_installed() -> None:
    assert '"grpcio!=1.78.1"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert version("grpcio") != "1.78.1"
