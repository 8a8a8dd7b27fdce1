"""Recording an activity against the bare client: throughput of one and of many threads.

It must not know HTTP.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands import RecordActivity
from streak_core.store.documents import NEEDED
from streak_core.store.reading import read_options
from tools.bench.bare import KeepingClient, Prepared, moved, send
from tools.bench.contention import contention
from tools.bench.measuring import Figure, Finding, Side, at_least, in_turn, ratio, seconds
from tools.bench.runner import Bench, new_project, service_of
from tools.bench.users import NIGHT, Kind, life, write_users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

    Record = Callable[[str], object]
    Prepare = Callable[[Sequence[str]], Record]

NAME = "recording"
THREADS: Final = 8
_SIDES: Final = 2
_GOALS: Final = {1: at_least(0.90), THREADS: at_least(0.85)}
_ACTIVITY: Final = RecordActivity(activity_id="a", activity_type="check_in", metadata={})


def measure(bench: Bench) -> Figure:
    """One thread, then many, each in turn with the bare client; then everybody at one user."""
    return Figure(
        name=NAME,
        title="Recording an activity",
        about=(
            "The first activity of a day, each of another user who was active for eleven days: one BatchGet of the "
            "streak and the ledger entry, and one transaction of the streak, the ledger entry and the event. The bare "
            "client makes the same public calls with the same documents, prepared beforehand: it reads into types, "
            "decides and encodes nothing, and has no deadline. At the end many threads record for one and the same "
            "user at once."
        ),
        findings=[
            *_throughput(bench, threads=1, users=bench.size(200, 5)),
            *_throughput(bench, threads=THREADS, users=bench.size(600, 16)),
            *contention(bench),
        ],
    )


def _throughput(bench: Bench, *, threads: int, users: int) -> list[Finding]:
    rounds, client = bench.size(5, 1), bench.client()
    names = _names(_SIDES * (rounds + 1) * users)
    write_users(client, life(Kind.ACTIVE).document, names)
    fresh, service = iter(names), service_of(client)

    def timed(label: str, prepare: Prepare) -> Callable[[int], float]:
        def once(number: int) -> float:
            bench.tell(f"{label}, threads: {threads}, round {number + 1} of {rounds}")
            chosen = [next(fresh) for _ in range(users)]
            record = prepare(chosen)
            return seconds(lambda: _all(threads, record, chosen))

        return once

    took = in_turn(
        rounds,
        timed("recording", lambda _: lambda name: service.execute(name, NIGHT, _ACTIVITY)),
        timed("the bare client", _bare(client)),
        unmeasured=1,
    )
    labels = ("recording", "the bare client")
    ours, least = (
        Side(label=label, unit="commands/s", values=[users / one for one in side])
        for label, side in zip(labels, took, strict=True)
    )
    with_threads = "1 thread" if threads == 1 else f"{threads} threads"
    return [ratio(f"of the bare client's throughput, {with_threads}", ours, least, _GOALS[threads])]


def _bare(client: firestore.Client) -> Prepare:
    """The same calls with the same documents, prepared for each user."""
    kept = _one_transaction()

    def prepare(chosen: Sequence[str]) -> Record:
        ready = {name: moved(kept, _names(1)[0], name) for name in chosen}

        def record(name: str) -> None:
            user_doc = client.collection("streaks").document(name)
            entry = user_doc.collection("ledger").document(_ACTIVITY.entry_id(None))
            found = list(client.get_all([user_doc, entry], field_paths=NEEDED, **read_options()))
            send(client, ready[name], {one.reference.path: one.update_time for one in found if one.exists})

        return record

    return prepare


def _one_transaction() -> Prepared:
    """What one recorded activity of the first name writes."""
    client = KeepingClient(new_project())
    write_users(client, life(Kind.ACTIVE).document, _names(1))
    service_of(client).execute(_names(1)[0], NIGHT, _ACTIVITY)
    (kept,) = client.kept
    return kept


def _all(threads: int, record: Record, names: Sequence[str]) -> None:
    if threads == 1:
        for name in names:
            record(name)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(record, names))


def _names(size: int) -> list[str]:
    return [f"recorder-{number:07d}" for number in range(size)]
