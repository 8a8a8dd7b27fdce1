"""Carries out the commands of one user: load, decide, commit, and again where a write met a conflict.

It must not know HTTP or Firestore's client, and it decides nothing itself.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, cast

from streak_core.domain.calendar import sealed_rows
from streak_core.domain.commands import (
    ActivityRecorded,
    ChangeSettings,
    CheckIn,
    LeaderboardJoined,
    NothingChanged,
    SettingsChanged,
)
from streak_core.domain.decision import decide
from streak_core.domain.errors import UserIncomplete
from streak_core.domain.events import EventKind
from streak_core.domain.judging_anew import standing
from streak_core.domain.refusals import SettingsChangedSince
from streak_core.domain.standings import days_to_look_up
from streak_core.domain.zone_statements import ZoneEffect
from streak_core.given_before import GivenBefore, found_entries
from streak_core.old_form import as_form_1, without_its_key
from streak_core.responses import command_response, settings_response, streak_response
from streak_core.retry import Attempts, note_retry
from streak_core.store.documents import FORM_1, months_between
from streak_core.store.failures import CommitFailed, WriteRefused
from streak_core.store.users import Write
from streak_core.telemetry import count

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from streak_core.domain.actor import Actor
    from streak_core.domain.calendar import CalendarDay
    from streak_core.domain.commands import Command
    from streak_core.domain.decision import Decision
    from streak_core.domain.model import Numbered, Streak
    from streak_core.domain.rate_limit import Quota
    from streak_core.domain.rules import Rules
    from streak_core.domain.state import UserState
    from streak_core.response_types import CommandResponse, SettingsResponse
    from streak_core.store.users import Loaded, StoredEntry, UserStore

    SettingsCondition = Callable[[SettingsResponse], bool]


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The response to a command, whether it is the first one given again, and how often the write was retried."""

    response: CommandResponse
    replayed: bool = False
    retries: int = 0
    # What the user may still ask for, where this was counted.
    quota: Quota | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A command as it was asked for: under an idempotency key or none, by the user or by an actor for the user."""

    command: Command
    key: str | None = None
    actor: Actor | None = None
    # Whether it is only decided, and nothing written.
    is_trial: bool = False
    # What the settings must be for it, as they are answered to whoever asks for them.
    only_if: SettingsCondition | None = None


@dataclass(frozen=True)
class StreakCommands:
    """Everything that changes one user's streak. `now` is always timezone-aware."""

    store: UserStore
    policies: Callable[[], Rules]
    attempts: Callable[[], Attempts] = field(default=Attempts)

    def execute(
        self, user_id: str, now: datetime, command: Command, key: str | None = None, actor: Actor | None = None
    ) -> Outcome:
        """Carries a command out once, however often it is asked under the same name.

        `key` is the client's idempotency key, `actor` who gives it for the user. Raises the refusals of the decision,
        `Malformed`, `IdempotencyKeyReused`, `UserBusy`, `UserIncomplete` and `DatabaseUnavailable`.
        """
        return self.answer(user_id, now, Asked(command=command, key=key, actor=actor))

    def answer(self, user_id: str, now: datetime, asked: Asked) -> Outcome:
        """Carries out what is asked, or tells what would come of it. Raises as `execute` does."""
        return Execution(self, user_id, now, asked).run()

    def validate(self, user_id: str, now: datetime, command: Command, actor: Actor | None = None) -> Outcome:
        """What carrying the command out would answer; nothing is written. Raises what `execute` does."""
        return self.answer(user_id, now, Asked(command=command, actor=actor, is_trial=True))


