"""Brings users along one after the other: each once, read back and compared; what is refused is said with its reason.

It must not know where rows come from, nor terminals. Memory does not grow with the rows: which users had one already, a
temporary file tells.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import partial
from typing import Final

from streak_core.commands import Outcome, StreakCommands
from streak_core.domain.actor import Actor
from streak_core.domain.commands import UserOpened
from streak_core.domain.commands.open import ENTRY_ID
from streak_core.domain.errors import (
    Conflict,
    DatabaseUnavailable,
    ErasingUnfinished,
    FieldError,
    Gone,
    Malformed,
    StreakError,
    Unprocessable,
    UserBusy,
)
from streak_core.domain.refusals import UserExists
from streak_core.domain.replay import replay
from streak_core.responses import streak_response
from streak_core.store.unreadable import UnreadableStreakError
from tools.streakctl.bringing.mapping import Brought, RowReader
from tools.streakctl.bringing.rows import Row
from tools.streakctl.in_threads import in_threads

# How often a row is tried that the database does not take.
TRIES_MAX: Final = 5
# Of a first answer and of one that is read back, what differs by itself.
_OF_THE_MOMENT: Final = frozenset({"streak_created"})


class NotAsImportedError(Exception):
    """What was read back of a user is not what was answered when it was written."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        super().__init__(f"what was read back of the user {user_id} is not what was imported; look: streakctl verify")


class Fate(StrEnum):
    """What became of a row."""

    IMPORTED = "imported"
    # By an earlier call, from the same row.
    ALREADY_THERE = "already_there"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class Result:
    """A row, and what became of it; `code` and `errors` say why it was refused."""

    row: Row
    fate: Fate
    user_id: str | None = None
    code: str | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Importer:
    """Brings the users of rows along. With `is_trial` all is decided, and nothing written. Several threads are used."""

    commands: StreakCommands
    reader: RowReader
    actor: Actor
    clock: Callable[[], datetime]
    is_trial: bool = False
    threads: int = 1
    sleep: Callable[[float], None] = time.sleep

    def bring_all(self, rows: Iterable[Row]) -> Generator[Result]:
        """One result a row, in their order. Raises `DatabaseUnavailable`, `UserBusy`, `NotAsImportedError`.

        Left early, it waits for the users that are under way, and begins no more.
        """
        with closing(_SeenUsers()) as seen:
            work = (self._work(row, seen) for row in rows)
            yield from in_threads(work, self.threads, threading.Event())

    def _work(self, row: Row, seen: _SeenUsers) -> Callable[[], Result]:
        """What is to be done about a row; whether its user had one already is told in the order of rows."""
        try:
            brought = self.reader.read(row)
        except Malformed as malformed:
            return partial(_refused, row, None, malformed)
        earlier = seen.row_of(brought.user_id, row.number)
        if earlier is not None:
            error = FieldError("user_id", f"stands in row {earlier} already")
            return partial(_refused, row, brought.user_id, Malformed(error))
        return partial(self._bring, row, brought)

    def _bring(self, row: Row, brought: Brought) -> Result:
        """As often as it takes, within bounds: a database that is slow for a moment ends no import of a night."""
        for _ in range(TRIES_MAX - 1):
            try:
                return self._brought(row, brought)
            except (DatabaseUnavailable, UserBusy) as unavailable:
                self.sleep(unavailable.retry_after_seconds)
        return self._brought(row, brought)

    def _brought(self, row: Row, brought: Brought) -> Result:
        user_id, command, now = brought.user_id, brought.command, self.clock()
        try:
            if self.is_trial:
                outcome = self.commands.validate(user_id, now, command, self.actor)
            else:
                outcome = self.commands.execute(user_id, now, command, actor=self.actor)
        except (Unprocessable, Conflict, Gone, ErasingUnfinished) as refused:
            return _refused(row, user_id, refused)
        except UnreadableStreakError:
            # Whatever it is, something is stored of this user.
            return _refused(row, user_id, UserExists())
        if not self.is_trial:
            self._check_read_back(brought, now, outcome)
        return Result(row=row, fate=Fate.ALREADY_THERE if outcome.replayed else Fate.IMPORTED, user_id=user_id)

    def _check_read_back(self, brought: Brought, now: datetime, outcome: Outcome) -> None:
        """What the ledger has is what the row says, and what is stored answers as it was answered."""
        user_id, answered = brought.user_id, dict(outcome.response["streak"])
        loaded = self.commands.store.load(user_id, [ENTRY_ID])
        entry, streak = loaded.entries.get(ENTRY_ID), loaded.streak
        content = entry.entry.content if entry else None
        if streak is None or not isinstance(content, UserOpened) or content.numbers != brought.command.numbers:
            raise NotAsImportedError(user_id)
        if streak.seq > 1:
            # The user, or somebody else for the user, went on from there meanwhile.
            return
        # An amnesty may have been declared since.
        rules = self.commands.policies().as_of(streak.amnesties)
        read = dict(streak_response(user_id, replay(streak, rules, now), streak))
        is_same_moment = not outcome.replayed
        if is_same_moment and any(answered[name] != read[name] for name in answered.keys() - _OF_THE_MOMENT):
            raise NotAsImportedError(user_id)


@dataclass
class Tally:
    """Counts rows as they are read, and results as they come."""

    rows: int = 0
    fates: dict[Fate, int] = field(default_factory=lambda: dict.fromkeys(Fate, 0))

    def counted(self, rows: Iterable[Row]) -> Iterable[Row]:
        """The same rows."""
        for row in rows:
            self.rows += 1
            yield row

    def take(self, result: Result) -> None:
        """One result more."""
        self.fates[result.fate] += 1

    def differs_from(self, known: int | None) -> str | None:
        """Why the count is not proved; None where each row, of as many as the source says, became one of the three."""
        if sum(self.fates.values()) != self.rows:
            return f"of {self.rows} rows {sum(self.fates.values())} became something"
        if known is not None and known != self.rows:
            return f"the source has {known} rows, and gave {self.rows}"
        return None


def _refused(row: Row, user_id: str | None, error: StreakError) -> Result:
    errors = error.errors if isinstance(error, Malformed) else (FieldError("", error.detail),)
    return Result(row=row, fate=Fate.REFUSED, user_id=user_id, code=error.code, errors=tuple(errors))


class _SeenUsers:
    """Which users had a row already: in a file that is gone with the program, however many they are."""

    def __init__(self) -> None:
        # An empty name is a temporary file.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode = OFF")
        self._database.execute("CREATE TABLE seen (user_id TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")

    def row_of(self, user_id: str, number: int) -> int | None:
        """The number of the user's earlier row; None for the first one, which is noted."""
        noted = self._database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (user_id, number)).rowcount
        if noted:
            return None
        found = self._database.execute("SELECT number FROM seen WHERE user_id = ?", (user_id,)).fetchone()
        return int(found[0])

    def close(self) -> None:
        self._database.close()
