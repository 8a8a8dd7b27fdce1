"""When a user is to be reminded of the day that asks for an activity, and whether that still is right at that moment.

It must not know who reminds, or how. All is worked out of how the streak stands, the user's choices and habit, and
which day the user was reminded of last.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, days_from
from streak_core.domain.model import Status
from streak_core.domain.notices import MINUTES_OF_A_DAY, Notice, NoticeKind, wall_instants

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streak_core.domain.notices import NoticeChoices, Stretch
    from streak_core.domain.replay import View

# Of so many counted days at most, and at least, it is worked out when a user is usually active.
HABIT_DAYS_MAX: Final = 14
HABIT_DAYS_MIN: Final = 5
# Before there is a habit: 23.5 hours after the last activity, where that was yesterday.
BEFORE_LAST_TIME: Final = timedelta(minutes=30)
# What is left of the day at the latest, where it allows; and of which it is too late to remind anybody.
LAST_CALL: Final = timedelta(hours=4)
TOO_LATE: Final = timedelta(minutes=30)
# Before the quiet hours begin, so that whoever sends has the time.
BEFORE_QUIET: Final = timedelta(minutes=30)
# A run that comes every five minutes meets whatever is as long.
MEETABLE: Final = timedelta(minutes=10)
_SHORTEST: Final = timedelta(microseconds=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """Who is reminded: what the user chose, at which minutes the last counted days were kept, in order, and what of."""

    choices: NoticeChoices
    habit: Sequence[int] = ()
    # The last streak day that the user was reminded of.
    reminded: date | None = None


def remind_at(view: View, wish: Wish) -> datetime | None:
    """The moment (UTC) of the next reminder, not before now; None where there is none to come as things stand."""
    day = _asking(view, wish)
    return None if day is None else _planned(view, wish, day, max(view.now, view.zone_line.starts_at(day)))


def is_due(view: View, wish: Wish) -> bool:
    """Whether now is a moment to remind the user of today: also later than planned, and never earlier."""
    day = _asking(view, wish)
    if view.status is not Status.PENDING or day is None:
        return False
    planned = _planned(view, wish, day, view.zone_line.starts_at(day))
    if planned is not None and planned > view.now:
        return False
    return any(begun == view.now for begun, _ in _free(view, wish, view.now))


def _planned(view: View, wish: Wish, day: date, begins: datetime) -> datetime | None:
    """The moment at which to remind of a day, from some moment of it on."""
    free = [one for one in _free(view, wish, begins) if one[1] - one[0] >= MEETABLE]
    wanted = max(begins, _wanted(view, wish, day, begins))
    if any(begun <= wanted <= ended - MEETABLE for begun, ended in free):
        return wanted
    earlier = [max(begun, ended - BEFORE_QUIET) for begun, ended in free if ended - MEETABLE < wanted]
    later = [begun for begun, _ in free if begun > wanted]
    return earlier[-1] if earlier else next(iter(later), None)


def reminder(view: View) -> Notice:
    """The notice that today still asks for an activity; there is one a day, whoever makes it."""
    kind = NoticeKind.REMINDER
    details = {"current_streak": view.current_streak, "freezes_available": view.freezes_available}
    return Notice(notice_id=f"{view.today}.{kind}", kind=kind, day=view.today, at=view.now, details=details)


def _asking(view: View, wish: Wish) -> date | None:
    """The day that the next reminder is of: the one at whose end something is lost if nothing more happens."""
    if view.expires_at is None or not wish.choices.wishes(NoticeKind.REMINDER):
        return None
    day = view.zone_line.label(view.expires_at - _SHORTEST)
    return None if wish.reminded is not None and wish.reminded >= day else day


def _free(view: View, wish: Wish, begins: datetime) -> list[Stretch]:
    """The stretches from `begins` to the end of the day, but for its last minutes, that are not quiet; in order."""
    ends = (view.expires_at or begins) - TOO_LATE
    return list(wish.choices.free(view.zone_line.time_zone, begins, ends))


def _wanted(view: View, wish: Wish, day: date, begins: datetime) -> datetime:
    """The moment that is right if it is not quiet: the one that the user chose, or usually comes at, else the last."""
    ends = view.expires_at or begins
    last = ends - LAST_CALL
    minute = _minute(view, wish, day)
    if minute is None:
        return last
    return next((one for one in _moments(view, day, minute) if begins <= one < last), last)


def _minute(view: View, wish: Wish, day: date) -> int | None:
    """The minute of the local day; None where nothing says one."""
    if wish.choices.remind_at_minute is not None:
        return wish.choices.remind_at_minute
    habit = wish.habit[-HABIT_DAYS_MAX:]
    if not habit:
        return None
    if len(habit) < HABIT_DAYS_MIN:
        return (habit[-1] - BEFORE_LAST_TIME // timedelta(minutes=1)) % MINUTES_OF_A_DAY
    # Counted from where the day begins, so that an evening that goes on after midnight is one.
    begins = 60 * view.zone_line.day_starts.on(day)
    return (median_low((minute - begins) % MINUTES_OF_A_DAY for minute in habit) + begins) % MINUTES_OF_A_DAY


def _moments(view: View, day: date, minute: int) -> Iterator[datetime]:
    """When a clock where the user is shows that minute on a streak day: once, but where a flight makes the day long."""
    begins, ends = view.zone_line.starts_at(day), view.zone_line.ends_at(day)
    for local in days_from(day - ONE_DAY, day + 2 * ONE_DAY):
        moment = wall_instants(view.zone_line.time_zone, local, minute)[0]
        if begins <= moment < ends:
            yield moment
