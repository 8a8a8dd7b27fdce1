"""A night of the bare client: the queries and commits of one that the job lived before, prepared, in as many threads.

It must not decide or encode anything: what is left is the client, the wire and the database.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from google.cloud.firestore_v1.base_query import FieldFilter
from google.cloud.firestore_v1.types import CommitRequest

from streak_core.config.maintenance import PAGE_USERS_MAX, THREADS
from streak_core.store.client import READ
from streak_core.store.due import NEEDED
from streak_core.store.sharding import SHARDS
from tools.bench.bare import prepared, send
from tools.bench.runner import STOPPING

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud import firestore

_SHARD_OF_COMMIT: Final = re.compile(rb"/shards/(\d\d)")


@dataclass(frozen=True)
class PreparedNight:
    """The commits of a night: those that open it, those of each shard, and those that close it."""

    opening: Sequence[CommitRequest]
    by_shard: Mapping[int, Sequence[CommitRequest]]
    closing: Sequence[CommitRequest]


def prepare(kept: Sequence[bytes], before: str, after: str) -> PreparedNight:
    """The commits of the project `before`, made ready for the project `after`."""
    by_shard: dict[int, list[CommitRequest]] = defaultdict(list)
    others: list[CommitRequest] = []
    for one in kept:
        request = prepared(one, {before: after})
        shard = _SHARD_OF_COMMIT.search(one)
        (by_shard[int(shard[1])] if shard else others).append(request)
    return PreparedNight(opening=others[:1], by_shard=by_shard, closing=others[1:])


def live(client: firestore.Client, night: PreparedNight, now: datetime) -> None:
    """Sends everything. Raises where the database answers another number of users than the commits are for."""
    client.document("maintenance_runs/night").get(**READ)
    _send_all(client, night.opening)
    with ThreadPoolExecutor(THREADS) as pool:
        work = [pool.submit(_shard, client, shard, night.by_shard.get(shard, ()), now) for shard in range(SHARDS)]
        for one in work:
            one.result()
    _send_all(client, night.closing)


def _shard(
    client: firestore.Client,
    shard: int,
    commits: Sequence[CommitRequest],
    now: datetime,
) -> None:
    left, after = list(commits), None
    while not STOPPING.is_set():
        page = _page(client, shard, now, after)
        written = 0
        while left and written < len(page):
            request = left.pop(0)
            written += sum(1 for one in request.writes if one.update.name.count("/") == _PARTS_OF_A_STREAK)
            send(client, request, in_transaction=False)
        if written != len(page):
            message = f"the page has {len(page)} users, the commits are for {written}"
            raise RuntimeError(message)
        if len(page) < PAGE_USERS_MAX:
            return
        after = page[-1]


# projects/P/databases/D/documents/streaks/U
_PARTS_OF_A_STREAK: Final = 6


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
    return list(query.stream(**READ))[:PAGE_USERS_MAX]


def _send_all(client: firestore.Client, requests: Sequence[CommitRequest]) -> None:
    for request in requests:
        send(client, request, in_transaction=False)
