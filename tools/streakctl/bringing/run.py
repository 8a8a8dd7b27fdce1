"""`streakctl import`: takes results as they come, keeps what was refused, and proves the count at the end.

It must not know how a row is read or a user brought along.
"""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Final, TextIO

from google.cloud import firestore
from rich.console import Console
from rich.text import Text

from emulator.stopping import stop_signals_interrupt
from streak_core.commands import StreakCommands
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.rules import Rules
from streak_core.maintenance.report import peak_memory_mib
from streak_core.records.told_acts import told_alongside
from streak_core.records.trails import Trails
from streak_core.store.users import UserStore
from tools.streakctl import Json, tables
from tools.streakctl.bringing.importing import Fate, Importer, Result, Tally
from tools.streakctl.bringing.mapping import RowReader
from tools.streakctl.bringing.rows import Source
from tools.streakctl.database import Target, WrongUseError
from tools.streakctl.progress import ShownProgress
from tools.streakctl.verify import DIFFERENT, FAILED, FINE, INTERRUPTED

# Refused rows that are shown where no file keeps them.
SHOWN_MAX: Final = 20


@dataclass
class Import:
    """One call of the command."""

    importer: Importer
    source: Source
    out: Console
    errors: Console
    progress: ShownProgress
    as_json: bool
    # Keeps each refused row with the reason, one JSON object a line.
    refused_file: TextIO | None
    _tally: Tally = field(default_factory=Tally)

    def run(self) -> int:
        """Brings all rows along, and sums up also where it is broken off. Answers the exit status.

        Raises `DatabaseUnavailable` and what else ends it, after the summary.
        """
        is_complete = False
        rows = self._tally.counted(self.source.rows())
        try:
            with stop_signals_interrupt(), self.progress, closing(self.importer.bring_all(rows)) as results:
                for result in results:
                    self._take(result)
            is_complete = True
        except KeyboardInterrupt:
            return INTERRUPTED
        finally:
            unproved = self._tally.differs_from(self.source.count()) if is_complete else None
            self._sum_up(is_complete=is_complete, unproved=unproved)
        if unproved:
            return FAILED
        return DIFFERENT if self._tally.fates[Fate.REFUSED] else FINE

    def _take(self, result: Result) -> None:
        self._tally.take(result)
        is_refused = result.fate is Fate.REFUSED
        self.progress.count(differs=is_refused)
        if is_refused and self.refused_file:
            self.refused_file.write(json.dumps(_refusal(result), default=str) + "\n")
            self.refused_file.flush()
        elif is_refused and self._tally.fates[Fate.REFUSED] <= SHOWN_MAX:
            why = "; ".join(f"{one.field} {one.message}".strip() for one in result.errors)
            said = f"row {result.row.number}, {result.user_id or 'nobody'}: {result.code}: {why}"
            self.errors.print(Text(tables.plain(said)))

    def _sum_up(self, *, is_complete: bool, unproved: str | None) -> None:
        fates = self._tally.fates
        summary = {
            "type": "summary",
            "complete": is_complete,
            "proved": is_complete and unproved is None,
            "dry_run": self.importer.is_trial,
            "rows": self._tally.rows,
            **{fate.value: fates[fate] for fate in Fate},
            "seconds": round(self.progress.seconds, 3),
            "users_per_second": self.progress.rate,
            "peak_memory_mib": peak_memory_mib(),
        }
        if self.as_json:
            self.out.file.write(json.dumps(summary) + "\n")
            return
        for line, style in _summary_lines(summary, unproved):
            self.out.print(Text(line, style=style))


def importer_of(
    client: firestore.Client,
    target: Target,
    rules: Callable[[], Rules],
    reader: RowReader,
    *,
    is_trial: bool,
    threads: int,
) -> Importer:
    """What brings users along there; each by the rules of then: many take hours."""
    trails = Trails(client)
    store = UserStore(
        client, rules, target.stored_form, lambda user_id, writes: told_alongside(trails, user_id, writes)
    )
    return Importer(
        commands=StreakCommands(store, rules),
        reader=reader,
        actor=Actor(kind=ActorKind.ADMIN, id=f"streakctl:{getpass.getuser()}"),
        clock=lambda: datetime.now(UTC),
        is_trial=is_trial,
        threads=threads,
    )


@contextmanager
def refusals(path: Path, source: str) -> Iterator[TextIO]:
    """The file of refused rows, begun anew, for the eyes of its owner alone. Raises `WrongUseError`."""
    try:
        if path.exists() and Path(source).exists() and path.samefile(source):
            message = "--refused names the source itself, which would be lost"
            raise WrongUseError(message)
        with open(path, "w", encoding="utf-8", opener=partial(os.open, mode=0o600)) as file:
            yield file
    except OSError as error:
        message = f"{path} can't be written: {error.strerror}"
        raise WrongUseError(message) from error


def _summary_lines(summary: Json, unproved: str | None) -> list[tuple[str, str]]:
    done = "would be imported" if summary["dry_run"] else "imported, read back and compared"
    added = [f"{summary['already_there']:,} already there", f"{summary['refused']:,} refused"]
    counts = " + ".join([f"{summary['imported']:,} {done}", *added])
    lines = [
        (f"{summary['rows']:,} rows = {counts}", "bold"),
        (f"in {summary['seconds']} s ({summary['users_per_second']} users/s)", "dim"),
    ]
    if unproved:
        lines.append((f"the count does not come out: {unproved}", "red"))
    if not summary["complete"]:
        lines.append(("not all rows were read: start it again, and it goes on; nobody is imported twice", "yellow"))
    return lines


def _refusal(result: Result) -> Json:
    return {
        "row": result.row.number,
        "user_id": result.user_id,
        "code": result.code,
        "errors": [{"field": one.field, "message": one.message} for one in result.errors],
        "source": dict(result.row.values),
    }
