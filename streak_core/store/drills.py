"""How far the reading back of a backup is, and by which mark a database that it is read into is known to be ours.

It must not know what is proved, nor how a database is made.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from pydantic import TypeAdapter

from streak_core.store.backups import BACKUPS
from streak_core.store.documents import Moment
from streak_core.store.failures import WriteConflict
from streak_core.store.reading import contents, read_one
from streak_core.store.unreadable import reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.store.reading import Snapshot

# There is one at a time.
_DRILL: Final = "drill"


class DrillState(StrEnum):
    """What is done next."""

    MAKING = "making"
    FILLING = "filling"
    PROVING = "proving"
    DELETING = "deleting"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True)
class Drill:
    """One reading back: which day's export, into which database, and how far it is."""

    state: DrillState
    day: str
    # As of when the export is, where it lies in the bucket, and what it holds.
    snapshot_time: Moment
    export: str
    documents: int
    database: str
    begun_at: Moment
    # Of the reading in, as Google names it.
    operation: str = ""
    # Users are proved from this id on, in their order, and after the last one from the first one on.
    first: str = ""
    # The last one that was proved.
    after: str = ""
    has_wrapped: bool = False
    users: int = 0
    wrong: int = 0
    # Why it is not verified.
    failure: str | None = None
    ended_at: Moment | None = None


_READ: Final = TypeAdapter(Drill)


class DrillStore:
    """The one record, and the marks."""

    def __init__(self, client: firestore.Client, source: str) -> None:
        """`source` names the database that is backed up, as Google does."""
        self._client = client
        self._source = source
        self._ref = client.collection(BACKUPS).document(_DRILL)

    def find(self) -> tuple[Snapshot, Drill | None]:
        """As read. Raises `DatabaseUnavailable`, `UnreadableStreakError`."""
        found = read_one(self._ref)
        with reading():
            return found, _READ.validate_python(contents(found)) if found.exists else None

    def put(self, found: Snapshot, drill: Drill) -> Snapshot:
        """Writes it over what was found, and reads it again.

        Raises `CommitFailed` where somebody else has written meanwhile, and `DatabaseUnavailable`.
        """
        content = {**asdict(drill), "state": drill.state.value}
        if found.exists:
            option = self._client.write_option(last_update_time=found.update_time)
            commit(self._client, lambda transaction: transaction.update(self._ref, content, option=option))
        else:
            commit(self._client, lambda transaction: transaction.create(self._ref, content))
        again, stored = self.find()
        if stored != drill:
            raise WriteConflict
        return again

    def mark(self, client: firestore.Client, database: str, drill: Drill) -> None:
        """Marks a database as ours, to be deleted. Raises `CommitFailed`, `DatabaseUnavailable`."""
        content: dict[str, Any] = {"read_back_for": self._source, "snapshot_time": drill.snapshot_time}
        ref = client.collection(BACKUPS).document(database)
        commit(client, lambda transaction: transaction.set(ref, content))

    def is_marked(self, client: firestore.Client, database: str) -> bool:
        """Whether it was marked for the database that is backed up here. Raises `DatabaseUnavailable`."""
        found = contents(read_one(client.collection(BACKUPS).document(database)))
        return found.get("read_back_for") == self._source
