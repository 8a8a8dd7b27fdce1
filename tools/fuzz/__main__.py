"""The command behind `make fuzz`: hostile requests of a seed to the served functions, each answer judged.

It must not know how a request is made or judged. It ends with 0 when no answer was wrong, 1 at the first that is.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from emulator.errors import SetupError
from emulator.port import free_port
from emulator.progress import shown_count
from testing.local_server import LocalServer, serve_command
from tools import markdown
from tools.arguments import whole_number
from tools.fuzz.runner import Fault, Fuzzing, Total

REQUESTS: Final = 50_000
_SEED_BITS: Final = 32
_INTERRUPTED: Final = 130
_SHOWN_MAX: Final = 2_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Sends and reports; the answer is the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with _served() as url:
            return _fuzz(Fuzzing(url=url, seed=options.seed), options)
    except SetupError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return _INTERRUPTED


def _fuzz(fuzzing: Fuzzing, options: argparse.Namespace) -> int:
    print(f"seed {fuzzing.seed}", flush=True)
    begun = time.monotonic()
    total = _played(fuzzing, options)
    seconds = time.monotonic() - begun
    print(f"{total.answers.total()} requests in {seconds:.0f} s, sent again {total.retries} times")
    answers = ((status, code, number) for (status, code), number in sorted(total.answers.items()))
    markdown.show(markdown.table(("status", "code", "answers"), answers))
    for fault in total.faults:
        _show_fault(fault, fuzzing.seed)
    return 1 if total.faults else 0


def _show_fault(fault: Fault, seed: int) -> None:
    """The request as the bytes it was sent as, and what sends it again."""
    file = Path(tempfile.gettempdir()) / f"fuzz-{seed}-{fault.number}.bin"
    file.write_bytes(fault.sent.raw)
    print(f"fault: {fault.what}, for request {fault.number}")
    print(f"it was answered {fault.status}: {fault.text[:_SHOWN_MAX]}")
    print(f"its {len(fault.sent.raw)} bytes, in {file}: {fault.sent.raw[:_SHOWN_MAX]!r}")
    print(f"send it again:  python -m tools.fuzz --seed {seed} --only {fault.number}")
    print(f"or, to what `make serve` serves:  nc 127.0.0.1 8080 < {file}")


def _played(fuzzing: Fuzzing, options: argparse.Namespace) -> Total:
    if options.only is not None:
        return fuzzing.play_until(options.only)
    with shown_count("requests", options.requests) as show:
        return fuzzing.play(options.requests, show)


@contextmanager
def _served() -> Iterator[str]:
    """All functions on an emulator of their own, whose database begins empty."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_EMULATOR_HOST")}
    with LocalServer(serve_command(), {**environment, "PORT": str(free_port())}) as server:
        yield server.wait_until_ready()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tools.fuzz", description="Send hostile requests, and judge each answer."
    )
    parser.add_argument("--requests", type=whole_number, default=REQUESTS, help="how many to send")
    parser.add_argument("--seed", type=int, default=secrets.randbits(_SEED_BITS), help="what they are made of")
    parser.add_argument("--only", type=int, help="send the request of that number alone, after its user's earlier ones")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
