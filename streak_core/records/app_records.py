"""Records of kinds of an app's own in Firestore: `records/{user}/app_records/{record}`, of all kinds together.

It must not know HTTP, or what a record says. A kind's quota, its end or its bound are what the file of kinds says.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.actor import Actor
from streak_core.records.acts import Act, acting, json_text, told_of, user
from streak_core.records.app_record import AT, KIND, AppRecord, RecordNotFound, TooManyRecords, UnknownKind
from streak_core.records.chain import RETENTION
from streak_core.records.changes import Change, Made, Standing
from streak_core.records.counted_records import counts_of_app_record
from streak_core.records.counting import CountersUpdate
from streak_core.records.held import held_of, with_held
from streak_core.records.homes import home_ref
from streak_core.records.keys import Key
from streak_core.records.kinds import Kind
from streak_core.records.quotas import Quotas
from streak_core.records.standing import check_may_write, check_ours
from streak_core.records.trails import Trails
from streak_core.store.documents import Document
from streak_core.store.ledgers import latest_page
from streak_core.store.reading import Cursor, contents, read_one
from streak_core.store.writing import both

Ref = firestore.DocumentReference
Sent = Mapping[str, Any]
# Below a home.
APP_RECORDS: Final = "app_records"
# What one that is counted is counted by, as a text; it is counted once more by that.
COUNTED: Final = "counted"


@dataclass(frozen=True, kw_only=True)
class RecordPage:
    """Records, the last one first, and where the next page begins after."""

    records: Sequence[AppRecord]
    after: Cursor | None


@dataclass(frozen=True)
class AppRecords:
    """The records of users of kinds of an app's own. `now` is always timezone-aware."""

    trails: Trails
    quotas: Quotas

    def kind(self, user_id: str, name: str) -> Kind:
        """The kind of that name. Raises `UnknownKind` for one that another route keeps, too.

        Who was erased is told so, whatever they ask for: raises what `Trails.read` does.
        """
        if not self.quotas.kinds.is_of_app(name):
            self.trails.read(user_id, [])
            raise UnknownKind
        return self.quotas.kinds.kinds[name]

    def add(
        self, user_id: str, kind_name: str, said: Sent, now: datetime, key: str | None, actor: Actor | None
    ) -> tuple[AppRecord, bool]:
        """Keeps a record once, however often it is sent under the same key; and whether it had been kept before.

        Raises `UnknownKind`, `Blocked`, `QuotaExceeded`, `TooManyRecords`, `ForeignDocument`, what `Trails.append`
        does, and `RecordNotFound` where that of the key was deleted since.
        """
        kind, name = self.kind(user_id, kind_name), uuid.uuid4().hex
        end = None if kind.keep_days is None else now + timedelta(days=kind.keep_days)
        by = actor.kind if actor else None
        record = AppRecord(record_id=name, kind=kind_name, at=now, said=said, by=by, expires_at=end)
        content = {"record": dict(said), "of": kind_name}
        named = None if key is None else Key.sent(key, content, acting(user_id, actor))

        def decide(found: Standing) -> Change:
            check_may_write(found.streak, actor, now)
            home = self.quotas.counted(kind_name, said, found, actor, now) | _one_more(kind_name, kind, found)
            counted, fields = self._counted(kind_name, kind, said, found, now)
            document = record.document() | fields
            return Change(
                actor=actor,
                act=_told(kind, actor, "add_record", record, user_id),
                also=both(lambda transaction: transaction.create(self._ref(user_id, name), document), counted.also),
                home=home | counted.home,
                made=Made(name=name, kept_until=end or now + RETENTION),
                is_done=lambda found: bool(found.others[0]),
            )

        changed = self.trails.change(user(user_id), now, decide, [self._ref(user_id, name)], named)
        assert changed  # noqa: S101 - what is decided here is always a change
        if changed.replayed:
            return AppRecord.read(changed.name, contents(read_one(self._ref(user_id, changed.name)))), True
        return record, False

    def page(self, user_id: str, kind_name: str, limit: int, after: Cursor | None, now: datetime) -> RecordPage:
        """Those of a kind, by a read each. Raises `UnknownKind`, `ForeignDocument`, and what `Trails.read` does."""
        kind = self.kind(user_id, kind_name)
        check_ours(self.trails.read(user_id, []).streak)
        collection = self._home(user_id).collection(APP_RECORDS)
        query = collection.where(filter=FieldFilter(KIND, "==", kind_name))
        if kind.keep_days is not None:
            query = query.where(filter=FieldFilter(AT, ">", now - timedelta(days=kind.keep_days)))
        found = [AppRecord.read(one.id, contents(one)) for one in latest_page(query, collection, limit + 1, after)]
        shown = found[:limit]
        # A term that was made longer brings back nothing that has expired by the one before.
        kept = [one for one in shown if one.is_kept(kind_name, now)]
        return RecordPage(records=kept, after=(shown[-1].at, shown[-1].record_id) if len(found) > limit else None)

    def delete(self, user_id: str, kind_name: str, record_id: str, now: datetime, actor: Actor | None) -> None:
        """Deletes a record, which who is blocked may.

        Raises `UnknownKind`, `RecordNotFound`, `ForeignDocument`, and what `Trails.append` does.
        """
        kind = self.kind(user_id, kind_name)

        def decide(found: Standing) -> Change:
            check_ours(found.streak)
            record = AppRecord.read(record_id, found.others[0])
            if not record.is_kept(kind_name, now):
                raise RecordNotFound
            return Change(
                actor=actor,
                act=_told(kind, actor, "delete_record", record, user_id),
                also=lambda transaction: transaction.delete(self._ref(user_id, record_id)),
                home=_one_less(kind_name, record, found),
                is_done=lambda found: not found.others[0],
            )

        self.trails.change(user(user_id), now, decide, [self._ref(user_id, record_id)])

    def _counted(
        self, kind_name: str, kind: Kind, said: Sent, found: Standing, now: datetime
    ) -> tuple[CountersUpdate, Document]:
        """What counts it, where its kind is counted, and by what the record is counted once more."""
        if kind.counted_by is None:
            return CountersUpdate(), {}
        by = {"kind": kind_name, "word": str(said.get(kind.counted_by, ""))}
        counts = counts_of_app_record(by, is_listed=self.quotas.kinds.is_counted_by_list(kind_name))
        counted = self.trails.counters.counted(found.home, counts, now)
        return counted, {COUNTED: json_text(by), **counted.record}

    def _home(self, user_id: str) -> Ref:
        return home_ref(self.trails.client, user(user_id))

    def _ref(self, user_id: str, record_id: str) -> Ref:
        found: Ref = self._home(user_id).collection(APP_RECORDS).document(record_id)
        return found


def _one_more(name: str, kind: Kind, found: Standing) -> Document:
    """What the home says of how many there are, where that has a bound. Raises `TooManyRecords`."""
    if kind.count_max is None:
        return {}
    held = held_of(found.home.held, name)
    if held >= kind.count_max:
        raise TooManyRecords(most=kind.count_max)
    return with_held(found.home.held, name, held + 1)


def _one_less(name: str, record: AppRecord, found: Standing) -> Document:
    """The same without one; one that has an end was never counted, also where its kind has a bound by now."""
    held = held_of(found.home.held, name)
    return with_held(found.home.held, name, held - 1) if held and record.expires_at is None else {}


def _told(kind: Kind, actor: Actor | None, action: str, record: AppRecord, user_id: str) -> Act | None:
    """What the trail is told of it, and never what it says."""
    if kind.told:
        return Act(actor=acting(user_id, actor), action=action, entity_type=record.kind, entity_id=record.record_id)
    return told_of(actor, action, record.kind, record.record_id, user_id)
