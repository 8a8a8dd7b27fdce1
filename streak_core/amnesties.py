"""What operators do with amnesties: declare one, withdraw one, look at how far it is, and judge those it concerns.

It must not know HTTP or Firestore's client, nor what an amnesty does to a streak.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands.base import check_reason
from streak_core.domain.days import rfc3339
from streak_core.domain.errors import Conflict, FieldError, Malformed, NotFound, StreakError
from streak_core.maintenance.report import JUDGING
from streak_core.old_form import NotAvailableYet
from streak_core.retry import Attempts
from streak_core.store.amnesties import CHANGES_MAX, StoredChange, folded
from streak_core.store.documents import FORM_1
from streak_core.store.failures import CommitFailed
from streak_core.store.run_documents import Counts, RunState, UnreadableRun, total
from streak_core.store.runs import AlreadyRunning
from streak_core.store.writing import no_audit, why
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Callable

    from streak_core.domain.rules import Amnesty
    from streak_core.maintenance.run import Maintenance
    from streak_core.store.amnesties import AmnestyStore
    from streak_core.store.concerned import ConcernedStore, PutOffStore
    from streak_core.store.due import DueStore
    from streak_core.store.runs import RunStore
    from streak_core.store.writing import Audit, Writer

# Longer than any outage, and short enough for a slip of the pen in the year.
LENGTH_MAX: Final = timedelta(days=366)
# So long it is looked after: what is kept of a run lives a little longer.
LOOKED_AFTER: Final = timedelta(days=80)
_WHAT: Final = "an amnesty"
_NOT_JUDGED: Final = "whom an amnesty concerns could not be judged anew"


class AmnestyNotFound(NotFound):
    """There is no such amnesty."""

    code = "amnesty_not_found"
    message = "No amnesty has that id. GET /admin/amnesties lists them."


class TooManyAmnesties(Conflict):
    """The list has as many changes as there can be."""

    code = "too_many_amnesties"
    message = "Amnesties were declared and withdrawn {most} times, as often as can be."


class JudgingState(StrEnum):
    """How far those whom an amnesty concerns are judged anew."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, kw_only=True)
class Judging:
    """How far it is, and what was counted so far."""

    state: JudgingState
    counts: Counts


@dataclass(frozen=True, kw_only=True)
class Declaring:
    """An amnesty as it is sent: from when until when, by whom and why."""

    from_instant: datetime
    until: datetime
    by: str
    reason: str

    def check(self) -> None:
        """Raises `ReasonRequired`, and `Malformed`, which names the field."""
        check_reason(self.reason)
        if self.until <= self.from_instant:
            raise Malformed(FieldError("until", "must be after from"))
        if self.until - self.from_instant > LENGTH_MAX:
            raise Malformed(FieldError("until", f"must be at most {LENGTH_MAX.days} days after from"))

    def is_of(self, one: Amnesty) -> bool:
        """Whether it is this very amnesty, sent once more."""
        sent = (self.from_instant, self.until, self.by, self.reason)
        return one.withdrawn_at is None and (one.from_instant, one.until, one.by, one.reason) == sent


@dataclass(frozen=True, kw_only=True)
class _Run:
    """A run over those whom a change of the list may concern, and when that was made."""

    run_id: str
    changed_at: datetime | None
    users: Callable[[], DueStore]

    def is_looked_after(self, at: datetime) -> bool:
        """Whether a call still begins or goes on with it."""
        return self.changed_at is not None and at - self.changed_at <= LOOKED_AFTER


