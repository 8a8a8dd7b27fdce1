"""One user kept in memory: the pure decisions alone, driven by the steps of the scenario tables."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from streak_core.domain.calendar import sealed_rows
from streak_core.domain.commands import catalogue
from streak_core.domain.commands.protect import PauseStreak
from streak_core.domain.commands.record import RecordActivity, check_in_today
from streak_core.domain.commands.settings import ChangeSettings
from streak_core.domain.decision import user_state
from streak_core.domain.errors import IdempotencyKeyReused
from streak_core.domain.events import settle
from streak_core.responses import activity_response, calendar_response, consistency_response, streak_response

if TYPE_CHECKING:
    from collections.abc import Callable

    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.commands.catalogue import Command
    from streak_core.domain.decision import Decision, UserState
    from streak_core.domain.events import Event
    from streak_core.domain.model import LedgerEntry, Streak
    from streak_core.domain.policy import Policy

Step = dict[str, Any]


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

    def here(self, now: datetime) -> UserState:
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

    def step(self, step: Step) -> Any:
        now = datetime.fromisoformat(step["at"])
        ask = _QUESTIONS.get(step["do"])
        if ask:
            return ask(self, step, now)
        command = _COMMANDS[step["do"]](step)
        command.check(self.policy)
        self.commit(command.decide(self.here(now), self.ledger))
        return None

    def get_streak(self, _: Step, now: datetime) -> dict[str, Any]:
        return streak_response("u", self.here(now).view, self.streak, self.policy)

    def get_calendar(self, step: Step, now: datetime) -> list[dict[str, Any]]:
        answer = calendar_response(self.here(now).view, self.decided, self.policy, step["days"])
        rows: list[dict[str, Any]] = answer["days"]
        return rows

    def get_consistency(self, _: Step, now: datetime) -> dict[str, Any]:
        here = self.here(now)
        return consistency_response(here.view, here.streak, self.policy)

    def record(self, step: Step, now: datetime) -> dict[str, Any]:
        late = step.get("occurred_at")
        wish = RecordActivity(
            activity_id=step["activity_id"],
            activity_type=step["activity_type"],
            metadata=step.get("metadata", {}),
            occurred_at=datetime.fromisoformat(late) if late else None,
        )
        return self._recorded(wish, now, catalogue.record(wish))

    def check_in_today(self, _: Step, now: datetime) -> None:
        wish, _is_recorded = check_in_today(self.here(now))
        self._recorded(wish, now, catalogue.check_in(wish))

    def _recorded(self, wish: RecordActivity, now: datetime, command: Command) -> dict[str, Any]:
        command.check(self.policy)
        known = self.ledger.get(wish.entry_id)
        if known is None:
            self.commit(command.decide(self.here(now), self.ledger))
            known = self.ledger[wish.entry_id]
        elif known.sent != wish.sent():
            raise IdempotencyKeyReused
        assert known.activity
        return activity_response(known.activity)

    def maintenance(self, _: Step, now: datetime) -> None:
        if self.streak is None:
            return
        settlement = settle(self.streak, self.settled_through, self.policy, now)
        self.settled_through = max(settlement.settled_through, self.settled_through or date.min)
        self.events |= {event.event_id: event for event in settlement.events}


_QUESTIONS: dict[str, Callable[[PureUser, Step, datetime], Any]] = {
    "get_streak": PureUser.get_streak,
    "get_calendar": PureUser.get_calendar,
    "get_consistency": PureUser.get_consistency,
    "record": PureUser.record,
    "check_in_today": PureUser.check_in_today,
    "maintenance": PureUser.maintenance,
}

_COMMANDS: dict[str, Callable[[Step], Command]] = {
    "undo": lambda step: catalogue.undo(step["activity_id"]),
    "reset": lambda _: catalogue.reset(None),
    "plan_freeze": lambda step: catalogue.plan_freeze(date.fromisoformat(step["date"]), None),
    "unplan_freeze": lambda step: catalogue.unplan_freeze(date.fromisoformat(step["date"]), None),
    "repair": lambda _: catalogue.repair(None),
    "pause": lambda step: catalogue.pause(
        PauseStreak(from_day=date.fromisoformat(step["from"]), until_day=date.fromisoformat(step["until"])), None
    ),
    "resume": lambda _: catalogue.resume(None),
    "set_time_zone": lambda step: catalogue.change_settings(ChangeSettings(time_zone=step["time_zone"]), None),
    "set_rest_weekdays": lambda step: catalogue.change_settings(
        ChangeSettings(rest_weekdays=tuple(step["weekdays"])), None
    ),
    "set_auto_freeze": lambda step: catalogue.change_settings(ChangeSettings(auto_freeze=step["on"]), None),
}
