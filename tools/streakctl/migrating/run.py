"""Brings a database up and down its migrations: what is in the way is said first, and what was begun is gone on with.

It must not know terminals, nor what a migration does. Killed at any point and called again, it comes to the same end.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final, TypeVar

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.maintenance.endurance import Endurance
from streak_core.maintenance.pacing import NoBudget, WriteBudget
from streak_core.migrating import USERS_MAX, Migrating, SomebodyElseError, Users
from streak_core.migrations.chain import Chain, Step, whole_way
from streak_core.migrations.migration import MigrationRefusedError
from streak_core.store.failures import StoreOverloaded, WriteConflict
from streak_core.store.migrations import Kept, MigrationState, MigrationStore, Progress, Record
from tools.streakctl.migrating.lease import MigrationLease
from tools.streakctl.migrating.looking import Looking

_GOING: Final = {False: MigrationState.GOING_UP, True: MigrationState.GOING_DOWN}
_ENDED: Final = {False: MigrationState.UP, True: MigrationState.DOWN}
# So often it is asked whether it was somebody else who has gone on.
_TRIES_MAX: Final = 20

T = TypeVar("T")
Tell = Callable[[Step, Progress], object]


def _silent(_step: Step, _progress: Progress) -> None:
    """Nobody listens."""


@dataclass(frozen=True, kw_only=True)
class MigrationRun:
    """One call. `tell` hears of each step how far it is; `backed_up` says as of when the last backup is."""

    chain: Chain
    store: MigrationStore
    lease: MigrationLease
    users: Callable[[Step], Users]
    by: str
    # The form that the service writes of users of whom nothing newer is stored.
    stored_form: int
    # Why it is closed for writing, if it is.
    closed: Callable[[], str | None]
    backed_up: Callable[[], datetime | None]
    budget: WriteBudget = field(default_factory=NoBudget)
    users_max: int = USERS_MAX
    tell: Tell = _silent
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    endurance: Callable[[], Endurance] = lambda: Endurance(deadline_seconds=math.inf)

    def check(self) -> Mapping[int, Kept]:
        """What is kept of each migration, where it is as it is here. Raises `MigrationRefusedError`."""
        kept = {one.number: one for one in self.store.all()}
        begun = {number: one for number, one in kept.items() if one.is_begun or number <= self.chain.newest}
        for number, one in begun.items():
            if one.record is None and number <= self.chain.newest:
                message = f"what is kept of migration {number:04d} does not read: use the version that wrote it"
                raise MigrationRefusedError(message)
        self.chain.check_recorded({number: one.record.checksum if one.record else "" for number, one in begun.items()})
        return kept

    def way(self, to: int | None) -> tuple[Step, ...]:
        """The steps to a form from where the database is; from the newest one, where nothing was begun there yet.

        Raises `MigrationRefusedError`.
        """
        begun = [number for number, one in self.check().items() if one.is_begun]
        if to is None or (begun and to > max(begun)):
            return self.chain.way(self.chain.oldest, self.chain.newest if to is None else to)
        return self.chain.way(self.chain.newest, to) or self.chain.way(self.chain.oldest, to)

    def come_to(self) -> tuple[list[Step], bool]:
        """Steps that have nothing to do where all is done, and whether one is under way. Raises as `way`."""
        kept = self.check()
        records = [(one, known.record if (known := kept.get(one.number)) else None) for one in self.chain.migrations]
        states = [(one, record.state if record else MigrationState.UP) for one, record in records]
        down = (MigrationState.GOING_DOWN, MigrationState.DOWN)
        steps = [Step(migration=one, is_down=state in down) for one, state in states]
        return steps, any(state in _GOING.values() for _, state in states)

    def up(self, to: int | None) -> list[tuple[Step, Progress]]:
        """Everybody up to that form. Raises `MigrationRefusedError`, `WrongUseError`, `SomebodyElseError` and more."""
        end = self.chain.newest if to is None else to
        steps = _some(self.chain.way(self.chain.oldest, end), f"up to form {end}")
        if self.stored_form < end:
            message = (
                f"the service still writes form {self.stored_form}, which a program may need that knows no other: "
                "deploy without STREAK_STORED_FORM, take it out here, too, and then migrate"
            )
            raise MigrationRefusedError(message)
        self._check_writable()
        with self.lease.held():
            self.check()
            return [(step, self._gone(step, accept_loss=False)) for step in steps]

    def down(self, to: int, *, accept_loss: bool) -> list[tuple[Step, Progress]]:
        """Everybody back to that form, and nobody where one would lose something, unless that is accepted; as `up`."""
        steps = _some(self.chain.way(self.chain.newest, to), f"down to form {to}")
        if self.stored_form > to:
            message = (
                f"the service writes form {self.stored_form}, and would make it of each user again with the next "
                f"command: deploy with STREAK_STORED_FORM={to}, set it here, too, and then migrate"
            )
            raise MigrationRefusedError(message)
        if accept_loss:
            self._check_backed_up()
        self._check_writable()
        with self.lease.held():
            self.check()
            if not accept_loss:
                self._require_nothing_lost(steps)
            return [(step, self._gone(step, accept_loss=accept_loss)) for step in steps]

    def look(self, step: Step, *, accept_loss: bool = False) -> Progress:
        """What a step would do, without doing it. Raises `DatabaseUnavailable`."""
        return self._seen(step, accept_loss=accept_loss, take=lambda _: None)

    def _seen(self, step: Step, *, accept_loss: bool, take: Callable[[int], object]) -> Progress:
        looking, endurance = Looking(self.users(step)), self.endurance()
        self.tell(step, looking.seen)
        going = self._going(step, take, endurance, accept_loss=accept_loss)
        return _patiently(lambda: going.run(looking), endurance)

    def _require_nothing_lost(self, steps: Sequence[Step]) -> None:
        """Looks at everybody on the whole way, before the first step; where it is gone already, that was looked at."""
        if any(self._is_under_way(one, self.store.find(one.migration.number), accept_loss=False) for one in steps):
            return
        way = whole_way(steps)
        counts = self._seen(way, accept_loss=False, take=lambda _: self.lease.keep()).counts
        if counts.would_lose:
            reasons = "; ".join(dict.fromkeys(one.reason for one in counts.left_alone))
            message = (
                f"nothing was changed: {counts.would_lose:,} of {counts.users:,} users would lose something "
                f"by {way.migration.name} ({reasons}). After a backup of today, --accept-loss brings back whoever "
                "can be"
            )
            raise MigrationRefusedError(message)

    def _gone(self, step: Step, *, accept_loss: bool) -> Progress:
        """Everybody along one step, from where it was left."""
        begun, endurance = self._begun(step, accept_loss=accept_loss), self.endurance()
        self.tell(step, begun.progress)
        going, users = self._going(step, self._take, endurance, accept_loss=accept_loss), self.users(step)
        _patiently(lambda: self._gone_on(going, users, begun), endurance)
        return self._ended(step, begun)

    def _going(
        self, step: Step, take: Callable[[int], object], endurance: Endurance, *, accept_loss: bool
    ) -> Migrating:
        def heard(progress: Progress) -> None:
            endurance.succeeded()
            self.tell(step, progress)

        return Migrating(
            step=step,
            accept_loss=accept_loss,
            take=take,
            tell=heard,
            users_max=self.users_max,
        )

    def _begun(self, step: Step, *, accept_loss: bool) -> Record:
        """The record of this time through all users, new or as it was left."""
        number = step.migration.number
        kept = self.store.find(number)
        if kept and kept.record and self._is_under_way(step, kept, accept_loss=accept_loss):
            record = replace(kept.record, by=self.by)
        else:
            record = Record(
                name=step.migration.name,
                checksum=step.migration.checksum,
                state=_GOING[step.is_down],
                accept_loss=accept_loss,
                by=self.by,
                begun_at=self.wall(),
                progress=Progress(run=uuid.uuid4().hex),
            )
        self._put(number, record, kept)
        return record

    def _is_under_way(self, step: Step, kept: Kept | None, *, accept_loss: bool) -> bool:
        known = kept and kept.record
        return bool(known and (known.state, known.accept_loss) == (_GOING[step.is_down], accept_loss))

    def _gone_on(self, going: Migrating, users: Users, begun: Record) -> None:
        """Goes on while it is this call's to do so."""
        for _ in range(_TRIES_MAX):
            try:
                self.lease.keep()
                going.run(users)
            except SomebodyElseError:
                # Or a commit of this very call, that was given up and landed later.
                self.lease.renew()
                if users.progress().run != begun.progress.run:
                    raise
            else:
                return
        raise SomebodyElseError

    def _ended(self, step: Step, begun: Record) -> Progress:
        kept = self.store.find(step.migration.number)
        if not (kept and kept.record) or kept.record.progress.run != begun.progress.run:
            raise SomebodyElseError
        record = replace(kept.record, state=_ENDED[step.is_down], ended_at=self.wall())
        self._put(kept.number, record, kept)
        return record.progress

    def _put(self, number: int, record: Record, kept: Kept | None) -> None:
        try:
            self.store.put(number, record, kept)
        except WriteConflict as error:
            raise SomebodyElseError from error

    def _take(self, operations: int) -> None:
        self.lease.keep()
        self.budget.take(operations)

    def _check_writable(self) -> None:
        if reason := self.closed():
            message = f"the service is closed for writing ({reason}), so nobody is migrated: `streakctl open` opens it"
            raise MigrationRefusedError(message)

    def _check_backed_up(self) -> None:
        last, today = self.backed_up(), self.wall().astimezone(UTC).date()
        if last is None or last.astimezone(UTC).date() != today:
            known = f"the last one is of {last.astimezone(UTC).date()}" if last else "none is known"
            message = (
                f"--accept-loss needs a backup of today ({today}, UTC), and {known}: take one with `streakctl backup "
                "DIR`, so that what is lost can be looked up"
            )
            raise MigrationRefusedError(message)


def _patiently(call: Callable[[], T], endurance: Endurance) -> T:
    """Calls again while Firestore does not keep up, until it has not for some rounds."""
    while True:
        at = endurance.elapsed_seconds
        try:
            return call()
        except (StoreOverloaded, DatabaseUnavailable) as error:
            if not endurance.failed(at):
                raise DatabaseUnavailable from error


def is_any_left(passed: Sequence[tuple[Step, Progress]]) -> bool:
    """Whether anybody is not in the form that was meant."""
    return any(progress.counts.left for _, progress in passed)


def _some(steps: Sequence[Step], where: str) -> Sequence[Step]:
    """The steps. Raises `MigrationRefusedError` where there is none: nobody would be brought anywhere."""
    if not steps:
        message = f"no step leads {where}: `streakctl migrate status` says which there are"
        raise MigrationRefusedError(message)
    return steps
