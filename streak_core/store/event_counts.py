"""How often what happened to streaks in some days, by the events of all users: counted by the database.

It must not know what is made of it. A thousand events cost one read; to read them costs one each.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Final, TypeVar

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.events import EventKind
from streak_core.domain.outcomes import HappenedTo
from streak_core.store.documents import EVENTS, plain_utc, user_id_of
from streak_core.store.reading import contents, count_documents, read_pages

# Questions that are asked at once.
_THREADS: Final = 8
_PAGE: Final = 300
# Of `streak_broken` the length that it had, of `streak_extended` the one that it has.
_LENGTH: Final = "details.length"

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class EventCounts:
    """The events of all users. Days are the users' own. Everything raises `DatabaseUnavailable`."""

    client: firestore.Client

    def by_day(self, kinds: Sequence[EventKind], days: Sequence[date]) -> Mapping[tuple[EventKind, date], int]:
        """How often each was on each day."""
        return _asked(lambda asked: count_documents(self._of(asked[0], asked[1], asked[1])), _pairs(kinds, days))

    def by_length(self, kind: EventKind, lengths: Sequence[int], days: Sequence[date]) -> Mapping[int, int]:
        """How often it was of each length in these days."""

        def asked(length: int) -> int:
            return count_documents(self._of(kind, days[0], days[-1]).where(filter=FieldFilter(_LENGTH, "==", length)))

        return _asked(asked, lengths)

    def number(self, kinds: Sequence[EventKind], days: Sequence[date]) -> int:
        """How many there were of these in these days."""
        return sum(count_documents(self._of(kind, days[0], days[-1])) for kind in kinds)

    def each(self, kinds: Sequence[EventKind], days: Sequence[date]) -> Iterator[HappenedTo]:
        """All of these in these days, by a read each."""
        for kind in kinds:
            query = self._of(kind, days[0], days[-1]).select(("day", "at"))
            for one in chain.from_iterable(read_pages(query, _PAGE, ("day",))):
                data, home = contents(one), one.reference.parent.parent
                day, at = date.fromisoformat(data["day"]), plain_utc(data["at"])
                yield HappenedTo(user_id=user_id_of(home.id), kind=kind, day=day, at=at)

    def _of(self, kind: EventKind, first: date, last: date) -> firestore.Query:
        of_kind = self.client.collection_group(EVENTS).where(filter=FieldFilter("kind", "==", kind.value))
        return of_kind.where(filter=FieldFilter("day", ">=", first.isoformat())).where(
            filter=FieldFilter("day", "<=", last.isoformat())
        )


def _pairs(kinds: Sequence[EventKind], days: Sequence[date]) -> list[tuple[EventKind, date]]:
    return [(kind, day) for kind in kinds for day in days]


def _asked(ask: Callable[[K], int], keys: Sequence[K]) -> dict[K, int]:
    """Asks for each, some at once: their reads are those of the request, and its time is theirs."""
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="count") as pool:
        answers = [pool.submit(copy_context().run, ask, key) for key in keys]
        return {key: answer.result() for key, answer in zip(keys, answers, strict=True)}
