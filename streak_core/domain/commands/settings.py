"""Decides on the user's settings: time zone, automatic freezes, rest weekdays.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from streak_core.domain.decision import Decision, UserState, accept, unchanged
from streak_core.domain.errors import FieldError, Malformed, TooManyZoneChanges
from streak_core.domain.model import EntryKind
from streak_core.domain.settings_history import WEEKDAYS
from streak_core.domain.zones import zone

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.model import Pause, Settings
    from streak_core.domain.policy import Policy

# Changes of zone inside one tail that can be followed; more is no traveller.
ZONE_CHANGES_MAX: Final = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeSettings:
    """The wish to change settings; what is None stays."""

    time_zone: str | None = None
    auto_freeze: bool | None = None
    rest_weekdays: tuple[str, ...] | None = None


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


def decide_settings(state: UserState, wish: ChangeSettings) -> Decision:
    """Changes what differs from what holds. Raises `Malformed`, `TooManyZoneChanges`."""
    check_settings(state.policy, wish)
    holds = settings_now(state.streak.settings, state.view.today)
    sent: dict[str, Any] = {}
    if wish.time_zone is not None and wish.time_zone != holds.time_zone:
        sent["time_zone"] = wish.time_zone
    if wish.auto_freeze is not None and wish.auto_freeze != holds.auto_freeze:
        sent["auto_freeze"] = wish.auto_freeze
    if wish.rest_weekdays is not None and set(wish.rest_weekdays) != set(holds.rest_weekdays):
        sent["rest_weekdays"] = sorted(wish.rest_weekdays, key=WEEKDAYS.index)
    if not sent:
        return unchanged(state)
    if "time_zone" in sent and len(state.streak.settings.zones) > ZONE_CHANGES_MAX:
        raise TooManyZoneChanges
    return accept(state, EntryKind.SETTINGS, sent)


def check_settings(policy: Policy, wish: ChangeSettings) -> None:
    """Raises `Malformed` for a zone that does not exist, and for rest weekdays that can't be."""
    if wish.time_zone is not None:
        zone(wish.time_zone)
    if wish.rest_weekdays is None:
        return
    if not set(wish.rest_weekdays) <= set(WEEKDAYS):
        raise Malformed(FieldError("rest_weekdays", f"must be of: {', '.join(WEEKDAYS)}"))
    if len(set(wish.rest_weekdays)) < len(wish.rest_weekdays):
        raise Malformed(FieldError("rest_weekdays", "must name each weekday once"))
    if len(wish.rest_weekdays) > policy.rest.weekdays_max:
        raise Malformed(FieldError("rest_weekdays", f"must be at most {policy.rest.weekdays_max}"))
