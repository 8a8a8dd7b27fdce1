"""Reading a streak and its calendar against a bare get of the very same documents.

It must not know HTTP.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from streak_core.commands import StreakCommands
from streak_core.config import shipped_policy
from streak_core.domain.commands import RecordActivity
from streak_core.domain.days import ONE_DAY
from streak_core.queries import StreakQueries
from streak_core.store.reading import read_options
from streak_core.store.users import UserStore
from tools.bench.counting import CountingClient
from tools.bench.measuring import Figure, Finding, Side, in_turn, ratio, seconds
from tools.bench.runner import Bench, new_project

NAME = "reading"
_FIRST: Final = datetime(2025, 1, 10, 9, tzinfo=UTC)
_USER: Final = "reader"


def measure(bench: Bench) -> Figure:
    """Each question in turn with the bare get."""
    days = bench.size(420, 20)
    bench.tell(f"living {days} days")
    project = new_project()
    now = _live(bench, project, days)
    asked: dict[str, Callable[[StreakQueries], object]] = {
        "streak": lambda queries: queries.streak(_USER, now),
        "calendar of 30 days": lambda queries: queries.calendar(_USER, now, 30),
        "calendar of 365 days": lambda queries: queries.calendar(_USER, now, 365),
    }
    return Figure(
        name=NAME,
        title="Reading",
        about=(
            f"One user with {days} active days, asked by one thread. The bare client gets the same documents with one "
            "BatchGet and looks at none of them; the service reads them into types, replays the tail and makes the "
            "answer."
        ),
        findings=[_against_bare(bench, project, name, ask) for name, ask in asked.items()],
    )


def _against_bare(bench: Bench, project: str, name: str, ask: Callable[[StreakQueries], object]) -> Finding:
    rounds, times = bench.size(7, 1), bench.size(100, 3)
    counting = CountingClient(project)
    ask(StreakQueries(UserStore(counting, shipped_policy()), shipped_policy()))
    paths = counting.counted.taken().read
    client = bench.client(project)
    queries = StreakQueries(UserStore(client, shipped_policy()), shipped_policy())
    references = [client.document(path) for path in paths]

    def many(work: Callable[[], object]) -> Callable[[int], float]:
        def once(number: int) -> float:
            bench.tell(f"{name}, round {number + 1} of {rounds}")
            return seconds(lambda: [work() for _ in range(times)])

        return once

    ours, bare = in_turn(
        rounds,
        many(lambda: ask(queries)),
        many(lambda: list(client.get_all(references, **read_options()))),
        unmeasured=1,
    )
    return ratio(
        f"of a bare get: {name}, {len(paths)} {'document' if len(paths) == 1 else 'documents'}",
        Side(label="the service", unit="answers/s", values=[times / took for took in ours]),
        Side(label="a bare get", unit="answers/s", values=[times / took for took in bare]),
    )


def _live(bench: Bench, project: str, days: int) -> datetime:
    """An activity a day, recorded by the service; answers the last moment."""
    service = StreakCommands(UserStore(bench.client(project), shipped_policy()), shipped_policy())
    at = _FIRST
    for number in range(days):
        at = _FIRST + number * ONE_DAY
        recorded = RecordActivity(activity_id=f"d{number}", activity_type="evaluation_completed", metadata={"grade": 8})
        service.execute(_USER, at, recorded)
    return at
