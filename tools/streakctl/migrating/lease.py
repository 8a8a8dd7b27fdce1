"""One at a time: the lease under which a database is migrated, with signs of life while somebody is at it.

It must not know what is done under it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from streak_core.domain.days import rfc3339
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.migrating import SomebodyElseError
from streak_core.store.runs import LEASE, AlreadyRunning, RunStore
from tools.streakctl.database import WrongUseError

# Among the runs of the job, whose leases these are.
RUN_ID: Final = "migration"
_SIGN_OF_LIFE: Final = LEASE / 4


@dataclass(kw_only=True)
class MigrationLease:
    """The lease, for one call by somebody."""

    runs: RunStore
    by: str
    wall: Callable[[], datetime] = lambda: datetime.now(UTC)
    _owner: str = field(init=False)
    _renewed_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._owner = f"{self.by} {uuid.uuid4().hex[:8]}"
        self._renewed_at = self.wall()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Raises `WrongUseError` where somebody else holds it, and `DatabaseUnavailable`."""
        now = self.wall()
        try:
            self.runs.claim(RUN_ID, self._owner, now)
        except AlreadyRunning as error:
            raise WrongUseError(self._taken(now)) from error
        self._renewed_at = now
        try:
            yield
        finally:
            # Else it ends by itself.
            with suppress(AlreadyRunning, DatabaseUnavailable):
                self.runs.release(RUN_ID, self._owner, self.wall())

    def keep(self) -> None:
        """A sign of life, where one is due. Raises `SomebodyElseError`, `DatabaseUnavailable`."""
        if self.wall() - self._renewed_at >= _SIGN_OF_LIFE:
            self.renew()

    def renew(self) -> None:
        """A sign of life. Raises `SomebodyElseError`, `DatabaseUnavailable`."""
        now = self.wall()
        try:
            self.runs.renew(RUN_ID, self._owner, now)
        except AlreadyRunning as error:
            raise SomebodyElseError from error
        self._renewed_at = now

    def holder(self) -> tuple[str, datetime] | None:
        """Who holds it, and until when; None where nobody does. Raises `UnreadableRun`, `DatabaseUnavailable`."""
        found = self.runs.find(RUN_ID, self.wall())
        held = found is not None and found.lease_until > self.wall()
        return (found.owner.rpartition(" ")[0], found.lease_until) if found and held else None

    def _taken(self, now: datetime) -> str:
        who, until = self.holder() or ("somebody", now)
        return (
            f"{who} migrates this database at this moment, or did until the call was killed: nothing was changed. Look "
            f"with `streakctl migrate status`; if nobody does any more, call again after {rfc3339(until)}"
        )
