"""Pauses the streak for some days, and ends a pause.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.model import Streak
from streak_core.domain.refusals import (
    AlreadyPaused,
    PauseMustBeInTheFuture,
    PauseNotFound,
    PauseTooLong,
    TooManyPauses,
)
from streak_core.domain.settings import Pause

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


# So many pauses that were taken away before they began are remembered, so that it can be asked for again.
_GONE_REMEMBERED: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseStreak(BaseCommand, BaseContent):
    """Pause from one day until another, both included. Raises `Malformed` when the order is wrong."""

    name: ClassVar[str] = "pause"
    kind: ClassVar[EntryKind] = EntryKind.PAUSE

    from_day: date
    until_day: date

    def __post_init__(self) -> None:
        if self.until_day < self.from_day:
            raise Malformed(FieldError("until", "must not be before from"))

    def request(self) -> Sent:
        """Both days."""
        return {"from": self.from_day.isoformat(), "until": self.until_day.isoformat()}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> PauseStreak | None:
        """The same pause again is none.

        Raises `PauseMustBeInTheFuture`, `PauseTooLong`, `AlreadyPaused`, `TooManyPauses`.
        """
        del found
        rules, pauses = state.policy.pause, open_pauses(state.streak, state.view.today)
        if any((one.from_day, one.until_day) == (self.from_day, self.until_day) for one in pauses):
            return None
        if self.from_day < state.view.today:
            raise PauseMustBeInTheFuture(today=state.view.today)
        if (self.until_day - self.from_day).days >= rules.days_max:
            raise PauseTooLong(days=rules.days_max)
        for one in pauses:
            if one.from_day <= self.until_day and self.from_day <= one.until_day:
                raise AlreadyPaused(first=one.from_day, last=one.until_day)
        if len(pauses) >= rules.open_max:
            raise TooManyPauses(most=rules.open_max)
        return self

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """One pause more."""
        del rules
        pause = Pause(pause_id=pause_id(entry.seq), from_day=self.from_day, until_day=self.until_day)
        return _with_pauses(streak, (*streak.settings.pauses, pause))


@dataclass(frozen=True, kw_only=True, slots=True)
class PauseEnded(BaseContent):
    """The last day of a pause; one that begins later is gone. None is whichever pauses were not over, as in form 1."""

    kind: ClassVar[EntryKind] = EntryKind.RESUME

    pause_id: str | None
    last_day: date

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The days after the last one are no longer paused."""
        del entry, rules
        ended = [self._ended(pause) for pause in streak.settings.pauses]
        gone = [pause.pause_id for pause in ended if pause.from_day > pause.until_day]
        left = _with_pauses(streak, tuple(pause for pause in ended if pause.from_day <= pause.until_day))
        known = (*streak.settings.pauses_gone, *gone)[-_GONE_REMEMBERED:]
        return replace(left, settings=replace(left.settings, pauses_gone=known))

    def _ended(self, pause: Pause) -> Pause:
        if self.pause_id not in {None, pause.pause_id}:
            return pause
        return replace(pause, until_day=min(pause.until_day, self.last_day))


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeStreak(BaseCommand):
    """End the pause of that id, or else the one that is running or comes next: today stays excused."""

    name: ClassVar[str] = "resume"
    kind: ClassVar[EntryKind] = EntryKind.RESUME

    pause_id: str | None = None

    def request(self) -> Sent:
        """The pause's id, if one is named."""
        return {} if self.pause_id is None else {"pause_id": self.pause_id}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> PauseEnded | None:
        """Without a pause, or where it ends today anyway or is gone, nothing changes. Raises `PauseNotFound`."""
        del found
        pause, today = self._pause(state), state.view.today
        if pause is None or pause.until_day <= today:
            return None
        return PauseEnded(pause_id=pause.pause_id, last_day=today if pause.from_day <= today else state.view.yesterday)

    def _pause(self, state: UserState) -> Pause | None:
        if self.pause_id is None:
            return min(open_pauses(state.streak, state.view.today), key=lambda one: one.from_day, default=None)
        named = next((one for one in state.streak.settings.pauses if one.pause_id == self.pause_id), None)
        if named is None and self.pause_id not in state.streak.settings.pauses_gone:
            raise PauseNotFound
        return named


def pause_id(seq: int) -> str:
    """The id of the pause that ledger entry `seq` began."""
    return f"pause-{seq}"


def open_pauses(streak: Streak, today: date) -> list[Pause]:
    """The pauses that are not over."""
    return [pause for pause in streak.settings.pauses if pause.until_day >= today]


def _with_pauses(streak: Streak, pauses: tuple[Pause, ...]) -> Streak:
    return replace(streak, settings=replace(streak.settings, pauses=pauses))
