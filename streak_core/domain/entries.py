"""Entries of the ledger: one for each accepted command, with all that carrying it out again needs, and their ids.

It must not know how a command is decided or applied (commands do), nor where entries are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from streak_core.domain.actor import Actor
    from streak_core.domain.commands import Content

# Names that clients can't give: those of the check-ins through the once-a-day command.
CHECK_IN_PREFIX: Final = "check-in."


class EntryKind(StrEnum):
    """The kinds of entries, as they are stored."""

    ACTIVITY = "activity"
    UNDO = "undo"
    REDO = "redo"
    RESET = "reset"
    UNRESET = "unreset"
    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    REPAIR = "repair"
    PAUSE = "pause"
    RESUME = "resume"
    SETTINGS = "settings"
    GRANT = "grant"
    EXCUSE = "excuse"
    RESTORE = "restore"
    LENGTHEN = "lengthen"
    XP = "xp"
    BLOCK = "block"
    UNBLOCK = "unblock"
    NOTICES = "notices"
    JOIN = "join"
    LEAVE = "leave"
    BOARD_JOIN = "board_join"
    BOARD_LEAVE = "board_leave"
    BOARD_HIDE = "board_hide"
    BOARD_SHOW = "board_show"
    # The key of a command that changed nothing.
    NOTE = "note"
    OPEN = "open"


@dataclass(frozen=True, kw_only=True, slots=True)
class LedgerEntry:
    """One accepted command. Its `content` is of the type that its command makes, and says everything about it."""

    entry_id: str
    seq: int
    # The moment it took effect (UTC), and the label and zone it had.
    at: datetime
    today: date
    time_zone: str
    content: Content
    # Who gave it for the user; None for the user.
    actor: Actor | None = None
    # How many changes of the list of amnesties were known where it was decided.
    amnesties: int = 0

    @property
    def kind(self) -> EntryKind:
        """The kind of its content."""
        return self.content.kind

    @property
    def day(self) -> date:
        """The streak day that it is about."""
        return self.content.day_of(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """An entry as the ledger holds it now; `undone` is of an activity."""

    entry: LedgerEntry
    undone: bool = False


def named_entry_id(key: str) -> str:
    """Where the ledger keeps what was asked under a name: an activity's id or an idempotency key, which are one.

    The prefix is older than that; it is stored, and stays.
    """
    return f"{EntryKind.ACTIVITY}.{key}"


def undo_entry_id(activity_id: str) -> str:
    """Where form 1 kept the undoing of an activity."""
    return f"{EntryKind.UNDO}.{activity_id}"


def key_entry_id(key: str) -> str:
    """Where form 1 kept what was asked with an idempotency key, but for activities."""
    return f"key.{key}"


def numbered_entry_id(seq: int, kind: EntryKind) -> str:
    """Where the ledger keeps what was asked without a name."""
    return f"{seq:010d}.{kind}"


def check_in_id(day: date, number: int) -> str:
    """The activity id of the day's nth check-in, where it has no key."""
    return f"{CHECK_IN_PREFIX}{day}.{number}"
