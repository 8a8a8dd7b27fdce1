"""Whether Firestore answers: small calls with a short deadline, sent once, so that the answer comes while it matters.

It must not know who asks, nor read or write anything that belongs to a user.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store import documents
from streak_core.store.backups import BACKUPS, BY_MOMENT, BackupRecord, read_record
from streak_core.store.failures import database_errors
from streak_core.store.migrations import MIGRATIONS, RECORDS_MAX, newest_form
from streak_core.store.reading import contents
from streak_core.store.tombstones import TOMBSTONES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from google.cloud import firestore

# A young process has to find its credentials and connect first; a database at work answers in a hundredth of this.
TIMEOUT_SECONDS: Final = 3.0
# Counting costs one read for each thousand users, and takes its time: more are not counted.
USERS_COUNTED_MAX: Final = 1_000_000

# A collection of its own, closed to clients; nothing stays in it.
CHECKS: Final = "health_checks"
_NOBODY: Final = "nobody"
_ONCE: Final[dict[str, Any]] = {"timeout": TIMEOUT_SECONDS, "retry": None}


class Trouble(StrEnum):
    """Why the database can't be used, as far as can be told from outside."""

    # No answer in time, or nobody there.
    SILENT = "silent"
    # There is no such project or database.
    MISSING = "missing"
    FORBIDDEN = "forbidden"
    # Nobody to ask as.
    NO_CREDENTIALS = "no_credentials"
    OTHER = "other"


# What each is told by.
_SIGNS: Final[Mapping[Trouble, tuple[type[Exception], ...]]] = {
    Trouble.SILENT: (exceptions.DeadlineExceeded, exceptions.ServiceUnavailable, exceptions.RetryError),
    Trouble.MISSING: (exceptions.NotFound,),
    Trouble.FORBIDDEN: (exceptions.Forbidden,),
    Trouble.NO_CREDENTIALS: (exceptions.Unauthenticated, GoogleAuthError),
}


class DatabaseTrouble(DatabaseUnavailable):
    """The database does not answer; try again."""

    def __init__(self, trouble: Trouble) -> None:
        self.trouble = trouble
        super().__init__()


class DatabaseProbe:
    """Asks the database of `make_client`, which may itself fail where there are no credentials."""

    def __init__(self, make_client: Callable[[], firestore.Client]) -> None:
        """Connects to nothing yet."""
        self._make_client = make_client

    def read(self) -> None:
        """Reads a document that is not there: one read, as cheap as it gets. Raises `DatabaseTrouble`."""
        _tried(lambda: self._document(_NOBODY).get(**_ONCE))

    def users(self) -> int:
        """How many users have a streak, by two aggregations; at most `USERS_COUNTED_MAX`. Raises `DatabaseTrouble`."""
        stored = _tried(lambda: self._streaks().limit(USERS_COUNTED_MAX).count().get(**_ONCE))
        erased = _tried(lambda: self._erased().limit(USERS_COUNTED_MAX).count().get(**_ONCE))
        return max(0, int(stored[0][0].value) - int(erased[0][0].value))

    def last_backup(self) -> BackupRecord | None:
        """The record of the backup of the latest moment, if there is one. Raises `DatabaseTrouble`."""
        records = self._make_client().collection(BACKUPS)
        latest = records.order_by(BY_MOMENT, direction="DESCENDING").limit(1)
        found = _tried(lambda: latest.get(**_ONCE))
        return next((read_record(contents(one)) for one in found), None)

    def migrated_to(self) -> int | None:
        """The newest form that users were migrated to, or are being; None where none is. Raises `DatabaseTrouble`."""
        records = self._make_client().collection(MIGRATIONS).limit(RECORDS_MAX)
        return newest_form(_tried(lambda: records.get(**_ONCE)))

    def write(self, name: str) -> None:
        """Creates a document of that name among the checks. Raises `DatabaseTrouble`."""
        _tried(lambda: self._document(name).create({"checked": True}, **_ONCE))

    def delete(self, name: str) -> None:
        """Deletes it, if it is there. Raises `DatabaseTrouble`."""
        _tried(lambda: self._document(name).delete(**_ONCE))

    def _streaks(self) -> firestore.CollectionReference:
        return self._make_client().collection(documents.STREAKS)

    def _erased(self) -> firestore.Query:
        return self._streaks().where(filter=TOMBSTONES)

    def _document(self, name: str) -> firestore.DocumentReference:
        return self._make_client().collection(CHECKS).document(name)


def _tried(call: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the client answers
    try:
        with database_errors():
            return call()
    except DatabaseUnavailable as error:
        raise DatabaseTrouble(_trouble(error.__cause__)) from error.__cause__


def _trouble(error: BaseException | None) -> Trouble:
    """What it is told by; Google's errors are an open set, and `OTHER` is whatever else it says."""
    return next((trouble for trouble, kinds in _SIGNS.items() if isinstance(error, kinds)), Trouble.OTHER)
