"""Entries of form 1 as the model: each content says what the program of that time did. Must not know documents."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityUndone,
    DayRepaired,
    PauseEnded,
    PauseStreak,
    PlanFreeze,
    ResetStreak,
    SettingsChanged,
    UnplanFreeze,
)
from streak_core.domain.days import ONE_DAY
from streak_core.domain.entries import CHECK_IN_PREFIX, EntryKind, LedgerEntry
from streak_core.domain.model import Activity
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid
from streak_core.store.forms.kinds import known

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streak_core.domain.commands import Content
    from streak_core.store.forms import v1


def entry_of(stored: v1.Entry) -> LedgerEntry:
    """An entry of the ledger. Raises `ValueError` for a kind or a content that no command had."""
    kind, sent = known(EntryKind, stored["kind"]), _Sent(stored["sent"])
    if kind not in _CONTENTS:
        raise _wrong("kind")
    content = _CONTENTS[kind](stored, sent)
    if kind is not EntryKind.ACTIVITY:
        sent.check()
    return LedgerEntry(
        entry_id=stored["entry_id"],
        seq=stored["seq"],
        at=stored["at"],
        today=stored["today"],
        time_zone=stored["time_zone"],
        content=content,
    )


def _undone(stored: v1.Entry, sent: _Sent) -> Content:
    sent.text("activity_id")
    of_seq = stored.get("of_seq")
    if of_seq is None:
        raise _wrong("of_seq")
    return ActivityUndone(activity=_activity(stored), of_seq=of_seq, forgets_zones=True)


def _change(stored: v1.Entry, sent: _Sent) -> Content:
    time_zone, auto_freeze = sent.take("time_zone"), sent.take("auto_freeze")
    if not isinstance(time_zone, str | None):
        raise _wrong("sent", "time_zone")
    if not isinstance(auto_freeze, bool | None):
        raise _wrong("sent", "auto_freeze")
    moved = None
    if time_zone is not None:
        moved = ZoneSaid(time_zone=time_zone, since=stored["at"], effect=ZoneEffect.MOVED, by_activity=False, used=True)
    return SettingsChanged(
        zone=moved,
        auto_freeze=auto_freeze,
        rest_weekdays=sent.texts("rest_weekdays"),
        replaces=sent.texts("replaces") or (),
    )


def _activity(stored: v1.Entry) -> Activity:
    activity = stored.get("activity")
    if activity is None:
        raise _wrong("activity")
    return Activity(**activity, is_check_in=activity["activity_id"].startswith(CHECK_IN_PREFIX))


class _Sent:
    """Takes what was sent apart, field by field; what is left over was sent by no command that is known."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self._left = dict(sent)

    def take(self, name: str) -> object:
        return self._left.pop(name, None)

    def text(self, name: str) -> str:
        value = self.take(name)
        if not isinstance(value, str):
            raise _wrong("sent", name)
        return value

    def texts(self, name: str) -> tuple[str, ...] | None:
        value = self.take(name)
        if not isinstance(value, list | None) or not all(isinstance(one, str) for one in value or ()):
            raise _wrong("sent", name)
        return None if value is None else tuple(value)

    def day(self, name: str) -> date:
        return date.fromisoformat(self.text(name))

    def check(self) -> None:
        for name in self._left:
            raise _wrong("sent", name)


def _wrong(*place: str) -> ValueError:
    message = f"{'.'.join(place)} is not what it should be"
    return ValueError(message)


# A repair was of the day before; whatever pause was not over ended with that day.
_CONTENTS: Final[Mapping[EntryKind, Callable[[v1.Entry, _Sent], Content]]] = {
    EntryKind.ACTIVITY: lambda stored, _: ActivityRecorded(activity=_activity(stored), sent=stored["sent"]),
    EntryKind.UNDO: _undone,
    EntryKind.RESET: lambda _, __: ResetStreak(),
    EntryKind.FREEZE: lambda _, sent: PlanFreeze(day=sent.day("date")),
    EntryKind.UNFREEZE: lambda _, sent: UnplanFreeze(day=sent.day("date")),
    EntryKind.REPAIR: lambda stored, _: DayRepaired(day=stored["today"] - ONE_DAY),
    EntryKind.PAUSE: lambda _, sent: PauseStreak(from_day=sent.day("from"), until_day=sent.day("until")),
    EntryKind.RESUME: lambda stored, _: PauseEnded(pause_id=None, last_day=stored["today"] - ONE_DAY),
    EntryKind.SETTINGS: _change,
}
