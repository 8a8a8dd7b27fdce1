"""What a shared picture shows, as it was when it was shared. Must not know how it is drawn or kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pydantic import ConfigDict, TypeAdapter

from streak_core.domain.calendar import shown_days
from streak_core.domain.days import week_start
from streak_core.domain.model import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.replay import View

WEEK_DAYS: Final = 7


class Language(StrEnum):
    """In which language a picture speaks."""

    EN = "en"
    DE = "de"


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """How a streak stood on a day: the last milestone of its run, if it came to one, and the verdicts of the week."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    current_streak: int
    longest_streak: int
    milestone: int | None
    next_milestone: int
    today: date
    # From Monday to today.
    week: tuple[Verdict, ...]
    # As it is drawn; empty where nobody asked for one.
    name: str
    language: Language


_STORED: Final = TypeAdapter(Snapshot)


def text_of(snapshot: Snapshot) -> str:
    """A snapshot as it is stored."""
    return _STORED.dump_json(snapshot).decode()


def snapshot_from(text: str) -> Snapshot:
    """The snapshot that was stored. Raises `ValidationError`."""
    return _STORED.validate_json(text)


def snapshot_of(view: View, decided: Mapping[date, CalendarDay], name: str, language: Language) -> Snapshot:
    """How the user stands now. `decided` holds the days of this week that left the tail; `name` is as it is drawn."""
    rules = view.rules.on(view.today).milestones
    shown = shown_days(view.days, decided, view.rules, (week_start(view.today), view.today))
    return Snapshot(
        current_streak=view.current_streak,
        longest_streak=view.longest_streak,
        milestone=max(rules.reached(0, view.current_streak), default=None),
        next_milestone=rules.after(view.current_streak),
        today=view.today,
        week=tuple(row.verdict for _, row in shown),
        name=name,
        language=language,
    )


def weekday_dates(today: date) -> list[date]:
    """The days of the week that today is in, from Monday on."""
    return [week_start(today) + timedelta(days=number) for number in range(WEEK_DAYS)]
