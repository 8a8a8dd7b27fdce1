"""Writes the final standing of periods that are frozen: to each of the first hundred of a board, an event, once.

It must not know leases. Whoever is told of a place is so by an id that follows from the board, in a commit with the
user's own document, and is left out where that event is there: two runs at once, or one that is killed anywhere and
called again, write the same.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Final

from streak_core.boards.leaderboards import SHOWN_MAX, ranked
from streak_core.boards.pages import Board
from streak_core.boards.standings import EVERYBODY, Progress
from streak_core.domain.boards import Period, PeriodKind, Score
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

# By then every commit that was decided before a period was frozen is written.
WRITTEN_AFTER: Final = timedelta(minutes=10)
# Of one call; the next one goes on.
BOARDS_A_CALL_MAX: Final = 200
CALL_SECONDS_MAX: Final = 240.0


@dataclass(frozen=True)
class Placing:
    """The final standings of all boards. `now` is always timezone-aware."""

    pages: BoardPages
    standings: StandingStore
    due: DueStore
    policies: Callable[[], Rules]
    stopping: threading.Event = field(default_factory=threading.Event)
    attempts: Callable[[], Attempts] = field(default=Attempts)
    clock: Callable[[], float] = time.monotonic
    boards_max: int = BOARDS_A_CALL_MAX

    def place_some(self, now: datetime) -> None:
        """Goes on with the periods that are frozen. What fails is logged, and is the next call's to try."""
        until, left = self.clock() + CALL_SECONDS_MAX, self.boards_max
        try:
            for period in frozen_periods(self.policies(), now - WRITTEN_AFTER):
                left -= self._place(period, now, until, left)
        except (StreakError, CommitFailed, UnreadableStreakError) as error:
            log(LogEvent.STANDINGS_FAILED, "final standings could not be gone on with", error=error)

    def _place(self, period: Period, now: datetime, until: float, boards_max: int) -> int:
        """Goes on with a period; answers how many boards it took."""
        progress, boards = self.standings.progress(period), 0
        while not progress.is_done:
            if boards >= boards_max or self.stopping.is_set() or self.clock() >= until:
                break
            group = EVERYBODY if progress.through is None else self.pages.next_group(progress.through or None)
            if group is None:
                progress = replace(progress, is_done=True)
            else:
                boards += sum(self._place_board(board, now) for board in _boards(period, group))
                progress = Progress(through=group)
            self.standings.keep(period, progress, now)
        return boards

    def _place_board(self, board: Board, now: datetime) -> int:
        """Tells those who are placed, where nobody has; answers 1, for the board."""
        if self.standings.is_placed(board):
            return 1
        placed = ranked(self.pages.first(board, SHOWN_MAX))
        for rank, row in placed:
            self._tell_or_name(row, placed_event(board, rank, row.score, self.policies()), now)
        self.standings.place(board, [row.score for _, row in placed], now)
        log(LogEvent.STANDING_WRITTEN, "the final standing of a board was written", placed=len(placed))
        return 1

    def _tell_or_name(self, row: Row, event: Event, now: datetime) -> None:
        """Tells one user, or names who could not be: the others are told. Raises `Unavailable`."""
        try:
            self._tell(row, event, now)
        except Unavailable:
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
            try:
                self.due.commit([Settled(user=user, settlement=settled)], nothing_else)
            except CommitFailed as failure:
                note_retry(failure, EventKind.PLACED, attempts)
                attempts.again(failure)
            else:
                return


def frozen_periods(rules: Rules, now: datetime) -> Iterator[Period]:
    """The last period of each kind that is frozen, after the one before it: a call may have been missed."""
    for kind in PeriodKind:
        period = Period.of(kind, now.date())
        while now < period.frozen_at(rules.day_starts):
            period = period.before
        yield from (period.before, period)


def placed_event(board: Board, rank: int, score: int, rules: Rules) -> Event:
    """That somebody is placed; the same however often it is made. Raises `ValueError` for a board of all days."""
    period = board.period
    if period is None:
        message = "all days have no end"
        raise ValueError(message)
    group = {} if board.group is None else {"group": board.group}
    return Event(
        event_id=f"{EventKind.PLACED}.{board.name}",
        kind=EventKind.PLACED,
        day=period.next_first_day - ONE_DAY,
        at=period.frozen_at(rules.day_starts),
        details={"period": period.label, "board": board.score.value, "rank": rank, "score": score, **group},
    )


def _boards(period: Period, group: str) -> Iterator[Board]:
    for score in Score:
        yield Board(period=period, score=score, group=group or None)
