"""The command behind `make chaos`: plays households of a seed under faults, and tells what differs from the rules.

It must not know how a household is played. It ends with 0 when nothing differs, 1 when something does.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Final

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.progress import shown_count
from tools.chaos.lives import USERS_A_HOUSEHOLD
from tools.chaos.playing import Game, Played
from tools.chaos.report import as_json, tell, tell_difference
from tools.chaos.runner import Sum, play_until
from tools.chaos.shrinking import Shrinking

INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Plays and tells; the answer is the exit status."""
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
    total = _total(options)
    seconds = time.monotonic() - begun
    smallest = [_smallest(one, options.shrink_seconds) for one in total.different]
    total.different = [played for played, _ in smallest]
    found = as_json(options.seed, total, seconds)
    if options.json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        tell(found)
        for played, games in smallest:
            tell_difference(played, games)
    return 1 if smallest else 0


def _total(options: argparse.Namespace) -> Sum:
    if options.user is not None:
        total = Sum()
        total.add(Game(options.seed, options.user // USERS_A_HOUSEHOLD).play())
        return total
    progress = nullcontext(lambda _: None) if options.json else shown_count("faults", options.faults)
    with progress as show:
        return play_until(options.seed, options.faults, options.users, options.jobs, show)


def _smallest(played: Played, seconds_max: float) -> tuple[Played, int]:
    shrinking = Shrinking(Game(played.seed, played.household), seconds_max=seconds_max)
    return shrinking.smallest_of(played), shrinking.games


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.chaos",
        description="Lives lived through the real service under faults, judged by the model.",
    )
    parser.add_argument("--seed", type=int, default=1, help="the lives and the faults (1)")
    parser.add_argument("--faults", type=_positive, default=1000, help="play until so many faults were met (1000)")
    parser.add_argument("--users", type=_positive, default=1, help="and by so many users at least (1)")
    parser.add_argument("--user", type=int, help="play only the household of this user")
    parser.add_argument("--jobs", type=_positive, default=os.cpu_count() or 1, help="processes (one for each core)")
    parser.add_argument("--shrink-seconds", type=float, default=120.0, help="how long to look for a smaller life (120)")
    parser.add_argument("--json", action="store_true", help="tell it as JSON")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        message = "must be at least 1"
        raise argparse.ArgumentTypeError(message)
    return number


if __name__ == "__main__":
    sys.exit(main())
