"""Plays households one after the other in several processes, until enough faults were met.

It must not know what a household does. The same seed plays the same households, however many processes there are.
"""

from __future__ import annotations

import multiprocessing
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from tools.chaos.lives import USERS_A_HOUSEHOLD
from tools.chaos.playing import Game, Played

# Households that are begun before an earlier one is counted, for each process.
_AHEAD: Final = 2


@dataclass
class Sum:
    """All households together."""

    households: int = 0
    faults: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    rpcs: Counter[str] = field(default_factory=Counter)
    commands: int = 0
    queries: int = 0
    retries: int = 0
    asked_again: int = 0
    job_runs: int = 0
    job_killed: int = 0
    different: list[Played] = field(default_factory=list)

    def add(self, played: Played) -> None:
        """One more."""
        self.households += 1
        self.faults += played.faults
        self.rpcs += played.rpcs
        for name in ("commands", "questions", "retries", "asked_again", "job_runs", "job_killed"):
            setattr(self, name, getattr(self, name) + getattr(played, name))
        if played.different:
            self.different.append(played)


@contextmanager
def households(seed: int, jobs: int) -> Iterator[Iterator[Played]]:
    """The households of a seed in their order, played by so many processes."""
    # A forked gRPC is a broken one.
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        try:
            yield _in_order(pool, seed, jobs * _AHEAD)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def play_until(seed: int, faults: int, users: int, jobs: int, show: Callable[[int], None]) -> Sum:
    """Plays until so many faults were met by at least so many users, or a household differs."""
    total = Sum()
    with households(seed, jobs) as played:
        for one in played:
            total.add(one)
            met = sum(total.faults.values())
            show(min(met, faults))
            if total.different or (met >= faults and total.households * USERS_A_HOUSEHOLD >= users):
                break
    return total


def _in_order(pool: ProcessPoolExecutor, seed: int, ahead: int) -> Iterator[Played]:
    numbers = count()
    begun: list[Future[Played]] = [pool.submit(Game(seed, next(numbers)).play) for _ in range(ahead)]
    while begun:
        yield begun.pop(0).result()
        begun.append(pool.submit(Game(seed, next(numbers)).play))
