"""Invitations in Firestore: `friend_invitations/{code}`, at most so many open of a user, each of use once.

It must not know HTTP, or what becomes of who accepts one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import Field, TypeAdapter

from streak_core.domain.days import rfc3339
from streak_core.domain.rules import Rules
from streak_core.friends.codes import new_code
from streak_core.friends.limits import INVITATIONS_A_DAY, counted_today
from streak_core.friends.pairs import Stored
from streak_core.friends.refusals import InvitationNotFound, TooManyInvitations
from streak_core.records.acts import user
from streak_core.records.changes import Change, Made, Standing
from streak_core.records.keys import Key
from streak_core.records.standing import check_may_write, check_ours
from streak_core.records.trails import Trails
from streak_core.store.documents import Moment
from streak_core.store.reading import contents, read_one, read_page
from streak_core.store.shared_documents import INVITATIONS, INVITED_BY
from streak_core.store.unreadable import reading
from streak_core.store.writing import Writer

if TYPE_CHECKING:
    from streak_core.store.reading import Snapshot

OPEN_MAX: Final = 5
LIFE: Final = timedelta(days=7)


class StoredInvitation(Stored):
    """An invitation: its code is the name of its document."""

    invited_by: Annotated[str, Field(min_length=1)]
    # The name that the inviting user has for whoever accepts it.
    name: Annotated[str, Field(min_length=1)]
    at: Moment
    # Firestore deletes it some time after that.
    expire_at: Moment


_STORED: Final = TypeAdapter(StoredInvitation)


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """An invitation as its user sees it; it can be accepted before `expires_at`."""

    code: str
    name: str
    at: datetime
    expires_at: datetime


def invitation_ref(client: firestore.Client, code: str) -> firestore.DocumentReference:
    """Where the invitation of a code lies."""
    found: firestore.DocumentReference = client.collection(INVITATIONS).document(code)
    return found


def open_invitation(document: object, now: datetime) -> StoredInvitation:
    """What is stored under a code, while it can be accepted. Raises `InvitationNotFound`, `UnreadableStreakError`."""
    if not document:
        raise InvitationNotFound
    with reading():
        stored = _STORED.validate_python(document)
    if stored.expire_at <= now:
        raise InvitationNotFound
    return stored


def invitations_of(client: firestore.Client, user_id: str) -> dict[str, StoredInvitation]:
    """All that are stored of a user, by their codes; those that have expired may still be among them."""
    query = client.collection(INVITATIONS).where(filter=FieldFilter(INVITED_BY, "==", user_id))
    return {one.id: _read(one) for one in read_page(query, OPEN_MAX)}


def _read(snapshot: Snapshot) -> StoredInvitation:
    with reading():
        return _STORED.validate_python(contents(snapshot))


@dataclass(frozen=True)
class Invitations:
    """The invitations of users. `now` is always timezone-aware."""

    trails: Trails
    rules: Callable[[], Rules]
    new: Callable[[], str] = new_code

    def invite(self, user_id: str, name: str, now: datetime, key: str | None) -> tuple[Invitation, bool]:
        """Opens an invitation once, however often it is asked for under the same key; and whether it was open before.

        Raises `Blocked`, `TooManyInvitations`, `QuotaExceeded`, `ForeignDocument`, what `Trails.append` does, and
        `InvitationNotFound` where that of the key is open no more.
        """
        code = self.new()
        made = StoredInvitation(invited_by=user_id, name=name, at=now, expire_at=now + LIFE)
        named = None if key is None else Key.sent(key, {"friend_invitation": name}, user(user_id))

        def decide(found: Standing) -> Change:
            check_may_write(found.streak, None, now)
            over = self._room(user_id, now)
            return Change(
                also=self._opening(code, made, over),
                home=counted_today(INVITATIONS_A_DAY, found, self.rules(), now),
                made=Made(name=code, kept_until=made.expire_at),
                is_done=lambda found: bool(found.others[0]),
            )

        ref = invitation_ref(self.trails.client, code)
        changed = self.trails.change(user(user_id), now, decide, [ref], named)
        assert changed  # noqa: S101 - what is decided here is always a change
        if not changed.replayed:
            return _shown(code, made), False
        before = contents(read_one(invitation_ref(self.trails.client, changed.name)))
        return _shown(changed.name, open_invitation(before, now)), True

    def own(self, user_id: str, now: datetime) -> list[Invitation]:
        """The user's invitations that can be accepted, the last one first. Raises what `Trails.read` does."""
        check_ours(self.trails.read(user_id, []).streak)
        found = invitations_of(self.trails.client, user_id).items()
        shown = [_shown(code, one) for code, one in found if now < one.expire_at]
        return sorted(shown, key=lambda one: (one.at, one.code), reverse=True)

    def withdraw(self, user_id: str, code: str, now: datetime) -> None:
        """Takes an invitation back that nobody has accepted, which who is blocked may.

        Raises `InvitationNotFound`, `ForeignDocument`, and what `Trails.append` does.
        """
        ref = invitation_ref(self.trails.client, code)

        def decide(found: Standing) -> Change:
            check_ours(found.streak)
            if open_invitation(found.others[0], now).invited_by != user_id:
                raise InvitationNotFound
            return Change(also=lambda transaction: transaction.delete(ref), is_done=lambda found: not found.others[0])

        self.trails.change(user(user_id), now, decide, [ref])

    def _room(self, user_id: str, now: datetime) -> list[str]:
        """The user's invitations that are over, in whose place there is room. Raises `TooManyInvitations`."""
        found = invitations_of(self.trails.client, user_id)
        still_open = [one.expire_at for one in found.values() if now < one.expire_at]
        if len(still_open) >= OPEN_MAX:
            raise TooManyInvitations(most=OPEN_MAX, until=rfc3339(min(still_open)))
        return [code for code, one in found.items() if one.expire_at <= now]

    def _opening(self, code: str, made: StoredInvitation, over: list[str]) -> Writer:
        client = self.trails.client

        def write(transaction: firestore.Transaction) -> None:
            transaction.create(invitation_ref(client, code), made.model_dump())
            # So no more of a user lie there than can be open, whenever Firestore deletes what is over.
            for one in over:
                transaction.delete(invitation_ref(client, one))

        return write


def _shown(code: str, stored: StoredInvitation) -> Invitation:
    return Invitation(code=code, name=stored.name, at=stored.at, expires_at=stored.expire_at)
