"""The command behind `make chaos`: plays environments of a seed under faults, and says what differs from the rules.

It must not know how an environment is played. It ends with 0 when nothing differs, 1 when something does.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import count, groupby
from typing import Final

from emulator.child import tied_pool
from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.progress import shown_count
from emulator.token import PROJECT
from tools.arguments import whole_number
from tools.chaos.lives import USERS_PER_ENVIRONMENT
from tools.chaos.playing import Game, Played, Shrinking

# Environments that are begun together, for each process.
_AHEAD: Final = 3


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays and reports; the answer is the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.chaos",
        description="Lives lived through the real service under faults, judged by the model.",
    )
    parser.add_argument("--seed", type=int, default=1, help="the lives and the faults (1)")
    parser.add_argument("--faults", type=whole_number, default=1000, help="play until so many faults were met (1000)")
    parser.add_argument("--user", type=int, help="play only the environment of this user")
    options = parser.parse_args(arguments)
    try:
        with FirestoreEmulator() as emulator:
            os.environ[HOST_VARIABLE] = emulator.host
            emulator.warm_up(PROJECT)
            begun = time.monotonic()
            if options.user is None:
                played = play_until(options.seed, options.faults)
            else:
                played = [Game(options.seed, options.user // USERS_PER_ENVIRONMENT).play()]
            return _report(options.seed, played, time.monotonic() - begun)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def play_until(seed: int, faults: int) -> list[Played]:
    """Plays until so many faults were met, or an environment differs.

    The same seed plays the same environments, however many processes there are.
    """
    played: list[Played] = []
    processes, numbers, met = os.cpu_count() or 1, count(), 0
    with shown_count("faults", faults) as show, tied_pool(processes) as pool:
        while met < faults and not any(one.different for one in played):
            games = [Game(seed, next(numbers)) for _ in range(processes * _AHEAD)]
            for one in pool.map(Game.play, games):
                played.append(one)
                met += one.faults.total()
                show(min(met, faults))
                if one.different or met >= faults:
                    break
    return played


def _report(seed: int, played: Sequence[Played], seconds: float) -> int:
    """Tells everything that was counted, and each difference as small as it goes; the exit status."""
    counts = sum((one.counts for one in played), Counter[str]())
    rpcs = sum((one.rpcs for one in played), Counter[str]())
    faults = sum((one.faults for one in played), Counter[tuple[str, str, str]]())
    users = len(played) * USERS_PER_ENVIRONMENT
    print(f"seed {seed}: {len(played)} environments, {users} users, {seconds:.1f} s")
    print(", ".join(f"{name} {number}" for counted in (counts, rpcs) for name, number in counted.items()))
    print(f"{faults.total()} faults, by RPC, mode and kind:")
    for (rpc, mode), kinds in groupby(sorted(faults.items()), key=lambda one: one[0][:2]):
        print(f"  {rpc} {mode}:", ", ".join(f"{kind} {number}" for (_, _, kind), number in kinds))
    different = [Shrinking(one.game).smallest_of(one) for one in played if one.different]
    for one in different:
        print(f"DIFFERENT: {one.different}\n  at {one.different_at}", "steps:", *one.steps, "faults:", sep="\n  ")
        for site, fault in one.met:
            print(f"  step {site.step}: {fault.code or 'slow'} {fault.mode} {site.rpc} {site.number} of {site.device}")
        user = one.game.environment * USERS_PER_ENVIRONMENT
        print(f"play it again: make chaos SEED={seed} USER={user}")
    print(f"{len(different)} differences")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
