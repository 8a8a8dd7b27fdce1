"""What users are told of without asking, by which channels, and when they want to be left alone.

It must not know when a reminder is due (reminders do), nor who sends anything, or where to.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, days_from
from streak_core.domain.zones import stored_zone

if TYPE_CHECKING:
    from collections.abc import Iterator

Stretch = tuple[datetime, datetime]

MINUTES_OF_A_DAY: Final = 24 * 60
LANGUAGE: Final = "en"
# As in RFC 5646, and no longer than it says that one need be.
_LANGUAGE: Final = re.compile(r"(?=.{2,35}\Z)[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", re.ASCII)


def is_language(text: str) -> bool:
    """Whether it is a language that a user can wish for, and an app can have texts in."""
    return _LANGUAGE.fullmatch(text) is not None


class NoticeKind(StrEnum):
    """Everything that a user can wish to be told of: what nothing is sent of yet can't be chosen."""

    REMINDER = "reminder"
    FREEZE_USED = "freeze_used"
    LAST_FREEZE_USED = "last_freeze_used"
    STREAK_BROKEN = "streak_broken"
    STREAK_RESTORED = "streak_restored"
    MILESTONE = "milestone"
    BONUS_EARNED = "bonus_earned"
    ACHIEVEMENT_UNLOCKED = "achievement_unlocked"
    CHALLENGE_COMPLETED = "challenge_completed"


class Channel(StrEnum):
    """How a notice reaches a user; whatever is sent by another channel stands in the inbox as well."""

    INBOX = "inbox"
    PUSH = "push"
    # To the address that the user has in Firebase; where the deployment names a mail server.
    EMAIL = "email"


@dataclass(frozen=True, kw_only=True, slots=True)
class QuietHours:
    """Minutes of the local day, from the first up to the second, over midnight where that is the earlier one."""

    from_minute: int
    until_minute: int

    def stretches(self, time_zone: str, begins: datetime, ends: datetime) -> Iterator[Stretch]:
        """The quiet stretches (UTC) in that zone that touch the time between two instants, in order.

        Where the clock is turned back or on, a stretch is rather longer than shorter.
        """
        first, last = (instant.astimezone(stored_zone(time_zone)).date() for instant in (begins, ends))
        over_midnight = ONE_DAY if self.until_minute <= self.from_minute else timedelta()
        for day in days_from(first - 2 * ONE_DAY, last + ONE_DAY):
            quiet_from = min(wall_instants(time_zone, day, self.from_minute))
            quiet_until = max(wall_instants(time_zone, day + over_midnight, self.until_minute))
            if quiet_from < ends and quiet_until > begins:
                yield quiet_from, quiet_until


def wall_instants(time_zone: str, day: date, minute: int) -> tuple[datetime, datetime]:
    """The instants (UTC) at which a wall clock shows that minute of a date.

    They are two where it does so twice, or never: before and after what it jumped over.
    """
    place, wall = stored_zone(time_zone), datetime.combine(day, time(*divmod(minute, 60)))
    first, second = (wall.replace(tzinfo=place, fold=fold).astimezone(UTC) for fold in (0, 1))
    return first, second


QUIET_AT_NIGHT: Final = QuietHours(from_minute=22 * 60, until_minute=8 * 60)


@dataclass(frozen=True, kw_only=True, slots=True)
class NoticeChoices:
    """What a user wishes to be told of; kinds without a channel are absent."""

    channels: Mapping[NoticeKind, frozenset[Channel]] = field(default_factory=dict)
    # None where any hour is right.
    quiet: QuietHours | None = QUIET_AT_NIGHT
    # The minute of the local day at which to be reminded; None for the one at which the user is usually active.
    remind_at_minute: int | None = None
    # Of the texts; one that an app has none in is answered in the first it has.
    language: str = LANGUAGE

    def wishes(self, kind: NoticeKind) -> bool:
        """Whether the user is to be told of it at all."""
        return kind in self.channels

    def free(self, time_zone: str, begins: datetime, ends: datetime) -> Iterator[Stretch]:
        """The stretches (UTC) between two instants that are not quiet where the user is, in order; none is empty."""
        for quiet_from, quiet_until in self.quiet.stretches(time_zone, begins, ends) if self.quiet else ():
            if begins < quiet_from:
                yield begins, quiet_from
            begins = max(begins, quiet_until)
        if begins < ends:
            yield begins, ends

    def with_channels(self, kind: NoticeKind, channels: frozenset[Channel]) -> NoticeChoices:
        """The choices with other channels for a kind."""
        others = dict(self.channels)
        others.pop(kind, None)
        chosen = {**others, kind: channels} if channels else others
        return replace(self, channels={one: chosen[one] for one in NoticeKind if one in chosen})


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """Something that a user is told. `day` is the streak day it is about, `at` (UTC) the moment it was made.

    `details` are the numbers of its text, and what the policy calls that of which it tells.
    """

    notice_id: str
    kind: NoticeKind
    day: date
    at: datetime
    details: Mapping[str, int | str] = field(default_factory=dict)


# Of a notice that the streak is broken: how long it would be if what is offered were taken; absent where nothing is.
OFFERED: Final = "current_streak_after"
# Of whoever has chosen nothing.
NO_CHOICES: Final = NoticeChoices()
