"""`streakctl verify`: proves users one after the other, tells of each that differs, and sums up.

It must not know how a user is proved. It keeps numbers only, however many users there are.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Final

from rich.console import Console

from emulator.stopping import stop_signals_interrupt
from streak_core.domain.days import rfc3339
from streak_core.maintenance.report import peak_memory_mib
from streak_core.proving.repository import UserDocument
from tools.streakctl import Json, tables
from tools.streakctl.progress import ShownProgress
from tools.streakctl.proving import Finding, Proof, Prover

# The exit statuses of every command.
FINE: Final = 0
DIFFERENT: Final = 1
FAILED: Final = 2
INTERRUPTED: Final = 130

_NOTHING_TO_TELL: Final = frozenset({Finding.EQUAL, Finding.ERASED})


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
            with stop_signals_interrupt(), self.progress, closing(self.prover.prove_all(user_documents)) as proofs:
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
            "now": rfc3339(self.prover.now()),
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
