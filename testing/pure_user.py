"""One user kept in memory: the pure decisions alone, driven by the steps of the scenario tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, assert_never

from streak_core.achievements_response import achievements_response
from streak_core.challenges_response import challenges_response
from streak_core.domain.calendar import sealed_rows
from streak_core.domain.commands import ActivityRecorded, CheckIn, NothingChanged
from streak_core.domain.decision import decide
from streak_core.domain.entries import Found
from streak_core.domain.judging_anew import settlement, standing
from streak_core.domain.model import Numbered
from streak_core.domain.offers import offers
from streak_core.domain.refusals import ActivityIsUndone
from streak_core.domain.rules import Rules, always
from streak_core.explained import explain_response
from streak_core.leaderboard_response import seat_response
from streak_core.responses import (
    calendar_response,
    command_response,
    consistency_response,
    offers_response,
    pauses_response,
    streak_response,
)
from testing.scenario_commands import actor_of, command_of
from testing.steps import CommandStep, JobStep, QueryStep, Step, kind_of

if TYPE_CHECKING:
    from datetime import date

    from streak_core.domain.actor import Actor
    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.commands import Command
    from streak_core.domain.decision import Decision
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Activity, Streak
    from streak_core.domain.policy import Policy
    from streak_core.domain.state import UserState


class PureUser:
    """A user whose documents are attributes; `step` takes one step of a scenario."""

    def __init__(self, policy: Policy | Rules) -> None:
        self.rules = policy if isinstance(policy, Rules) else always(policy)
        self.streak: Streak | None = None
        self.settled_through: date | None = None
        self.ledger: dict[str, Found] = {}
        # What was asked under the name of an entry, and what was answered.
        self.exchanges: dict[str, tuple[str, Any, Any]] = {}
        self.decided: dict[date, CalendarDay] = {}
        self.events: dict[str, Event] = {}
        self.caused: tuple[Event, ...] = ()

    @property
    def entries(self) -> list[LedgerEntry]:
        """The ledger in the order in which it was written."""
        return sorted((one.entry for one in self.ledger.values()), key=lambda entry: entry.seq)

    def recorded(self) -> tuple[Numbered, ...]:
        """The activities that are not undone."""
        return tuple(
            Numbered(activity=one.entry.content.activity, seq=one.entry.seq)
            for one in self.ledger.values()
            if isinstance(one.entry.content, ActivityRecorded) and not one.undone
        )

    def state(self, now: datetime) -> UserState:
        recorded = self.recorded()
        state = standing(self.streak, self.settled_through, self.rules, now, lambda: self.entries, recorded=recorded)
        anew = {row.day: row for row in sealed_rows(state.decided_anew, state.rules)}
        return replace(state, decided=tuple({**self.decided, **anew}.values()))

    def commit(self, decision: Decision) -> None:
        self.caused = decision.events
        if decision.entry is None:
            return
        assert decision.entry.entry_id not in self.ledger
        self.ledger[decision.entry.entry_id] = Found(entry=decision.entry)
        if marks := decision.entry.content.marks:
            self.ledger[marks[0]] = Found(entry=self.ledger[marks[0]].entry, undone=marks[1])
        self.streak = decision.streak
        self.decided |= {row.day: row for row in sealed_rows(decision.sealed, decision.view.rules)}
        for event_id in decision.retracted:
            self.events.pop(event_id, None)
        self.events |= {event.event_id: event for event in (*decision.settled, *decision.events)}
        self.settled_through = decision.settled_through

    def give(self, command: Command, now: datetime, key: str | None = None, actor: Actor | None = None) -> Decision:
        """Gives a command that was not given before under that key, or lets an actor give it."""
        command.check(self.rules)
        decision = decide(self.state(now), command, self.ledger, key=key, actor=actor)
        self.commit(decision)
        return decision

    def step(self, step: Step) -> Any:
        now = datetime.fromisoformat(step["at"])
        match kind_of(step):
            case CommandStep() as do:
                answer = self.ask(command_of(self._named(step, now)), now, step.get("key"), actor_of(step))
                return answer["activity"] if do is CommandStep.RECORD else answer
            case QueryStep() as question:
                return self.query(question, step, now)
            case JobStep():
                return self.maintenance(now)
            case never:
                assert_never(never)

    def _named(self, step: Step, now: datetime) -> Step:
        """The step with the id of the pause that it ends, of which tables say the first day."""
        if step["do"] != CommandStep.END_PAUSE or "pause_id" in step:
            return step
        pauses = self.query(QueryStep.PAUSES, step, now)["pauses"]
        return {**step, "pause_id": next((one["pause_id"] for one in pauses if one["from"] == step["from"]), "none")}

    def ask(self, command: Command, now: datetime, key: str | None = None, actor: Actor | None = None) -> Any:
        """The answer to a command, the first one again where it was given before under its name."""
        name = command.entry_id(key)
        if name in self.exchanges:
            return self._repeated(name, command, now)
        decision = self.give(command, now, key, actor)
        answer = command_response("u", command, decision, self._activity_of(decision.repeats))
        if decision.entry:
            self.exchanges[decision.entry.entry_id] = (command.name, command.request(), answer)
        return answer

    def _repeated(self, name: str, command: Command, now: datetime) -> Any:
        asked_by, request, answer = self.exchanges[name]
        if (asked_by, request) != (command.name, command.request()):
            command.check(self.rules)
            raise command.given_otherwise()
        content = self.ledger[name].entry.content
        of_activity = content.repeats if isinstance(content, NothingChanged) and content.repeats else name
        if self.ledger[of_activity].undone:
            raise ActivityIsUndone(activity_id=of_activity)
        return {**answer, "streak": self.query(QueryStep.STREAK, {}, now)} if isinstance(command, CheckIn) else answer

    def _activity_of(self, entry_id: str | None) -> Activity | None:
        content = self.ledger[entry_id].entry.content if entry_id else None
        assert not isinstance(content, NothingChanged)
        return content.activity if isinstance(content, ActivityRecorded) else None

    def query(self, question: QueryStep, step: Step, now: datetime) -> Any:
        state = self.state(now)
        match question:
            case QueryStep.STREAK:
                streak = streak_response("u", state.view, state.streak)
                return {**streak, **offers_response(offers(state))}
            case QueryStep.OFFERS:
                return offers_response(offers(state))["offers"]
            case QueryStep.PAUSES:
                return pauses_response(state.streak, state.view.today)
            case QueryStep.EXPLAIN:
                return explain_response(state.view, state.streak, step["days"])["days"]
            case QueryStep.CALENDAR:
                anew = {row.day: row for row in sealed_rows(state.decided_anew, state.rules)}
                return calendar_response(state.view, {**self.decided, **anew}, step["days"])["days"]
            case QueryStep.CONSISTENCY:
                return consistency_response(state.view, state.streak)
            case QueryStep.ACHIEVEMENTS:
                return achievements_response(state)["achievements"]
            case QueryStep.CHALLENGES:
                return challenges_response(state)["challenges"]
            case QueryStep.SEAT:
                return seat_response(state.streak, state.view)
            case never:
                assert_never(never)

    def maintenance(self, now: datetime) -> None:
        if self.streak is None:
            return
        settled = settlement(self.streak, self.settled_through, self.rules, now, lambda: self.entries)
        earliest = settled.settled_through
        self.settled_through = max(earliest, self.settled_through or earliest)
        self.events |= {event.event_id: event for event in settled.events}
        self.streak = settled.judged_anew or self.streak
        self.decided |= {row.day: row for row in sealed_rows(settled.decided, self.rules)}
