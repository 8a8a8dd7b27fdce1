"""Takes part in the leaderboards under a name, or no more; and what operators do about a name that others see.

It must not know HTTP or storage, nor who else takes part.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.boards import Seat, Standing
from streak_core.domain.commands.base import BaseCommand, BaseContent, CommandForAReason, Sent
from streak_core.domain.display_names import display_name
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.standings import looked_up

if TYPE_CHECKING:
    from streak_core.domain.entries import Found
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

GROUP_LENGTH_MAX: Final = 64
_GROUP: Final = re.compile(rf"[A-Za-z0-9._:~-]{{1,{GROUP_LENGTH_MAX}}}", re.ASCII)
_NO_SEAT: Final = Seat()


def check_group(group: str) -> None:
    """Raises `Malformed`."""
    if not _GROUP.fullmatch(group):
        raise Malformed(FieldError("group", f"must be 1 to {GROUP_LENGTH_MAX} letters, digits or . _ : ~ -"))


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardJoined(BaseContent):
    """Under which name and in which group; and what days before the tail count, where the seat is a new one."""

    kind: ClassVar[EntryKind] = EntryKind.BOARD_JOIN

    # As it is shown.
    board_name: str
    group: str | None = None
    is_new: bool = True
    before: Mapping[str, Standing] = field(default_factory=dict)
    # The first day that is not among them; None where they are none.
    since: date | None = None

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """A new seat, or another name or group of the one that there is."""
        del entry, rules
        seat = replace(streak.seat or _NO_SEAT, name=self.board_name, group=self.group)
        if not self.is_new:
            return replace(streak, seat=seat)
        checkpoint = replace(streak.checkpoint, boards=self.before)
        return replace(streak, seat=replace(seat, since=self.since), checkpoint=checkpoint)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardLeft(BaseContent):
    """The user takes part no more."""

    kind: ClassVar[EntryKind] = EntryKind.BOARD_LEAVE

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Nothing is kept but that an operator hides the user."""
        del entry, rules
        is_hidden = streak.seat is not None and streak.seat.is_hidden
        checkpoint = replace(streak.checkpoint, boards={})
        return replace(streak, seat=Seat(is_hidden=True) if is_hidden else None, checkpoint=checkpoint)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardHidden(BaseContent):
    """Others see the user no more."""

    kind: ClassVar[EntryKind] = EntryKind.BOARD_HIDE

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The numbers stay."""
        del entry, rules
        return replace(streak, seat=replace(streak.seat or _NO_SEAT, is_hidden=True))


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaderboardShown(BaseContent):
    """Others see the user again."""

    kind: ClassVar[EntryKind] = EntryKind.BOARD_SHOW

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """As if they had never been hidden."""
        del entry, rules
        seat = replace(streak.seat or _NO_SEAT, is_hidden=False)
        return replace(streak, seat=None if seat == _NO_SEAT else seat)


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinLeaderboard(BaseCommand):
    """Take part under a name, which others see, and in a group of the app's or none."""

    name: ClassVar[str] = "join_leaderboard"
    kind: ClassVar[EntryKind] = EntryKind.BOARD_JOIN

    board_name: str
    group: str | None = None

    def check(self, rules: Rules) -> None:
        """Raises `NameNotAllowed`, and `Malformed` for what is no group."""
        del rules
        display_name(self.board_name)
        if self.group is not None:
            check_group(self.group)

    def request(self) -> Sent:
        """The name as it was sent."""
        return {"name": self.board_name, **({} if self.group is None else {"group": self.group})}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> LeaderboardJoined | None:
        """The same again changes nothing. Raises `NameNotAllowed`."""
        del found
        streak, seat, shown = state.streak, state.streak.seat, display_name(self.board_name)
        if seat is not None and seat.is_taken:
            if (seat.name, seat.group) == (shown, self.group):
                return None
            return LeaderboardJoined(board_name=shown, group=self.group, is_new=False)
        before = looked_up(streak, state.view, state.decided)
        since = streak.checkpoint.next_day if before else None
        return LeaderboardJoined(board_name=shown, group=self.group, before=before, since=since)


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveLeaderboard(BaseCommand):
    """Take part no more."""

    name: ClassVar[str] = "leave_leaderboard"
    kind: ClassVar[EntryKind] = EntryKind.BOARD_LEAVE

    def decide(self, state: UserState, found: Mapping[str, Found]) -> LeaderboardLeft | None:
        """Whoever takes no part leaves nothing."""
        del found
        return LeaderboardLeft() if state.streak.seat is not None and state.streak.seat.is_taken else None


@dataclass(frozen=True, kw_only=True, slots=True)
class HideFromLeaderboard(CommandForAReason):
    """Have others see a user no more, who keeps the numbers."""

    name: ClassVar[str] = "hide_from_leaderboard"
    kind: ClassVar[EntryKind] = EntryKind.BOARD_HIDE

    def decide(self, state: UserState, found: Mapping[str, Found]) -> LeaderboardHidden | None:
        """Also of whoever takes no part: they would be hidden. Twice is once."""
        del found
        return None if state.streak.seat is not None and state.streak.seat.is_hidden else LeaderboardHidden()


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowOnLeaderboard(CommandForAReason):
    """Have others see a user again."""

    name: ClassVar[str] = "show_on_leaderboard"
    kind: ClassVar[EntryKind] = EntryKind.BOARD_SHOW

    def decide(self, state: UserState, found: Mapping[str, Found]) -> LeaderboardShown | None:
        """Whoever is not hidden stays so."""
        del found
        return LeaderboardShown() if state.streak.seat is not None and state.streak.seat.is_hidden else None
