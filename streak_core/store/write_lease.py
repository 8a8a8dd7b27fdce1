"""The write lease: one document that closes the service, or some of its users, while their documents are put in place.

It must not know who heeds it, or what is done under it. It never ends by itself: what is half restored stays closed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.documents import Moment
from streak_core.store.failures import CommitFailed
from streak_core.store.reading import contents, read_one
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from google.cloud import firestore

    from streak_core.store.reading import Snapshot

# A collection of its own, closed to clients.
SERVICE: Final = "service"
_DOCUMENT: Final = "write_lease"
# So long nobody else goes on with what an owner does under it, since the last sign of life.
LEASE: Final = timedelta(seconds=120)
_TRIES_MAX: Final = 5

_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class WriteLease:
    """Who is closed, why, and who works under it."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    reason: str
    taken_at: Moment
    # None is everybody.
    user_ids: tuple[str, ...] | None = None
    # Whether questions are answered meanwhile: what is stored is whole, and only must not change.
    is_readable: bool = False
    # The call that works under it, and until when nobody else goes on with that; nobody's after it.
    owner: str = ""
    owned_until: Moment = _LONG_AGO
    # What is restored, and how many of its parts are in place.
    backup: str | None = None
    parts_done: int = 0

    def closes(self, user_id: str | None, *, is_question: bool) -> bool:
        """Whether a question or a command of that user is refused; None is who acts for all users."""
        is_concerned = self.user_ids is None or user_id is None or user_id in self.user_ids
        return is_concerned and not (is_question and self.is_readable)


_LEASE: Final = TypeAdapter(WriteLease)
# One that does not read closes all the same.
_UNREADABLE: Final = WriteLease(reason="unreadable", taken_at=_LONG_AGO)


class LeaseTakenError(Exception):
    """Somebody else has it, or was faster; `lease` is the one that is there, if one is."""

    def __init__(self, lease: WriteLease | None) -> None:
        self.lease = lease
        super().__init__()


class WriteLeases:
    """The one lease of a database."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client
        self._ref = client.collection(SERVICE).document(_DOCUMENT)

    def find(self) -> WriteLease | None:
        """The lease; None where the service is open. Raises `DatabaseUnavailable`."""
        return _read(read_one(self._ref))

    def take(self, wanted: WriteLease, now: datetime) -> WriteLease:
        """Takes it for `wanted.owner`, going on where `wanted` is what was begun under it.

        What nobody works under is taken over where it is of no backup, or of the same backup and users. Raises
        `LeaseTakenError`, `DatabaseUnavailable`.
        """
        for _ in range(_TRIES_MAX):
            snapshot = read_one(self._ref)
            found = _read(snapshot)
            if found and found.owner == wanted.owner:
                return found
            if found and not _may_go_on(found, wanted, now):
                raise LeaseTakenError(found)
            until = now + LEASE if wanted.owner else wanted.owned_until
            mine = replace(wanted, owned_until=until, parts_done=found.parts_done if found else 0)
            try:
                self._write(snapshot, mine)
            except CommitFailed:
                continue
            return mine
        raise DatabaseUnavailable

    def keep(self, owner: str, now: datetime, parts_done: int | None = None) -> None:
        """A sign of life, and how far it is. Raises `LeaseTakenError` where it is the owner's no longer."""
        for _ in range(_TRIES_MAX):
            snapshot = read_one(self._ref)
            found = _read(snapshot)
            if found is None or found.owner != owner:
                raise LeaseTakenError(found)
            done = found.parts_done if parts_done is None else parts_done
            try:
                self._write(snapshot, replace(found, owned_until=now + LEASE, parts_done=done))
            except CommitFailed:
                continue
            return
        raise DatabaseUnavailable

    def give_back(self, owner: str | None, now: datetime) -> None:
        """Opens the service; without an owner, where nobody works under it. Raises `LeaseTakenError`."""
        for _ in range(_TRIES_MAX):
            snapshot = read_one(self._ref)
            found = _read(snapshot)
            if found is None:
                return
            if found.owner != owner and (owner or found.owned_until > now):
                raise LeaseTakenError(found)
            option = self._client.write_option(last_update_time=snapshot.update_time)
            try:
                commit(self._client, lambda transaction, option=option: transaction.delete(self._ref, option=option))  # type: ignore[misc]
            except CommitFailed:
                continue
            return
        raise DatabaseUnavailable

    def _write(self, snapshot: Snapshot, lease: WriteLease) -> None:
        content = {**asdict(lease), "user_ids": list(lease.user_ids) if lease.user_ids is not None else None}
        if not snapshot.exists:
            commit(self._client, lambda transaction: transaction.create(self._ref, content))
            return
        option = self._client.write_option(last_update_time=snapshot.update_time)
        commit(self._client, lambda transaction: transaction.update(self._ref, content, option=option))


def _may_go_on(found: WriteLease, wanted: WriteLease, now: datetime) -> bool:
    if found.owned_until > now:
        return False
    return found.backup is None or (found.backup, found.user_ids) == (wanted.backup, wanted.user_ids)


def _read(snapshot: Snapshot) -> WriteLease | None:
    if not snapshot.exists:
        return None
    content: Mapping[str, Any] = contents(snapshot)
    try:
        return _LEASE.validate_python(content)
    except ValidationError:
        return _UNREADABLE
