"""Reading a streak and its calendar against a bare get of the very same documents.

It must not know HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from google.cloud import firestore

from streak_core.config import shipped_rules
from streak_core.domain.commands import RecordActivity
from streak_core.domain.days import ONE_DAY
from streak_core.queries import StreakQueries
from streak_core.store.reading import read_options
from streak_core.store.users import UserStore
from tools.bench.counting import CountingClient
from tools.bench.measuring import Figure, Finding, ratio, seconds
from tools.bench.runner import Bench, service_of

_FIRST: Final = datetime(2025, 1, 10, 9, tzinfo=UTC)
_USER: Final = "reader"

Ask = Callable[[StreakQueries], object]


def measure(bench: Bench) -> Figure:
    """Each question in turn with the bare get."""
    days = bench.size(420, 20)
    bench.tell(f"living {days} days")
    client = bench.client()
    service = service_of(client)
    moments = [_FIRST + number * ONE_DAY for number in range(days)]
    for number, at in enumerate(moments):
        recorded = RecordActivity(activity_id=f"d{number}", activity_type="evaluation_completed", metadata={"grade": 8})
        service.execute(_USER, at, recorded)
    now = moments[-1]
    asked: dict[str, Ask] = {
        "streak": lambda queries: queries.streak(_USER, now),
        "calendar of 30 days": lambda queries: queries.calendar(_USER, now, 30),
        "calendar of 365 days": lambda queries: queries.calendar(_USER, now, 365),
    }
    return Figure(
        title="Reading",
        about=(
            f"One user with {days} active days, asked by one thread. The bare client gets the same documents with one "
            "BatchGet and looks at none of them; the service reads them into types, replays the tail and makes the "
            "answer."
        ),
        findings=[_against_bare(bench, client, name, ask) for name, ask in asked.items()],
    )


def _against_bare(bench: Bench, client: firestore.Client, name: str, ask: Ask) -> Finding:
    times = bench.size(100, 3)
    counting = CountingClient(client.project)
    ask(_queries(counting))
    paths, queries = counting.counted.read, _queries(client)
    references = [client.document(path) for path in paths]

    def many(work: Callable[[], object]) -> Callable[[int], float]:
        return lambda _: seconds(lambda: [work() for _ in range(times)])

    bench.tell(name)
    sides = {
        "the service": many(lambda: ask(queries)),
        "a bare get": many(lambda: list(client.get_all(references, **read_options()))),
    }
    ours, bare = bench.sides(sides, "answers/s", rounds=bench.size(7, 1), amount=times, unmeasured=1)
    return ratio(f"of a bare get: {name}, {len(paths)} {'document' if len(paths) == 1 else 'documents'}", ours, bare)


def _queries(client: firestore.Client) -> StreakQueries:
    return StreakQueries(UserStore(client, shipped_rules), shipped_rules)
