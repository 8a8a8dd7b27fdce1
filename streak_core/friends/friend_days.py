"""The days of friends as they are read, and what is noted of two of them. Must not know HTTP, or how days are counted.

What is noted is what no later command can change any more; all else is derived at each reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime

from google.cloud import firestore

from streak_core.domain.errors import DatabaseUnavailable, ErasingUnfinished, StreakError, Unavailable
from streak_core.domain.friend_counting import KnownDays, Noted
from streak_core.domain.judging_anew import standing
from streak_core.domain.refusals import UserErased
from streak_core.domain.rules import Rules
from streak_core.domain.zones import UTC_NAME
from streak_core.friends.pairs import NotedForm, Pair
from streak_core.store.documents import month_id
from streak_core.store.failures import CommitFailed
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.users import UserStore
from streak_core.store.writing import commit


class FriendErasedError(Exception):
    """The friend is being erased, which takes the pair along."""


class FriendUnreadableError(Exception):
    """The friend can't be read now, for a reason that is theirs alone: its cause."""


@contextmanager
def of_a_friend() -> Iterator[None]:
    """Tells what is wrong with a friend from what is wrong with whoever asks.

    Raises `FriendErasedError`, `FriendUnreadableError`, `DatabaseUnavailable`.
    """
    try:
        yield
    except (UserErased, ErasingUnfinished) as error:
        raise FriendErasedError from error
    except DatabaseUnavailable:
        raise
    except (StreakError, UnreadableStreakError) as error:
        raise FriendUnreadableError from error


class UserDays:
    """The days of one user as of a moment; decided ones are read once they are asked for."""

    def __init__(self, users: UserStore, rules: Rules, user_id: str, now: datetime) -> None:
        """Reads the user. Raises `UserErased`, `ErasingUnfinished`, `DatabaseUnavailable`, `UnreadableStreakError`."""
        self._users, self._rules, self._user_id, self._now = users, rules, user_id, now
        self._months: frozenset[str] = frozenset()
        self._known = self._read()

    @property
    def known(self) -> KnownDays:
        """What was read by now."""
        return self._known

    def look_up(self, days: Iterable[date]) -> bool:
        """Reads the months of these decided days; whether any had not been read. Raises as reading the user does."""
        months = self._months | {month_id(day) for day in days}
        if months == self._months:
            return False
        self._months = months
        self._known = self._read()
        return True

    def _read(self) -> KnownDays:
        loaded = self._users.load(self._user_id, months=self._months)
        state = standing(
            loaded.streak,
            loaded.settled_through,
            self._rules,
            self._now,
            lambda: self._users.ledger(self._user_id),
            # That a zone is not known is told the user alone.
            instead_of_unknown=UTC_NAME,
        )
        return KnownDays.of(state, loaded.decided.values())


class FriendDays(UserDays):
    """Those of a friend of who asks. Reading raises what `of_a_friend` does."""

    def _read(self) -> KnownDays:
        with of_a_friend():
            return super()._read()


@dataclass(frozen=True)
class Noting:
    """Notes what is decided of two friends, so that nobody reads those days again."""

    client: firestore.Client
    # Raises `Unavailable` while nothing may be written of that user.
    check_open: Callable[[str], None]

    def note(self, pair: Pair, noted: Noted) -> None:
        """Notes it, unless the pair was changed meanwhile or nothing may be written now: then the next one does."""
        option = self.client.write_option(last_update_time=pair.version)
        with suppress(CommitFailed, Unavailable):
            for user_id in pair.friends.friends:
                self.check_open(user_id)
            fields = {"counted": NotedForm.of(noted).text}
            commit(self.client, lambda transaction: transaction.update(pair.ref, fields, option=option))
