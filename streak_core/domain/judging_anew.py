"""Judges a user anew where the list of amnesties has changed: the open days, what is decided, and what is told of it.

It must not know storage or HTTP. What was decided for good is built up from the ledger again, entry by entry, as if the
amnesties known now had always been; what was told in the meantime stays told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from streak_core.domain.days import ONE_DAY, ZONES_APART_MAX, ZoneLine
from streak_core.domain.decision import carry_out
from streak_core.domain.events import amnesty_events, time_events
from streak_core.domain.ledger import advance, edit, fresh
from streak_core.domain.replay import View, replay
from streak_core.domain.settlement import Settlement, settle
from streak_core.domain.state import UserState, user_state

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import DayJudged, Numbered, Streak, ToldMilestones
    from streak_core.domain.rules import Rules

    # A user's ledger in the order of `seq`; it is read only where decided days are to be judged anew.
    Ledger = Callable[[], Iterable[LedgerEntry]]
    # The same gone through, by the rules that are handed in.
    Lived = Callable[[Rules], "History"]


@dataclass(frozen=True, kw_only=True)
class UpToDate:
    """A user as the amnesties known now have it, and what that changes."""

    streak: Streak
    settled_through: date | None
    # What the changes of the list, and time before them, brought and nobody has written down yet.
    events: tuple[Event, ...] = ()
    # Decided days that have another verdict now.
    decided: tuple[DayJudged, ...] = ()
    # Whether decided days stay as they are although they would be otherwise: the ledger does not prove the user.
    is_unproved: bool = False


def is_outdated(streak: Streak, rules: Rules) -> bool:
    """Whether days were decided for good by other amnesties than those that these rules have."""
    first = streak.checkpoint.first_counted_day
    if first is None or rules.revision <= streak.amnesties:
        return False
    begun = datetime.combine(first, time(), UTC) - ZONES_APART_MAX
    ended = ZoneLine(streak.settings.zones, rules.standing.day_starts).starts_at(streak.checkpoint.next_day)
    by_then, now = rules.as_of(streak.amnesties), rules
    was, is_now = ([stretch for stretch in one.excused_before(ended) if stretch[1] > begun] for one in (by_then, now))
    return was != is_now


def up_to_date(streak: Streak, settled_through: date | None, rules: Rules, now: datetime, ledger: Ledger) -> UpToDate:
    """The user judged by the amnesties that are known now, whatever was known at the last command."""
    return _up_to_date(streak, settled_through, rules, now, lambda before: _lived(streak, ledger(), before))


def _lived(streak: Streak, entries: Iterable[LedgerEntry], rules: Rules) -> History:
    """The ledger up to the last command of that state."""
    return _gone_through((entry for entry in entries if entry.seq <= streak.seq), rules)


def _up_to_date(streak: Streak, settled_through: date | None, rules: Rules, now: datetime, lived: Lived) -> UpToDate:
    if rules.revision <= streak.amnesties:
        return UpToDate(streak=streak, settled_through=settled_through)
    account = _Account(streak, lived)
    events: list[Event] = []
    for number in range(streak.amnesties + 1, rules.revision + 1):
        at = min(max(rules.changed_at(number) or streak.updated_at, streak.updated_at), max(now, streak.updated_at))
        before, after = rules.as_of(number - 1), rules.as_of(number)
        if before.excused_before(at) == after.excused_before(at):
            account.skip(number)
            continue
        account.look_back(before, after)
        were, view_before = account.seen(before, at)
        events += time_events(view_before, settled_through)
        yesterday = view_before.today - ONE_DAY
        settled_through = max(yesterday, settled_through or yesterday)
        account.judge(after)
        are, view = account.seen(after, at)
        events += amnesty_events(number, (were, are), view)
    return UpToDate(
        streak=account.streak,
        settled_through=settled_through,
        events=tuple(events),
        decided=account.changed(),
        is_unproved=account.is_unproved,
    )


class _Account:
    """One user on the way through the changes of the list: the state, and all decided days once they are needed."""

    def __init__(self, streak: Streak, lived: Lived) -> None:
        self.streak = streak
        self._lived = lived
        self._history: History | None = None
        # As they were at the beginning, and as they are by now.
        self._first: tuple[DayJudged, ...] = ()
        self._decided: tuple[DayJudged, ...] = ()
        self.is_unproved = False

    def skip(self, number: int) -> None:
        """That change concerns no day that is over."""
        self.streak = replace(self.streak, amnesties=number)

    def look_back(self, before: Rules, after: Rules) -> None:
        """Reads the ledger where the change concerns days that are decided."""
        if self._history or self.is_unproved or not is_outdated(self.streak, after):
            return
        history = self._lived(before)
        same = history.streak and replace(history.streak, rate=self.streak.rate, amnesties=self.streak.amnesties)
        if same != self.streak:
            # Nothing is built up from what does not lead to what there is.
            self.is_unproved = True
            return
        self._history = history
        self._first = self._decided = history.judged_anew(before)[1]

    def seen(self, rules: Rules, at: datetime) -> tuple[Sequence[DayJudged], View]:
        """The days that are over at a moment, and the whole view."""
        view = replay(self.streak, rules, at)
        return (*self._decided, *view.days[:-1]), view

    def judge(self, after: Rules) -> None:
        """Goes on to the next list."""
        judged = None
        if self._history and is_outdated(self.streak, after):
            judged, self._decided = self._history.judged_anew(after)
        if judged is None:
            self.skip(after.revision)
            return
        # The pace is no part of the ledger.
        self.streak = replace(judged, rate=self.streak.rate)

    def changed(self) -> tuple[DayJudged, ...]:
        """The decided days that have another verdict than at the beginning."""
        before = {judged.day: judged.verdict for judged in self._first}
        return tuple(judged for judged in self._decided if before.get(judged.day) is not judged.verdict)


class History:
    """Goes through a ledger as it was lived: each command by the amnesties that were known to whoever decided it."""

    def __init__(self, rules: Rules) -> None:
        """Begins with nothing."""
        self._rules = rules
        # The entries so far, each with what was told of milestones by then, and the achievements earned by then.
        self._taken: list[tuple[LedgerEntry, tuple[ToldMilestones, ...], Mapping[str, datetime]]] = []
        self.streak: Streak | None = None

    def take(self, entry: LedgerEntry) -> None:
        """Carries the next entry out as its command was."""
        rules = self._rules.as_of(entry.amnesties)
        known = _up_to_date(self.streak, None, rules, entry.at, self._known_by).streak if self.streak else None
        # What of it was told in between is no part of the state.
        decision = carry_out(user_state(known, None, rules, entry.at), entry)
        self.streak = decision.streak
        self._taken.append((entry, decision.told, decision.streak.earned))

    def _known_by(self, rules: Rules) -> History:
        """The same entries where no later amnesties are known: this very history, where none of them knew of any."""
        if all(entry.amnesties <= rules.revision for entry, *_ in self._taken):
            return self
        return _gone_through((entry for entry, *_ in self._taken), rules)

    def judged_anew(self, rules: Rules) -> tuple[Streak | None, tuple[DayJudged, ...]]:
        """The state as if these amnesties had always been, and every day that it has decided.

        What was told of milestones is as it was told then, and what was earned stays so.
        """
        anew: Streak | None = None
        decided: list[DayJudged] = []
        for entry, told, earned in self._taken:
            start = anew or replace(fresh(entry.at, rules.known_at(entry.at)), amnesties=rules.revision)
            edited = edit(start, entry, rules.known_at(entry.at))
            edited = replace(edited, told=told, earned=earned, amnesties=rules.revision)
            anew, sealed = advance(edited, rules)
            decided += sealed
        return anew, tuple(decided)


def _gone_through(entries: Iterable[LedgerEntry], rules: Rules) -> History:
    history = History(rules)
    for entry in entries:
        history.take(entry)
    return history


def judged_anew(entries: Iterable[LedgerEntry], rules: Rules) -> tuple[Streak | None, tuple[DayJudged, ...]]:
    """The state that a ledger leads to, as if these amnesties had always been, and every day that it has decided."""
    return _gone_through(entries, rules).judged_anew(rules)


def rebuild(entries: Iterable[LedgerEntry], rules: Rules) -> Streak | None:
    """The state that a ledger, ordered by `seq`, leads to from nothing; None for an empty one."""
    return _gone_through(entries, rules).streak


def standing(  # noqa: PLR0913 - what `user_state` takes, and the ledger
    streak: Streak | None,
    settled_through: date | None,
    rules: Rules,
    now: datetime,
    ledger: Ledger,
    *,
    instead_of_unknown: str | None = None,
    recorded: tuple[Numbered, ...] = (),
) -> UserState:
    """How a user stands at `now`, judged by the amnesties that are known now. Raises as `user_state` does."""
    judged = up_to_date(streak, settled_through, rules, now, ledger) if streak else None
    state = user_state(
        judged.streak if judged else None,
        judged.settled_through if judged else settled_through,
        rules,
        now,
        instead_of_unknown=instead_of_unknown,
        recorded=recorded,
    )
    return replace(state, told_anew=judged.events, decided_anew=judged.decided) if judged else state


def settlement(streak: Streak, settled_through: date | None, rules: Rules, now: datetime, ledger: Ledger) -> Settlement:
    """What time, and the changes of the list of amnesties, have decided of the user up to `now`."""
    judged = up_to_date(streak, settled_through, rules, now, ledger)
    settled = settle(judged.streak, judged.settled_through, rules, now)
    if judged.streak is streak:
        return settled
    return replace(
        settled,
        events=(*judged.events, *settled.events),
        judged_anew=judged.streak,
        decided=judged.decided,
        is_unproved=judged.is_unproved,
    )
