"""Which days of a user ask for no activity, and why (semantics 4, from amnesty to travel).

It must not know how the streak stands, nor what a day becomes that is not excused (walk does).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streak_core.domain.days import ZoneLine
    from streak_core.domain.rules import Rules
    from streak_core.domain.settings import Settings

# Days that neither add to a streak nor break it.
NEUTRAL: Final = frozenset({Verdict.AMNESTY, Verdict.EXCUSED, Verdict.PAUSED, Verdict.REST, Verdict.TRAVEL})


class Excuses:
    """What excuses a day, by the user's settings, where the user was, and what everybody is excused from.

    `last_grace` is the last old today that was given the second grace of a jump.
    """

    def __init__(self, settings: Settings, zone_line: ZoneLine, rules: Rules) -> None:
        self._settings = settings
        self._zone_line = zone_line
        self._rules = rules
        self._is_amnesty_possible = rules.excuses_anybody

    def of(self, day: date, last_grace: date | None) -> Verdict | None:
        """Why the day needs no activity; None when it needs one."""
        settings = self._settings
        if self._is_amnesty_possible and self._is_protected(day):
            return Verdict.AMNESTY
        if settings.excused and any(one.covers(day) for one in settings.excused):
            return Verdict.EXCUSED
        if settings.pauses and any(pause.covers(day) for pause in settings.pauses):
            return Verdict.PAUSED
        if settings.rest_weekdays and day.weekday() in self._rest_weekdays(day):
            return Verdict.REST
        return Verdict.TRAVEL if self.is_skipped(day) or self.is_old_today_only(day, last_grace) else None

    def _is_protected(self, day: date) -> bool:
        begun, ended = self._zone_line.starts_at(day), self._zone_line.ends_at(day)
        amnesties = self._rules.amnesties_on(day)
        return any(max(begun, one.from_instant) < min(ended, one.ends) for one in amnesties)

    def _rest_weekdays(self, day: date) -> Iterable[int]:
        chosen = [rest.weekdays for rest in self._settings.rest_weekdays if rest.from_day <= day]
        return chosen[-1] if chosen else ()

    def is_skipped(self, day: date) -> bool:
        """Whether the zone, or days that begin earlier from the next one on, took the day or its last hours away."""
        return day in self._settings.spared or self._zone_line.is_skipped(day, self._rules.shortest_day(day))

    def is_cut_short(self, day: date) -> bool:
        """Whether it is an old today, and nothing more was taken from it than its evening."""
        is_old_today = day in self._zone_line.days_cut_short or day in self._settings.cut_short
        return is_old_today and not self.is_skipped(day)

    def is_old_today_only(self, day: date, last_grace: date | None) -> bool:
        """Whether only the second grace excuses the day: its evening was taken, and the last grace is long past."""
        if not self.is_cut_short(day):
            return False
        grace_days = timedelta(days=self._rules.on(day).days.travel_grace_days)
        return last_grace is None or day - last_grace >= grace_days
