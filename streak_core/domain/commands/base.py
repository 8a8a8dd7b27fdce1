"""What all commands have in common, and all contents of ledger entries.

It must not know any single command.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Final

from streak_core.domain.entries import key_entry_id, named_entry_id
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.refusals import IdempotencyKeyReused, ReasonRequired

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.commands import Content
    from streak_core.domain.entries import EntryKind, Found, LedgerEntry
    from streak_core.domain.errors import StreakError
    from streak_core.domain.model import Streak
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState
    from streak_core.domain.zone_statements import ZoneSaid

# What a client sent, as JSON has it.
Sent = dict[str, object]

REASON_LENGTH_MAX: Final = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class AlreadyRecorded:
    """The outcome of a command that was carried out before, under a name that only the decision could know."""

    entry_id: str
    # What it says of the zone all the same.
    zone: ZoneSaid | None = None


def check_reason(reason: str) -> None:
    """Why an operator does something, for whoever reads the ledger. Raises `ReasonRequired`, `Malformed`."""
    if not reason.strip():
        raise ReasonRequired
    if len(reason) > REASON_LENGTH_MAX:
        raise Malformed(FieldError("reason", f"must have at most {REASON_LENGTH_MAX} characters"))


class BaseCommand:
    """What a client asks for. A command is plain data; deciding is pure."""

    __slots__ = ()

    # As scenarios, the contract (`x-command`) and the logs call it.
    name: ClassVar[str]
    # The kind of the entry that it leads to.
    kind: ClassVar[EntryKind]

    def check(self, rules: Rules) -> None:
        """Raises `Malformed` for what no state, and no policy, makes right; asked before the command is decided."""

    def request(self) -> Sent:
        """The content as sent: what tells the same command from another one."""
        return {}

    def reads(self) -> tuple[str, ...]:
        """The ids of the ledger entries that `decide` needs."""
        return ()

    def entry_id(self, key: str | None) -> str | None:
        """The ledger entry that shows that this very command was carried out; None where it has no name."""
        return None if key is None else named_entry_id(key)

    def names(self, key: str | None) -> tuple[str, ...]:
        """Every entry that may show that; form 1 had keys elsewhere."""
        return () if key is None else (named_entry_id(key), key_entry_id(key))

    def given_otherwise(self) -> StreakError:
        """The refusal where what has its name in the ledger is another command, or has another content."""
        return IdempotencyKeyReused()

    @abstractmethod
    def decide(self, state: UserState, found: Mapping[str, Found]) -> Content | AlreadyRecorded | None:
        """What is to be carried out; None where nothing changes. Raises the refusals of the command.

        `found` has those entries of `reads` that there are.
        """


@dataclass(frozen=True, kw_only=True, slots=True)
class CommandForAReason(BaseCommand):
    """What an operator does of which nothing but the reason is said."""

    reason: str

    def check(self, rules: Rules) -> None:
        """Raises `ReasonRequired`."""
        del rules
        check_reason(self.reason)

    def request(self) -> Sent:
        """The reason."""
        return {"reason": self.reason}


class BaseContent:
    """What a ledger entry says of its command: the effect is a function of it, the state and the rules alone."""

    __slots__ = ()

    kind: ClassVar[EntryKind]
    # Whether it only keeps a key, and so is no command that came in between others.
    is_a_note: ClassVar[bool] = False
    # Whether milestones that the streak has come to by it are told; else they count as told.
    tells_milestones: ClassVar[bool] = True

    @property
    def occurred_at(self) -> datetime | None:
        """When the activity occurred that it recorded (UTC); None for all else."""
        return None

    @property
    def marks(self) -> tuple[str, bool] | None:
        """The entry of an activity that is undone by it (True) or no longer (False); None where it marks none."""
        return None

    @abstractmethod
    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """The streak with the command applied; it refuses nothing."""

    def own_entry_id(self) -> str | None:
        """The entry's id where the content itself gives it; None where a key or its number does."""
        return None

    def day_of(self, entry: LedgerEntry) -> date:
        """The streak day that it is about."""
        return entry.today
