"""Carries out the commands of one user: load, decide, commit, and again where a write met a conflict.

It must not know HTTP or Firestore's client, and it decides nothing itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from streak_core import responses
from streak_core.domain.commands import catalogue
from streak_core.domain.commands.record import check_in_today
from streak_core.domain.commands.settings import settings_now
from streak_core.domain.decision import user_state
from streak_core.domain.errors import IdempotencyKeyReused
from streak_core.domain.events import EventKind
from streak_core.domain.model import EntryKind
from streak_core.domain.settings_history import without_unknown_zones
from streak_core.retry import Attempts
from streak_core.store.users import Write
from streak_core.store.writing import ConflictError
from streak_core.telemetry import LogEvent, count, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from streak_core.domain.commands.catalogue import Command
    from streak_core.domain.decision import Decision
    from streak_core.domain.policy import Policy
    from streak_core.responses import Json
    from streak_core.store.users import Loaded, StoredEntry, UserStore


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The answer to a command, whether it is the first answer given again, and how often the write was retried."""

    answer: Json
    replayed: bool = False
    retries: int = 0


@dataclass(frozen=True)
class StreakCommands:
    """Everything that changes one user's streak. `now` is always timezone-aware."""

    store: UserStore
    policy: Policy
    attempts: Callable[[], Attempts] = field(default=Attempts)

    def check_in(self, user_id: str, now: datetime) -> Outcome:
        """Records the check-in of today, once however often it is called."""
        loaded = self.store.load(user_id)
        wish, _ = check_in_today(user_state(loaded.streak, loaded.settled_through, self.policy, now))
        return self.execute(user_id, now, catalogue.check_in(wish))

    def execute(self, user_id: str, now: datetime, command: Command) -> Outcome:
        """Carries a command out once, however often it is asked with the same marker.

        Raises the refusals of its decision, `IdempotencyKeyReused`, `ContentionError` and `DatabaseUnavailable`.
        """
        command.check(self.policy)
        request_id = uuid.uuid4().hex
        attempts = self.attempts()
        tried: set[str] = {command.idempotency_entry_id} if command.idempotency_entry_id else set()
        while True:
            loaded = self.store.load(user_id, sorted({*command.reads, *tried}))
            known = _carried_out(loaded, command, tried, request_id, attempts.retries)
            if known:
                return known
            write = self._decide(user_id, now, command, loaded, request_id)
            if write.decision.entry is None:
                return Outcome(answer=dict(write.answer), retries=attempts.retries)
            try:
                self.store.commit(user_id, write)
            except ConflictError as conflict:
                # It may have taken effect although the reply was lost: later attempts look for this entry too.
                tried.add(write.decision.entry.entry_id)
                _note_retry(command, conflict, attempts)
                attempts.again()
            else:
                count(bonuses_earned=sum(event.kind is EventKind.BONUS_EARNED for event in write.decision.events))
                return Outcome(answer=dict(write.answer), retries=attempts.retries)

    def _decide(self, user_id: str, now: datetime, command: Command, loaded: Loaded, request_id: str) -> Write:
        streak, wished = loaded.streak, command.request.get("time_zone")
        if streak and wished:
            streak = without_unknown_zones(streak, wished)
        state = user_state(streak, loaded.settled_through, self.policy, now)
        entries = {entry_id: stored.entry for entry_id, stored in loaded.entries.items()}
        decision = command.decide(state, entries)
        if decision.entry and command.idempotency_entry_id:
            decision = replace(decision, entry=replace(decision.entry, entry_id=command.idempotency_entry_id))
        return Write(
            loaded=loaded,
            decision=decision,
            request_id=request_id,
            request=command.request,
            answer=self._answer(user_id, command.kind, decision),
        )

    def _answer(self, user_id: str, kind: EntryKind, decision: Decision) -> Json:
        view, streak, entry = decision.view, decision.streak, decision.entry
        known = streak if streak.seq else None
        answer: Json = {
            "streak": responses.streak_response(user_id, view, known, self.policy, created=decision.creates),
            "events": [responses.event_response(event) for event in decision.events],
        }
        if kind is EntryKind.ACTIVITY and entry and entry.activity:
            return {"activity": responses.activity_response(entry.activity), **answer}
        if kind is EntryKind.SETTINGS:
            return {"settings": responses.settings_response(settings_now(streak.settings, view.today)), **answer}
        return answer


def _note_retry(command: Command, conflict: ConflictError, attempts: Attempts) -> None:
    count(retries=1)
    log(
        LogEvent.TRANSACTION_RETRY,
        "a write met a conflict",
        reason=str(conflict),
        command=command.kind.value,
        attempt=attempts.retries + 1,
    )


def _carried_out(loaded: Loaded, command: Command, tried: set[str], request_id: str, retries: int) -> Outcome | None:
    """The answer given already: to an earlier attempt of this request, or to an earlier request of this name."""
    for entry_id in tried & loaded.entries.keys():
        known = loaded.entries[entry_id]
        if known.request_id == request_id:
            return Outcome(answer=dict(known.answer), retries=retries)
        if entry_id == command.idempotency_entry_id:
            return Outcome(answer=_first_answer(known, command), replayed=True, retries=retries)
    return None


def _first_answer(known: StoredEntry, command: Command) -> Json:
    if known.entry.kind is not command.kind or dict(known.request) != dict(command.request):
        raise IdempotencyKeyReused
    return dict(known.answer)
