"""What each kind of run wrote a second of late: a document for its one call, and for each shard that is a task.

It must not know what a pace allows. A pace is a gift to the next run: where one does not read, there is none.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from streak_core.store.documents import Moment
from streak_core.store.failures import WriteConflict
from streak_core.store.reading import contents, read_one
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.store.reading import Snapshot

# A collection of its own, closed to clients.
PACES: Final = "paces"
# So long after a sign of life a worker counts as being at work, and nobody begins with what it has.
HELD: Final = timedelta(seconds=120)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pace:
    """How many operations a second a worker wrote in its last five minutes, and when those ended (UTC)."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    written_per_second: float
    until: Moment


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPace(Pace):
    """A pace as it is kept. Before `held_until` whoever wrote it may still be at work."""

    held_until: Moment


_STORED: Final = TypeAdapter(StoredPace)


class PaceStore:
    """The paces, each by the name of the worker that writes it: `reminders`, and `reminders.07` of a shard."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def take(self, worker: str, since: datetime, wall: datetime) -> Pace | None:
        """What was left since then, and is held for the caller from now on; None where there is none.

        Of several who ask for the same one gets it. Raises `CommitFailed`, `DatabaseUnavailable`.
        """
        found = read_one(self._ref(worker))
        kept = _read(found)
        if kept is None or kept.held_until > wall or kept.until < since:
            return None
        option = self._client.write_option(last_update_time=found.update_time)
        held = {"held_until": wall + HELD}
        try:
            commit(self._client, lambda transaction: transaction.update(found.reference, held, option=option))
        except WriteConflict:
            return None
        return Pace(written_per_second=kept.written_per_second, until=kept.until)

    def keep(self, worker: str, pace: Pace, held_until: datetime) -> None:
        """Writes a pace over whatever is there. Raises `CommitFailed`, `DatabaseUnavailable`."""
        content = {**asdict(pace), "held_until": held_until}
        commit(self._client, lambda transaction: transaction.set(self._ref(worker), content))

    def _ref(self, worker: str) -> firestore.DocumentReference:
        return self._client.collection(PACES).document(worker)


def _read(snapshot: Snapshot) -> StoredPace | None:
    """What is kept; None where nothing is, or what a later program wrote."""
    if not snapshot.exists:
        return None
    try:
        return _STORED.validate_python(contents(snapshot))
    except ValidationError:
        return None
