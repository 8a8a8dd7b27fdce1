"""Many threads that record for one and the same user at once: whether any of them fails, and what it costs them.

It must not know HTTP.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import DatabaseUnavailable, UserBusy
from tools.bench.measuring import Finding, Side, at_most, in_turn, ratio, seconds
from tools.bench.runner import Bench, service_of
from tools.bench.users import NIGHT, Kind, life, write_users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from streak_core.commands import StreakCommands

THREADS: Final = 32
COMMANDS: Final = 4


@dataclass
class _Met:
    failures: int = 0
    retries: int = 0


def contention(bench: Bench) -> list[Finding]:
    """As many commands at one user, and as many at as many users as there are threads."""
    threads, each, rounds = bench.size(THREADS, 4), bench.size(COMMANDS, 2), bench.size(3, 1)
    client = bench.client()
    names = [f"contended-{number}" for number in range(rounds * (threads + 1))]
    write_users(client, life(Kind.ACTIVE).document, names)
    fresh, service, met = iter(names), service_of(client), _Met()

    def at(users: int, counted: _Met) -> Callable[[int], float]:
        def once(number: int) -> float:
            bench.tell(f"{threads} threads, users: {users}, round {number + 1} of {rounds}")
            chosen = [next(fresh) for _ in range(users)]
            return seconds(lambda: _all_at_once(service, chosen, threads, each, counted))

        return once

    one, many = in_turn(rounds, at(1, met), at(threads, _Met()))
    total = threads * each
    return [
        Finding(
            name=f"failures of {threads} threads at one user, {each} commands each, {rounds} times",
            value=met.failures,
            unit="failures",
            goal=at_most(0),
        ),
        ratio(
            f"of the throughput at {threads} users",
            Side(label="at one user", unit="commands/s", values=[total / took for took in one]),
            Side(label=f"at {threads} users", unit="commands/s", values=[total / took for took in many]),
        ),
        Finding(name="retries for each command at one user", value=met.retries / (total * rounds), unit="retries"),
    ]


def _all_at_once(service: StreakCommands, names: Sequence[str], threads: int, each: int, met: _Met) -> None:
    def some(thread: int) -> tuple[int, int]:
        failures = retries = 0
        for number in range(each):
            wish = RecordActivity(activity_id=f"a{thread}-{number}", activity_type="check_in", metadata={})
            try:
                retries += service.execute(names[thread % len(names)], NIGHT, wish).retries
            except (UserBusy, DatabaseUnavailable):
                failures += 1
        return failures, retries

    with ThreadPoolExecutor(threads) as pool:
        for failures, retries in pool.map(some, range(threads)):
            met.failures += failures
            met.retries += retries
