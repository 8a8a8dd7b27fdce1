"""Writes the final standing of periods that are final: to each of the first hundred of a board, an event, once.

It must not know leases. Whoever is told of a place is so by an id that follows from the board, in a commit with the
user's own document, and is left out where that event is there: two runs at once, or one that is killed anywhere and
called again, tell each once. Where a run is killed within a board, whoever it has not told yet is so with the rank of
the moment in which the next one goes on: somebody may have left meanwhile.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from streak_core.boards.leaderboards import SHOWN_MAX, ranked
from streak_core.boards.pages import Board
from streak_core.boards.standings import EVERYBODY, Progress
from streak_core.domain.boards import Period, RankedBy, Span
from streak_core.domain.days import ONE_DAY
from streak_core.domain.errors import StreakError, Unavailable
from streak_core.domain.events import Event, EventKind
from streak_core.domain.judging_anew import settlement
from streak_core.retry import Attempts, note_retry
from streak_core.store import documents
from streak_core.store.due import Settled
from streak_core.store.failures import CommitFailed
from streak_core.store.reading import read_one
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.writing import nothing_else
from streak_core.telemetry import LogEvent, log
from streak_core.telemetry.stack import described

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from streak_core.boards.pages import BoardPages, Row
    from streak_core.boards.standings import StandingStore
    from streak_core.domain.rules import Rules
    from streak_core.store.due import DueStore

# By then every commit that was decided before a period was final is written.
WRITTEN_AFTER: Final = timedelta(minutes=10)
# Of one call; the next one goes on.
CALL_SECONDS_MAX: Final = 240.0


class _ClosedError(Exception):
    """Documents are restored."""


@dataclass(frozen=True)
class Placing:
    """The final standings of all boards. `now` is always timezone-aware."""

    pages: BoardPages
    standings: StandingStore
    due: DueStore
    policies: Callable[[], Rules]
    # Whether documents are restored: nothing is written beside that.
    is_closed: Callable[[], bool]
    stopping: threading.Event = field(default_factory=threading.Event)
    attempts: Callable[[], Attempts] = field(default=Attempts)
    clock: Callable[[], float] = time.monotonic

    def place_some(self, now: datetime) -> None:
        """Goes on with the periods that are final: everybody of each, then a group of each in turn, for so long.

        What fails is logged, and is the next call's to try.
        """
        until = self.clock() + CALL_SECONDS_MAX
        periods: deque[Iterator[bool]] = deque()
        with _logged():
            periods.extend(self._turns(one, now) for one in final_periods(self.policies(), now - WRITTEN_AFTER))
        while periods and not self.stopping.is_set() and not self.is_closed() and self.clock() < until:
            turns = periods.popleft()
            with _logged():
                if next(turns, False):
                    periods.append(turns)

    def _turns(self, period: Period, now: datetime) -> Iterator[bool]:
        """Goes on with a period: True when it is another one's turn. The first turn is that of everybody's boards."""
        progress = self.standings.progress(period)
        if progress.is_done:
            return
        through = progress.through
        if through is None:
            through = self._place(period, EVERYBODY, now)
        yield True
        while (group := self.pages.next_group(through)) is not None:
            through = self._place(period, group, now)
            yield True
        self._check_open()
        self.standings.keep(period, Progress(is_done=True), now)

    def _place(self, period: Period, group: str, now: datetime) -> str:
        """Places a group of a period, notes that, and answers it."""
        for board in _boards(period, group):
            self._place_board(board, now)
        self._check_open()
        self.standings.keep(period, Progress(through=group), now)
        return group

    def _place_board(self, board: Board, now: datetime) -> None:
        """Tells those who are placed, where nobody has; of a board on which nobody is, nothing is written."""
        if self.standings.is_placed(board):
            return
        placed = ranked(self.pages.first(board, SHOWN_MAX))
        if not placed:
            return
        for rank, row in placed:
            self._tell_or_name(row, placed_event(board, rank, row.score, self.policies()), now)
        self._check_open()
        self.standings.place(board, len(placed), now)
        log(LogEvent.STANDING_WRITTEN, "the final standing of a board was written", placed=len(placed))

    def _tell_or_name(self, row: Row, event: Event, now: datetime) -> None:
        """Tells one user, or names who could not be: the others are told. Raises `Unavailable`."""
        try:
            self._tell(row, event, now)
        except (Unavailable, _ClosedError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever one user's data does to the code is that user's error
            what = "a user could not be told of a place"
            log(LogEvent.STANDINGS_FAILED, what, error=error, user_id=row.user_doc_id, reason=described(error))

    def _tell(self, row: Row, event: Event, now: datetime) -> None:
        """Writes the event in a commit with the user's document, once.

        Raises `Unavailable`, and whatever the user's data bring about.
        """
        attempts = self.attempts()
        while True:
            user = self.due.reload(row.user_doc_id)
            if user is None or user.streak is None:
                # Erased since, or not readable; the job names those.
                return
            told = self.due.user_doc_of(row.user_doc_id).collection(documents.EVENTS).document(event.event_id)
            if read_one(told).exists:
                return
            rules, ledger = self.policies(), partial(self.due.ledger, row.user_doc_id)
            settled = settlement(user.streak, user.settled_through, rules, now, ledger)
            settled = replace(settled, events=(*settled.events, event))
            self._check_open()
            try:
                self.due.commit([Settled(user=user, settlement=settled)], nothing_else)
            except CommitFailed as failure:
                note_retry(failure, EventKind.PLACED, attempts)
                attempts.again(failure)
            else:
                return

    def _check_open(self) -> None:
        """Asked before each write. Raises `_ClosedError`."""
        if self.is_closed():
            raise _ClosedError


@contextmanager
def _logged() -> Iterator[None]:
    try:
        yield
    except _ClosedError:
        # Nothing has failed; the next call goes on.
        return
    except (StreakError, CommitFailed, UnreadableStreakError) as error:
        log(LogEvent.STANDINGS_FAILED, "final standings could not be gone on with", error=error)


def final_periods(rules: Rules, now: datetime) -> Iterator[Period]:
    """The last period of each span that is final, after the one before it: a call may have been missed."""
    for span in Span:
        period = Period.of(span, now.date())
        while now < period.final_at(rules.day_starts):
            period = period.before
        yield from (period.before, period)


def placed_event(board: Board, rank: int, score: int, rules: Rules) -> Event:
    """That somebody is placed; the same however often it is made. Raises `ValueError` for a board of all days."""
    period = board.period
    if period is None:
        message = "all days have no end"
        raise ValueError(message)
    of_board = {"span": period.span.value, "by": board.by.value, "period": period.label}
    if board.group is not None:
        of_board["group"] = board.group
    return Event(
        event_id=f"{EventKind.PLACED}.{board.name}",
        kind=EventKind.PLACED,
        day=period.next_first_day - ONE_DAY,
        at=period.final_at(rules.day_starts),
        details={**of_board, "rank": rank, "score": score},
    )


def _boards(period: Period, group: str) -> Iterator[Board]:
    for by in RankedBy:
        yield Board(period=period, by=by, group=group or None)
