"""Records many activities of one user at once: each as if it came alone, all that are new in one commit.

It must not know HTTP or Firestore's client, and it decides nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from streak_core.commands import Asked, Execution, Outcome, count_bonuses, response_of
from streak_core.domain.commands import ActivityRecorded, RecordActivity
from streak_core.domain.errors import NotTried, StreakError
from streak_core.domain.judging_anew import standing
from streak_core.domain.model import Numbered
from streak_core.domain.refusals import RateLimited
from streak_core.responses import streak_response
from streak_core.retry import note_retry
from streak_core.store.documents import FORM_1
from streak_core.store.failures import CommitFailed, WriteRefused
from streak_core.store.users import StoredEntry, Write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from streak_core.commands import StreakCommands
    from streak_core.domain.actor import Actor
    from streak_core.domain.model import Streak
    from streak_core.domain.rate_limit import Quota
    from streak_core.response_types import StreakResponse
    from streak_core.store.users import Loaded

# In one request, and so in one commit.
ACTIVITIES_MAX = 500


@dataclass(frozen=True, kw_only=True)
class BatchOutcome:
    """What each activity is answered, in their order, or why it is refused; and what there is after all of them."""

    results: Sequence[Outcome | StreakError]
    streak: StreakResponse
    # What the user may still ask for, where any was counted or refused for its number.
    quota: Quota | None


class ActivityBatch:
    """Activities of one user on their way; `now` is timezone-aware, `actor` who records them for the user."""

    def __init__(
        self,
        service: StreakCommands,
        user_id: str,
        now: datetime,
        activities: Sequence[RecordActivity | StreakError],
        actor: Actor | None = None,
    ) -> None:
        """At most `ACTIVITIES_MAX`; of what can't be read, the refusal stands in its place."""
        self._service, self._user_id, self._now = service, user_id, now
        self._attempts = service.attempts()
        self._each = [
            one if isinstance(one, StreakError) else Execution(service, user_id, now, Asked(command=one, actor=actor))
            for one in activities
        ]
        self._executions = [one for one in self._each if isinstance(one, Execution)]
        for one in self._executions:
            one.recorded = self._recorded
        self._refused: WriteRefused | None = None
        # What an attempt has decided so far, and what was recorded before it.
        self._writes: list[Write] = []
        self._known: tuple[Numbered, ...] | None = None

    def run(self, *, stop_at_refusal: bool = False) -> BatchOutcome:
        """Loads, decides them one after the other and commits, and again on a conflict.

        `stop_at_refusal` leaves alone what stands behind the first that is refused. Raises `UserBusy` and
        `DatabaseUnavailable`; what refuses one activity is its own result.
        """
        names = sorted({name for one in self._executions for name in one.entry_ids()})
        while True:
            self._writes, self._known = [], None
            loaded = self._service.store.load(self._user_id, names)
            if self._executions and self._executions[0].is_incomplete(loaded):
                continue
            results: list[Outcome | StreakError] = []
            for one in self._each:
                result, loaded = self._tried(one, loaded)
                results.append(result)
                if stop_at_refusal and isinstance(result, StreakError):
                    break
            results += [NotTried() for _ in self._each[len(results) :]]
            if not self._writes or self._is_committed():
                return BatchOutcome(results=results, streak=self._streak(loaded), quota=self._quota(results))

    def _tried(self, one: Execution | StreakError, loaded: Loaded) -> tuple[Outcome | StreakError, Loaded]:
        """What comes of one activity, and how the user stands after it."""
        if isinstance(one, StreakError):
            return one, loaded
        try:
            tried = one.attempt(loaded, self._refused)
        except StreakError as refusal:
            return refusal, loaded
        if isinstance(tried, Outcome):
            return tried, loaded
        self._writes.append(tried)
        return Outcome(response=response_of(tried)), _after(loaded, tried)

    def _is_committed(self) -> bool:
        # Each builds on what was read, and not on what was decided here before it.
        try:
            self._service.store.commit(self._user_id, *self._writes)
        except CommitFailed as failure:
            note_retry(failure, RecordActivity.name, self._attempts)
            try:
                self._attempts.again(failure)
            except WriteRefused as refused:
                # Its reply may have been lost every time: all are looked for once more before they are given up.
                self._refused = refused
            return False
        for write in self._writes:
            count_bonuses(write)
        return True

    def _recorded(self, streak: Streak) -> tuple[Numbered, ...]:
        """What was recorded before, and here so far."""
        before = self._writes[0].loaded.streak if self._writes else streak
        if self._known is None:
            self._known = self._service.store.recorded(self._user_id, before) if before else ()
        entries = (write.decision.entry for write in self._writes)
        here = ((entry.seq, entry.content) for entry in entries if entry)
        new = (Numbered(activity=one.activity, seq=seq) for seq, one in here if isinstance(one, ActivityRecorded))
        return (*self._known, *new)

    def _quota(self, results: Sequence[Outcome | StreakError]) -> Quota | None:
        refused = next((one.quota for one in results if isinstance(one, RateLimited)), None)
        return self._writes[-1].decision.quota if self._writes else refused

    def _streak(self, loaded: Loaded) -> StreakResponse:
        service, user_id = self._service, self._user_id
        rules, ledger = service.policies(), lambda: service.store.ledger(user_id)
        state = standing(loaded.streak, loaded.settled_through, rules, self._now, ledger)
        created = any(write.decision.creates for write in self._writes)
        return streak_response(self._user_id, state.view, state.streak, created=created)


def _after(loaded: Loaded, write: Write) -> Loaded:
    """The user as read, once this is written."""
    entry = write.decision.entry
    stored = {} if entry is None else {entry.entry_id: _stored(write)}
    return replace(
        loaded,
        streak=write.decision.streak,
        settled_through=write.decision.settled_through,
        entries={**loaded.entries, **stored},
    )


def _stored(write: Write) -> StoredEntry:
    assert write.decision.entry  # noqa: S101 - only what has an entry is written
    return StoredEntry(
        entry=write.decision.entry,
        request_id=write.request_id,
        command=write.command,
        undone=None if write.loaded.form == FORM_1 else False,
        request=write.request,
        answer=write.answer,
    )
