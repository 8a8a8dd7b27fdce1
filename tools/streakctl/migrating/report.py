"""What is said of migrations: a row for each, what became of users, and who was left alone and why.

It must not read anything, nor decide what is shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from rich.console import Console
from rich.text import Text

from streak_core.domain.days import rfc3339
from streak_core.migrations.chain import Chain, Step
from streak_core.store.documents import user_id_of
from streak_core.store.migrations import Counts, Kept, Progress
from tools.streakctl import Json, tables
from tools.streakctl.progress import NowAndThen

_NUMBERS: Final = ("changed", "already", "would_lose", "failed")
_ROW: Final = ("number", "name", "state", *_NUMBERS, "by", "begun_at", "ended_at", "checksum")
_SHORT: Final = 12


@dataclass
class ShownUsers:
    """Says how far a step is, after two seconds and then now and then. `total` is asked for once; 0 is not known."""

    console: Console
    total: Callable[[], int]
    clock: Callable[[], float] = time.monotonic
    # Which time through all users it is, with when and of how many users this call began it.
    _of: tuple[int, bool, str] | None = field(default=None, init=False)
    _from: tuple[float, int] = field(default=(0.0, 0), init=False)
    _users: int = field(default=0, init=False)
    _total: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Time counts from here."""
        self._lines = NowAndThen(self.clock)

    @property
    def seconds(self) -> float:
        """Since it was made."""
        return self.clock() - self._lines.begun

    def tell(self, step: Step, progress: Progress) -> None:
        """It is so far now."""
        counts, of = progress.counts, (step.migration.number, step.is_down, progress.run)
        self._users = counts.users
        if of != self._of:
            self._of, self._from = of, (self.clock(), counts.users)
        if not self._lines.is_due():
            return
        since, before = self._from
        self._total = self._total or self.total() or -1
        of_all = f" of {self._total:,}" if self._total > 0 else ""
        rate = round((counts.users - before) / max(self.clock() - since, 0.001), 1)
        what = f"{step.migration.name} {'down' if step.is_down else 'up'}{'' if progress.run else ', looking'}"
        said = f"{what}: {counts.users:,}{of_all} users, {rate} users/s, {counts.left:,} left alone"
        self.console.print(said, soft_wrap=True)

    def broken_off(self) -> None:
        """It goes no further by this call."""
        self.console.print(f"broken off after {self._users:,} users: the same command again goes on")


def standing(chain: Chain, kept: Mapping[int, Kept], holder: tuple[str, datetime] | None, wrong: str | None) -> Json:
    """Every migration that is here or was begun there; who is at it; and what is in the way."""
    names = {one.number: one.name for one in chain.migrations}
    return {
        "migrations": [_row(number, names.get(number), kept.get(number)) for number in sorted(names | kept.keys())],
        "held_by": holder and {"by": holder[0], "until": rfc3339(holder[1])},
        "wrong": wrong,
    }


def _row(number: int, name: str | None, kept: Kept | None) -> Json:
    record = kept.record if kept else None
    row: Json = {"number": number, "name": name, "state": "does not read here" if kept else "never begun"}
    if record is None:
        return {**row, **dict.fromkeys((*_ROW[3:], "accept_loss", "last_user"), None), "left_alone": []}
    return {
        **row,
        "name": record.name,
        "state": record.state.value,
        **told(record.progress.counts),
        "by": record.by,
        "begun_at": rfc3339(record.begun_at),
        "ended_at": record.ended_at and rfc3339(record.ended_at),
        "checksum": record.checksum[:_SHORT],
        "accept_loss": record.accept_loss,
        "last_user": record.progress.cursor and user_id_of(record.progress.cursor),
    }


def told(counts: Counts) -> Json:
    """The numbers, and who was left alone."""
    numbers = {name: getattr(counts, name) for name in _NUMBERS}
    left_alone = [{"user_id": user_id_of(one.doc_id), "reason": one.reason} for one in counts.left_alone]
    return {**numbers, "left_alone": left_alone}


def passed(steps: Iterable[tuple[Step, Progress]], *, is_written: bool, seconds: float) -> Json:
    """What became of all users on each step, or would."""
    return {
        "written": is_written,
        "steps": [
            {
                "number": step.migration.number,
                "name": step.migration.name,
                "direction": "down" if step.is_down else "up",
                "complete": progress.is_done,
                "users": progress.counts.users,
                **told(progress.counts),
            }
            for step, progress in steps
        ],
        "seconds": round(seconds, 1),
    }


def show_standing(console: Console, shown: Json) -> None:
    """A row for each migration, and below it who was left alone."""
    tables.show_rows(console, _ROW, shown["migrations"])
    for one in shown["migrations"]:
        _show_left(console, one["left_alone"])
    if held := shown["held_by"]:
        console.print(Text(tables.plain(f"{held['by']} is at it, until {held['until']} at least")))
    if shown["wrong"]:
        console.print(Text(tables.plain(shown["wrong"]), style="red"))


def show_passed(console: Console, shown: Json) -> None:
    """Two lines for each step."""
    is_written = shown["written"]
    words = ("brought along", "there already") if is_written else ("would be brought along", "are there already")
    for one in shown["steps"]:
        counts = f"{one['changed']:,} {words[0]}, {one['already']:,} {words[1]}"
        left = f"{one['would_lose']:,} would lose something, {one['failed']:,} can't be migrated"
        console.print(Text(f"{one['name']} {one['direction']}: {one['users']:,} users, {counts}, {left}", style="bold"))
        _show_left(console, one["left_alone"])
    console.print(Text(f"in {shown['seconds']} s{'' if is_written else '; nothing was written'}", style="dim"))


def _show_left(console: Console, left_alone: Sequence[Json]) -> None:
    for one in left_alone:
        console.print(Text(f"  {tables.plain(one['user_id'])}: {tables.plain(one['reason'])}"))
