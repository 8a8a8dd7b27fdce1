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
        """Activities that are recorded from now on count for it."""
        del rules
        joined = (*streak.settings.challenges, Joined(seq=entry.seq, terms=self.terms))
        return replace(streak, settings=replace(streak.settings, challenges=joined))


@dataclass(frozen=True, kw_only=True, slots=True)
class ChallengeLeft(BaseContent):
    """The number of the entry that joined it."""

    kind: ClassVar[EntryKind] = EntryKind.LEAVE

    of_seq: int

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        """Nothing counts for it any more, and what did is gone."""
        del entry, rules
        left = tuple(one for one in streak.settings.challenges if one.seq != self.of_seq)
        key, checkpoint = str(self.of_seq), streak.checkpoint
        tail = {day: _without(record, key) for day, record in streak.tail.items()}
        return replace(
            streak,
            settings=replace(streak.settings, challenges=left),
            checkpoint=replace(checkpoint, challenges=_others(checkpoint.challenges, key)),
            tail={day: record for day, record in tail.items() if record != NO_RECORD},
        )


def _without(record: DayRecord, key: str) -> DayRecord:
    return record._replace(challenges=_others(record.challenges, key)) if key in record.challenges else record


def _others(counts: Mapping[str, int], key: str) -> Mapping[str, int]:
    return {name: count for name, count in counts.items() if name != key} if key in counts else counts


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
