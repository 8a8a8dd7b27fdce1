"""Pauses the streak for some days, and ends the pause.

It must not know HTTP or storage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.days import ONE_DAY
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import AlreadyPaused, FieldError, Malformed, PauseMustBeInTheFuture, PauseTooLong
from streak_core.domain.model import Pause, Streak

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


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

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> PauseStreak | None:
        """The same pause again is none. Raises `PauseMustBeInTheFuture`, `PauseTooLong`, `AlreadyPaused`."""
        del found
        days_max, pauses = state.policy.pause.days_max, _open_pauses(state)
        if self.from_day < state.view.today:
            raise PauseMustBeInTheFuture(today=state.view.today)
        if (self.until_day - self.from_day).days >= days_max:
            raise PauseTooLong(days=days_max)
        if self._pause() in pauses:
            return None
        if pauses:
            raise AlreadyPaused(first=pauses[0].from_day, last=pauses[0].until_day)
        return self

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """One pause more."""
        del entry, policy
        pauses = (*streak.settings.pauses, self._pause())
        return replace(streak, settings=replace(streak.settings, pauses=pauses))

    def _pause(self) -> Pause:
        return Pause(from_day=self.from_day, until_day=self.until_day)


@dataclass(frozen=True, kw_only=True, slots=True)
class ResumeStreak(BaseCommand, BaseContent):
    """End the pause that is running or coming: the days from today on are no longer paused."""

    name: ClassVar[str] = "resume"
    kind: ClassVar[EntryKind] = EntryKind.RESUME

    def decide(self, state: UserState, found: Mapping[str, LedgerEntry]) -> ResumeStreak | None:
        """Without a pause nothing changes."""
        del found
        return self if _open_pauses(state) else None

    def apply(self, streak: Streak, entry: LedgerEntry, policy: Policy) -> Streak:
        """Every pause ends yesterday at the latest."""
        del policy
        pauses = tuple(_ended(streak.settings.pauses, entry.today))
        return replace(streak, settings=replace(streak.settings, pauses=pauses))


def _ended(pauses: tuple[Pause, ...], today: date) -> Iterator[Pause]:
    for pause in pauses:
        ended = replace(pause, until_day=min(pause.until_day, today - ONE_DAY))
        if ended.from_day <= ended.until_day:
            yield ended


def _open_pauses(state: UserState) -> list[Pause]:
    return [pause for pause in state.streak.settings.pauses if pause.until_day >= state.view.today]
