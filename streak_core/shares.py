"""Pictures of a streak that everybody can see who knows their id: made, listed, revoked and found.

It must not know HTTP or Firestore's client, nor how a picture is drawn.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import rfc3339
from streak_core.domain.decision import check_not_blocked
from streak_core.domain.refusals import (
    IdempotencyKeyReused,
)
from streak_core.retry import Attempts, note_retry
from streak_core.sharing.names import drawn
from streak_core.sharing.refusals import NothingToShare, SharedTooOften, ShareNotFound, TooManyShares
from streak_core.sharing.snapshot import WEEK_DAYS, Language, Snapshot, snapshot_from, snapshot_of, text_of
from streak_core.store.failures import CommitFailed
from streak_core.store.shares import PLACES, StoredShare
from streak_core.store.unreadable import reading

if TYPE_CHECKING:
    from streak_core.queries import StreakQueries
    from streak_core.store.shares import Place, ShareStore

# How long a picture can be seen.
LIFE: Final = timedelta(days=30)
# A place is taken at least so long, also by a picture that is revoked: so no more are made within that time.
PLACE_KEPT: Final = timedelta(hours=1)
# Nobody guesses so many.
_ID_BYTES: Final = 16


@dataclass(frozen=True, kw_only=True)
class Share:
    """A shared picture that can be seen until `expires_at`."""

    share_id: str
    created_at: datetime
    expires_at: datetime
    snapshot: Snapshot


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What is asked to be shared: with a name or without, in a language."""

    name: str
    language: Language

    def __str__(self) -> str:
        return f"{self.language} {self.name}"


def _new_id() -> str:
    return secrets.token_urlsafe(_ID_BYTES)


@dataclass(frozen=True)
class Shares:
    """The shared pictures of all users. `now` is always timezone-aware."""

    store: ShareStore
    queries: StreakQueries
    attempts: Callable[[], Attempts] = field(default=Attempts)
    new_id: Callable[[], str] = _new_id

    def make(self, user_id: str, now: datetime, wanted: Wanted, key: str | None) -> tuple[Share, bool]:
        """Freezes how the user stands into a picture with a new id, or answers what was made with the same key before.

        The second is whether it was. Raises `NothingToShare`, `TooManyShares`, `SharedTooOften`, `Blocked`,
        `IdempotencyKeyReused`, `UserBusy`, `UserErased`, `DatabaseUnavailable`.
        """
        attempts, asked = self.attempts(), Wanted(name=drawn(wanted.name), language=wanted.language)
        while True:
            found = self.queries.with_days(user_id, now, WEEK_DAYS)
            if found.update_time is None or not found.state.exists:
                raise NothingToShare
            check_not_blocked(found.state.streak, now)
            places = self.store.places(user_id)
            if key is not None and (before := _made_with(places, key, now)):
                if before.asked != str(asked):
                    raise IdempotencyKeyReused
                return _share(before), True
            name, place = _free_place(places, now)
            made = StoredShare(
                share_id=self.new_id(),
                created_at=now,
                expire_at=now + LIFE,
                key=key,
                asked=None if key is None else str(asked),
                snapshot=text_of(snapshot_of(found.state.view, found.decided, asked.name, asked.language)),
            )
            try:
                self.store.put(user_id, found.update_time, name, place, made)
            except CommitFailed as failure:
                note_retry(failure, "share", attempts)
                attempts.again(failure)
            else:
                return _share(made), False

    def own(self, user_id: str, now: datetime) -> list[Share]:
        """The user's pictures that can be seen, the last one first. Raises `UserErased`, `DatabaseUnavailable`."""
        self.queries.store.load(user_id)
        shown = [_share(one.share) for one in self.store.places(user_id) if _is_seen(one.share, now)]
        return sorted(shown, key=lambda one: (one.created_at, one.share_id), reverse=True)

    def revoke(self, user_id: str, now: datetime, share_id: str) -> datetime:
        """Ends a picture of the user's for good; when that was. Done again, it changes nothing.

        Raises `ShareNotFound`, `UserBusy`, `UserErased`, `DatabaseUnavailable`.
        """
        attempts = self.attempts()
        while True:
            version = self.queries.store.load(user_id).update_time
            place = next((one for one in self.store.places(user_id) if one.share.share_id == share_id), None)
            if version is None or place is None or (place.share.revoked_at is None and place.share.expire_at <= now):
                raise ShareNotFound
            if place.share.revoked_at is not None:
                return place.share.revoked_at
            created_at = place.share.created_at
            ended = StoredShare(
                share_id=share_id, created_at=created_at, expire_at=created_at + PLACE_KEPT, revoked_at=now
            )
            try:
                self.store.put(user_id, version, place.name, place, ended)
            except CommitFailed as failure:
                note_retry(failure, "share", attempts)
                attempts.again(failure)
            else:
                return now

    def find(self, share_id: str, now: datetime) -> Share:
        """What everybody can see. Raises `ShareNotFound`, `DatabaseUnavailable`."""
        found = self.store.find(share_id)
        if found is None or not _is_seen(found, now):
            raise ShareNotFound
        return _share(found)


def _is_seen(share: StoredShare, now: datetime) -> bool:
    """Whether it is neither revoked nor past its end, whenever Firestore deletes it."""
    return share.revoked_at is None and now < share.expire_at


def _share(stored: StoredShare) -> Share:
    """What is seen of it. Raises `UnreadableStreakError`."""
    with reading():
        snapshot = snapshot_from(stored.snapshot or "")
    return Share(share_id=stored.share_id, created_at=stored.created_at, expires_at=stored.expire_at, snapshot=snapshot)


def _made_with(places: Iterable[Place], key: str, now: datetime) -> StoredShare | None:
    return next((one.share for one in places if one.share.key == key and _is_seen(one.share, now)), None)


def _free_place(places: list[Place], now: datetime) -> tuple[str, Place | None]:
    """The first place that is free, and what lies in it. Raises `TooManyShares`, `SharedTooOften`."""
    taken = {one.name: one for one in places if now < one.share.expire_at}
    free = next((name for name in PLACES if name not in taken), None)
    if free is not None:
        return free, next((one for one in places if one.name == free), None)
    first = min(one.share.expire_at for one in taken.values())
    if all(one.share.revoked_at is None for one in taken.values()):
        raise TooManyShares(most=len(PLACES), until=rfc3339(first))
    raise SharedTooOften(max(1, -int(-(first - now).total_seconds() // 1)), most=len(PLACES))
