"""Accepting an invitation: two users become friends in one commit, or neither does. Must not know HTTP.

The homes of both are written by their versions: so each has five friends at most, however many accept at once; and
nobody who is being erased makes a friend.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from google.cloud import firestore

from streak_core.domain.errors import ErasingUnfinished
from streak_core.domain.refusals import Blocked, UserErased
from streak_core.domain.rules import Rules
from streak_core.friends.invitations import invitation_ref, open_invitation
from streak_core.friends.limits import WRONG_CODES_A_DAY, counted_today
from streak_core.friends.pairs import FRIENDS_MAX, Friends, count_of_friends, document_of, pair_ref
from streak_core.friends.refusals import AlreadyFriends, InvitationNotFound, OwnInvitation, TooManyFriends
from streak_core.records.acts import user
from streak_core.records.chain import RETENTION
from streak_core.records.changes import Change, Made, Standing
from streak_core.records.homes import LAST_FRIEND, write_home
from streak_core.records.keys import Key
from streak_core.records.standing import check_may_write, zone_line_of
from streak_core.records.trails import Trails
from streak_core.store.reading import contents, read_one
from streak_core.store.shared_documents import FRIENDS
from streak_core.store.writing import Writer

_ID_BYTES: Final = 16


def new_id() -> str:
    """The id of two friends, which tells nothing of either."""
    return secrets.token_urlsafe(_ID_BYTES)


@dataclass(frozen=True, kw_only=True)
class Accepted:
    """What somebody accepts, and by which name they want to be known to the other."""

    code: str
    name: str


@dataclass(frozen=True, kw_only=True)
class _Inviting:
    """Who has made an invitation, as read."""

    user_id: str
    name: str
    standing: Standing


@dataclass(frozen=True)
class Accepting:
    """Makes friends of who invites and who accepts. `now` is always timezone-aware."""

    trails: Trails
    rules: Callable[[], Rules]
    # Raises `Unavailable` while nothing may be written of that user.
    check_open: Callable[[str], None]
    new: Callable[[], str] = new_id

    def accept(self, user_id: str, accepted: Accepted, now: datetime, key: str | None) -> tuple[str, bool]:
        """The id of the friend whom an invitation brings, and whether it was accepted before under the same key.

        Raises `InvitationNotFound` for every code that is of no use to this user, `OwnInvitation`, `AlreadyFriends`,
        `TooManyFriends`, `QuotaExceeded`, `Blocked`, `ForeignDocument`, and what `check_open` and `Trails.append` do.
        """
        friend_id, refused = self.new(), list[InvitationNotFound]()
        sent = {"accept": accepted.code, "name": accepted.name}
        named = None if key is None else Key.sent(key, sent, user(user_id))

        def decide(found: Standing) -> Change:
            check_may_write(found.streak, None, now)
            # Before it is looked at: else the one that is right would be told from the others by its answer.
            one_more = counted_today(WRONG_CODES_A_DAY, found, self.rules(), now)
            refused.clear()
            try:
                inviting = self._inviting(user_id, found, now)
            except InvitationNotFound as error:
                refused.append(error)
                return Change(home=one_more)
            self._check_free(user_id, inviting)
            return self._befriending(friend_id, (user_id, accepted), found, inviting, now)

        ref = invitation_ref(self.trails.client, accepted.code)
        changed = self.trails.change(user(user_id), now, decide, [ref], named)
        for one in refused:
            raise one
        assert changed  # noqa: S101 - what is decided here is always a change
        return changed.name, changed.replayed

    def _inviting(self, user_id: str, found: Standing, now: datetime) -> _Inviting:
        """Who invites. Raises `InvitationNotFound`, `OwnInvitation`, `AlreadyFriends`, and what `check_open` does."""
        invitation = open_invitation(found.others[0], now)
        other = invitation.invited_by
        if other == user_id:
            raise OwnInvitation
        self.check_open(other)
        try:
            standing = self.trails.read(other, [pair_ref(self.trails.client, user_id, other)])
            check_may_write(standing.streak, None, now)
        except (UserErased, ErasingUnfinished, Blocked) as error:
            raise InvitationNotFound from error
        if pair := standing.others[0]:
            # Nobody is told which of the two has blocked the other, or that one has.
            raise AlreadyFriends if FRIENDS in pair else InvitationNotFound
        return _Inviting(user_id=other, name=invitation.name, standing=standing)

    def _check_free(self, user_id: str, inviting: _Inviting) -> None:
        """Raises `TooManyFriends`. It is asked after the homes were read, by whose versions it still holds."""
        client = self.trails.client
        if any(count_of_friends(client, one) >= FRIENDS_MAX for one in (user_id, inviting.user_id)):
            raise TooManyFriends(most=FRIENDS_MAX)

    def _befriending(
        self, friend_id: str, accepting: tuple[str, Accepted], found: Standing, inviting: _Inviting, now: datetime
    ) -> Change:
        (user_id, accepted), rules = accepting, self.rules()
        # No day counts that had begun for either before.
        first = max(zone_line_of(one.streak, rules).label(now) for one in (found, inviting.standing))
        one, other = (user_id, accepted.name), (inviting.user_id, inviting.name)
        friends = Friends.of(friend_id, one, other, now, first)
        return Change(
            also=self._writing(friends, accepted.code, inviting),
            home={LAST_FRIEND: friend_id},
            made=Made(name=friend_id, kept_until=now + RETENTION),
            is_done=lambda _: self._are_friends(friends),
        )

    def _writing(self, friends: Friends, code: str, inviting: _Inviting) -> Writer:
        client = self.trails.client
        ref = pair_ref(client, *friends.friends)

        def write(transaction: firestore.Transaction) -> None:
            transaction.create(ref, document_of(friends))
            # It is never changed: who is faster deletes it.
            transaction.delete(invitation_ref(client, code), option=client.write_option(exists=True))
            write_home(client, transaction, inviting.standing.home, None, {LAST_FRIEND: friends.friend_id})

        return write

    def _are_friends(self, friends: Friends) -> bool:
        found = contents(read_one(pair_ref(self.trails.client, *friends.friends)))
        return found.get("friend_id") == friends.friend_id