@dataclass(frozen=True)
class Amnesties:
    """The amnesties. `now` is always timezone-aware.

    `concerned` finds who lost something on the days of one, `put_off` whose deadline it had put off if it ended early.
    """

    store: AmnestyStore
    runs: RunStore
    concerned: Callable[[Amnesty], ConcernedStore]
    put_off: Callable[[Amnesty], PutOffStore]
    stored_form: int
    attempts: Callable[[], Attempts] = field(default=Attempts)
    wall: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    # Of what is declared and withdrawn, in the same commit.
    audit: Audit = no_audit

    def all(self) -> tuple[Amnesty, ...]:
        """Every one that was ever declared. Raises `AmnestyUnreadable`, `DatabaseUnavailable`."""
        return self.store.declared()

    def find(self, amnesty_id: str) -> Amnesty:
        """One of them. Raises `AmnestyNotFound`."""
        return _found(self.all(), amnesty_id)

    def declare(self, declaring: Declaring, now: datetime) -> Amnesty:
        """Declares an amnesty; one that is sent once more is answered as it is.

        Raises what `Declaring.check` does, `TooManyAmnesties`, and `NotAvailableYet` while the program before, which
        knows of no amnesties, may still answer.
        """
        declaring.check()
        if self.stored_form == FORM_1:
            raise NotAvailableYet(what=_WHAT)
        attempts = self.attempts()
        while True:
            changes = self.store.changes()
            same = next((one for one in folded(changes) if declaring.is_of(one)), None)
            if same:
                return same
            change = StoredChange(
                number=_next_number(changes),
                at=now,
                by=declaring.by,
                from_instant=declaring.from_instant,
                until=declaring.until,
                reason=declaring.reason,
            )
            self._add(change, attempts, declaring.reason)

    def withdraw(self, amnesty_id: str, by: str, now: datetime, reason: str = "") -> Amnesty:
        """Withdraws an amnesty; twice is once. The `reason`, where one is given, is the trail's alone.

        Raises `AmnestyNotFound`, `TooManyAmnesties`.
        """
        attempts = self.attempts()
        while True:
            changes = self.store.changes()
            one = _found(folded(changes), amnesty_id)
            if one.withdrawn_at is not None:
                return one
            change = StoredChange(number=_next_number(changes), at=now, by=by, withdraws=one.number)
            self._add(change, attempts, reason)

    def _add(self, change: StoredChange, attempts: Attempts, reason: str) -> None:
        """What is stored afterwards tells whether it was this change that took the number."""
        try:
            self.store.add(change, self._told(change, reason))
        except CommitFailed as failure:
            attempts.again(failure)

    def _told(self, change: StoredChange, reason: str) -> Writer:
        """What the audit trail says of it, in the same commit."""
        if change.withdraws is not None:
            return self.audit("withdraw_amnesty", str(change.withdraws), why(reason), change.at)
        ends = {"from": change.from_instant, "until": change.until}
        details = {name: rfc3339(at) for name, at in ends.items() if at} | why(reason)
        return self.audit("declare_amnesty", str(change.number), details, change.at)

    def count(self, one: Amnesty) -> int:
        """How many users it may concern, by what is told of losses on its days; each loss counts."""
        return self.concerned(one).count()

    def judging(self, one: Amnesty) -> Judging:
        """How far those whom it concerns are judged anew. Raises `UnreadableRun`, `DatabaseUnavailable`."""
        found = [self._judging(run) for run in self._runs_of(one)]
        states = {judging.state for judging in found}
        state = states.pop() if len(states) == 1 else JudgingState.RUNNING
        return Judging(state=state, counts=total([judging.counts for judging in found]))

    def _judging(self, run: _Run) -> Judging:
        wall = self.wall()
        found = self.runs.find(run.run_id, wall)
        if found is None:
            # Of a run that has ended long ago nothing is kept.
            state = JudgingState.WAITING if run.is_looked_after(wall) else JudgingState.DONE
            return Judging(state=state, counts=Counts())
        counts = total([progress.counts for progress in self.runs.progress(run.run_id, wall).values()])
        state = JudgingState.DONE if found.state is RunState.ENDED else JudgingState.RUNNING
        return Judging(state=state, counts=counts)

    def _runs_of(self, one: Amnesty) -> list[_Run]:
        """The run of an amnesty, and another one where it was withdrawn with something of it ahead."""
        run_id = run_id_of(one)
        runs = [_Run(run_id=run_id, changed_at=one.declared_at, users=lambda: self.concerned(one))]
        if one.ends < one.until:
            put_off = _Run(run_id=f"{run_id}-withdrawn", changed_at=one.withdrawn_at, users=lambda: self.put_off(one))
            runs.append(put_off)
        return runs

    def judge_some(self, job: Maintenance, now: datetime, spent_seconds: float = 0.0) -> None:
        """Judges anew whom the latest amnesties concern. What fails or is left is the next call's to go on with.

        `spent_seconds` is what the call has used of its time before; all of them share what is left.
        """
        begun = job.clock()
        try:
            for run in (run for one in self.all() for run in self._runs_of(one)):
                self._judge(run, job, now, lambda: spent_seconds + job.clock() - begun)
        except AlreadyRunning:
            return
        except StreakError as error:
            log(LogEvent.JUDGING_FAILED, _NOT_JUDGED, error=error)

    def _judge(self, run: _Run, job: Maintenance, now: datetime, spent_seconds: Callable[[], float]) -> None:
        """Goes on with one run; of one that another revision began, that one judges, and the others go on."""
        try:
            if self._is_waiting(run, now):
                job.over(run.users(), JUDGING, spent_seconds()).run(run.run_id, now)
        except UnreadableRun as error:
            log(LogEvent.JUDGING_FAILED, _NOT_JUDGED, error=error)

    def _is_waiting(self, run: _Run, now: datetime) -> bool:
        if not run.is_looked_after(now):
            return False
        found = self.runs.find(run.run_id, self.wall())
        return found is None or found.state is not RunState.ENDED


def run_id_of(one: Amnesty) -> str:
    """The name of the run that judges those whom an amnesty concerns."""
    return f"amnesty-{one.amnesty_id}"


def _found(amnesties: tuple[Amnesty, ...], amnesty_id: str) -> Amnesty:
    found = next((one for one in amnesties if one.amnesty_id == amnesty_id), None)
    if found is None:
        raise AmnestyNotFound
    return found


def _next_number(changes: list[StoredChange]) -> int:
    """The number of the next change of the list. Raises `TooManyAmnesties`.

    Tried again, it is the same one: a change that arrives after it was said to have failed then has taken it.
    """
    number = changes[-1].number + 1 if changes else 1
    if number > CHANGES_MAX:
        raise TooManyAmnesties(most=CHANGES_MAX)
    return number
