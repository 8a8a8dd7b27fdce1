"""The command behind `make chaos`: plays environments of a seed under faults, and says what differs from the rules.

It must not know how an environment is played. It ends with 0 when nothing differs, 1 when something does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import count
from typing import Any, Final

from emulator.child import tied_pool
from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.progress import shown_count
from tools import markdown
from tools.arguments import whole_number
from tools.chaos.faults import Code
from tools.chaos.lives import USERS_PER_ENVIRONMENT
from tools.chaos.playing import Game, Played
from tools.chaos.shrinking import Shrinking

Json = dict[str, Any]

INTERRUPTED: Final = 130
# Environments that are begun before an earlier one is counted, for each process.
_AHEAD: Final = 2
_COUNTED: Final = ("commands", "queries", "retries", "asked_again", "job_runs", "job_killed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays and reports; the answer is the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with FirestoreEmulator() as emulator:
            os.environ[HOST_VARIABLE] = emulator.host
            return _play(options)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED


def _play(options: argparse.Namespace) -> int:
    begun = time.monotonic()
    played = _played(options)
    seconds = time.monotonic() - begun
    different = [_smallest(one, options.shrink_seconds) for one in played if one.different]
    report = as_json(options.seed, played, different, seconds)
    if options.json:
        print(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        _show(report)
    return 1 if different else 0


def _played(options: argparse.Namespace) -> list[Played]:
    if options.user is not None:
        return [Game(options.seed, options.user // USERS_PER_ENVIRONMENT).play()]
    progress = nullcontext(lambda _: None) if options.json else shown_count("faults", options.faults)
    with progress as show:
        return play_until(options.seed, options.faults, options.users, options.jobs, show)


def play_until(seed: int, faults: int, users: int, jobs: int, show: Callable[[int], None]) -> list[Played]:
    """Plays until so many faults were met by at least so many users, or an environment differs.

    The same seed plays the same environments, however many processes there are.
    """
    played: list[Played] = []
    with _environments(seed, jobs) as environments:
        for one in environments:
            played.append(one)
            met = sum(each.faults.total() for each in played)
            show(min(met, faults))
            if one.different or (met >= faults and len(played) * USERS_PER_ENVIRONMENT >= users):
                break
    return played


@contextmanager
def _environments(seed: int, jobs: int) -> Iterator[Iterator[Played]]:
    with tied_pool(jobs) as pool:
        try:
            yield _in_order(pool, seed, jobs * _AHEAD)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _in_order(pool: ProcessPoolExecutor, seed: int, ahead: int) -> Iterator[Played]:
    games = (Game(seed, number) for number in count())
    begun = [pool.submit(next(games).play) for _ in range(ahead)]
    while True:
        yield begun.pop(0).result()
        begun.append(pool.submit(next(games).play))


def _smallest(played: Played, seconds_max: float) -> Played:
    return Shrinking(Game(played.seed, played.environment), seconds_max=seconds_max).smallest_of(played)


def as_json(seed: int, played: Sequence[Played], different: Sequence[Played], seconds: float) -> Json:
    """Everything that was counted, and each difference with the life that shows it."""
    rpcs = sum((one.rpcs for one in played), Counter[str]())
    faults = sum((one.faults for one in played), Counter[tuple[str, str, str]]())
    return {
        "seed": seed,
        "environments": len(played),
        "users": len(played) * USERS_PER_ENVIRONMENT,
        **{name: sum(getattr(one, name) for one in played) for name in _COUNTED},
        "rpcs": dict(sorted(rpcs.items())),
        "faults": faults.total(),
        "faults_by_kind_and_mode": [
            {"rpc": rpc, "mode": mode, "kind": kind, "faults": number}
            for (rpc, mode, kind), number in sorted(faults.items())
        ],
        "differences": [_difference(one) for one in different],
        "seconds": round(seconds, 1),
    }


def _difference(played: Played) -> Json:
    """What differs, the smallest life found that shows it, and how to play it again."""
    user = played.environment * USERS_PER_ENVIRONMENT
    faults = [
        f"step {site.step}: {fault.name} {fault.mode} {site.rpc} {site.number} of {site.device}"
        for site, fault in played.met
    ]
    return {
        "different": played.different,
        "at": played.different_at,
        "steps": list(played.steps),
        "faults": faults,
        "play it again": f"make chaos SEED={played.seed} USER={user}",
    }


def _show(report: Json) -> None:
    simple = {name: value for name, value in report.items() if not isinstance(value, list)}
    print("\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in simple.items()))
    rows: dict[tuple[str, str], Counter[str]] = {}
    for one in report["faults_by_kind_and_mode"]:
        rows.setdefault((one["rpc"], one["mode"]), Counter())[one["kind"]] += one["faults"]
    cells = ((*where, *(kinds[code.value] or "" for code in Code)) for where, kinds in sorted(rows.items()))
    markdown.show(markdown.table(("RPC", "mode", *Code), cells))
    for one in report["differences"]:
        for name, value in one.items():
            print(f"{name}:", *(value if isinstance(value, list) else [value]), sep="\n  ")
    print(f"{len(report['differences'])} differences")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.chaos",
        description="Lives lived through the real service under faults, judged by the model.",
    )
    add = parser.add_argument
    add("--seed", type=int, default=1, help="the lives and the faults (1)")
    add("--faults", type=whole_number, default=1000, help="play until so many faults were met (1000)")
    add("--users", type=whole_number, default=1, help="and by so many users at least (1)")
    add("--user", type=int, help="play only the environment of this user")
    add("--jobs", type=whole_number, default=os.cpu_count() or 1, help="processes (one for each core)")
    add("--shrink-seconds", type=float, default=120.0, help="how long to look for a smaller life (120)")
    add("--json", action="store_true", help="report as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
