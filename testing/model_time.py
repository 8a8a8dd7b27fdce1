"""What time does in the reference model: days, zones, flights, and the verdict of every day."""

from __future__ import annotations

import datetime as dt
import functools
import zoneinfo
from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

UTC = dt.UTC
DAY = dt.timedelta(days=1)
ALWAYS = dt.datetime.min.replace(tzinfo=UTC)
NEVER = dt.datetime.max.replace(tzinfo=UTC)
NO_FLOOR = dt.date.min

CATEGORIES = ("flashcards", "quiz", "evaluation", "guide")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# No zone changes its offset twice within three days, so six hours can't hide two changes.
STEP = dt.timedelta(hours=6)
# No wall clock is further than this from UTC.
FAR = dt.timedelta(hours=24)


def never_begins(day: dt.date) -> AssertionError:
    return AssertionError(f"{day} never begins")


def offset_at(zone: str, t: dt.datetime) -> dt.timedelta:
    offset = t.astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    assert offset is not None
    return offset


def change_between(zone: str, before: dt.datetime, after: dt.datetime) -> dt.datetime:
    """The second in which the offset of `before` gives way to that of `after`."""
    while after - before > dt.timedelta(seconds=1):
        middle = before + dt.timedelta(seconds=(after - before) // dt.timedelta(seconds=2))
        if offset_at(zone, middle) == offset_at(zone, before):
            before = middle
        else:
            after = middle
    return after


@functools.lru_cache(maxsize=200_000)
def starts_at(zone: str, day: dt.date, hour: int = 4) -> dt.datetime:
    """The first instant at which a wall clock in the zone reads `hour` o'clock of the day, or later."""
    goal = dt.datetime.combine(day, dt.time(hour), UTC)
    begin, end = goal - FAR, goal + FAR
    stretches = []
    t = begin
    while t < end:
        if offset_at(zone, t) != offset_at(zone, t + STEP):
            change = change_between(zone, t, t + STEP)
            stretches.append((begin, change, offset_at(zone, t)))
            begin = change
        t += STEP
    stretches.append((begin, end, offset_at(zone, end)))
    for first, last, offset in stretches:
        reached = max(first, goal - offset)
        if reached < last:
            return reached
    raise never_begins(day)


@functools.lru_cache(maxsize=200_000)
def zone_day(zone: str, t: dt.datetime, hour: int = 4) -> dt.date:
    """The largest day that has started in the zone (readings.md, 1)."""
    day = (t + offset_at(zone, t)).date() + 2 * DAY
    while starts_at(zone, day, hour) > t:
        day -= DAY
    return day


@dataclass(frozen=True)
class Stay:
    """A time in one zone; `floor` is the user's label when it began."""

    zone: str
    since: dt.datetime
    floor: dt.date


class Timeline:
    """The user's own order of instants, cut into days by the zones that were in force."""

    def __init__(self, zone: str, hour: int) -> None:
        self.hour = hour
        self.stays = [Stay(zone, ALWAYS, NO_FLOOR)]

    @property
    def zone(self) -> str:
        return self.stays[-1].zone

    def forget_all_but(self, zone: str) -> None:
        self.stays = [Stay(zone, ALWAYS, NO_FLOOR)]

    def move_to(self, zone: str, now: dt.datetime) -> None:
        self.stays.append(Stay(zone, now, self.label(now)))

    def stay_at(self, t: dt.datetime) -> Stay:
        return [stay for stay in self.stays if stay.since <= t][-1]

    def label(self, t: dt.datetime) -> dt.date:
        stay = self.stay_at(t)
        return max(stay.floor, zone_day(stay.zone, t, self.hour))

    def begins(self, day: dt.date) -> dt.datetime:
        """The first instant labelled with the day or a later one."""
        ends = [stay.since for stay in self.stays[1:]] + [NEVER]
        for stay, end in zip(self.stays, ends, strict=True):
            reached = stay.since if day <= stay.floor else max(stay.since, starts_at(stay.zone, day, self.hour))
            if reached < end:
                return reached
        raise never_begins(day)

    def interval(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        return self.begins(day), self.begins(day + DAY)

    def without_instant(self, day: dt.date) -> bool:
        begin, end = self.interval(day)
        return begin == end

    def cut_short_by_its_zone(self, day: dt.date) -> bool:
        zone = self.stay_at(self.begins(day)).zone
        length = starts_at(zone, day + DAY, self.hour) - starts_at(zone, day, self.hour)
        return length < dt.timedelta(hours=12)

    def old_todays(self) -> set[dt.date]:
        """The days whose evening a change of zone took away."""
        return {
            stay.floor
            for stay in self.stays[1:]
            if max(stay.floor, zone_day(stay.zone, stay.since, self.hour)) > stay.floor
        }


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