class Execution:
    """One command on its way: what it looks for in the ledger grows with every attempt."""

    def __init__(self, service: StreakCommands, user_id: str, now: datetime, asked: Asked) -> None:
        self._store, self._rules = service.store, service.policies()
        self._user_id, self._now, self._command, self._key = user_id, now, asked.command, asked.key
        self._actor, self._is_trial, self._only_if = asked.actor, asked.is_trial, asked.only_if
        self._attempts = service.attempts()
        # How what was recorded is read, where something comes of it.
        self.recorded: Callable[[Streak], tuple[Numbered, ...]] = partial(self._store.recorded, user_id)
        self._request_id = uuid.uuid4().hex
        # Where the ledger has this very command, if it was given before.
        names = asked.command.names(asked.key)
        self._before = GivenBefore(store=service.store, user_id=user_id, command=asked.command, names=names)
        self._tried = set(names)
        self._refused: WriteRefused | None = None
        self._incomplete: list[datetime | None] = []

    def run(self) -> Outcome:
        """Loads, decides and commits, and again on a conflict."""
        while True:
            loaded = self._store.load(self._user_id, self.entry_ids())
            if self.is_incomplete(loaded):
                continue
            tried = self.attempt(loaded, self._refused)
            if isinstance(tried, Outcome):
                return tried
            if self._is_trial or self._commit(tried):
                return Outcome(
                    response=response_of(tried),
                    replayed=tried.decision.repeats is not None,
                    retries=self._attempts.retries,
                    quota=None if self._is_trial else tried.decision.quota,
                )

    def entry_ids(self) -> list[str]:
        """The ledger entries that an attempt looks at."""
        return sorted({*self._command.reads(), *self._tried})

    def attempt(self, loaded: Loaded, refused: WriteRefused | None = None) -> Outcome | Write:
        """What was answered already, or need not be written; else what is to be written.

        Raises `refused`, by which a write was given up that is not found now, and the refusals of the decision.
        """
        known = self._carried_out(loaded)
        if known:
            return known
        if refused:
            raise refused
        # Not before what was carried out is looked for: the policy may have been another one then.
        self._command.check(self._rules)
        decision = self._decide(loaded)
        self._check_settings(loaded)
        repeated = self._before.activity(decision.repeats) if decision.repeats else None
        response = command_response(self._user_id, self._command, decision, repeated)
        if decision.entry is None:
            return Outcome(response=response, replayed=bool(repeated), retries=self._attempts.retries)
        return Write(
            loaded=loaded,
            decision=decision,
            request_id=self._request_id,
            command=self._command.name,
            request=self._command.request(),
            answer=response,
        )

    def is_incomplete(self, loaded: Loaded) -> bool:
        """Whether to look again: an entry and the streak that has it are written together, and read together.

        Raises `UserIncomplete` where nobody has changed the streak since: it is no conflict, and does not pass.
        """
        seq = loaded.streak.seq if loaded.streak else 0
        if all(known.entry.seq <= seq for known in loaded.entries.values()):
            return False
        if loaded.update_time in self._incomplete:
            raise UserIncomplete
        self._incomplete.append(loaded.update_time)
        return True

    def _decide(self, loaded: Loaded) -> Decision:
        decision = self._decided(loaded, ())
        content = decision.entry.content if decision.entry else None
        # What was recorded is read where something comes of it, and nothing refuses the command.
        if isinstance(content, ActivityRecorded | SettingsChanged | NothingChanged) and content.zone and loaded.streak:
            looks_back = content.zone.since < decision.view.now and not content.zone.by_activity
            if looks_back or content.zone.effect is ZoneEffect.FIRST:
                return self._decided(loaded, self.recorded(loaded.streak))
        if isinstance(content, LeaderboardJoined) and content.is_new and (decided := self._decided_days(loaded)):
            return self._decided(loaded, (), decided)
        return decision

    def _decided_days(self, loaded: Loaded) -> tuple[CalendarDay, ...]:
        """The decided days that a new seat at the leaderboards counts."""
        state = self._state(loaded)
        span = days_to_look_up(state.streak, state.view)
        if span is None:
            return ()
        found = self._store.load(self._user_id, months=months_between(*span)).decided
        return tuple({**found, **{row.day: row for row in sealed_rows(state.decided_anew, state.rules)}}.values())

    def _decided(
        self, loaded: Loaded, recorded: tuple[Numbered, ...], decided: tuple[CalendarDay, ...] = ()
    ) -> Decision:
        # Many commands of one request share what was read: each goes by its own entries.
        state, found = self._state(loaded, recorded), found_entries(loaded, self.entry_ids())
        state = replace(state, decided=decided) if decided else state
        if loaded.form == FORM_1:
            decision = decide(state, without_its_key(self._command), found, key=self._key, actor=self._actor)
            return as_form_1(decision, state, self._key)
        return decide(state, self._command, found, key=self._key, actor=self._actor)

    def _state(self, loaded: Loaded, recorded: tuple[Numbered, ...] = ()) -> UserState:
        return standing(
            loaded.streak,
            loaded.settled_through,
            self._rules,
            self._now,
            lambda: self._store.ledger(self._user_id),
            # Who names a zone gets out of one that nothing is known of.
            instead_of_unknown=self._command.time_zone if isinstance(self._command, ChangeSettings) else None,
            recorded=recorded,
        )

    def _check_settings(self, loaded: Loaded) -> None:
        """Raises `SettingsChangedSince` where they are not what the command was made for."""
        if self._only_if is None:
            return
        state = self._state(loaded)
        if not self._only_if(settings_response(state.streak.settings, state.view.today)):
            raise SettingsChangedSince

    def _commit(self, write: Write) -> bool:
        """Whether it is written; otherwise it is to be decided anew. Raises `UserBusy`, `DatabaseUnavailable`."""
        try:
            self._store.commit(self._user_id, write)
        except CommitFailed as failure:
            # It may have taken effect although the reply was lost: later attempts look for this entry too.
            self._tried |= {write.decision.entry.entry_id} if write.decision.entry else set()
            note_retry(failure, self._command.name, self._attempts)
            try:
                self._attempts.again(failure)
            except WriteRefused as refused:
                # Its reply may have been lost every time: it is looked for once more before it is given up.
                self._refused = refused
            return False
        count_bonuses(write)
        return True

    def _carried_out(self, loaded: Loaded) -> Outcome | None:
        """The response given already: to an earlier attempt of this request, or to an earlier request of this name."""
        for known in map(loaded.entries.get, self.entry_ids()):
            if known and known.request_id == self._request_id:
                return Outcome(response=response_of(known), retries=self._attempts.retries)
        same = self._before.find(loaded, self._rules)
        if same is None:
            return None
        response = self._as_it_is_now(response_of(same), loaded)
        return Outcome(response=response, replayed=True, retries=self._attempts.retries)

    def _as_it_is_now(self, response: CommandResponse, loaded: Loaded) -> CommandResponse:
        """The first response; a check-in's with the streak as it is now."""
        if not isinstance(self._command, CheckIn):
            return response
        state = self._state(loaded)
        return {**response, "streak": streak_response(self._user_id, state.view, state.streak)}


def count_bonuses(write: Write) -> None:
    """Counts the weeks that became consistent by what is written now."""
    count(bonuses_earned=sum(event.kind is EventKind.BONUS_EARNED for event in write.decision.events))


def response_of(known: StoredEntry | Write) -> CommandResponse:
    """The first response as it is or will be stored, of which it is known that it is one."""
    return cast("CommandResponse", dict(known.answer))
