"""Recording an activity against the bare client: throughput of one and of many threads.

It must not know HTTP.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import DatabaseUnavailable, UserBusy
from streak_core.store.documents import NEEDED
from streak_core.store.reading import read_options
from tools.bench.bare import KeepingClient, moved, send
from tools.bench.counting import DISTANCE_SECONDS, CountingClient
from tools.bench.measuring import Figure, Finding, at_least, at_most, ratio, seconds
from tools.bench.runner import Bench, new_project, service_of
from tools.bench.users import NIGHT, Kind, life, write_users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

    Record = Callable[[str], object]
    Prepare = Callable[[Sequence[str]], Record]

THREADS: Final = 8
# At one and the same user, and the commands of each.
_AT_ONCE: Final = 32
_COMMANDS: Final = 4
_GOALS: Final = {1: at_least(0.90), THREADS: at_least(0.85)}
_ACTIVITY: Final = RecordActivity(activity_id="a", activity_type="check_in", metadata={})


def measure(bench: Bench) -> Figure:
    """One thread, then many, each in turn with the bare client; then everybody at one user."""
    return Figure(
        title="Recording an activity",
        about=(
            "The first activity of a day, each of another user who was active for eleven days: one BatchGet of the "
            "streak and the ledger entry, and one transaction of the streak, the ledger entry and the event. The bare "
            "client makes the same public calls with the same documents, prepared beforehand: it reads into types, "
            "decides and encodes nothing, and has no deadline. The emulator answers within a millisecond and computes "
            "on the same cores, which no deployed database does: so the same is measured with every call of either "
            "side held up. At the end many threads record for one and the same user at once."
        ),
        findings=[
            _throughput(bench, threads=1, users=bench.size(200, 5)),
            _throughput(bench, threads=THREADS, users=bench.size(600, 16)),
            _throughput(bench, threads=1, users=bench.size(100, 5), distance=DISTANCE_SECONDS),
            _throughput(bench, threads=THREADS, users=bench.size(600, 16), distance=DISTANCE_SECONDS),
            *_contention(bench),
        ],
    )


def _throughput(bench: Bench, *, threads: int, users: int, distance: float = 0.0) -> Finding:
    rounds, client = bench.size(5, 1), CountingClient(new_project(), distance) if distance else bench.client()
    names = _names(2 * (rounds + 1) * users)
    write_users(client, life(Kind.ACTIVE), names)
    bench.tell(f"threads: {threads}")
    fresh, service = iter(names), service_of(client)

    def timed(prepare: Prepare) -> Callable[[int], float]:
        def once(_: int) -> float:
            chosen = [next(fresh) for _ in range(users)]
            record = prepare(chosen)
            return seconds(lambda: _all(threads, record, chosen))

        return once

    sides = {
        "recording": timed(lambda _: lambda name: service.execute(name, NIGHT, _ACTIVITY)),
        "the bare client": timed(_bare(client)),
    }
    found = bench.sides(sides, "commands/s", rounds=rounds, amount=users, unmeasured=1)
    how = "1 thread" if threads == 1 else f"{threads} threads"
    if distance:
        how += f", the database {distance * 1_000:.0f} ms away"
    return ratio(f"of the bare client's throughput, {how}", *found, goal=_GOALS[threads])


def _bare(client: firestore.Client) -> Prepare:
    """The same calls with the same documents as one recorded activity of the first name, prepared for each user."""
    (first,), keeping = _names(1), KeepingClient(new_project())
    write_users(keeping, life(Kind.ACTIVE), [first])
    service_of(keeping).execute(first, NIGHT, _ACTIVITY)
    (kept,) = keeping.kept

    def prepare(chosen: Sequence[str]) -> Record:
        ready = {name: moved(kept, first, name) for name in chosen}

        def record(name: str) -> None:
            user_doc = client.collection("streaks").document(name)
            entry = user_doc.collection("ledger").document(_ACTIVITY.entry_id(None))
            found = list(client.get_all([user_doc, entry], field_paths=NEEDED, **read_options()))
            send(client, ready[name], {one.reference.path: one.update_time for one in found if one.exists})

        return record

    return prepare


def _all(threads: int, record: Record, names: Sequence[str]) -> None:
    if threads == 1:
        for name in names:
            record(name)
        return
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(record, names))


def _names(size: int) -> list[str]:
    return [f"recorder-{number:07d}" for number in range(size)]


def _contention(bench: Bench) -> list[Finding]:
    """Whether any of many threads fails at one user, and what it costs against as many users as threads."""
    threads, each, rounds = bench.size(_AT_ONCE, 4), bench.size(_COMMANDS, 2), bench.size(3, 1)
    client, met = bench.client(), Counter[str]()
    names = [f"contended-{number}" for number in range(rounds * (threads + 1))]
    write_users(client, life(Kind.ACTIVE), names)
    fresh, service, total = iter(names), service_of(client), threads * each

    def record(thread: int, name: str) -> Counter[str]:
        found = Counter[str]()
        for number in range(each):
            command = RecordActivity(activity_id=f"a{thread}-{number}", activity_type="check_in", metadata={})
            try:
                found["retries"] += service.execute(name, NIGHT, command).retries
            except (UserBusy, DatabaseUnavailable):
                found["failures"] += 1
        return found

    def all_at_once(chosen: Sequence[str]) -> None:
        with ThreadPoolExecutor(threads) as pool:
            found = pool.map(lambda thread: record(thread, chosen[thread % len(chosen)]), range(threads))
            if len(chosen) == 1:
                met.update(sum(found, Counter[str]()))

    def at(users: int) -> Callable[[int], float]:
        def once(_: int) -> float:
            chosen = [next(fresh) for _ in range(users)]
            return seconds(lambda: all_at_once(chosen))

        return once

    sides = {"at one user": at(1), f"at {threads} users": at(threads)}
    speed = ratio(
        f"of the throughput at {threads} users", *bench.sides(sides, "commands/s", rounds=rounds, amount=total)
    )
    failures = f"failures of {threads} threads at one user, {each} commands each, {rounds} times"
    return [
        Finding(name=failures, value=met["failures"], unit="failures", goal=at_most(0)),
        speed,
        Finding(name="retries for each command at one user", value=met["retries"] / (total * rounds), unit="retries"),
    ]
