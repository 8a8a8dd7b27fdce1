"""Changes the user's settings: time zone, automatic freezes, rest weekdays.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Final, Literal, get_args

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.days import ONE_DAY, ZoneLine, rfc3339, utc, zone_day
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.model import Streak
from streak_core.domain.refusals import OccurredInTheFuture, OccurredTooLongAgo
from streak_core.domain.settings import AutoFreeze, RestWeekdays
from streak_core.domain.settings_history import with_zones_replaced
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid, is_known, statement, with_zone_said
from streak_core.domain.zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from streak_core.domain.entries import Found
    from streak_core.domain.rules import Rules
    from streak_core.domain.settings import Pause, Settings
    from streak_core.domain.state import UserState

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsChanged(BaseContent):
    """Only what differs from what held; None stays."""

    kind: ClassVar[EntryKind] = EntryKind.SETTINGS

    zone: ZoneSaid | None = None
    auto_freeze: bool | None = None
    rest_weekdays: tuple[str, ...] | None = None
    # Zones lived in that nothing was known of when it was accepted; the zone that is said is taken for them.
    replaces: tuple[str, ...] = ()

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Automatic freezes from today on, rest weekdays from tomorrow on, the zone from its instant on."""
        settings, today = streak.settings, entry.today
        if self.auto_freeze is not None:
            earlier = tuple(auto for auto in settings.auto_freeze if auto.from_day < today)
            choice = AutoFreeze(from_day=today, on=self.auto_freeze, at=entry.at)
            settings = replace(settings, auto_freeze=(*earlier, choice))
        if self.rest_weekdays is not None:
            kept = tuple(rest for rest in settings.rest_weekdays if rest.from_day <= today)
            weekdays = frozenset(WEEKDAYS.index(name) for name in self.rest_weekdays)
            rest = RestWeekdays(from_day=today + ONE_DAY, weekdays=weekdays, at=entry.at)
            settings = replace(settings, rest_weekdays=(*kept, rest))
        changed = replace(streak, settings=settings)
        if self.zone is None:
            return changed
        known = with_zones_replaced(changed, self.replaces, self.zone.time_zone, rules)
        return with_zone_said(known, self.zone, entry.at, entry.seq, rules)


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSettings(BaseCommand):
    """Change settings; what is None stays. `time_zone_since` None is now."""

    name: ClassVar[str] = "settings"
    kind: ClassVar[EntryKind] = EntryKind.SETTINGS

    time_zone: str | None = None
    time_zone_since: datetime | None = None
    auto_freeze: bool | None = None
    rest_weekdays: tuple[str, ...] | None = None

    def request(self) -> Sent:
        """What is to change."""
        weekdays = None if self.rest_weekdays is None else list(self.rest_weekdays)
        since = None if self.time_zone_since is None else utc(self.time_zone_since).isoformat()
        sent = {
            "time_zone": self.time_zone,
            "time_zone_since": since,
            "auto_freeze": self.auto_freeze,
            "rest_weekdays": weekdays,
        }
        return {name: value for name, value in sent.items() if value is not None}

    def check(self, rules: Rules) -> None:
        """Raises `Malformed` for a zone that does not exist, and for rest weekdays that can't be."""
        if self.time_zone is not None:
            zone(self.time_zone)
        elif self.time_zone_since is not None:
            raise Malformed(FieldError("time_zone_since", "goes with time_zone alone"))
        if self.rest_weekdays is None:
            return
        if not set(self.rest_weekdays) <= set(WEEKDAYS):
            raise Malformed(FieldError("rest_weekdays", f"must be of: {', '.join(WEEKDAYS)}"))
        if len(set(self.rest_weekdays)) < len(self.rest_weekdays):
            raise Malformed(FieldError("rest_weekdays", "must name each weekday once"))
        self._check_rest(max(one.policy.rest.weekdays_max for one in rules.standing.policies))

    def _check_rest(self, most: int) -> None:
        if self.rest_weekdays is not None and len(self.rest_weekdays) > most:
            raise Malformed(FieldError("rest_weekdays", f"must be at most {most}"))

    def decide(self, state: UserState, found: Mapping[str, Found]) -> SettingsChanged | None:
        """Only what differs from what holds.

        Raises `Malformed`, `OccurredInTheFuture`, `OccurredTooLongAgo`, `TooManyZoneChanges`.
        """
        del found
        self.check(state.rules)
        self._check_rest(state.policy.rest.weekdays_max)
        holds, weekdays = settings_now(state.streak.settings, state.view.today), self.rest_weekdays
        if weekdays is not None:
            is_new = set(weekdays) != set(holds.rest_weekdays)
            weekdays = tuple(sorted(weekdays, key=WEEKDAYS.index)) if is_new else None
        change = SettingsChanged(
            zone=self._zone(state),
            auto_freeze=self.auto_freeze if self.auto_freeze != holds.auto_freeze else None,
            rest_weekdays=weekdays,
            replaces=state.replaced_zones,
        )
        return None if change == SettingsChanged() else change

    def _zone(self, state: UserState) -> ZoneSaid | None:
        if self.time_zone is None:
            return None
        since = self._since(state)
        if state.replaced_zones:
            # The only way out of a zone that is unknown stays open.
            effect = ZoneEffect.MOVED
            return ZoneSaid(time_zone=self.time_zone, since=since, effect=effect, by_activity=False, used=True)
        is_new = not is_known(state, self.time_zone, since)
        said = statement(state, self.time_zone, since, by_activity=False) if is_new else None
        self._check_window(state, self.time_zone, since, said)
        return said

    def _since(self, state: UserState) -> datetime:
        now, minutes_max = state.view.now, state.policy.activities.future_minutes_max
        since = utc(self.time_zone_since or now)
        if since - now > timedelta(minutes=minutes_max):
            raise OccurredInTheFuture(minutes=minutes_max, now=rfc3339(now))
        return min(since, now)

    def _check_window(self, state: UserState, time_zone: str, since: datetime, said: ZoneSaid | None) -> None:
        """As of an activity there: its day lies at most so many before today. Raises `OccurredTooLongAgo`."""
        streak, now, rules = state.streak, state.view.now, state.rules
        if said is not None:
            streak = with_zone_said(streak, said, now, streak.seq + 1, rules)
        today = ZoneLine(streak.settings.zones, rules.day_starts).label(now)
        day = min(zone_day(time_zone, since, rules.day_starts), today)
        days_max = rules.on(today).activities.late_days_max
        if (today - day).days > days_max or day < streak.checkpoint.next_day:
            raise OccurredTooLongAgo(days=days_max)


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsNow:
    """The settings as they hold now; rest weekdays as they hold from tomorrow on."""

    time_zone: str
    time_zone_known: bool
    auto_freeze: bool
    rest_weekdays: tuple[str, ...]
    pause: Pause | None
    planned_freezes: tuple[date, ...]


def settings_now(settings: Settings, today: date) -> SettingsNow:
    """The settings as of `today`."""
    weekdays = settings.rest_weekdays[-1].weekdays if settings.rest_weekdays else frozenset()
    return SettingsNow(
        time_zone=settings.zones[-1].time_zone,
        time_zone_known=settings.zone_known,
        auto_freeze=settings.auto_freeze[-1].on if settings.auto_freeze else True,
        rest_weekdays=tuple(WEEKDAYS[number] for number in sorted(weekdays)),
        pause=min(
            (pause for pause in settings.pauses if pause.until_day >= today),
            key=lambda pause: pause.from_day,
            default=None,
        ),
        planned_freezes=tuple(sorted(day for day in settings.planned_freezes if day >= today)),
    )
