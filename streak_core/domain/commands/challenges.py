"""Joins a challenge that the policy offers, and leaves one.

It must not know HTTP or storage.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from streak_core.domain.challenge_refusals import (
    ChallengeCompleted,
    ChallengeIsOver,
    ChallengeNotFound,
    TooManyChallenges,
)
from streak_core.domain.challenge_rules import JOINED_MAX
from streak_core.domain.challenges import is_done, is_rewarded, open_challenges, terms_of
from streak_core.domain.commands.base import BaseCommand, BaseContent, Sent
from streak_core.domain.entries import EntryKind, LedgerEntry
from streak_core.domain.joined import Joined, Terms
from streak_core.domain.model import NO_RECORD, DayRecord, Streak

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streak_core.domain.entries import Found
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeJoined(BaseContent):
    """What it asks for and gives, whatever later policies say."""

    kind: ClassVar[EntryKind] = EntryKind.JOIN

    terms: Terms

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Activities that are recorded from now on count for it.

        An earlier one of its name that has a day of it makes way: late activities, or a redo, would complete both.
        """
        del rules
        replaced = frozenset(one.seq for one in streak.settings.challenges if self._takes_the_place_of(one))
        left = _leaving(streak, replaced)
        joined = (*left.settings.challenges, Joined(seq=entry.seq, terms=self.terms))
        return replace(left, settings=replace(left.settings, challenges=joined))

    def _takes_the_place_of(self, one: Joined) -> bool:
        return one.terms.name == self.terms.name and one.terms.until_day >= self.terms.from_day


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeLeft(BaseContent):
    """The number of the entry that joined it."""

    kind: ClassVar[EntryKind] = EntryKind.LEAVE

    of_seq: int

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Nothing counts for it any more, and what did is gone."""
        del entry, rules
        return _leaving(streak, frozenset({self.of_seq}))


def _leaving(streak: Streak, of_seqs: frozenset[int]) -> Streak:
    """Without the challenges that those entries joined, and without what counted for them."""
    if not of_seqs:
        return streak
    left = tuple(one for one in streak.settings.challenges if one.seq not in of_seqs)
    keys, checkpoint = frozenset(map(str, of_seqs)), streak.checkpoint
    tail = {day: _without(record, keys) for day, record in streak.tail.items()}
    return replace(
        streak,
        settings=replace(streak.settings, challenges=left),
        checkpoint=replace(checkpoint, challenges=_others(checkpoint.challenges, keys)),
        tail={day: record for day, record in tail.items() if record != NO_RECORD},
    )


def _without(record: DayRecord, keys: frozenset[str]) -> DayRecord:
    return record._replace(challenges=_others(record.challenges, keys)) if keys & record.challenges.keys() else record


def _others(counts: Mapping[str, int], keys: frozenset[str]) -> Mapping[str, int]:
    return {name: count for name, count in counts.items() if name not in keys} if keys & counts.keys() else counts


@dataclass(frozen=True, kw_only=True, slots=True)
class JoinChallenge(BaseCommand):
    """Join the challenge of that name."""

    name: ClassVar[str] = "join_challenge"
    kind: ClassVar[EntryKind] = EntryKind.JOIN

    challenge: str

    def request(self) -> Sent:
        """Its name."""
        return {"challenge": self.challenge}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ChallengeJoined | None:
        """Joining twice is joining once.

        Raises `ChallengeNotFound`, `ChallengeIsOver`, `ChallengeCompleted`, `TooManyChallenges`.
        """
        del found
        joined, today = open_challenges(state.streak, state.view.today), state.view.today
        if any(one.terms.name == self.challenge for one in joined):
            return None
        challenge = state.policy.challenges.get(self.challenge)
        if challenge is None:
            raise ChallengeNotFound
        if challenge.until < today:
            raise ChallengeIsOver(until=challenge.until)
        if is_rewarded(self.challenge, challenge.from_, state.streak, state.view):
            raise ChallengeCompleted
        if len(joined) >= JOINED_MAX:
            raise TooManyChallenges(most=JOINED_MAX)
        return ChallengeJoined(terms=terms_of(self.challenge, challenge))


@dataclass(frozen=True, kw_only=True, slots=True)
class LeaveChallenge(BaseCommand):
    """Leave the challenge of that name, which is not over."""

    name: ClassVar[str] = "leave_challenge"
    kind: ClassVar[EntryKind] = EntryKind.LEAVE

    challenge: str

    def request(self) -> Sent:
        """Its name."""
        return {"challenge": self.challenge}

    def decide(self, state: UserState, found: Mapping[str, Found]) -> ChallengeLeft | None:
        """Leaving what is not joined, or over, changes nothing. Raises `ChallengeCompleted`."""
        del found
        joined = open_challenges(state.streak, state.view.today)
        one = next((one for one in joined if one.terms.name == self.challenge), None)
        if one is None:
            return None
        if is_done(one, state.view):
            raise ChallengeCompleted
        return ChallengeLeft(of_seq=one.seq)
