"""The policies in time: which one is in force on a label, and from when on everybody knows of one.

It must not know any user, nor where policies are kept. The same list gives the same rules for a moment everywhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import ONE_DAY, ONE_WEEK, DayStarts, week_start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streak_core.domain.policy import Policy

# So long after it was published a policy counts for what is told ahead and for what is kept: by then every process has
# read it, so that all of them, and a later proof, say the same of the time in between.
KNOWN_AFTER: Final = timedelta(minutes=10)
ALWAYS: Final = date.min
NEVER: Final = date.max


@dataclass(frozen=True, kw_only=True)
class PolicyInTime:
    """A policy, and the label from which on it is in force. Number 0 is the one that is shipped or configured."""

    number: int
    effective_from: date
    policy: Policy
    text: str = ""
    # None for number 0, as what it holds by; both in UTC.
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    by: str = ""
    reason: str = ""

    def is_known(self, at: datetime) -> bool:
        """Whether it counts at a moment."""
        if self.withdrawn_at is not None and at >= self.withdrawn_at + KNOWN_AFTER:
            return False
        return self.published_at is None or at >= self.published_at + KNOWN_AFTER


@dataclass(frozen=True, kw_only=True, slots=True)
class Amnesty:
    """A stretch of time (UTC) that everybody is excused from."""

    amnesty_id: str
    from_instant: datetime
    until: datetime
    reason: str
    # Which change of the list declared it, when and by whom; 0 for one that always was there.
    number: int = 0
    declared_at: datetime | None = None
    by: str = ""
    # Withdrawn, it ends there: what it had begun to excuse by then stays excused, since everybody was told so.
    withdrawn_at: datetime | None = None
    withdrawn_number: int | None = None

    @property
    def ends(self) -> datetime:
        """When it ends, withdrawn or not; not after its beginning where it never began."""
        return self.until if self.withdrawn_at is None else min(self.until, self.withdrawn_at)

    def as_of(self, revision: int) -> Amnesty:
        """As it was known when the list had only so many changes."""
        if self.withdrawn_number is None or self.withdrawn_number <= revision:
            return self
        return replace(self, withdrawn_at=None, withdrawn_number=None)


@dataclass(frozen=True)
class Rules:
    """Every policy that is in force at some time, number 0 first, and what everybody is excused from."""

    policies: tuple[PolicyInTime, ...]
    # Those that were declared by themselves; a policy's own windows excuse from the days on which it is in force.
    amnesties: tuple[Amnesty, ...] = ()
    _known: dict[tuple[int, ...], Rules] = field(default_factory=dict, init=False, repr=False, compare=False)
    _as_of: dict[int, Rules] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def fingerprint(self) -> str:
        """The same for the same policies and amnesties, in every process."""
        told = [(one.number, one.effective_from, one.withdrawn_at, repr(one.policy)) for one in self.policies]
        return hashlib.sha256(repr((told, self.amnesties)).encode()).hexdigest()

    @cached_property
    def in_time(self) -> tuple[PolicyInTime, ...]:
        """In the order in which they come into force; of several on one label the one published last holds."""
        return tuple(sorted(self.policies, key=lambda one: (one.effective_from, one.number)))

    @cached_property
    def _newest(self) -> tuple[date, Policy]:
        return self.in_time[-1].effective_from, self.in_time[-1].policy

    @cached_property
    def _newest_shortest_day(self) -> timedelta:
        return timedelta(hours=self._newest[1].days.shortest_day_hours)

    @cached_property
    def _all_known_from(self) -> datetime | None:
        """The moment from which on nothing becomes known any more; None where that always was so."""
        told = [one.published_at for one in self.policies] + [one.withdrawn_at for one in self.policies]
        return max((at + KNOWN_AFTER for at in told if at), default=None)

    def known_at(self, at: datetime) -> Rules:
        """The rules as everybody knows them at a moment."""
        if self._all_known_from is None:
            return self
        known = tuple(one for one in self.policies if one.is_known(at))
        if len(known) == len(self.policies):
            return self
        numbers = tuple(one.number for one in known)
        if numbers not in self._known:
            self._known[numbers] = Rules(known, self.amnesties)
        return self._known[numbers]

    @cached_property
    def standing(self) -> Rules:
        """Without those that were withdrawn, which are in force on no label: what days that are over go by."""
        if all(one.withdrawn_at is None for one in self.policies):
            return self
        return Rules(tuple(one for one in self.policies if one.withdrawn_at is None), self.amnesties)

    def in_force(self, label: date) -> PolicyInTime:
        """The policy that is in force on a label, with its number."""
        return next(one for one in reversed(self.in_time) if one.effective_from <= label)

    def on(self, label: date) -> Policy:
        """The policy that is in force on a label."""
        since, policy = self._newest
        return policy if label >= since else self.in_force(label).policy

    def stretch(self, label: date) -> tuple[Policy, date]:
        """The policy that is in force on a label, and the first label on which the next one is."""
        since, policy = self._newest
        if label >= since:
            return policy, NEVER
        return self.on(label), next(one.effective_from for one in self.in_time if one.effective_from > label)

    def up_to(self, label: date) -> list[tuple[date, Policy]]:
        """Each policy that was in force on a label up to this one, the first one first, with its first label."""
        return [(since, policy) for since, _, policy in self._stretches() if since <= label]

    def after(self, label: date) -> PolicyInTime | None:
        """The policy that comes into force next after a label."""
        return next((one for one in self.in_time if one.effective_from > label), None)

    @cached_property
    def revision(self) -> int:
        """How many changes there were of the list of amnesties: what was judged says by which of them."""
        numbers = [one.number for one in self.amnesties]
        withdrawn = [one.withdrawn_number for one in self.amnesties if one.withdrawn_number is not None]
        return max((*numbers, *withdrawn), default=0)

    def as_of(self, revision: int) -> Rules:
        """The rules as they were when the list of amnesties had only so many changes."""
        if revision >= self.revision:
            return self
        if revision not in self._as_of:
            then = tuple(one.as_of(revision) for one in self.amnesties if one.number <= revision)
            self._as_of[revision] = Rules(self.policies, then)
        return self._as_of[revision]

    def changed_at(self, number: int) -> datetime | None:
        """When that change of the list was made; None for one that this list does not know."""
        for one in self.amnesties:
            if one.number == number:
                return one.declared_at
            if one.withdrawn_number == number:
                return one.withdrawn_at
        return None

    @cached_property
    def _excusing(self) -> tuple[Amnesty, ...]:
        """The amnesties that excuse anybody from anything."""
        return tuple(one for one in self.amnesties if one.from_instant < one.ends)

    def excused_before(self, instant: datetime) -> tuple[tuple[datetime, datetime], ...]:
        """The stretches before an instant that everybody is excused from by what was declared."""
        return tuple(
            sorted((one.from_instant, min(one.ends, instant)) for one in self._excusing if one.from_instant < instant)
        )

    def excuses_after(self, instant: datetime) -> bool:
        """Whether anything that was declared excuses anybody from anything after an instant."""
        return any(one.ends > instant for one in self._excusing)

    @cached_property
    def excuses_anybody(self) -> bool:
        """Whether there is any amnesty at all."""
        return bool(self._excusing) or any(one.policy.protected_windows for one in self.policies)

    @cached_property
    def without_amnesties(self) -> Rules:
        """The same policies, as if nothing had ever been declared."""
        return Rules(self.policies)

    def amnesties_on(self, label: date) -> tuple[Amnesty, ...]:
        """What may excuse everybody from the day of that label."""
        windows = self.on(label).protected_windows
        if not windows:
            return self._excusing
        own = (
            Amnesty(amnesty_id=f"window-{place}", from_instant=one.from_, until=one.until, reason=one.reason)
            for place, one in enumerate(windows)
        )
        return (*own, *self._excusing)

    def shortest_day(self, label: date) -> timedelta:
        """How long a day must last in its zone to ask for an activity; no length is enough where it loses its end."""
        if label >= self._newest[0]:
            return self._newest_shortest_day
        if label in self.day_starts.days_cut_short:
            return timedelta.max
        return timedelta(hours=self.on(label).days.shortest_day_hours)

    @cached_property
    def day_starts(self) -> DayStarts:
        """At which hour the days of the labels begin."""
        return DayStarts(tuple((one.effective_from, one.policy.days.day_start_hour) for one in self.in_time))

    def days_back_max(self, today: date) -> int:
        """How many labels back anything may still change, today or under a policy that is to come."""
        if today >= self._newest[0]:
            return self._newest[1].days_back_max
        return max(policy.days_back_max for _, until, policy in self._stretches() if until is None or until > today)

    def tail_start(self, today: date) -> date:
        """The Monday that a tail reaches back to: the week of the latest activity that may still change is whole."""
        return week_start(today - timedelta(days=self.days_back_max(today)))

    def leaves_tail_on(self, day: date, today: date) -> date:
        """The first label from today on, on which a tail begins after that day."""
        following = week_start(day) + ONE_WEEK
        return self.first_beyond(following - ONE_DAY, today, lambda policy: policy.days_back_max, also_later=True)

    def first_beyond(self, day: date, today: date, days: Callable[[Policy], int], *, also_later: bool = False) -> date:
        """The first label from today on that lies more than so many days, by the policy in force on it, after a day.

        `also_later`: by the most that this policy or one to come allows.
        """
        most = 0
        found: date | None = None
        for since, until, policy in reversed(list(self._stretches())):
            most = max(most, days(policy)) if also_later else days(policy)
            first = max(since, today, day + timedelta(days=most) + ONE_DAY)
            if until is None or first < until:
                found = first if found is None else min(found, first)
        if found is None:  # pragma: no cover - the last policy holds for ever
            raise AssertionError
        return found

    def _stretches(self) -> Iterator[tuple[date, date | None, Policy]]:
        """Each policy with the first label that it is in force on, and the first one after those."""
        for one, following in zip(self.in_time, (*self.in_time[1:], None), strict=True):
            until = following.effective_from if following else None
            if until is None or until > one.effective_from:
                yield one.effective_from, until, one.policy


def always(policy: Policy, text: str = "") -> Rules:
    """The rules where only number 0 was ever in force."""
    return Rules((PolicyInTime(number=0, effective_from=ALWAYS, policy=policy, text=text),))
