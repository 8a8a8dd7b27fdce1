"""The friends of a user: what is told of each, ending it, and blocking. Must not know HTTP.

Of the other one there is the name that they gave, whether they have kept their own today, and what both have kept.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from google.cloud import firestore

from streak_core.domain.friend_counting import counted
from streak_core.domain.friend_streaks import FriendStreak
from streak_core.domain.rules import Rules
from streak_core.friends.friend_days import (
    FriendErasedError,
    FriendUnreadableError,
    Noting,
    UserDays,
    of_a_friend,
)
from streak_core.friends.pairs import (
    BLOCKS_MAX,
    Block,
    Pair,
    StoredBlock,
    blocks_of,
    document_of,
    friends_of,
)
from streak_core.friends.refusals import BlockNotFound, FriendNotFound, TooManyBlocks
from streak_core.records.acts import user
from streak_core.records.changes import Change, Standing
from streak_core.records.standing import check_ours
from streak_core.records.trails import Trails
from streak_core.store.reading import contents, read_one
from streak_core.store.users import UserStore
from streak_core.store.writing import Writer
from streak_core.telemetry import LogEvent, log


@dataclass(frozen=True, kw_only=True)
class Friend:
    """What a user is told of a friend."""

    friend_id: str
    # That of the friend, and the one that the user gave.
    name: str
    own_name: str
    since: datetime
    # Both None where the friend can't be read now.
    kept_today: bool | None = None
    streak: FriendStreak | None = None


@dataclass(frozen=True)
class Friendships:
    """The friends of users. `now` is always timezone-aware."""

    trails: Trails
    users: UserStore
    rules: Callable[[], Rules]
    noting: Noting
    # Raises `Unavailable` while what is stored of that user is not whole.
    check_whole: Callable[[str], None]
    # Raises `Unavailable` while nothing may be written of that user.
    check_open: Callable[[str], None]

    def all(self, user_id: str, now: datetime) -> list[Friend]:
        """The user's friends, the first one first; what is wrong with one of them changes nothing of the others.

        Raises `UserErased`, `ErasingUnfinished`, `DatabaseUnavailable`, `UnreadableStreakError`.
        """
        rules = self.rules()
        own = UserDays(self.users, rules, user_id, now)
        found = friends_of(self.trails.client, user_id)
        return [friend for pair in found if (friend := self._seen(user_id, own, pair, rules, now))]

    def one(self, user_id: str, friend_id: str, now: datetime) -> Friend:
        """One of them. Raises `FriendNotFound`, and as `all` does."""
        rules, pair = self.rules(), self._pair(user_id, friend_id)
        own = UserDays(self.users, rules, user_id, now)
        friend = self._seen(user_id, own, pair, rules, now)
        if friend is None:
            raise FriendNotFound
        return friend

    def _seen(self, user_id: str, own: UserDays, pair: Pair, rules: Rules, now: datetime) -> Friend | None:
        """The friend; None where they are being erased, and with nothing of their days where they can't be read."""
        other, name = pair.friends.other_than(user_id)
        friend = Friend(
            friend_id=pair.friends.friend_id,
            name=name,
            own_name=pair.friends.own_name(user_id),
            since=pair.friends.since,
        )
        try:
            with of_a_friend():
                self.check_whole(other)
                noted = pair.friends.noted
            theirs = UserDays(self.users, rules, other, now, of_a_friend)
            found = counted(pair.friends.first_day, noted, own, theirs, rules)
        except FriendErasedError:
            return None
        except FriendUnreadableError as error:
            log(LogEvent.FRIEND_UNREADABLE, "a friend can't be read", error=error, user_id=other)
            return friend
        if found.to_note:
            self.noting.note(pair, found.to_note)
        return replace(friend, kept_today=theirs.known.kept_today, streak=found.streak)

    def end(self, user_id: str, friend_id: str, now: datetime) -> None:
        """Ends it for both, which who is blocked by an operator may.

        Raises `FriendNotFound`, `ForeignDocument`, and what `check_open` and `Trails.append` do.
        """

        def decide(found: Standing) -> Change:
            check_ours(found.streak)
            pair = self._pair(user_id, friend_id)
            self.check_open(pair.friends.other_than(user_id)[0])
            return Change(also=self._deleting(pair), is_done=lambda _: not self._is_there(pair.ref, friend_id))

        self.trails.change(user(user_id), now, decide)

    def block(self, user_id: str, friend_id: str, now: datetime) -> Block:
        """Ends it, and no invitation between the two works until it is taken back. Done again, it changes nothing.

        Raises `FriendNotFound`, `TooManyBlocks`, `ForeignDocument`, and what `check_open` and `Trails.append` do.
        """
        blocked: Block | None = None

        def decide(found: Standing) -> Change | None:
            nonlocal blocked
            check_ours(found.streak)
            blocks = [one.block for one in blocks_of(self.trails.client, user_id)]
            blocked = next((one for one in blocks if one.friend_id == friend_id), None)
            if blocked:
                return None
            pair = self._pair(user_id, friend_id)
            if len(blocks) >= BLOCKS_MAX:
                raise TooManyBlocks(most=BLOCKS_MAX)
            other, name = pair.friends.other_than(user_id)
            self.check_open(other)
            blocked = Block(friend_id=friend_id, blocked_by=user_id, blocked=other, name=name, at=now)
            return Change(also=self._blocking(pair, blocked))

        self.trails.change(user(user_id), now, decide)
        assert blocked  # noqa: S101 - it was found, or made
        return blocked

    def blocks(self, user_id: str) -> list[Block]:
        """Whom the user has blocked, the last one first. Raises what `Trails.read` does, `UnreadableStreakError`."""
        check_ours(self.trails.read(user_id, []).streak)
        return [one.block for one in blocks_of(self.trails.client, user_id)]

    def unblock(self, user_id: str, friend_id: str, now: datetime) -> None:
        """Invitations between the two work again; friends they are not.

        Raises `BlockNotFound`, `ForeignDocument`, and what `check_open` and `Trails.append` do.
        """

        def decide(found: Standing) -> Change:
            check_ours(found.streak)
            blocks = blocks_of(self.trails.client, user_id)
            block = next((one for one in blocks if one.block.friend_id == friend_id), None)
            if block is None:
                raise BlockNotFound
            self.check_open(block.block.blocked)
            return Change(also=self._deleting(block), is_done=lambda _: not self._is_there(block.ref, friend_id))

        self.trails.change(user(user_id), now, decide)

    def _pair(self, user_id: str, friend_id: str) -> Pair:
        """The user with the friend of that id. Raises `FriendNotFound`."""
        pairs = friends_of(self.trails.client, user_id)
        found = next((one for one in pairs if one.friends.friend_id == friend_id), None)
        if found is None:
            raise FriendNotFound
        return found

    def _is_there(self, ref: firestore.DocumentReference, friend_id: str) -> bool:
        return contents(read_one(ref)).get("friend_id") == friend_id

    def _deleting(self, found: Pair | StoredBlock) -> Writer:
        option = self.trails.client.write_option(last_update_time=found.version)
        return lambda transaction: transaction.delete(found.ref, option=option)

    def _blocking(self, pair: Pair, block: Block) -> Writer:
        option = self.trails.client.write_option(last_update_time=pair.version)

        def write(transaction: firestore.Transaction) -> None:
            # No field of the friends stays.
            transaction.delete(pair.ref, option=option)
            transaction.set(pair.ref, document_of(block))

        return write
