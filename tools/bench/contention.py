"""Many threads that record for one and the same user at once: whether any of them fails, and what it costs them.

It must not know HTTP.
"""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import DatabaseUnavailable, UserBusy
from tools.bench.measuring import Finding, at_most, ratio, seconds
from tools.bench.runner import Bench, service_of
from tools.bench.users import NIGHT, Kind, life, write_users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

THREADS: Final = 32
COMMANDS: Final = 4


def contention(bench: Bench) -> list[Finding]:
    """As many commands at one user, and as many at as many users as there are threads."""
    threads, each, rounds = bench.size(THREADS, 4), bench.size(COMMANDS, 2), bench.size(3, 1)
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
