"""The policies in time: which one is in force on a day, as far as is known at a moment.

It must not know any user.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from testing.reference.policy import Policy
from testing.reference.zones import Hours

BEGINNING = dt.date.min
# Until then not every process has heard of it.
HEARD_OF_AFTER = dt.timedelta(minutes=10)


@dataclass(frozen=True)
class Published:
    """A policy that was published, and the first label that it is for."""

    since: dt.date
    policy: Policy
    at: dt.datetime
    withdrawn: dt.datetime | None = None

    def is_heard_of(self, now: dt.datetime) -> bool:
        gone = self.withdrawn is not None and self.withdrawn + HEARD_OF_AFTER <= now
        return self.at + HEARD_OF_AFTER <= now and not gone


@dataclass(frozen=True)
class Policies:
    """The first one, in force from the beginning, and the others in the order in which they take effect."""

    first: Policy
    published: tuple[Published, ...] = ()

    def on(self, day: dt.date) -> Policy:
        """The last one that has begun; of two with the same first label the one that was published last."""
        return next((one.policy for one in reversed(self.published) if one.since <= day), self.first)

    def heard_of(self, now: dt.datetime, published: Iterable[Published]) -> Policies:
        heard_of = (one for one in published if one.is_heard_of(now))
        return Policies(self.first, tuple(sorted(heard_of, key=lambda one: one.since)))

    def before(self, day: dt.date) -> Policies:
        """As if nothing began on that day or later."""
        return Policies(self.first, tuple(one for one in self.published if one.since < day))

    def last_change(self, today: dt.date) -> dt.date | None:
        return max((one.since for one in self.published if one.since <= today), default=None)

    def tail_days(self, today: dt.date) -> int:
        """What the policy of today or any to come needs."""
        to_come = (self.on(one.since) for one in self.published if one.since > today)
        return max(policy.tail_days for policy in (self.on(today), *to_come))

    @property
    def hours(self) -> Hours:
        """When days begin, each hour with its first label."""
        begins = sorted({one.since for one in self.published})
        return ((BEGINNING, self.first.day_start_hour), *((day, self.on(day).day_start_hour) for day in begins))
