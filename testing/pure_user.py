"""One user kept in memory: the pure decisions alone, driven by the steps of the scenario tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, assert_never

from streak_core.domain.calendar import sealed_rows
from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.decision import decide
from streak_core.domain.errors import IdempotencyKeyReused
from streak_core.domain.events import settle
from streak_core.domain.state import user_state
from streak_core.responses import activity_response, calendar_response, consistency_response, streak_response
from testing.scenario_commands import command_of
from testing.steps import CommandStep, JobStep, QueryStep, Step, kind_of

if TYPE_CHECKING:
    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.commands import Command
    from streak_core.domain.decision import Decision
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Streak
    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


class PureUser:
    """A user whose documents are attributes; `step` takes one step of a scenario."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.streak: Streak | None = None
        self.settled_through: date | None = None
        self.ledger: dict[str, LedgerEntry] = {}
        self.decided: dict[date, CalendarDay] = {}
        self.events: dict[str, Event] = {}
        self.caused: tuple[Event, ...] = ()

    def state(self, now: datetime) -> UserState:
        return user_state(self.streak, self.settled_through, self.policy, now)

    def commit(self, decision: Decision) -> None:
        self.caused = decision.events
        if decision.entry is None:
            return
        assert decision.entry.entry_id not in self.ledger
        self.ledger[decision.entry.entry_id] = decision.entry
        self.streak = decision.streak
        self.decided |= {row.day: row for row in sealed_rows(decision.sealed, self.policy)}
        for event_id in decision.retracted:
            self.events.pop(event_id, None)
        self.events |= {event.event_id: event for event in (*decision.settled, *decision.events)}
        self.settled_through = date.fromordinal(decision.entry.today.toordinal() - 1)

    def give(self, command: Command, now: datetime) -> Decision:
        """Gives a command without a key."""
        command.check(self.policy)
        decision = decide(self.state(now), command, self.ledger)
        self.commit(decision)
        return decision

    def step(self, step: Step) -> Any:
        now = datetime.fromisoformat(step["at"])
        match kind_of(step):
            case CommandStep.RECORD:
                return self.record(step, now)
            case CommandStep():
                self.give(command_of(step), now)
                return None
            case QueryStep() as question:
                return self.ask(question, step, now)
            case JobStep():
                return self.maintenance(now)
            case never:
                assert_never(never)

    def ask(self, question: QueryStep, step: Step, now: datetime) -> Any:
        state = self.state(now)
        match question:
            case QueryStep.STREAK:
                return streak_response("u", state.view, self.streak, self.policy)
            case QueryStep.CALENDAR:
                return calendar_response(state.view, self.decided, self.policy, step["days"])["days"]
            case QueryStep.CONSISTENCY:
                return consistency_response(state.view, state.streak, self.policy)
            case never:
                assert_never(never)

    def record(self, step: Step, now: datetime) -> Any:
        command = command_of(step)
        known = self.ledger.get(command.entry_id(None) or "")
        if known is None:
            known = self.give(command, now).entry
        assert known
        assert isinstance(known.content, ActivityRecorded)
        if known.content.sent != command.request():
            command.check(self.policy)
            raise IdempotencyKeyReused
        return activity_response(known.content.activity)

    def maintenance(self, now: datetime) -> None:
        if self.streak is None:
            return
        settlement = settle(self.streak, self.settled_through, self.policy, now)
        self.settled_through = max(settlement.settled_through, self.settled_through or date.min)
        self.events |= {event.event_id: event for event in settlement.events}
