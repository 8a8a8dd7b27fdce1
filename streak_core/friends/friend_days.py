"""The days of friends as they are read, and what is noted of two of them. Must not know HTTP, or how days are counted.

What is noted is what no later command can change any more; all else is derived at each reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date, datetime

from google.cloud import firestore

from streak_core.domain.calendar import CalendarDay
from streak_core.domain.errors import DatabaseUnavailable, ErasingUnfinished, StreakError, Unavailable
from streak_core.domain.friend_counting import KnownDays, Noted
from streak_core.domain.judging_anew import standing
from streak_core.domain.refusals import UserErased
from streak_core.domain.rules import Rules
from streak_core.domain.state import UserState
from streak_core.domain.zones import UTC_NAME
from streak_core.friends.pairs import NotedForm, Pair
from streak_core.store.documents import month_id
from streak_core.store.failures import CommitFailed
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.users import Loaded, UserStore
from streak_core.store.writing import commit

# What an error of reading is told as.
Reading = Callable[[], AbstractContextManager[None]]


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

    def __init__(
        self, users: UserStore, rules: Rules, user_id: str, now: datetime, whose: Reading = nullcontext
    ) -> None:
        """Reads the user, each time within `whose`, which may tell errors as others.

        Raises `UserErased`, `ErasingUnfinished`, `DatabaseUnavailable`, `UnreadableStreakError`.
        """
        self._users, self._rules, self._user_id, self._now, self._whose = users, rules, user_id, now, whose
        self._months: frozenset[str] = frozenset()
        self._decided: Mapping[date, CalendarDay] = {}
        loaded = self._load(self._months)
        self._version, self._state = loaded.update_time, self._standing(loaded)
        self._known = KnownDays.of(self._state, ())

    @property
    def known(self) -> KnownDays:
        """What was read by now."""
        return self._known

    def look_up(self, days: Iterable[date]) -> bool:
        """Reads the months of these decided days; whether any had not been read. Raises as reading the user does."""
        new = {month_id(day) for day in days} - self._months
        if not new:
            return False
        loaded = self._load(new)
        if loaded.update_time != self._version:
            # What was read before may be decided otherwise by now.
            loaded = self._load(self._months | new)
            self._decided = {}
            self._version, self._state = loaded.update_time, self._standing(loaded)
        self._months |= new
        self._decided = {**self._decided, **loaded.decided}
        self._known = KnownDays.of(self._state, self._decided.values())
        return True

    def _load(self, months: AbstractSet[str]) -> Loaded:
        with self._whose():
            return self._users.load(self._user_id, months=months)

    def _standing(self, loaded: Loaded) -> UserState:
        with self._whose():
            return standing(
                loaded.streak,
                loaded.settled_through,
                self._rules,
                self._now,
                lambda: self._users.ledger(self._user_id),
                # That a zone is not known is told the user alone.
                instead_of_unknown=UTC_NAME,
            )


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
