"""What the reference model keeps of a user, and the verdict of every day, judged from the first one each time."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from testing.model_time import DAY, Timeline

if TYPE_CHECKING:
    from collections.abc import Iterable

CATEGORIES = ("flashcards", "quiz", "evaluation", "guide")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass
class Activity:
    """One entry of the ledger; numbers give the order of recording, resets among them."""

    number: int
    day: dt.date
    category: str | None
    counted: bool
    xp: int
    content: tuple[Any, ...]
    answer: dict[str, Any]
    by_check_in: bool = False
    undone: bool = False


@dataclass
class Reset:
    """A reset: the place in its day is its number."""

    number: int
    given: dt.datetime
    day: dt.date


@dataclass
class Setting:
    """A value that holds from `lead` days after the day on which it was given."""

    given: dt.datetime
    lead: int
    since: dt.date
    value: Any


@dataclass
class Pause:
    """Days from the first to the last, both paused."""

    first: dt.date
    last: dt.date


@dataclass
class Life:
    """Where the judge stands. The last four fields describe the day judged last."""

    held: int
    current_streak: int = 0
    longest_streak: int = 0
    run_started_on: dt.date | None = None
    last_grace: dt.date | None = None
    date: dt.date = dt.date.min
    verdict: str = "none"
    current_streak_when_judged: int = 0
    held_when_judged: int = 0


def monday_of(day: dt.date) -> dt.date:
    return day - day.weekday() * DAY


class History:
    """Everything that ever happened to a user, and the rules that judge it from nothing each time."""

    def __init__(  # noqa: PLR0913 - the policy, piece by piece
        self,
        time_zone: str = "UTC",
        *,
        day_start_hour: int = 4,
        multiplier: Fraction = Fraction(3, 2),
        bonus_window: str = "same_week",
        freeze_cap: int = 5,
        freezes_at_start: int = 0,
        protected_windows: Iterable[tuple[dt.datetime, dt.datetime]] = (),
        xp_per_freeze: int = 500,
    ) -> None:
        self.multiplier = Fraction(multiplier)
        self.bonus_window = bonus_window
        self.freeze_cap = freeze_cap
        self.freezes_at_start = min(freezes_at_start, freeze_cap)
        self.protected_windows = list(protected_windows)
        self.xp_per_freeze = xp_per_freeze
        self.timeline = Timeline(time_zone, day_start_hour)
        self.last_accepted: dt.datetime | None = None
        self.numbers = 0
        self.activities: dict[str, Activity] = {}
        self.resets: list[Reset] = []
        self.pauses: list[Pause] = []
        self.planned: set[dt.date] = set()
        self.repaired: set[dt.date] = set()
        self.rest_settings: list[Setting] = []
        self.auto_settings: list[Setting] = []

    def label(self, t: dt.datetime) -> dt.date:
        return self.timeline.label(t)

    def live(self) -> list[Activity]:
        return [a for a in self.activities.values() if not a.undone]

    def have_always_lived_in(self, zone: str) -> None:
        """Leaves no trace of the zones before: also what was counted in days of theirs is labelled anew."""
        self.timeline.forget_all_but(zone)
        for reset in self.resets:
            reset.day = self.label(reset.given)
        for setting in self.rest_settings + self.auto_settings:
            setting.since = self.label(setting.given) + setting.lead * DAY

    def rest_weekdays_on(self, day: dt.date) -> frozenset[str]:
        held: frozenset[str] = frozenset()
        for setting in self.rest_settings:
            if setting.since <= day:
                held = setting.value
        return held

    def auto_freeze_on(self, day: dt.date) -> bool:
        held = True
        for setting in self.auto_settings:
            if setting.since <= day:
                held = setting.value
        return held

    def categories_in_week(self, monday: dt.date) -> set[str]:
        return {a.category for a in self.live() if a.counted and a.category and monday_of(a.day) == monday}

    def bonus_holds_in_week_of(self, day: dt.date) -> bool:
        monday = monday_of(day)
        earned_in = monday if self.bonus_window == "same_week" else monday - 7 * DAY
        return self.categories_in_week(earned_in) == set(CATEGORIES)

    def overlaps_a_protected_window(self, day: dt.date) -> bool:
        if not self.protected_windows:
            return False
        begin, end = self.timeline.interval(day)
        return any(max(begin, opens) < min(end, closes) for opens, closes in self.protected_windows)

    def judge(self, today: dt.date) -> list[Life]:
        """Every day from the first counted one to today, each with where the user stood after it."""
        counted: dict[dt.date, list[int]] = {}
        xp_of: Counter[dt.date] = Counter()
        for a in self.live():
            xp_of[a.day] += a.xp
            if a.counted:
                counted.setdefault(a.day, []).append(a.number)
        if not counted:
            return []
        old_todays = self.timeline.old_todays()
        day = min(counted)
        xp_before = sum(xp for d, xp in xp_of.items() if d < day)
        life = Life(held=self.freezes_at_start)
        lives = []
        while day <= today:
            life.date = day
            self.live_through(life, counted.get(day, []))
            life.current_streak_when_judged, life.held_when_judged = life.current_streak, life.held
            life.verdict = self.verdict(life, today, has_counted=day in counted, old_today=day in old_todays)
            if life.verdict == "frozen":
                life.held -= 1
            if life.verdict == "missed":
                life.current_streak, life.run_started_on = 0, None
            xp_after = xp_before + xp_of[day]
            earned = xp_after // self.xp_per_freeze - xp_before // self.xp_per_freeze
            life.held = min(self.freeze_cap, life.held + earned)
            lives.append(Life(**vars(life)))
            xp_before = xp_after
            day += DAY
        return lives

    def live_through(self, life: Life, counted: list[int]) -> None:
        """Counts the day: once for its activities before any reset, and anew after each reset of the day."""
        resets = sorted(r.number for r in self.resets if r.day == life.date)
        for begin, end in zip([0, *resets], [*resets, self.numbers + 1], strict=True):
            if begin > 0:
                life.current_streak, life.run_started_on = 0, None
            if any(begin < number < end for number in counted):
                life.current_streak += 1
                life.run_started_on = life.run_started_on or life.date
                life.longest_streak = max(life.longest_streak, life.current_streak)

    def verdict(self, life: Life, today: dt.date, *, has_counted: bool, old_today: bool) -> str:
        day = life.date
        if has_counted:
            return "active"
        if self.overlaps_a_protected_window(day):
            return "amnesty"
        if any(p.first <= day <= p.last for p in self.pauses):
            return "paused"
        if WEEKDAYS[day.weekday()] in self.rest_weekdays_on(day):
            return "rest"
        if self.timeline.without_instant(day) or self.timeline.cut_short_by_its_zone(day):
            return "travel"
        if old_today and (life.last_grace is None or (day - life.last_grace).days >= 7):
            life.last_grace = day
            return "travel"
        if day == today:
            return "pending"
        if day in self.repaired:
            return "repaired"
        if life.current_streak > 0 and life.held > 0 and (self.auto_freeze_on(day) or day in self.planned):
            return "frozen"
        return "missed"
