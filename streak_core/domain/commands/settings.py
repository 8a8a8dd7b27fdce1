"""Changes the user's settings: time zone, automatic freezes, rest weekdays.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final, Literal, get_args

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.days import ONE_DAY, Timeline
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed, TooManyZoneChanges
from streak_core.domain.model import AutoFreeze, RestWeekdays, Streak
from streak_core.domain.settings_history import always_in, with_zones_replaced
from streak_core.domain.zones import zone

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from streak_core.domain.model import Pause, Settings
    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: Final[tuple[Weekday, ...]] = get_args(Weekday)
# Changes of zone inside one tail that can be followed; more is no traveller.
ZONE_CHANGES_MAX: Final = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSettings(BaseCommand, BaseContent):
    """Change settings; what is None stays. As a content it has only what differs from what held."""

    name: ClassVar[str] = "settings"
    kind: ClassVar[EntryKind] = EntryKind.SETTINGS

    time_zone: str | None = None
    auto_freeze: bool | None = None
    rest_weekdays: tuple[str, ...] | None = None
    # As a content: zones lived in that nothing was known of when it was accepted; `time_zone` is taken for them.
    replaces: tuple[str, ...] = ()

    def request(self) -> Sent:
        """What is to change."""
        weekdays = None if self.rest_weekdays is None else list(self.rest_weekdays)
        sent = {"time_zone": self.time_zone, "auto_freeze": self.auto_freeze, "rest_weekdays": weekdays}
        return {name: value for name, value in sent.items() if value is not None}

    def check(self, policy: Policy) -> None:
        """Raises `Malformed` for a zone that does not exist, and for rest weekdays that can't be."""
        if self.time_zone is not None:
            zone(self.time_zone)
        if self.rest_weekdays is None:
            return
        if not set(self.rest_weekdays) <= set(WEEKDAYS):
            raise Malformed(FieldError("rest_weekdays", f"must be of: {', '.join(WEEKDAYS)}"))
        if len(set(self.rest_weekdays)) < len(self.rest_weekdays):
            raise Malformed(FieldError("rest_weekdays", "must name each weekday once"))
        if len(self.rest_weekdays) > policy.rest.weekdays_max:
            raise Malformed(FieldError("rest_weekdays", f"must be at most {policy.rest.weekdays_max}"))

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> ChangeSettings | None:
        """Only what differs from what holds. Raises `Malformed`, `TooManyZoneChanges`."""
        del found
        self.check(state.policy)
        holds = settings_now(state.streak.settings, state.view.today)
        change = self._what_differs_from(holds)
        if state.replaced_zones:
            change = replace(change, time_zone=self.time_zone, replaces=state.replaced_zones)
        if change == ChangeSettings():
            return None
        is_too_much = change.time_zone is not None and len(state.streak.settings.zones) > ZONE_CHANGES_MAX
        # The only way out of a zone that is unknown stays open.
        if is_too_much and not change.replaces:
            raise TooManyZoneChanges(most=ZONE_CHANGES_MAX)
        return change

    def _what_differs_from(self, holds: SettingsNow) -> ChangeSettings:
        weekdays = self.rest_weekdays
        if weekdays is not None:
            is_new = set(weekdays) != set(holds.rest_weekdays)
            weekdays = tuple(sorted(weekdays, key=WEEKDAYS.index)) if is_new else None
        return ChangeSettings(
            time_zone=self.time_zone if self.time_zone != holds.time_zone else None,
            auto_freeze=self.auto_freeze if self.auto_freeze != holds.auto_freeze else None,
            rest_weekdays=weekdays,
        )

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """Automatic freezes from today on, rest weekdays from tomorrow on, the zone at once."""
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
        if self.time_zone is None:
            return changed
        known = with_zones_replaced(changed, self.replaces, self.time_zone, policy)
        return _moved(known, self.time_zone, entry, policy)


def _moved(streak: Streak, time_zone: str, entry: LedgerEntry, policy: Policy) -> Streak:
    if streak.settings.zones[-1].time_zone == time_zone:
        return streak
    if not streak.activities:
        return always_in(streak, time_zone, policy)
    timeline = Timeline(streak.settings.zones, policy.days.day_start_hour).moved(entry.at, time_zone)
    return replace(streak, settings=replace(streak.settings, zones=timeline.spans))


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsNow:
    """The settings as they hold now; rest weekdays as they hold from tomorrow on."""

    time_zone: str
    auto_freeze: bool
    rest_weekdays: tuple[str, ...]
    pause: Pause | None
    planned_freezes: tuple[date, ...]


def settings_now(settings: Settings, today: date) -> SettingsNow:
    """The settings as of `today`."""
    weekdays = settings.rest_weekdays[-1].weekdays if settings.rest_weekdays else frozenset()
    return SettingsNow(
        time_zone=settings.zones[-1].time_zone,
        auto_freeze=settings.auto_freeze[-1].on if settings.auto_freeze else True,
        rest_weekdays=tuple(WEEKDAYS[number] for number in sorted(weekdays)),
        pause=next((pause for pause in settings.pauses if pause.until_day >= today), None),
        planned_freezes=tuple(sorted(day for day in settings.planned_freezes if day >= today)),
    )
