"""Who did most in some days: the home of each user counts their own acts by day, in the commit of each.

It must not know what an act is.

Each day's users are read from the one with most on, all days side by side. A home that was read tells all its days; one
that was not has at most what the last one read of each day has. So it ends once the last of those wanted has as much.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest
from typing import Any, Final

from google.cloud import firestore

from streak_core.store.documents import user_id_of
from streak_core.store.reading import contents, read_page
from streak_core.store.whole_user import RECORDS

# Of so many days before the last one on which the user did anything, which is more than a report asks for.
DAYS_KEPT: Final = 100
# Homes that are read before it is given up.
READS_MAX: Final = 5_000
ACTS: Final = "acts"
_PAGE: Final = 20
_DESCENDING: Final = firestore.Query.DESCENDING


@dataclass(frozen=True, kw_only=True)
class ActiveUser:
    """A user, and how much they did."""

    user_id: str
    acts: int


def acted(before: object, day: date, times: int) -> dict[str, int]:
    """What the home says once its user did so much more on a day."""
    known = before if isinstance(before, dict) else {}
    first = _field(day - timedelta(days=DAYS_KEPT))
    found = {name: number for name, number in known.items() if name > first}
    return {**found, _field(day): found.get(_field(day), 0) + times}


def active_users(client: firestore.Client, days: Sequence[date], most: int) -> tuple[list[ActiveUser], bool]:
    """Those who did most on these days, and whether it is certain; it is not where too many had to be read.

    Raises `DatabaseUnavailable`.
    """
    fields = [_field(day) for day in days]
    found: dict[str, int] = {}
    after: dict[str, dict[str, Any]] = {field: {} for field in fields}
    reads = 0
    while True:
        unread = 0
        for field in list(after):
            page = read_page(_of_day(client, field, after.pop(field)), _PAGE)
            reads += len(page)
            found |= {one.id: sum(contents(one)[ACTS].get(each, 0) for each in fields) for one in page}
            if len(page) == _PAGE:
                last = contents(page[-1])[ACTS][field]
                after[field] = {f"{ACTS}.{field}": last, "__name__": page[-1].reference}
                unread += last
        best = nlargest(most, found.items(), key=lambda one: (one[1], one[0]))
        is_certain = not after or (len(best) == most and best[-1][1] >= unread)
        if is_certain or reads >= READS_MAX:
            return [ActiveUser(user_id=user_id_of(name), acts=acts) for name, acts in best], is_certain


def _of_day(client: firestore.Client, field: str, after: dict[str, Any]) -> firestore.Query:
    by_most = client.collection(RECORDS).order_by(f"{ACTS}.{field}", direction=_DESCENDING)
    query = by_most.order_by("__name__", direction=_DESCENDING).select((ACTS,))
    return query.start_after(after) if after else query


def _field(day: date) -> str:
    return f"d{day:%Y%m%d}"
