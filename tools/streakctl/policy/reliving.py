"""Lives a ledger once more under other rules: what the same user, doing the same things, would have come to.

It must not know documents or other users. From a label on, activities are decided anew, as if they were sent then;
everything else is carried out as it was accepted. What the rules would have refused has no effect, and is counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from streak_core.domain.commands import ActivityRecorded, ActivityRedone, ActivityUndone, Content, RecordActivity
from streak_core.domain.decision import carry_out
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.errors import StreakError
from streak_core.domain.first_zone import day_of
from streak_core.domain.model import Activity, DayJudged, Numbered, Streak
from streak_core.domain.policy import Policy
from streak_core.domain.replay import View
from streak_core.domain.rules import PolicyInTime, Rules
from streak_core.domain.state import UserState, user_state

# What a content that the rules of before accepted can meet in a life that went otherwise.
_UNFIT: Final = (LookupError, ValueError, TypeError, ArithmeticError, StreakError)


def candidate_rules(rules: Rules, policy: Policy, since: date) -> Rules:
    """The rules as if that policy had been in force since that label, and everybody had always known of it."""
    before = tuple(one for one in rules.standing.policies if one.effective_from < since)
    number = max(one.number for one in rules.policies) + 1
    return Rules((*before, PolicyInTime(number=number, effective_from=since, policy=policy)), rules.amnesties)


@dataclass
class Reliving:
    """One user's life under `rules`; activities of `since` and later are decided anew."""

    rules: Rules
    since: date
    # The verdict of each day from `since` on; only where somebody asks for them.
    verdicts: dict[date, str] | None = None
    streak: Streak | None = None
    refused: int = 0
    # By their ids, the activities that were decided anew; None for those that would have been refused.
    _anew: dict[str, Activity | None] = field(default_factory=dict)

    def take(self, entry: LedgerEntry) -> None:
        """The next entry of the ledger."""
        state = user_state(self.streak, None, self.rules, entry.at)
        try:
            content = self._content(state, entry)
            if content is None or (self.streak and content.day_of(entry) < self.streak.checkpoint.next_day):
                self.refused += 1
                return
            today, zone = state.view.today, state.view.zone_line.time_zone
            decision = carry_out(state, replace(entry, content=content, today=today, time_zone=zone))
        except _UNFIT:
            self.refused += 1
            return
        self.streak = decision.streak
        self._note(decision.sealed)

    def view(self, now: datetime) -> View:
        """How the user stands at last."""
        view = user_state(self.streak, None, self.rules, now).view
        self._note(view.days)
        return view

    def _note(self, days: Iterable[DayJudged]) -> None:
        if self.verdicts is not None:
            self.verdicts |= {one.day: one.verdict.value for one in days if one.day >= self.since}

    def _content(self, state: UserState, entry: LedgerEntry) -> Content | None:
        content = entry.content
        if isinstance(content, ActivityRecorded) and entry.today >= self.since and content.sent:
            return self._decided_anew(state, content)
        if isinstance(content, ActivityUndone | ActivityRedone) and content.activity.activity_id in self._anew:
            anew = self._anew[content.activity.activity_id]
            if anew is None:
                return None
            lies = day_of(state.streak, Numbered(activity=anew, seq=content.of_seq), state.rules.day_starts)
            return replace(content, activity=replace(anew, day=lies))
        return content

    def _decided_anew(self, state: UserState, content: ActivityRecorded) -> ActivityRecorded | None:
        sent, activity = content.sent, content.activity
        occurred, metadata, zone = sent.get("occurred_at"), sent.get("metadata"), sent.get("time_zone")
        command = RecordActivity(
            activity_id=activity.activity_id,
            activity_type=activity.activity_type,
            metadata=metadata if isinstance(metadata, dict) else {},
            occurred_at=datetime.fromisoformat(occurred) if isinstance(occurred, str) else None,
            time_zone=zone if isinstance(zone, str) else None,
            is_check_in=activity.is_check_in,
        )
        try:
            anew = command.decide(state, {})
        except StreakError:
            self._anew[activity.activity_id] = None
            return None
        self._anew[activity.activity_id] = anew.activity
        return anew
