"""What the three demo users do, day by day, as requests with their moments.

Must not know who sends them, or how the API answers.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

DAYS_BACK_MIN: Final = 60
# The mornings of a story on which maintenance runs; the second and the third come after a streak was broken.
MAINTENANCE_DAYS: Final = (12, 25, 35, 47)

BERLIN: Final = "Europe/Berlin"
LONDON: Final = "Europe/London"
LOS_ANGELES: Final = "America/Los_Angeles"
TOKYO: Final = "Asia/Tokyo"
SUNDAY: Final = 6

Json = Mapping[str, Any]
Activity = tuple[str, Json]

FLASHCARDS: Final[Activity] = ("flashcard_set_completed", {"correct": 60})
MANY_FLASHCARDS: Final[Activity] = ("flashcard_set_completed", {"correct": 200})
EASY_QUIZ: Final[Activity] = ("quiz_completed", {"difficulty": "easy", "score": 80})
HARD_QUIZ: Final[Activity] = ("quiz_completed", {"difficulty": "hard", "score": 90})
EVALUATION: Final[Activity] = ("evaluation_completed", {"grade": 8})
GUIDE: Final[Activity] = ("study_guide_completed", {})


@dataclass(frozen=True, kw_only=True)
class Step:
    """One command. The key is the same whenever the story is lived again."""

    at: datetime
    method: str
    path: str
    key: str | None = None
    body: Json | None = None


@dataclass(frozen=True, kw_only=True)
class Story:
    """A user, and the steps of each of the user's days: of the number of the day, and of the day."""

    uid: str
    about: str
    day_steps: Callable[[int, date], Iterator[Step]]

    def steps(self, first_day: date, now: datetime) -> list[Step]:
        """Everything that has happened from the first day until now, in order."""
        days = (now + timedelta(days=1) - datetime.combine(first_day, time(), UTC)).days + 1
        each_day = (self.day_steps(number, first_day + timedelta(days=number)) for number in range(days))
        return sorted((step for steps in each_day for step in steps if step.at <= now), key=lambda step: step.at)


def usual_first_day(today: date) -> date:
    """A Monday, so that the weeks of a story are weeks of the streak."""
    return today - timedelta(days=DAYS_BACK_MIN + (today - timedelta(days=DAYS_BACK_MIN)).weekday())


def maintenance_steps(first_day: date, now: datetime) -> list[Step]:
    """The runs of maintenance in a story that begins on this day."""
    mornings = (_moment(first_day + timedelta(days=number), 6, "UTC") for number in MAINTENANCE_DAYS)
    return [Step(at=morning, method="POST", path="/maintenance") for morning in mornings if morning <= now]


def _moment(day: date, hour: int, zone: str) -> datetime:
    return datetime.combine(day, time(hour), ZoneInfo(zone)).astimezone(UTC)


def _activity(uid: str, at: datetime, activity: Activity) -> Step:
    kind, metadata = activity
    # With its own moment it never counts for another day, whatever the user has done since.
    body = {"activity_type": kind, "metadata": metadata, "occurred_at": at.isoformat()}
    return Step(at=at, method="POST", path="/streak/activities", key=f"{uid}-{at:%Y%m%dT%H}-{kind}", body=body)


def _settings(uid: str, at: datetime, **settings: object) -> Step:
    return Step(at=at, method="PATCH", path="/streak/settings", key=f"{uid}-{at:%Y%m%dT%H}-settings", body=settings)


_ADAS_WEEK: Final = (FLASHCARDS, HARD_QUIZ, EVALUATION, GUIDE, EASY_QUIZ, FLASHCARDS, GUIDE)


def _ada(number: int, day: date) -> Iterator[Step]:
    """All four categories by Thursday, so that the bonus holds from Friday on."""
    if number == 0:
        yield _settings("ada", _moment(day, 7, BERLIN), time_zone=BERLIN)
    yield _activity("ada", _moment(day, 8, BERLIN), _ADAS_WEEK[day.weekday()])


# The first two are bridged by the freezes of the first ten days; then none is left, and two misses break the streak.
# The next single miss is repaired, and the last one is bridged by a freeze that was earned since.
_BENS_MISSES: Final = frozenset({11, 15, 23, 24, 34, 46})
_BENS_BUSY_DAYS: Final = frozenset({*range(10), *range(40, 45), *range(50, 56)})
_BENS_REPAIR: Final = 35


def _ben(number: int, day: date) -> Iterator[Step]:
    if number == 0:
        yield _settings("ben", _moment(day, 7, LONDON), time_zone=LONDON)
    if number in _BENS_MISSES:
        return
    yield _activity("ben", _moment(day, 19, LONDON), MANY_FLASHCARDS if number in _BENS_BUSY_DAYS else EASY_QUIZ)
    if number == _BENS_REPAIR:
        yield _activity("ben", _moment(day, 20, LONDON), EASY_QUIZ)
        key = f"ben-{day:%Y%m%d}-repair"
        yield Step(at=_moment(day, 21, LONDON), method="POST", path="/streak/repair", key=key)


_CHEN_FLIES_EAST: Final = 15
_CHEN_FLIES_HOME: Final = 30
_CHENS_PAUSE: Final = range(40, 45)
_CHENS_STUDIES: Final = (GUIDE, HARD_QUIZ, FLASHCARDS)


def _chen(number: int, day: date) -> Iterator[Step]:
    yield from _chens_commands(number, day)
    if day.weekday() == SUNDAY or number == _CHEN_FLIES_EAST or number in _CHENS_PAUSE:
        return
    in_tokyo = _CHEN_FLIES_EAST < number <= _CHEN_FLIES_HOME
    hour = 8 if number == _CHEN_FLIES_HOME else 20
    at = _moment(day, hour, TOKYO if in_tokyo else LOS_ANGELES)
    yield _activity("chen", at, _CHENS_STUDIES[number % len(_CHENS_STUDIES)])


def _chens_commands(number: int, day: date) -> Iterator[Step]:
    if number == 0:
        yield _settings("chen", _moment(day, 7, LOS_ANGELES), time_zone=LOS_ANGELES)
    elif number == 1:
        yield _settings("chen", _moment(day, 7, LOS_ANGELES), rest_weekdays=["sunday"])
    elif number == _CHEN_FLIES_EAST:
        # Landed at midnight of the clock left behind: in Tokyo it is the next afternoon.
        landed = _moment(day + timedelta(days=1), 0, LOS_ANGELES)
        yield _settings("chen", landed, time_zone=TOKYO)
    elif number == _CHEN_FLIES_HOME:
        yield _settings("chen", _moment(day, 10, LOS_ANGELES), time_zone=LOS_ANGELES)
    elif number == _CHENS_PAUSE[0] - 1:
        body = {"from": _later(day, 1), "until": _later(day, len(_CHENS_PAUSE))}
        key = f"chen-{day:%Y%m%d}-pause"
        yield Step(at=_moment(day, 21, LOS_ANGELES), method="PUT", path="/streak/pause", key=key, body=body)


def _later(day: date, days: int) -> str:
    return (day + timedelta(days=days)).isoformat()


STORIES: Final[Collection[Story]] = (
    Story(uid="ada", about="every day, all four categories every week", day_steps=_ada),
    Story(uid="ben", about="freezes bridge two misses, one break, one repair", day_steps=_ben),
    Story(uid="chen", about="Los Angeles, Tokyo and back; free Sundays, a pause", day_steps=_chen),
)
