"""`streakctl verify`: proves users one after the other, tells of each that differs, and sums up.

It must not know how a user is proved. It keeps numbers only, however many users there are.
"""

from __future__ import annotations

import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Final, Self

from rich.console import Console

from streak_core.domain.days import rfc3339
from streak_core.maintenance.report import peak_memory_mib
from tools.streakctl import Json, tables
from tools.streakctl.proving import Finding, Proof, Prover
from tools.streakctl.repository import UserDocument

# The exit statuses of every command.
FINE: Final = 0
DIFFERENT: Final = 1
FAILED: Final = 2
INTERRUPTED: Final = 130

SILENT_SECONDS: Final = 2.0
LINE_EVERY_SECONDS: Final = 5.0

_NOTHING_TO_TELL: Final = frozenset({Finding.EQUAL, Finding.ERASED})
_STOP_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


@dataclass
class ShownProgress:
    """Counts users while entered. `total` is asked for once there is something to say; 0 is not known."""

    console: Console
    total: Callable[[], int]
    clock: Callable[[], float] = time.monotonic
    users: int = 0
    differing: int = 0
    _total: int = 0
    _said_at: float = field(default=0.0, init=False)

    def __enter__(self) -> Self:
        self._begun = self._said_at = self.clock()
        return self

    def __exit__(self, *_: object) -> None:
        """Says nothing more."""

    def count(self, *, differs: bool) -> None:
        """One user more."""
        self.users += 1
        self.differing += differs
        now = self.clock()
        if now - self._begun < SILENT_SECONDS or now - self._said_at < LINE_EVERY_SECONDS:
            return
        self._said_at, self._total = now, self._total or self.total() or -1
        of = f" of {self._total:,}" if self._total > 0 else ""
        self.console.print(f"verified {self.users:,}{of} users, {self.rate} users/s, {self.differing:,} differ")

    @property
    def seconds(self) -> float:
        """Since it was entered."""
        return self.clock() - self._begun

    @property
    def rate(self) -> float:
        """Users per second so far."""
        return round(self.users / self.seconds, 1) if self.seconds else 0.0


@dataclass
class Verification:
    """One call of the command."""

    prover: Prover
    out: Console
    progress: ShownProgress
    as_json: bool
    _found: Counter[Finding] = field(default_factory=Counter)
    _entries: int = 0

    def run(self, user_documents: Iterable[UserDocument]) -> int:
        """Verifies them, and sums up also where it is broken off. Answers the exit status.

        Raises `DatabaseUnavailable` and what a refused write raises, after the summary.
        """
        is_complete = False
        try:
            with _stop_signals_interrupt(), self.progress, closing(self.prover.prove_all(user_documents)) as proofs:
                for proof in proofs:
                    self._take(proof)
            is_complete = True
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            self._sum_up(is_complete=is_complete)
        if self._found[Finding.NOBODY]:
            return FAILED
        return DIFFERENT if self._found[Finding.DIFFERS] + self._found[Finding.UNPROVABLE] else FINE

    def _take(self, proof: Proof) -> None:
        self._found[proof.finding] += 1
        self._entries += proof.entries
        self.progress.count(differs=proof.finding not in _NOTHING_TO_TELL)
        if proof.finding in _NOTHING_TO_TELL:
            return
        if self.as_json:
            _print_line(self.out, {"type": "user", **_as_json(proof)})
        else:
            tables.show_proof(self.out, proof)

    def _sum_up(self, *, is_complete: bool) -> None:
        found = self._found
        summary = {
            "type": "summary",
            "complete": is_complete,
            "fix": self.prover.fix,
            "now": rfc3339(self.prover.now),
            "users": found.total() - found[Finding.NOBODY] - found[Finding.ERASED],
            "equal": found[Finding.EQUAL],
            "differing": found[Finding.DIFFERS],
            "mended": found[Finding.MENDED],
            "unprovable": found[Finding.UNPROVABLE],
            "entries": self._entries,
            "seconds": round(self.progress.seconds, 3),
            "users_per_second": self.progress.rate,
            "peak_memory_mib": peak_memory_mib(),
        }
        if self.as_json:
            _print_line(self.out, summary)
        else:
            tables.show_summary(self.out, summary)


def _as_json(proof: Proof) -> Json:
    return {
        "user_id": proof.user_id,
        "finding": proof.finding.value,
        "entries": proof.entries,
        "reason": proof.reason,
        "differences": [
            {"document": one.document, "field": one.field, "stored": one.stored, "rebuilt": one.rebuilt}
            for one in proof.differences
        ],
    }


def _print_line(out: Console, content: Any) -> None:  # noqa: ANN401 - JSON
    out.file.write(json.dumps(content) + "\n")
    out.file.flush()


@contextmanager
def _stop_signals_interrupt() -> Iterator[None]:
    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        # Stopping is bounded by the reads that are under way; a second signal must not break it off.
        for each in _STOP_SIGNALS:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in _STOP_SIGNALS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
