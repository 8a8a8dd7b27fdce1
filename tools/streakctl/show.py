"""Looks at one user, or at the runs of the job, as of a moment: the answers of the service, and what is stored.

It must not change anything, nor know terminals: everything is JSON-like data.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_document import DocumentSnapshot

from streak_core import responses
from streak_core.domain.commands import ActivityRecorded, ActivityRedone, ActivityUndone, Content
from streak_core.domain.days import rfc3339
from streak_core.domain.entries import LedgerEntry
from streak_core.domain.errors import StreakError
from streak_core.domain.judging_anew import standing
from streak_core.domain.model import Activity
from streak_core.domain.rules import Rules
from streak_core.domain.state import UserState
from streak_core.explained import explain_response
from streak_core.proving.proof import flat
from streak_core.records.counted_days import CountedDays, counted_days
from streak_core.records.counters import day_of, times_by_name
from streak_core.records.recounting import Recounting
from streak_core.store import documents
from streak_core.store.documents import plain_utc
from streak_core.store.forms.entries_from_model import content_fields
from streak_core.store.forms.from_model import text_of
from streak_core.store.reading import contents, read_page
from streak_core.store.run_documents import Counts, RunState, total
from streak_core.store.runs import RUNS, RunStore
from streak_core.store.sharding import SHARDS
from streak_core.store.users import UserStore
from streak_core.telemetry.stack import described
from tools.streakctl import Json

# Of a day, what is read to count it once more while somebody waits.
RECOUNTED_MAX: Final = 10_000


@dataclass(frozen=True)
class OperatorStore:
    """What is stored, the last first."""

    client: firestore.Client

    def entries(self, user_id: str, limit: int) -> list[tuple[LedgerEntry, str | None]]:
        """The last entries of a user's ledger, and why an operator gave them.

        Raises `DatabaseUnavailable`, `UnreadableStreakError`.
        """
        user_doc = self.client.collection(documents.STREAKS).document(documents.user_doc_id(user_id))
        found = self._last(user_doc.collection(documents.LEDGER), "seq", limit)
        kept = [contents(one) for one in found]
        return [(documents.read_entry(one), documents.read_exchange(one)[1].get("reason")) for one in kept]

    def runs(self, limit: int) -> list[Mapping[str, Any]]:
        """The documents of the last runs. Raises `DatabaseUnavailable`."""
        found = self._last(self.client.collection(RUNS), "started_at", limit)
        return [{**contents(one), "run_id": one.id} for one in found]

    def _last(self, collection: firestore.CollectionReference, by: str, limit: int) -> list[DocumentSnapshot[Any]]:
        return read_page(collection.order_by(by, direction=firestore.Query.DESCENDING), limit)


class UnknownUserError(Exception):
    """Nothing is stored of that user."""


class UnusableUserError(Exception):
    """What is stored of a user reads, but cannot be worked out; the message says why."""


@dataclass(frozen=True)
class Looking:
    """What can be looked at. `now` (UTC) is the moment as of which."""

    client: firestore.Client
    rules: Rules
    now: datetime

    def explain(self, user_id: str, days: int) -> Json:
        """What the explain route answers. Raises `UnknownUserError`, `UnusableUserError` and what reading raises."""
        state = self._state(user_id)
        return dict(explain_response(state.view, state.streak, days))

    def show(self, user_id: str, entries: int) -> Json:
        """The streak, settings, pauses, freezes and last entries. Raises as `explain` does."""
        state = self._state(user_id)
        streak, view = state.streak, state.view
        settings = responses.settings_response(streak.settings, view.today)
        return {
            "streak": responses.streak_response(user_id, view, streak),
            "settings": settings,
            "time_zones": [flat(span) for span in streak.settings.zones],
            "pauses": [responses.pause_response(pause) for pause in streak.settings.pauses],
            "freezes": {
                "available": view.freezes_available,
                "planned": sorted(map(str, streak.settings.planned_freezes)),
                "repaired": [str(repair.day) for repair in streak.settings.repairs],
            },
            "excused": [flat(one) for one in streak.settings.excused],
            "stored": {
                "seq": streak.seq,
                "activities": streak.activities,
                "checkpoint": flat(streak.checkpoint),
                "days_in_tail": len(streak.tail),
                "settled_through": state.settled_through and state.settled_through.isoformat(),
            },
            "block": responses.block_response(streak, view),
            "entries": [_entry(*one) for one in OperatorStore(self.client).entries(user_id, entries)],
        }

    def runs(self, limit: int) -> list[Json]:
        """The last runs of the job, the last first. Raises `DatabaseUnavailable`, `UnreadableRun`."""
        stored = OperatorStore(self.client).runs(limit)
        return [self._run(one) for one in stored if not _is_over(one.get("expire_at"), self.now)]

    def counters(self, limit: int, *, recount: bool) -> list[Json]:
        """The last days on which anything was counted, the last first. Raises `DatabaseUnavailable`.

        Each may be counted once more from its records as they are now, where they are not too many.
        """
        days = [day_of(self.now) - timedelta(days=ago) for ago in range(limit)]
        found = counted_days(self.client, days)
        return [
            {
                "day": day.isoformat(),
                "checked_at": _moment(checked[0]) if (checked := found.checked.get(day)) else None,
                "parts_mended": checked[1] if checked else None,
                "totals_hash": checked[2] if checked else None,
                "counted": times_by_name(found.of[day]),
                **(self._recounted(day, found) if recount else {}),
            }
            for day in days
            if day in found.of
        ]

    def _recounted(self, day: date, found: CountedDays) -> Json:
        records, again = Recounting(self.client).recount(day, RECOUNTED_MAX)
        if again is None:
            return {"records": records, "recounted": f"too many records: it takes {RECOUNTED_MAX} a day"}
        return {"records": records, "recounted": "the same" if again == found.of[day] else times_by_name(again)}

    def _state(self, user_id: str) -> UserState:
        users = UserStore(self.client, lambda: self.rules)
        loaded = users.load(user_id)
        if loaded.streak is None:
            raise UnknownUserError(user_id)
        try:
            return standing(loaded.streak, loaded.settled_through, self.rules, self.now, lambda: users.ledger(user_id))
        except StreakError as error:
            raise UnusableUserError(error.detail) from error
        except Exception as error:  # whatever is stored does to the code is one sentence for the operator
            raise UnusableUserError(described(error)) from error

    def _run(self, stored: Mapping[str, Any]) -> Json:
        runs, run_id = RunStore(self.client), str(stored["run_id"])
        is_ended = stored.get("state") == RunState.ENDED
        progress = {} if is_ended else runs.progress(run_id, self.now)
        lease_until = stored.get("lease_until")
        is_running = stored.get("state") == RunState.RUNNING
        is_leased = is_running and lease_until and not _is_over(lease_until, self.now)
        # What a run that goes on again has reported before is no longer so.
        report = None if is_running else stored.get("report")
        return {
            "run_id": run_id,
            "state": stored.get("state"),
            "started_at": _moment(stored.get("started_at")),
            "updated_at": _moment(stored.get("updated_at")),
            "lease_until": _moment(lease_until),
            "is_leased": bool(is_leased),
            "shards": SHARDS,
            "shards_begun": SHARDS if is_ended else len(progress),
            "shards_done": SHARDS if is_ended else sum(one.is_done for one in progress.values()),
            "counts": _counts(report, total([one.counts for one in progress.values()])),
            "report": dict(report) if report else None,
        }


def _counts(report: Mapping[str, Any] | None, so_far: Counts) -> Json:
    """The counters of a run's report, which are whole, or else those of its shards that are kept so far."""
    names = ("users_processed", "freezes_applied", "streaks_broken", "errors", "transaction_retries")
    return {name: (report or {}).get(name, getattr(so_far, name)) for name in names}


def _entry(entry: LedgerEntry, reason: str | None) -> Json:
    return {
        "seq": entry.seq,
        "entry_id": entry.entry_id,
        "kind": entry.kind.value,
        "at": rfc3339(entry.at),
        "today": entry.today.isoformat(),
        "time_zone": entry.time_zone,
        "activity": responses.activity_response(activity) if (activity := _activity(entry.content)) else None,
        "actor": flat(entry.actor) if entry.actor else None,
        "reason": reason,
        "content": json.loads(text_of(content_fields(entry.content))),
    }


def _activity(content: Content) -> Activity | None:
    return content.activity if isinstance(content, ActivityRecorded | ActivityUndone | ActivityRedone) else None


def _is_over(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and plain_utc(moment) <= now


def _moment(stored: datetime | None) -> str | None:
    return rfc3339(plain_utc(stored)) if stored else None
