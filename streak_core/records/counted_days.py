"""The numbers of some days, as far as they were counted: of days that were checked one document, of others their parts.

It must not know what a report makes of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from google.cloud import firestore

from streak_core.records.counters import Counts, total
from streak_core.records.counting import CHECKED_AT, MENDED, TOTALS, day_ref, read_parts, totals_hash
from streak_core.store.documents import plain_utc
from streak_core.store.reading import contents, read_all


@dataclass(frozen=True, kw_only=True)
class CountedDays:
    """The numbers of each day on which anything was counted, and of which of them the check has still to come."""

    of: Mapping[date, Counts]
    unchecked: Sequence[date]
    # When each of the others was checked, in how many parts it was mended, and the hash that the log has of it.
    checked: Mapping[date, tuple[datetime, int, str]]


def counted_days(client: firestore.Client, days: Sequence[date]) -> CountedDays:
    """By a read a day, and 64 more for each that was not checked. Raises `DatabaseUnavailable`."""
    refs = [day_ref(client, day) for day in days]
    found = {one.id: contents(one) for one in read_all(client, refs) if one.exists}
    of, unchecked, checked = dict[date, Counts](), list[date](), dict[date, tuple[datetime, int, str]]()
    for day in days:
        document = found.get(day.isoformat())
        if document is None:
            # The first thing that is counted on a day makes its document.
            continue
        if TOTALS in document:
            of[day] = json.loads(document[TOTALS])
            checked[day] = plain_utc(document[CHECKED_AT]), document[MENDED], totals_hash(document[TOTALS])
        else:
            of[day] = total(read_parts(client, day).values())
            unchecked.append(day)
    return CountedDays(of=of, unchecked=unchecked, checked=checked)
