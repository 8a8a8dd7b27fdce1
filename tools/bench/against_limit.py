"""The job against the limit: the bare client sending the same queries and commits, made beforehand, with no logic.

It must not know what is in them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.config.maintenance import PAGE_USERS_MAX, THREADS
from streak_core.store.due import NEEDED
from streak_core.store.sharding import SHARDS
from tools.bench.bare import KeepingClient, Prepared, send
from tools.bench.counting import DISTANCE_SECONDS, CountingClient
from tools.bench.measuring import Figure, Finding, at_least, ratio, seconds
from tools.bench.runner import STOPPING, Bench, job, new_project
from tools.bench.users import NIGHT, night_population, write_population

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from google.cloud import firestore

_SHARD_OF_PROGRESS: Final = re.compile(r"/shards/(\d\d)$")
_ABOUT: Final = (
    "One night over {size:,} due users. The bare client makes the same public calls: the same queries, with the "
    "same pages, and the same transactions with documents prepared beforehand, in the same number of threads; it "
    "replays, decides, reads into types and encodes nothing. The same with every call of either held up, as by a "
    "deployed database, which computes on other cores."
)


def measure(bench: Bench) -> Figure:
    """The job and the bare client with the same RPCs, in turn."""
    size = bench.size(4_000, 60)
    population = night_population(size, due_share=1.0)
    bench.tell("living a night whose commits are kept")
    keeping = KeepingClient(new_project())
    write_population(keeping, population)
    job(keeping).run("night", NIGHT)
    night = prepare(keeping.kept)

    def throughput(name: str, distance: float) -> Finding:
        def of_a_new_night(run: Callable[[firestore.Client], object]) -> Callable[[int], float]:
            def once(_: int) -> float:
                stored = bench.client()
                write_population(stored, population)
                client = CountingClient(stored.project, distance) if distance else stored
                return seconds(lambda: run(client))

            return once

        sides = {
            "the job": of_a_new_night(lambda client: job(client).run("night", NIGHT)),
            "bare client": of_a_new_night(lambda client: live(client, night, NIGHT)),
        }
        found = bench.sides(sides, "users/s", rounds=bench.size(5, 1), amount=size, unmeasured=1)
        return ratio(name, *found, goal=at_least(0.85))

    name, away = "of the bare client's throughput", f"the database {DISTANCE_SECONDS * 1_000:.0f} ms away"
    findings = [throughput(name, 0.0), throughput(f"{name}, {away}", DISTANCE_SECONDS)]
    return Figure(title="Against the limit", about=_ABOUT.format(size=size), findings=findings)


@dataclass(frozen=True)
class PreparedNight:
    """The transactions of a night: that which opens it, those of each shard, and those that close it."""

    opening: Sequence[Prepared]
    by_shard: Mapping[int, Sequence[Prepared]]
    closing: Sequence[Prepared]


def prepare(kept: Sequence[Prepared]) -> PreparedNight:
    """The transactions of a night that was lived before."""
    by_shard: dict[int, list[Prepared]] = defaultdict(list)
    others: list[Prepared] = []
    for writes in kept:
        shards = [int(found[1]) for one in writes if (found := _SHARD_OF_PROGRESS.search(one.path))]
        (by_shard[shards[0]] if shards else others).append(writes)
    return PreparedNight(opening=others[:1], by_shard=by_shard, closing=others[1:])


def live(client: firestore.Client, night: PreparedNight, now: datetime) -> None:
    """Sends everything. Raises where the database answers another number of users than the transactions are for."""
    client.document("maintenance_runs/night").get()
    _send_all(client, night.opening)
    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(_shard, client, shard, night.by_shard.get(shard, ()), now) for shard in range(SHARDS)]
        for one in work:
            one.result()
    _send_all(client, night.closing)


def _shard(client: firestore.Client, shard: int, transactions: Sequence[Prepared], now: datetime) -> None:
    left, after = list(transactions), None
    while not STOPPING.is_set():
        page = _page(client, shard, now, after)
        versions = {one.reference.path: one.update_time for one in page}
        written = 0
        while left and written < len(page):
            writes = left.pop(0)
            written += sum(one.is_versioned for one in writes)
            send(client, writes, versions)
        if written != len(page):
            message = f"the page has {len(page)} users, the transactions are for {written}"
            raise RuntimeError(message)
        if len(page) < PAGE_USERS_MAX:
            return
        after = page[-1]


def _page(client: firestore.Client, shard: int, now: datetime, after: Any) -> list[Any]:  # noqa: ANN401 - a snapshot
    streaks = client.collection("streaks")
    query = (
        streaks.where(filter=FieldFilter("shard", "==", shard))
        .where(filter=FieldFilter("expires_at", "<=", now))
        .order_by("expires_at")
        .order_by("__name__")
        .limit(PAGE_USERS_MAX)
        .select(NEEDED)
    )
    if after is not None:
        query = query.start_after({"expires_at": after.get("expires_at"), "__name__": after.reference})
    return list(query.stream())[:PAGE_USERS_MAX]


def _send_all(client: firestore.Client, night: Sequence[Prepared]) -> None:
    """Each after a read of what it writes over, as the job does."""
    for writes in night:
        paths = [one.path for one in writes if one.is_versioned]
        send(client, writes, {path: client.document(path).get().update_time for path in paths})
