"""One user kept in memory who is told things: what waits beside the streak, and the run that looks at it.

Must not know what is right to be told.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.judging_anew import settlement
from streak_core.reminders import due_notices
from streak_core.store.due import DueUser, Settled
from streak_core.store.reminding import NOT_REMINDED, Reminding, after_events, reminding_fields
from testing.pure_user import PureUser

if TYPE_CHECKING:
    from streak_core.domain.decision import Decision
    from streak_core.domain.events import Event
    from streak_core.domain.notices import Notice, NoticeChoices
    from streak_core.domain.policy import Policy
    from streak_core.domain.replay import View
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState

RUN: Final = timedelta(minutes=5)


class ToldUser(PureUser):
    """A user whose reminding fields are kept too; `run` is what the run does with them at a moment."""

    def __init__(self, policy: Policy | Rules) -> None:
        super().__init__(policy)
        self.reminding: Reminding = NOT_REMINDED
        self.plan: datetime | None = None
        # Each with the user as they stood then, and what they wished.
        self.told: list[tuple[Notice, UserState, NoticeChoices | None]] = []
        # The event that each was told of as it was then, since one that is undone and done again has another moment.
        self.events_told: list[Event | None] = []

    def commit(self, decision: Decision) -> None:
        super().commit(decision)
        if decision.entry is None:
            return
        told = dict.fromkeys(decision.retracted) | {one.event_id: one for one in (*decision.settled, *decision.events)}
        self.keep(after_events(self.reminding, decision.streak, decision.view, told), decision.view)

    def maintenance(self, now: datetime) -> None:
        if (settled := self.settled(now)) is not None:
            super().maintenance(now)
            self.keep(settled.planned(), settled.settlement.view)

    def run(self, now: datetime) -> list[Notice]:
        """Tells the user what is due, and answers it."""
        settled = self.settled(now)
        if settled is None:
            return []
        due = due_notices(settled)
        super().maintenance(now)
        self.keep(due.reminding, settled.settlement.view)
        choices = self.streak.settings.notices if self.streak else None
        self.told += [(notice, self.state(now), choices) for notice in due.notices]
        self.events_told += [self.events.get(notice.notice_id) for notice in due.notices]
        return list(due.notices)

    def until(self, now: datetime) -> None:
        """All runs that come before a moment, every five minutes as far as there is something to do."""
        ended = None
        while self.plan is not None:
            at = self.plan + (datetime.min.replace(tzinfo=UTC) - self.plan) % RUN
            if at >= now:
                return
            self.run(at)
            # A run meets a user once more where something has happened just then, and no more.
            assert (at, self.plan) != ended
            ended = at, self.plan

    def settled(self, now: datetime) -> Settled | None:
        if self.streak is None:
            return None
        judged = settlement(self.streak, self.settled_through, self.rules, now, lambda: self.entries)
        user = DueUser(
            user_id="u",
            deadline=self.plan,
            update_time=None,
            streak=self.streak,
            settled_through=self.settled_through,
            reminding=self.reminding,
        )
        return Settled(user=user, settlement=judged)

    def keep(self, reminding: Reminding, view: View) -> None:
        assert self.streak
        self.reminding = reminding
        self.plan = reminding_fields(self.streak, view, reminding).get("remind_at")
