"""How much of a kind a user may have recorded on one day of their own: so many, and so many bytes.

It must not know what is recorded. What was counted is kept in the home of the user's records, by the commit that it is
counted in: no read or write more, and exactly the limit is accepted, however many come at once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from streak_core.domain.actor import Actor
from streak_core.domain.days import ZoneLine
from streak_core.domain.errors import Limited
from streak_core.domain.rules import Rules
from streak_core.records.acts import json_text
from streak_core.records.changes import Standing
from streak_core.records.held import held_of
from streak_core.records.homes import QUOTAS
from streak_core.records.kinds import Kinds, Quota
from streak_core.records.own_kinds import IDEA
from streak_core.records.standing import check_ours, zone_line_of
from streak_core.store.documents import Document


class QuotaExceeded(Limited):
    """The user has had as much of a kind recorded today as a day takes."""

    code = "quota_exceeded"
    message = "{what}: a day takes {most}, and today's are used up. Try again in {seconds} seconds, which is tomorrow."


@dataclass(frozen=True, kw_only=True, slots=True)
class Used:
    """What was counted of a kind on one day of the user's own."""

    day: date
    count: int
    size_bytes: int


@dataclass(frozen=True, kw_only=True)
class UsedUp:
    """How much of a quota is used up on the user's day, and when that day ends."""

    kind: str
    quota: Quota
    used: Used
    ends_at: datetime


@dataclass(frozen=True)
class QuotasUsed:
    """What was counted of each kind."""

    of: Mapping[str, Used]

    @classmethod
    def read(cls, text: object) -> Self:
        """As it is stored; what is no such text counts as nothing. A limit is no proof."""
        try:
            said = json.loads(text) if isinstance(text, str) else {}
            found = {
                str(kind): Used(
                    day=date.fromisoformat(one["day"]), count=int(one["count"]), size_bytes=int(one["bytes"])
                )
                for kind, one in said.items()
            }
        except (ValueError, TypeError, KeyError, AttributeError):
            return cls({})
        return cls(found)

    @property
    def text(self) -> str:
        """As it is stored."""
        return json_text(
            {
                kind: {"day": one.day.isoformat(), "count": one.count, "bytes": one.size_bytes}
                for kind, one in self.of.items()
            }
        )

    def on(self, kind: str, today: date) -> Used:
        """What counts for today's quota."""
        used = self.of.get(kind)
        # A clock that is behind, or a flight, brings no second day of the same label.
        return used if used and used.day >= today else Used(day=today, count=0, size_bytes=0)

    def counted(
        self, kind: str, size_bytes: int, quota: Quota, line: ZoneLine, now: datetime, count: int = 1
    ) -> QuotasUsed:
        """With one more of that size. Raises `QuotaExceeded` with the seconds until the user's day ends."""
        known = self.on(kind, line.label(now))
        more = Used(day=known.day, count=known.count + count, size_bytes=known.size_bytes + size_bytes)
        seconds = max(1, math.ceil((line.ends_at(known.day) - now).total_seconds()))
        if quota.count_a_day is not None and more.count > quota.count_a_day:
            raise QuotaExceeded(seconds, what=kind, most=f"{quota.count_a_day}")
        if quota.bytes_a_day is not None and more.size_bytes > quota.bytes_a_day:
            raise QuotaExceeded(seconds, what=kind, most=f"{quota.bytes_a_day} bytes")
        return QuotasUsed({**self.of, kind: more})


@dataclass(frozen=True)
class Quotas:
    """What users may still have recorded, by the kinds of a deployment and the days of its rules."""

    kinds: Kinds
    rules: Callable[[], Rules]

    def counted(
        self, kind: str, said: object, found: Standing, actor: Actor | None, now: datetime, count: int = 1
    ) -> Document:
        """What the home says once what was sent is counted; nothing where an actor does it. Raises `QuotaExceeded`."""
        if actor is not None:
            return {}
        size_bytes = len(json_text(said).encode(errors="replace"))
        line = zone_line_of(found.streak, self.rules())
        before = QuotasUsed.read(found.home.quotas_used)
        return {QUOTAS: before.counted(kind, size_bytes, self.kinds.kinds[kind].quota, line, now, count).text}

    def used_up(self, found: Standing, now: datetime) -> Sequence[UsedUp]:
        """How much of each quota is used up, by what is stored. Raises `ForeignDocument`, and what the rules do."""
        check_ours(found.streak)
        line, before = zone_line_of(found.streak, self.rules()), QuotasUsed.read(found.home.quotas_used)
        today = line.label(now)
        return [
            UsedUp(kind=kind, quota=one.quota, used=used, ends_at=line.ends_at(used.day))
            for kind, one in self.kinds.kinds.items()
            if one.quota != Quota()
            for used in [before.on(kind, today)]
        ]

    def ideas_held(self, found: Standing) -> tuple[int, int]:
        """How many ideas the user has, and how many that can be."""
        return held_of(found.home.held, IDEA), self.kinds.count_max(IDEA)
