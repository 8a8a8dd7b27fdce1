"""Draws the commands of one user, and how much time passes between them, from any dice that are thrown like `Random`.

What is drawn knows nothing of what will be answered: much of it is refused, late, doubled or senseless.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal, assert_never

from streak_core.domain.notices import NoticeKind
from streak_core.domain.zones import zone_names
from testing.often import BOARD_GROUPS, BOARD_NAMES, CHALLENGES, OTHERS
from testing.steps import CommandStep, Step

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

ZONES: Final = tuple(sorted(zone_names()))
# Far apart, or with unusual clocks: where travellers and the calendar meet most trouble.
HARD_ZONES: Final = (
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "America/Los_Angeles",
    "Asia/Tokyo",
    "Europe/London",
    "UTC",
    "Pacific/Apia",
    "Antarctica/Casey",
    "Australia/Lord_Howe",
    "America/Sao_Paulo",
    "Asia/Kathmandu",
)
NOTICE_KINDS: Final = tuple(kind.value for kind in NoticeKind)
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FIRST_MOMENT: Final = datetime(2000, 1, 3, tzinfo=UTC)
LAST_MOMENT: Final = datetime(2037, 10, 1, tzinfo=UTC)
HOUR_MINUTES: Final = 60
DAY_MINUTES: Final = 24 * HOUR_MINUTES

WORTH: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("study_guide_completed", {}),
    ("evaluation_completed", {"grade": 9}),
    ("evaluation_completed", {"grade": 3}),
    ("check_in", {}),
    ("flashcard_set_completed", {"correct": 9}),
    ("flashcard_set_completed", {"correct": 25}),
    ("flashcard_set_completed", {"correct": 1_000}),
    ("flashcard_set_completed", {"correct": 1_000_000}),
    ("quiz_completed", {"difficulty": "hard", "score": 80}),
    ("quiz_completed", {"difficulty": "easy", "score": 59}),
)
# Minutes between two moments of somebody who comes nearly every day, and of somebody who does not.
_DAILY: Final[Sequence[Sequence[int]]] = (
    range(4 * HOUR_MINUTES),
    *(range(17 * HOUR_MINUTES, 30 * HOUR_MINUTES),) * 3,
)
_ANY: Final[Sequence[Sequence[int]]] = (
    range(90),
    range(DAY_MINUTES),
    range(12 * DAY_MINUTES),
    range(28 * HOUR_MINUTES, 60 * HOUR_MINUTES),
    *(range(20 * HOUR_MINUTES, 28 * HOUR_MINUTES),) * 4,
    # A clock that goes backwards, and weeks of absence.
    *((-30, -600, 14 * DAY_MINUTES, 29 * DAY_MINUTES, 90 * DAY_MINUTES),) * 2,
)
_DAILY_PERCENT: Final = 85
_AGAIN_PERCENT: Final = 15
_AGAIN_MAX: Final = 12
_UNDONE_MAX: Final = 8
_BACK_PERCENT: Final = 30
_LATE_MINUTES: Final = range(-6, 16 * DAY_MINUTES)


_Given = Literal[CommandStep.GRANT_FREEZES, CommandStep.EXCUSE_DAYS, CommandStep.RESTORE, CommandStep.GRANT_XP]
_OperatorStep = (
    Literal[CommandStep.BLOCK, CommandStep.UNBLOCK, CommandStep.HIDE_FROM_LEADERBOARD, CommandStep.SHOW_ON_LEADERBOARD]
    | _Given
)


@dataclass
class Drawer:
    """Draws for one user; `name` begins the ids of the activities, `recorded` is how many there are."""

    dice: random.Random
    name: str = "a"
    recorded: int = 0
    # What was drawn, so that later commands are about it: activities by their ids, undone ones, first days of pauses,
    # moments of resets.
    activities: dict[str, Step] = field(default_factory=dict)
    undone: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    resets: list[datetime] = field(default_factory=list)

    def happens(self, percent: int) -> bool:
        """So often of a hundred times."""
        return self.dice.randrange(100) < percent

    def gap(self, *, is_daily: bool) -> timedelta:
        """How much time passes."""
        gaps = _DAILY if is_daily and self.happens(_DAILY_PERCENT) else _ANY
        return timedelta(minutes=self.dice.choice(self.dice.choice(gaps)))

    def zone(self) -> str:
        """Somewhere to live."""
        return self.dice.choice(self.dice.choice((HARD_ZONES, ZONES)))

    def other(self) -> CommandStep:
        """Any command but a recording, often one that takes back what was drawn before."""
        drawn = {
            CommandStep.REDO: self.undone,
            CommandStep.END_PAUSE: self.paused,
            CommandStep.TAKE_RESET_BACK: self.resets,
        }
        back = [do for do, before in drawn.items() if before]
        return self.dice.choice(back) if back and self.happens(_BACK_PERCENT) else self.dice.choice(OTHERS)

    def command(self, do: CommandStep, now: datetime) -> Step:
        """A command of that kind at that moment."""
        self.resets += [now] if do is CommandStep.RESET else []
        return {"do": do.value, "at": now.isoformat(), **self._content(do, now)}

    def key(self) -> Step:
        """The key of a command, now and then one of few that others have, too; or none."""
        return {"key": f"k{self.dice.randrange(30)}"} if self.happens(30) else {}

    def _content(self, do: CommandStep, now: datetime) -> Step:
        match do:
            case CommandStep.RECORD | CommandStep.CHECK_IN | CommandStep.SET_TIME_ZONE | CommandStep.OPEN:
                return self._somewhere(do, now)
            case CommandStep.UNDO:
                back = self.dice.randint(0, min(self.recorded, _UNDONE_MAX))
                self.undone.append(f"{self.name}{self.recorded - back}")
                return {"activity_id": self.undone[-1]}
            case CommandStep.REDO:
                return {"activity_id": self._one_of(self.undone) or f"{self.name}{self.recorded}"}
            case CommandStep.PLAN_FREEZE | CommandStep.UNPLAN_FREEZE:
                return {"date": _day(now, self.dice.randint(-3, 9))}
            case CommandStep.PAUSE | CommandStep.ADD_PAUSE:
                begin = self.dice.randint(-2, 5)
                days = self.dice.choice(self.dice.choice((range(9), range(9), range(86, 93))))
                self.paused.append(_day(now, begin))
                return {"from": self.paused[-1], "until": _day(now, begin + days)}
            case CommandStep.END_PAUSE:
                return {"from": self._one_of(self.paused) or _day(now, self.dice.randint(-3, 5))}
            case CommandStep.SET_REST_WEEKDAYS | CommandStep.SET_AUTO_FREEZE | CommandStep.CHOOSE_NOTICES:
                return self._chosen(do)
            case CommandStep.JOIN_CHALLENGE | CommandStep.LEAVE_CHALLENGE | CommandStep.JOIN_LEADERBOARD:
                return self._seat() if do is CommandStep.JOIN_LEADERBOARD else self._challenge()
            case (
                CommandStep.RESET | CommandStep.TAKE_RESET_BACK | CommandStep.REPAIR | CommandStep.RESUME
            ) | CommandStep.LEAVE_LEADERBOARD:
                return {}
            case _:
                return {"reason": "asked for", **self._by_operator(do, now)}

    def _challenge(self) -> Step:
        return {"challenge": self.dice.choice(CHALLENGES)}

    def _seat(self) -> Step:
        group = {"group": self.dice.choice(BOARD_GROUPS)} if self.happens(50) else {}
        return {"name": self.dice.choice(BOARD_NAMES), **group}

    def _by_operator(self, do: _OperatorStep, now: datetime) -> Step:
        match do:
            case CommandStep.GRANT_FREEZES | CommandStep.EXCUSE_DAYS | CommandStep.RESTORE | CommandStep.GRANT_XP:
                return self._given(do, now)
            case CommandStep.BLOCK:
                until = now + timedelta(minutes=self.dice.randint(-5, 2 * DAY_MINUTES))
                return {"until": until.isoformat()} if self.happens(80) else {}
            case CommandStep.UNBLOCK | CommandStep.HIDE_FROM_LEADERBOARD | CommandStep.SHOW_ON_LEADERBOARD:
                return {}
            case never:
                assert_never(never)

    def _given(self, do: _Given, now: datetime) -> Step:
        """What an operator gives."""
        match do:
            case CommandStep.GRANT_FREEZES:
                return {"count": self.dice.choice((1, 1, 2, 5, 101)), "over_cap": self.happens(30)}
            case CommandStep.EXCUSE_DAYS:
                begin = self.dice.randint(-16, 5)
                return {"from": _day(now, begin), "until": _day(now, begin + self.dice.randint(-1, 5))}
            case CommandStep.RESTORE:
                if self.happens(60):
                    return {"day": _day(now, self.dice.randint(-9, 0))}
                length = self.dice.choice((1, 3, 40))
                began = {"started_on": _day(now, -self.dice.choice((1, 5, 60)))} if self.happens(40) else {}
                return {"length": length, **began}
            case CommandStep.GRANT_XP:
                return {"amount": self.dice.choice((0, 1, 600, 2_000_000, -7, -700))}
            case never:
                assert_never(never)

    def _one_of(self, drawn: Sequence[str]) -> str | None:
        """Mostly one of the last that were drawn."""
        return self.dice.choice(drawn[-3:]) if drawn and self.happens(80) else None

    def _somewhere(
        self,
        do: Literal[CommandStep.RECORD, CommandStep.CHECK_IN, CommandStep.SET_TIME_ZONE, CommandStep.OPEN],
        now: datetime,
    ) -> Step:
        """What may say a zone."""
        match do:
            case CommandStep.RECORD:
                return self._activity(now)
            case CommandStep.CHECK_IN:
                return self._check_in()
            case CommandStep.SET_TIME_ZONE:
                return self._move(now)
            case CommandStep.OPEN:
                return self._brought(now)
            case never:
                assert_never(never)

    def _activity(self, now: datetime) -> Step:
        again = self.dice.randint(0, min(self.recorded, _AGAIN_MAX)) if self.happens(_AGAIN_PERCENT) else 0
        self.recorded += not again
        name = (again and self._one_of(self.undone)) or f"{self.name}{self.recorded - again}"
        if name in self.activities and self.happens(50):
            return self.activities[name]
        kind, metadata = self.dice.choice(WORTH)
        activity = {"activity_id": name, "activity_type": kind, "metadata": metadata}
        if self.happens(25):
            activity["time_zone"] = self.zone()
        if self.happens(25):
            late = timedelta(minutes=self.dice.choice(_LATE_MINUTES))
            activity["occurred_at"] = (now - late).isoformat()
        self.activities.setdefault(name, activity)
        return activity

    def _move(self, now: datetime) -> Step:
        # Back and forth between few, and what is said of some days ago.
        zone = self.dice.choice(HARD_ZONES[:3]) if self.happens(40) else self.zone()
        if not self.happens(25):
            return {"time_zone": zone}
        since = now - timedelta(minutes=self.dice.randrange(16 * DAY_MINUTES))
        return {"time_zone": zone, "since": since.isoformat()}

    def _brought(self, now: datetime) -> Step:
        """What comes along: mostly what could be, now and then what contradicts itself."""
        length, ago = self.dice.randrange(25), self.dice.choice((*range(-1, 6), 10, 20, 60))
        longest = length + self.dice.randrange(-1, 30)
        sent = {
            "time_zone": self.zone(),
            "current_streak": length,
            "longest_streak": max(longest, 0),
            "freezes": self.dice.randrange(6),
            "xp_total": self.dice.choice((0, 480, 1_999)),
        }
        if self.happens(90):
            sent["last_active_date"] = _day(now, -ago)
        if self.happens(50):
            days = self.dice.sample(range(ago, ago + 50), self.dice.randrange(25, 50)) if self.happens(80) else []
            sent["active_days"] = sorted(_day(now, -back) for back in {ago, *days})
        if self.happens(30):
            earlier = now - timedelta(minutes=self.dice.randrange(-3, 3 * DAY_MINUTES))
            sent["as_of"] = earlier.isoformat() if self.happens(50) else earlier.date().isoformat()
        return sent

    def _chosen(
        self, do: Literal[CommandStep.SET_REST_WEEKDAYS, CommandStep.SET_AUTO_FREEZE, CommandStep.CHOOSE_NOTICES]
    ) -> Step:
        match do:
            case CommandStep.SET_REST_WEEKDAYS:
                return {"weekdays": self.dice.sample(WEEKDAYS, self.dice.randrange(4))}
            case CommandStep.SET_AUTO_FREEZE:
                return {"on": self.happens(50)}
            case CommandStep.CHOOSE_NOTICES:
                return self._notices()
            case never:
                assert_never(never)

    def _notices(self) -> Step:
        """Mostly that reminders are wished for, so that what comes after is a habit."""
        if self.happens(60):
            channels = self.dice.choice((["push"], ["push"], ["inbox"], []))
            kind = "reminder" if self.happens(70) else self.dice.choice(NOTICE_KINDS)
            return {"channels": {kind: channels}}
        hour = f"{self.dice.randrange(24):02d}:30"
        quiet = {"from": self.dice.choice(("22:00", hour)), "until": "08:00"}
        return self.dice.choice(({"quiet_hours": quiet}, {"remind_at": hour}, {"remind_at": "usual"}))

    def _check_in(self) -> Step:
        zone = {"time_zone": self.zone()} if self.happens(30) else {}
        if self.happens(50):
            return zone
        # The same key again, now and then also for something else.
        number = self.recorded - self.dice.randrange(3)
        return {**zone, "key": f"{'key' if self.happens(90) else self.name}{number}"}


def _day(now: datetime, offset: int) -> str:
    return (now.date() + timedelta(days=offset)).isoformat()
