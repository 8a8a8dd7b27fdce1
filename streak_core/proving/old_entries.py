"""Ledgers that begin with entries of form 1: how the state that they led to became the one that later ones build on.

It must not know documents. The state goes the way that the stored one went: through form 1, and what that did not keep.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import Enum, auto
from typing import Final

from streak_core.domain.calendar import sealed_rows
from streak_core.domain.days import ZoneLine, week_start
from streak_core.domain.decision import Decision
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.ledger import advance_to
from streak_core.domain.model import DayJudged, Streak
from streak_core.domain.rules import Rules
from streak_core.store.first_form import DecidedDays, completed
from streak_core.store.forms import to_v1, upgrade, v1
from streak_core.store.forms.to_model import streak_of
from streak_core.store.users import SEALED_DAYS_MAX

# So many days back anything could change for the program before, by the policy that it was shipped with.
_DAYS_BACK: Final = timedelta(days=7)


class LedgerFaultError(Exception):
    """The ledger proves nothing: an entry is missing, or does not fit those before it; the message says which."""


class ThereTwiceError(LedgerFaultError):
    """Two entries have one number."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"entry {seq} is there twice")


class Origin(Enum):
    """Who wrote an entry: the program before, this one while it wrote form 1, or this one since."""

    BEFORE = auto()
    AS_BEFORE = auto()
    NOW = auto()


class OldEntries:
    """Holds what of the entries of form 1 matters once they are over."""

    def __init__(self, rules: Rules, stored_from: date | None) -> None:
        """Has seen none; `stored_from` is the first day of the stored tail."""
        self._rules = rules.standing
        self._stored_from = stored_from
        self._decided = DecidedDays(rules.standing)
        self._last: Origin | None = None
        self._had_old = False
        # The first day of the tail as the program before wrote it last.
        self._old_from: date | None = None

    def before(self, streak: Streak | None, origin: Origin) -> tuple[Streak | None, tuple[DayJudged, ...]]:
        """The state that the next entry builds on, and the days that are decided on the way to it."""
        if self._last is Origin.NOW and origin is not Origin.NOW:
            message = "an entry of form 1 follows one of form 2"
            raise ValueError(message)
        if streak is None or not self.is_form_1 or origin is not Origin.NOW:
            return streak, ()
        read = completed(in_form_1(streak), self._rules, self._decided)
        # Where the stored state is not as far yet, the policy was another one.
        if self._old_from is None or self._stored_from is None or self._stored_from < self._old_from:
            return read, ()
        return sealed_to(read, self._old_from, self._rules)

    def note(self, entry: LedgerEntry, origin: Origin, decision: Decision) -> None:
        """An entry that was carried out."""
        self._last = origin
        if origin is Origin.NOW:
            return
        self._had_old = True
        self._decided.add(sealed_rows(decision.sealed[-SEALED_DAYS_MAX:], self._rules))
        if origin is Origin.BEFORE:
            self._old_from = max(self._old_from or date.min, week_start(entry.today - _DAYS_BACK))

    @property
    def is_form_1(self) -> bool:
        """Whether the last entry, and so the state, is of form 1."""
        return self._last in {Origin.BEFORE, Origin.AS_BEFORE}

    def at_the_end(self, streak: Streak, *, is_migrated: bool) -> tuple[Streak, tuple[DayJudged, ...]]:
        """The state at the end of the ledger, as far on as the stored one, and the days decided by that.

        One that is migrated is of form 2 whatever its last entry is of.
        """
        if not self._had_old:
            return streak, ()
        is_old = self.is_form_1
        streak = completed(in_form_1(streak), self._rules, self._decided) if is_old else streak
        moved, days = sealed_to(streak, self._stored_from or date.min, self._rules)
        return in_form_1(moved) if is_old and not is_migrated else moved, days


def in_form_1(streak: Streak) -> Streak:
    """What form 1 holds of a state."""
    return streak_of(upgrade.streak(v1.STREAK.validate_json(to_v1.streak_text(streak))))


def sealed_to(streak: Streak, next_day: date, rules: Rules) -> tuple[Streak, tuple[DayJudged, ...]]:
    """The state with its tail beginning on that Monday, if that is later and over, and the days decided by that."""
    today = ZoneLine(streak.settings.zones, rules.day_starts).label(streak.updated_at)
    if not week_start(today) >= next_day >= streak.checkpoint.next_day:
        return streak, ()
    return advance_to(streak, rules, next_day)
