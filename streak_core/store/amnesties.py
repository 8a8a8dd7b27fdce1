"""The list of amnesties as Firestore documents: `amnesties/{number}`, one for each change, and none ever changes.

A change declares an amnesty or withdraws one. It must not know whom an amnesty concerns. A change that this program
can't read is refused, never read in part.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from streak_core.domain.errors import Unavailable
from streak_core.domain.rules import Amnesty
from streak_core.store.documents import plain_utc
from streak_core.store.reading import contents, read_page
from streak_core.store.writing import both, commit, nothing_else

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.store.reading import Snapshot
    from streak_core.store.writing import Writer

AMNESTIES: Final = "amnesties"
# As many changes as there can ever be, so that the list is one page.
CHANGES_MAX: Final = 500
SCHEMA_VERSION: Final = 1


class AmnestyUnreadable(Unavailable):
    """A stored change does not read: a later version of this program wrote it, and alone knows what it says."""

    code = "amnesty_unreadable"
    message = (
        "Change {number} of the list of amnesties is not one that this version of the service can read, so that it can "
        "tell nobody's streak. Deploy the version that wrote it again."
    )
    retry_after_seconds = 60


class StoredChange(BaseModel):
    """The document of a change; closed, as all that is stored."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    schema_version: Literal[1] = SCHEMA_VERSION
    number: int = Field(ge=1)
    at: AwareDatetime
    by: str
    # What is declared.
    from_instant: AwareDatetime | None = None
    until: AwareDatetime | None = None
    reason: str = ""
    # Or the number of the change that is withdrawn by it.
    withdraws: int | None = None


class AmnestyStore:
    """The changes of the list."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def declared(self) -> tuple[Amnesty, ...]:
        """All amnesties that were ever declared, by one query. Raises `AmnestyUnreadable`, `DatabaseUnavailable`."""
        return folded(self.changes())

    def changes(self) -> list[StoredChange]:
        """All changes in their order, by one query. Raises `AmnestyUnreadable`, `DatabaseUnavailable`."""
        # Not by number: a query that is ordered by a field leaves out what does not have it.
        found = read_page(self._client.collection(AMNESTIES).order_by("__name__"), CHANGES_MAX + 1)
        if len(found) > CHANGES_MAX:
            raise AmnestyUnreadable(number=CHANGES_MAX + 1)
        return sorted((_change(one) for one in found), key=lambda one: one.number)

    def add(self, change: StoredChange, also: Writer = nothing_else) -> None:
        """Writes a change whose number nobody has taken. Raises `CommitFailed`, `DatabaseUnavailable`."""
        ref = self._client.collection(AMNESTIES).document(str(change.number))
        content = change.model_dump(exclude_none=True)
        commit(self._client, both(lambda transaction: transaction.create(ref, content), also))


def folded(changes: list[StoredChange]) -> tuple[Amnesty, ...]:
    """The amnesties that changes, in their order, lead to."""
    found: dict[int, Amnesty] = {}
    for one in changes:
        if one.from_instant and one.until:
            found[one.number] = Amnesty(
                amnesty_id=str(one.number),
                from_instant=plain_utc(one.from_instant),
                until=plain_utc(one.until),
                reason=one.reason,
                number=one.number,
                declared_at=plain_utc(one.at),
                by=one.by,
            )
        elif one.withdraws in found and found[one.withdraws].withdrawn_at is None:
            at = plain_utc(one.at)
            found[one.withdraws] = replace(found[one.withdraws], withdrawn_at=at, withdrawn_number=one.number)
    return tuple(found.values())


def _change(snapshot: Snapshot) -> StoredChange:
    try:
        change = StoredChange.model_validate(contents(snapshot))
    except ValidationError as error:
        raise AmnestyUnreadable(number=snapshot.id) from error
    # All of the one, or the other.
    declares = {change.from_instant is not None, change.until is not None, change.withdraws is None}
    if str(change.number) != snapshot.id or len(declares) > 1:
        raise AmnestyUnreadable(number=snapshot.id)
    return change
