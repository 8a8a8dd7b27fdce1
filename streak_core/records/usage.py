"""What users did with an app's features, in Firestore: one document for as many events as come at once.

It must not know HTTP, or what a feature is. The document is named after the key of the request, so that what is sent
again is found without reading or writing anything more.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from google.cloud import firestore

from streak_core.domain.actor import Actor
from streak_core.domain.refusals import IdempotencyKeyReused
from streak_core.records.acts import acting, json_text, told_of, user
from streak_core.records.changes import Change, Standing
from streak_core.records.counted_records import counts_of_usage
from streak_core.records.homes import SCHEMA_VERSION, home_ref, reading_record
from streak_core.records.keys import ASKED, Key
from streak_core.records.own_kinds import USAGE
from streak_core.records.quotas import Quotas
from streak_core.records.standing import check_may_write, check_ours
from streak_core.records.trails import Trails
from streak_core.store.documents import Document, plain_utc
from streak_core.store.ledgers import latest_page
from streak_core.store.reading import Cursor, contents
from streak_core.store.writing import Writer, both

Events = Sequence[Mapping[str, Any]]
# Below a home.
USAGES: Final = "usage"


@dataclass(frozen=True, kw_only=True)
class CountedUsage:
    """Events that are counted: how many, since when and until when, and whether they had been under the same key."""

    count: int
    at: datetime
    expires_at: datetime
    replayed: bool = False


@dataclass(frozen=True, kw_only=True)
class SentEvents:
    """Events that were counted at once, when, and until when they are kept."""

    events: Events
    at: datetime
    expires_at: datetime


@dataclass(frozen=True, kw_only=True)
class UsagePage:
    """What was counted, the last first, and where the next page begins after."""

    sent: Sequence[SentEvents]
    after: Cursor | None


@dataclass(frozen=True)
class FeatureUsage:
    """What users did with features. `now` is always timezone-aware."""

    trails: Trails
    quotas: Quotas

    def count(self, user_id: str, events: Events, now: datetime, key: str | None, actor: Actor | None) -> CountedUsage:
        """Counts the events once, however often they are sent under the same key.

        Raises `Blocked`, `QuotaExceeded`, `IdempotencyKeyReused`, `ForeignDocument`, and what `Trails.append` does.
        """
        content, usage_id = [dict(one) for one in events], uuid.uuid4().hex
        sent = Key.sent(key or usage_id, {"events": content}, acting(user_id, actor))
        expires_at = now + self.quotas.kinds.kept_for(USAGE)
        document: Document = {
            "schema_version": SCHEMA_VERSION,
            "usage_id": usage_id,
            ASKED: sent.asked,
            "usage": json_text(content),
            "at": now,
            "expire_at": expires_at,
        }
        before: CountedUsage | None = None

        def decide(found: Standing) -> Change | None:
            nonlocal before
            before = _counted(found.others[0], sent, now)
            if before:
                return None
            check_may_write(found.streak, actor, now)
            quotas = self.quotas.counted(USAGE, content, found, actor, now, count=len(content))
            counts = counts_of_usage(content, is_listed=self.quotas.kinds.is_counted_by_list(USAGE))
            counted = self.trails.counters.counted(found.home, counts, now)
            return Change(
                actor=actor,
                act=told_of(actor, "count_usage", "usage", sent.name, user_id),
                also=both(self._writing(user_id, sent.name, document | counted.record), counted.also),
                home=quotas | counted.home,
                is_done=lambda found: found.others[0].get("usage_id") == usage_id,
            )

        self.trails.change(user(user_id), now, decide, [self._ref(user_id, sent.name)])
        return before or CountedUsage(count=len(content), at=now, expires_at=expires_at)

    def page(self, user_id: str, limit: int, after: Cursor | None, now: datetime) -> UsagePage:
        """What was counted at once and has not expired, by one read each.

        Raises `ForeignDocument`, and what `Trails.read` does.
        """
        check_ours(self.trails.read(user_id, []).streak)
        collection = home_ref(self.trails.client, user(user_id)).collection(USAGES)
        page = latest_page(collection, collection, limit, after)
        found = [_sent(contents(one)) for one in page]
        # Where the term was made shorter, one that has expired may be before one that has not.
        kept = [one for one in found if one.expires_at > now]
        return UsagePage(sent=kept, after=(found[-1].at, page[-1].id) if len(page) == limit else None)

    def _writing(self, user_id: str, name: str, document: Document) -> Writer:
        # One that has expired may still be there.
        return lambda transaction: transaction.set(self._ref(user_id, name), document)

    def _ref(self, user_id: str, name: str) -> firestore.DocumentReference:
        home = home_ref(self.trails.client, user(user_id))
        found: firestore.DocumentReference = home.collection(USAGES).document(name)
        return found


def _counted(document: Mapping[str, Any], sent: Key, now: datetime) -> CountedUsage | None:
    """What was counted under the key; None where nothing was, or it has expired.

    Raises `IdempotencyKeyReused` where it was something else, and `RecordsUnreadable`.
    """
    if not document:
        return None
    known = _sent(document)
    if known.expires_at <= now:
        return None
    if document.get(ASKED) != sent.asked:
        raise IdempotencyKeyReused
    return CountedUsage(count=len(known.events), at=known.at, expires_at=known.expires_at, replayed=True)


def _sent(document: Mapping[str, Any]) -> SentEvents:
    """What was counted, as it is stored. Raises `RecordsUnreadable`."""
    with reading_record(document):
        events, at, expires_at = json.loads(document["usage"]), document["at"], document["expire_at"]
        return SentEvents(events=list(events), at=plain_utc(at), expires_at=plain_utc(expires_at))
