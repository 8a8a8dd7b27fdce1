"""What is kept of one user: the checkpoint, the tail of days after it, what hangs on both; and how a day was judged.

It must not know how any of it is decided (replay), changed (decisions) or stored (store).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final, NamedTuple

from streak_core.domain.boards import Seat, Standing
from streak_core.domain.grants import Block, Grant
from streak_core.domain.settings import Settings


class Verdict(StrEnum):
    """What a day was, in the order in which they are tried (semantics 4)."""

    NONE = "none"
    ACTIVE = "active"
    AMNESTY = "amnesty"
    EXCUSED = "excused"
    PAUSED = "paused"
    REST = "rest"
    TRAVEL = "travel"
    PENDING = "pending"
    REPAIRED = "repaired"
    FROZEN = "frozen"
    MISSED = "missed"


class Status(StrEnum):
    """How the streak stands today."""

    NONE = "none"
    EXTENDED = "extended"
    PROTECTED = "protected"
    PENDING = "pending"


@dataclass(frozen=True, kw_only=True, slots=True)
class ResetMark:
    """A reset that was given on a day, at its place among the activities in the order of recording."""

    seq: int
    # The moment it was given (UTC).
    at: datetime
    # Counted activities of the day that were recorded after it, and before the next one.
    counted: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckInMark:
    """A check-in through the once-a-day command that is not undone."""

    activity_id: str
    seq: int


# Shared by all days without any; whoever holds a mapping does not change it.
_NOTHING: Final[Mapping[str, int]] = {}


class DayRecord(NamedTuple):
    """What a user did on one streak day, and was given. Only activities that are not undone are in it.

    A tuple, which is made in half the time: each reading of a user makes one for every day of the tail.
    """

    activity_count: int = 0
    counted: int = 0
    xp: int = 0
    # Counted activities per category; categories without any are absent.
    categories: Mapping[str, int] = _NOTHING
    # In the order in which they were given.
    resets: tuple[ResetMark, ...] = ()
    # Those through the once-a-day command, in the order of recording; kept for the latest days only, as is how many
    # there ever were under this label, which gives the next one its name.
    check_ins: tuple[CheckInMark, ...] = ()
    check_ins_ever: int = 0
    # For each type the base XP of activities without a bonus that were undone once there was one: what is recorded in
    # their place has none either.
    bonus_forgone: Mapping[str, int] = _NOTHING
    # In the order in which they were given.
    grants: tuple[Grant, ...] = ()
    # What it came along as from another system: active, or repaired where the run went on over it.
    imported: Verdict | None = None
    # For each challenge that is joined, under its key, how many activities of the day count for it.
    challenges: Mapping[str, int] = _NOTHING

    @property
    def is_active(self) -> bool:
        """Whether it counts for the streak."""
        return self.counted > 0 or self.imported is Verdict.ACTIVE


NO_RECORD = DayRecord()


@dataclass(frozen=True, kw_only=True, slots=True)
class Checkpoint:
    """Everything that is decided for good: the streak as it stood at the end of the day before `next_day`."""

    # The first day of the tail; always a Monday.
    next_day: date
    current_streak: int = 0
    streak_started_on: date | None = None
    longest_streak: int = 0
    freezes: int = 0
    xp_total: int = 0
    first_counted_day: date | None = None
    last_active_date: date | None = None
    # The last old today that was given the second grace of a jump.
    last_grace: date | None = None
    # Whether the week just before `next_day` was consistent, and since when: see `Streak.consistent_since`.
    week_was_consistent: bool = False
    week_consistent_since: datetime | None = None
    # The last day whose verdict was `repaired`.
    last_repaired: date | None = None
    # Days whose verdict was `active`.
    active_days: int = 0
    # Up to which length milestones of the streak were told.
    told_length: int = 0
    # Consistent weeks in a row, at the end and at most.
    consistent_weeks: int = 0
    consistent_weeks_longest: int = 0
    # Of each challenge that is joined, under its key, how many activities count for it.
    challenges: Mapping[str, int] = field(default_factory=dict)
    # Challenges that were done and of which no day can change, with the last day of each, as long as another one of
    # that name could have a day of it as well.
    rewarded: Mapping[str, date] = field(default_factory=dict)
    # Of who takes part in leaderboards: what the days before `next_day` count, by the labels of periods.
    boards: Mapping[str, Standing] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class RateUsage:
    """How many commands were accepted in a fixed window, and in the one before it.

    It says its own beginning (UTC) and length: a number of windows would mean another moment under another policy.
    """

    since: datetime | None = None
    seconds: int = 0
    accepted: int = 0
    accepted_before: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """One recorded activity; `xp` is final."""

    activity_id: str
    activity_type: str
    category: str | None
    day: date
    counted: bool
    base_xp: int
    xp: int
    occurred_at: datetime
    # Whether the once-a-day command recorded it.
    is_check_in: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Numbered:
    """An activity as it lies in the tail now, with the number of the ledger entry that recorded it."""

    activity: Activity
    seq: int
    # Of one that is undone: whether the bonus that it had not is kept from what comes in its place.
    forgoes: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldMilestones:
    """On `day` the streak stood at `length`, and every milestone up to it was told."""

    day: date
    length: int
    # When the run began that it was told of; None where that was not kept.
    started_on: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Streak:
    """One user's stored state. Every answer is a function of this, the policy and now."""

    # How many commands were accepted: the sequence number of the last ledger entry.
    seq: int
    # The moment of the first and of the last accepted command (UTC).
    created_at: datetime
    updated_at: datetime
    # Activities, ever, that are not undone.
    activities: int
    checkpoint: Checkpoint
    tail: Mapping[date, DayRecord]
    settings: Settings
    rate: RateUsage = RateUsage()
    # For each week (its Monday) that became consistent: when the activity occurred whose recording made it so, the
    # latest such moment if that happened again. Earlier ones get no bonus.
    consistent_since: Mapping[date, datetime] = field(default_factory=dict)
    # Of the tail, ordered by day.
    told: tuple[ToldMilestones, ...] = ()
    # The last counted activities that were undone and can still be redone, the latest last.
    undone: tuple[Numbered, ...] = ()
    # How many changes of the list of amnesties its decided days, and what was told of it, go by.
    amnesties: int = 0
    block: Block | None = None
    # The local minute at which each of the last counted days was kept, ordered by day; of users who are reminded by it.
    habit: Mapping[date, int] = field(default_factory=dict)
    # Each achievement that was earned, for ever, and since when (UTC).
    earned: Mapping[str, datetime] = field(default_factory=dict)
    # How the user takes part in leaderboards; None of most.
    seat: Seat | None = None

    def is_blocked(self, now: datetime) -> bool:
        """Whether the user may give no command."""
        return self.block is not None and self.block.holds(now)

    @property
    def is_blank(self) -> bool:
        """Whether no day has counted yet: nothing is decided, and the tail simply follows today."""
        if self.activities or self.checkpoint.first_counted_day:
            return False
        return not any(record.imported is Verdict.ACTIVE for record in self.tail.values())


class DayJudged(NamedTuple):
    """One day as replay saw it. `current_streak` and `freezes` are those after it; `broke` is what its miss ended.

    A tuple, which is made in half the time: each answer makes one for every day of the tail.
    """

    day: date
    verdict: Verdict
    record: DayRecord
    current_streak: int
    freezes: int
    freezes_before: int
    broke: int = 0
    # The day at whose end a freeze came back, because those held could not bridge the whole gap after all.
    bridged_until: date | None = None
    # How many were held until then, after it.
    freezes_until_then: int = 0
