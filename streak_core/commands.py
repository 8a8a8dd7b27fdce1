"""Carries out the commands of one user: load, decide, commit, and again where a write met a conflict.

It must not know HTTP or Firestore's client, and it decides nothing itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from streak_core.domain.commands import ChangeSettings
from streak_core.domain.decision import decide
from streak_core.domain.errors import IdempotencyKeyReused
from streak_core.domain.events import EventKind
from streak_core.domain.state import user_state
from streak_core.responses import command_response
from streak_core.retry import Attempts
from streak_core.store.documents import UnreadableStreakError
from streak_core.store.failures import CommitFailed, WriteRefused
from streak_core.store.users import Write
from streak_core.telemetry import LogEvent, count, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from streak_core.domain.commands import Command
    from streak_core.domain.decision import Decision
    from streak_core.domain.policy import Policy
    from streak_core.response_types import CommandResponse
    from streak_core.store.users import Loaded, StoredEntry, UserStore


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The response to a command, whether it is the first one given again, and how often the write was retried."""

    response: CommandResponse
    replayed: bool = False
    retries: int = 0


@dataclass(frozen=True)
class StreakCommands:
    """Everything that changes one user's streak. `now` is always timezone-aware."""

    store: UserStore
    policy: Policy
    attempts: Callable[[], Attempts] = field(default=Attempts)

    def execute(self, user_id: str, now: datetime, command: Command, key: str | None = None) -> Outcome:
        """Carries a command out once, however often it is asked under the same name.

        `key` is the client's idempotency key. Raises the refusals of the decision, `Malformed`, `IdempotencyKeyReused`,
        `UserBusy` and `DatabaseUnavailable`.
        """
        return _Execution(self, user_id, now, command, key).run()


class _Execution:
    """One command on its way: what it looks for in the ledger grows with every attempt."""

    def __init__(self, service: StreakCommands, user_id: str, now: datetime, command: Command, key: str | None) -> None:
        self._store, self._policy = service.store, service.policy
        self._user_id, self._now, self._command, self._key = user_id, now, command, key
        self._attempts = service.attempts()
        self._request_id = uuid.uuid4().hex
        self._named = command.entry_id(key)
        self._tried = {self._named} if self._named else set()
        self._refused: WriteRefused | None = None

    def run(self) -> Outcome:
        while True:
            loaded = self._store.load(self._user_id, sorted({*self._command.reads(), *self._tried}))
            known = self._carried_out(loaded)
            if known:
                return known
            if self._refused:
                raise self._refused
            decision = self._decide(loaded)
            if decision.repeats:
                return self._repeated(decision.repeats)
            response = command_response(self._user_id, self._command, decision, self._policy)
            if decision.entry is None or self._commit(loaded, decision, response, decision.entry.entry_id):
                return Outcome(response=response, retries=self._attempts.retries)

    def _decide(self, loaded: Loaded) -> Decision:
        # Not before what was carried out is looked for: the policy may have been another one then.
        self._command.check(self._policy)
        # Who names a zone gets out of one that nothing is known of.
        instead = self._command.time_zone if isinstance(self._command, ChangeSettings) else None
        state = user_state(loaded.streak, loaded.settled_through, self._policy, self._now, instead_of_unknown=instead)
        found = {entry_id: stored.entry for entry_id, stored in loaded.entries.items()}
        return decide(state, self._command, found, key=self._key)

    def _commit(self, loaded: Loaded, decision: Decision, response: CommandResponse, entry_id: str) -> bool:
        """Whether it is written; otherwise it is to be decided anew. Raises `UserBusy`, `DatabaseUnavailable`."""
        write = Write(
            loaded=loaded,
            decision=decision,
            request_id=self._request_id,
            request=self._command.request(),
            answer=response,
        )
        try:
            self._store.commit(self._user_id, write)
        except CommitFailed as failure:
            # It may have taken effect although the reply was lost: later attempts look for this entry too.
            self._tried.add(entry_id)
            self._note_retry(failure)
            try:
                self._attempts.again(failure)
            except WriteRefused as refused:
                # Its reply may have been lost every time: it is looked for once more before it is given up.
                self._refused = refused
            return False
        count(bonuses_earned=sum(event.kind is EventKind.BONUS_EARNED for event in decision.events))
        return True

    def _note_retry(self, failure: CommitFailed) -> None:
        count(retries=1)
        log(
            LogEvent.TRANSACTION_RETRY,
            "a write was not taken",
            reason=str(failure),
            command=self._command.name,
            attempt=self._attempts.retries + 1,
        )

    def _carried_out(self, loaded: Loaded) -> Outcome | None:
        """The response given already: to an earlier attempt of this request, or to an earlier request of this name."""
        for entry_id in self._tried & loaded.entries.keys():
            known = loaded.entries[entry_id]
            if known.request_id == self._request_id:
                return Outcome(response=_response(known), retries=self._attempts.retries)
            if entry_id == self._named:
                self._check_same(known)
                return Outcome(response=_response(known), replayed=True, retries=self._attempts.retries)
        return None

    def _check_same(self, known: StoredEntry) -> None:
        """Raises `IdempotencyKeyReused` where the name was used for something else, and `Malformed` before that."""
        if known.entry.kind is not self._command.kind or dict(known.request) != self._command.request():
            self._command.check(self._policy)
            raise IdempotencyKeyReused

    def _repeated(self, entry_id: str) -> Outcome:
        """The response of the entry that the decision found the command to be a repetition of."""
        known = self._store.load(self._user_id, [entry_id]).entries.get(entry_id)
        if known is None:
            message = f"ledger/{entry_id} is missing"
            raise UnreadableStreakError(message)
        return Outcome(response=_response(known), replayed=True, retries=self._attempts.retries)


def _response(known: StoredEntry) -> CommandResponse:
    """The first response as stored, of which it is known that it was one."""
    return cast("CommandResponse", dict(known.answer))
