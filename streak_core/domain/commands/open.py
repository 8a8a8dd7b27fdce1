"""Brings a user along from another system: the first entry of a user of whom nothing is known (semantics 10).

It must not know HTTP or storage, or where the numbers come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent, check_reason
from streak_core.domain.days import rfc3339, utc, zone_day, zone_starts_at
from streak_core.domain.entries import EntryKind, LedgerEntry, numbered_entry_id
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.imported import FIRST_DAY, FREEZES_MAX, Numbers, contradictions, with_numbers
from streak_core.domain.refusals import UserExists
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid, with_zone_said
from streak_core.domain.zones import zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from streak_core.domain.days import DayStarts
    from streak_core.domain.entries import Found
    from streak_core.domain.errors import StreakError
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class UserOpened(BaseContent):
    """How the user stood elsewhere, and the zone, which holds from the beginning."""

    kind: ClassVar[EntryKind] = EntryKind.OPEN

    zone: ZoneSaid
    numbers: Numbers
    reason: str

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The days that came along, with what was held at the end of them."""
        there = with_zone_said(streak, self.zone, entry.at, entry.seq, rules)
        return with_numbers(there, self.numbers, entry.at, rules)

    def own_entry_id(self) -> str:
        """A user is opened once, and as the first thing."""
        return ENTRY_ID


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenUser(BaseCommand):
    """Bring a user along. `as_of` is the moment, or the streak day there, at which the numbers held; None is now."""

    name: ClassVar[str] = "open"
    kind: ClassVar[EntryKind] = EntryKind.OPEN

    time_zone: str
    numbers: Numbers
    reason: str
    as_of: datetime | date | None = None

    def request(self) -> Sent:
        """All of it, but for what was not said."""
        numbers, last, days = self.numbers, self.numbers.last_active_date, self.numbers.active_days
        as_of = rfc3339(self.as_of) if isinstance(self.as_of, datetime) else self.as_of and self.as_of.isoformat()
        sent: Sent = {
            "time_zone": self.time_zone,
            "as_of": as_of,
            "current_streak": numbers.current_streak,
            "longest_streak": numbers.longest_streak,
            "last_active_date": last and last.isoformat(),
            "freezes": numbers.freezes,
            "xp_total": numbers.xp_total,
            "active_days": None if days is None else [day.isoformat() for day in days],
        }
        return {name: value for name, value in sent.items() if value is not None}

    def entry_id(self, key: str | None) -> str:
        """Whatever the key: there is one."""
        del key
        return ENTRY_ID

    def names(self, key: str | None) -> tuple[str, ...]:
        """Of which the ledger tells that it was given."""
        del key
        return (ENTRY_ID,)

    def given_otherwise(self) -> StreakError:
        """The user is there."""
        return UserExists()

    def check(self, rules: Rules) -> None:
        """Raises `ReasonRequired`, and `Malformed` for an unknown zone or numbers that contradict each other."""
        del rules
        check_reason(self.reason)
        errors = [*self._unknown_zone(), *contradictions(self.numbers, FREEZES_MAX)]
        if errors:
            raise Malformed(*errors)

    def _unknown_zone(self) -> Iterator[FieldError]:
        try:
            zone(self.time_zone)
        except Malformed as malformed:
            yield from malformed.errors

    def decide(self, state: UserState, found: Mapping[str, Found]) -> UserOpened:
        """Raises `Malformed` for what lies ahead or is more than can be held, and `UserExists`."""
        del found
        self.check(state.rules)
        now, starts = state.view.now, state.rules.day_starts
        today = zone_day(self.time_zone, now, starts)
        # Of the policy that is in force there.
        policy = state.rules.on(today)
        instant = self._instant(now, starts)
        slack = timedelta(minutes=policy.activities.future_minutes_max)
        as_of = self._day(min(instant, now), starts)
        errors = [*contradictions(self.numbers, policy.freezes.held_max), *self._too_early(as_of)]
        if instant > now + slack or as_of > today:
            errors.append(FieldError("as_of", f"must not lie ahead of now, {rfc3339(now)}, or of today there, {today}"))
        last = self.numbers.last_active_date
        if last is not None and last > (latest := min(as_of, today)):
            errors.append(FieldError("last_active_date", f"must be at most {latest}, the streak day there of as_of"))
        if errors:
            raise Malformed(*errors)
        if state.exists:
            raise UserExists
        return UserOpened(zone=self._said(min(instant, now)), numbers=self.numbers, reason=self.reason)

    def _said(self, since: datetime) -> ZoneSaid:
        return ZoneSaid(time_zone=self.time_zone, since=since, effect=ZoneEffect.FIRST, by_activity=False, used=False)

    def _too_early(self, as_of: date) -> Iterator[FieldError]:
        if as_of < FIRST_DAY:
            yield FieldError("as_of", f"must be {FIRST_DAY} or later")

    def _day(self, instant: datetime, starts: DayStarts) -> date:
        """The streak day there of `as_of`, which is that instant."""
        if self.as_of is None or isinstance(self.as_of, datetime):
            return zone_day(self.time_zone, instant, starts)
        return self.as_of

    def _instant(self, now: datetime, starts: DayStarts) -> datetime:
        """The moment of `as_of`; of a day, its first instant there."""
        if isinstance(self.as_of, datetime):
            return utc(self.as_of)
        return now if self.as_of is None else zone_starts_at(self.time_zone, self.as_of, starts.on(self.as_of))


ENTRY_ID = numbered_entry_id(1, EntryKind.OPEN)
