"""Whom an amnesty may concern, page by page: who lost something on its days, and whose deadline it had put off.

It must not know what an amnesty does to them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.days import ONE_DAY, days_from
from streak_core.domain.events import EventKind
from streak_core.domain.webhooks import NOBODY_TOLD, Chosen
from streak_core.store import documents
from streak_core.store.due import CANNOT_BE_DECODED, NEEDED, DuePage, DueStore, due_user, unreadable_user
from streak_core.store.reading import contents, count_documents, read_all, read_page
from streak_core.store.sharding import SHARDS
from streak_core.store.tombstones import is_tombstone
from streak_core.telemetry.stack import described

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.cloud import firestore

    from streak_core.domain.rules import Amnesty
    from streak_core.store.due import DueUser
    from streak_core.store.reading import Cursor, Snapshot

# What tells that a day cost somebody something. A day that was repaired has broken the streak before.
LOSSES: Final = (EventKind.STREAK_BROKEN, EventKind.FREEZE_APPLIED)


class ConcernedStore(DueStore):
    """Users who lost something on a day of an amnesty, in the place of those who are due.

    A shard is a part of the days, so that a user who lost something on several days is found more than once.
    """

    def __init__(self, client: firestore.Client, amnesty: Amnesty, chosen: Chosen = NOBODY_TOLD) -> None:
        """Uses `client`, as maintenance does."""
        super().__init__(client, chosen)
        self._number = amnesty.number
        self._events = client.collection_group(documents.EVENTS)
        # In any zone, and at whichever hour days begin.
        self._first = amnesty.from_instant.date() - ONE_DAY
        self._last = amnesty.until.date() + ONE_DAY

    def count(self) -> int:
        """How many events tell of a loss: at least as many as users are concerned. Raises `DatabaseUnavailable`."""
        return sum(count_documents(self._lost(kind, self._first, self._last)) for kind in LOSSES)

    def page(self, shard: int, now: datetime, after: Cursor | None, limit: int) -> DuePage:
        """The next users of a shard. Raises `DatabaseUnavailable`."""
        del now
        for place, kind, day in self._places(shard):
            if after and place < after[0]:
                continue
            query = self._lost(kind, day, day).order_by("day").order_by("__name__").select(("day",))
            if after and place == after[0]:
                query = query.start_after({"day": day.isoformat(), "__name__": self._client.document(after[1])})
            found = read_page(query, limit)
            if found:
                users = self._users(found, place)
                return DuePage(users=users, cursor=(place, found[-1].reference.path))
        return DuePage(users=(), cursor=None)

    def is_wanted(self, user: DueUser, now: datetime) -> bool:
        """Whether the user was not judged by this change yet."""
        del now
        return user.streak is None or user.streak.amnesties < self._number

    def _places(self, shard: int) -> Iterator[tuple[datetime, EventKind, date]]:
        """The days of a shard, for each kind of loss, each with its place among them as a moment."""
        for number, day in enumerate(days_from(self._first, self._last)):
            for which, kind in enumerate(LOSSES):
                if (number * len(LOSSES) + which) % SHARDS == shard:
                    yield datetime.combine(day, time(), UTC) + timedelta(minutes=which), kind, day

    def _lost(self, kind: EventKind, first: date, last: date) -> firestore.Query:
        query = self._events.where(filter=FieldFilter("kind", "==", kind.value))
        # Also a single day is asked for as a stretch: all of these need the same index.
        return query.where(filter=FieldFilter("day", ">=", first.isoformat())).where(
            filter=FieldFilter("day", "<=", last.isoformat())
        )

    def _users(self, events: list[Snapshot], place: datetime) -> list[DueUser]:
        """The users of those events who are still to be judged, each where the last of their events stands."""
        last = {home.id: one.reference for one in events if (home := one.reference.parent.parent) is not None}
        homes = [ref.parent.parent for ref in last.values()]
        try:
            found = read_all(self._client, homes, NEEDED)
            users = [due_user(one) for one in found if one.exists and not is_tombstone(contents(one))]
        except CANNOT_BE_DECODED:
            # One document holds what the client can't read: each by itself.
            users = [user for home in homes for user in self._alone_of(home)]
        placed = (replace(user, place=(place, last[user.user_id].path)) for user in users)
        wanted = (user for user in placed if user.streak is None or user.streak.amnesties < self._number)
        # As the query found them: ids are not ordered as texts are.
        order = {one.reference.path: number for number, one in enumerate(events)}
        return sorted(wanted, key=lambda user: order[last[user.user_id].path])

    def _alone_of(self, home: firestore.DocumentReference) -> list[DueUser]:
        try:
            user = self.reload(home.id)
        except CANNOT_BE_DECODED as error:
            return [unreadable_user(home.id, described(error))]
        return [user] if user else []


class PutOffStore(DueStore):
    """Users whose deadline an amnesty may have put off that was withdrawn before its end, in the place of the due.

    Theirs lies ahead, so that nobody would look at them before the day up to which they would have been excused.
    """

    def __init__(self, client: firestore.Client, amnesty: Amnesty, chosen: Chosen = NOBODY_TOLD) -> None:
        """Uses `client`, as maintenance does."""
        super().__init__(client, chosen)
        self._amnesty = amnesty

    def page(self, shard: int, now: datetime, after: Cursor | None, limit: int) -> DuePage:
        """The next users of a shard. Raises `DatabaseUnavailable`."""
        found = super().page(shard, now, after, limit)
        return replace(found, users=[user for user in found.users if self.is_wanted(user, now)])

    def is_wanted(self, user: DueUser, now: datetime) -> bool:
        """Whether the user was judged by the amnesty, and not since. Who can't be read is left to the job."""
        del now
        withdrawn = self._amnesty.withdrawn_number or 0
        return user.streak is not None and self._amnesty.number <= user.streak.amnesties < withdrawn

    def _asked_for(self, now: datetime) -> FieldFilter:
        del now
        return FieldFilter("expires_at", ">", self._amnesty.ends)
