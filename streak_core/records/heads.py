"""Writes the heads of audit trails to the log once a day: whoever can write the database anew can't do so to the log.

It must not know what a trail tells. Heads that have not moved since stand in an earlier line.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter

from streak_core.domain.errors import StreakError
from streak_core.records.acts import EVERYBODY, PartyKind, json_text
from streak_core.records.homes import HEAD, HEAD_AT, HEAD_SHARDS, TRAILS, home_ref
from streak_core.store.documents import Document, plain_utc
from streak_core.store.failures import CommitFailed
from streak_core.store.reading import Cursor, contents, read_one, read_page
from streak_core.store.whole_user import RECORDS
from streak_core.store.writing import commit
from streak_core.telemetry import LogEvent, log

# Where the job is called once a day, a call may come a little earlier than the one before.
EVERY: Final = timedelta(hours=23)
# A day, and a call that comes late, or whose heads were too many for it.
MISSING_AFTER: Final = timedelta(hours=26)
# Clocks of servers differ by less, and a commit is on its way for less.
_OVERLAP: Final = timedelta(minutes=10)
_BEGINNING: Final = datetime(1970, 1, 1, tzinfo=UTC)
# The heads of one line, which Cloud Logging takes up to 256 KiB of.
HEADS_A_LINE: Final = 200
# What one call does at most: the next one goes on.
PAGES_A_CALL_MAX: Final = 500
_PLACE: Final = "heads"


@dataclass(frozen=True, kw_only=True)
class _Round:
    """Heads that moved between two moments, shard by shard; `cursor` is where the next page of `shard` begins."""

    since: datetime
    until: datetime
    shard: int
    cursor: Cursor | None = None

    @property
    def is_done(self) -> bool:
        return self.shard >= HEAD_SHARDS

    @property
    def written_until(self) -> datetime:
        """Until when all that moved is in the log; of the first round, when it began."""
        return self.until if self.is_done or self.since == _BEGINNING else self.since + _OVERLAP


@dataclass(frozen=True)
class AuditHeads:
    """The heads of all trails. `now` is always timezone-aware."""

    client: firestore.Client
    pages_max: int = PAGES_A_CALL_MAX
    told: Callable[[str], None] = lambda heads: log(
        LogEvent.AUDIT_HEADS, "the heads of audit trails that have moved", heads=heads
    )

    def log_some(self, now: datetime) -> None:
        """Goes on with this day's heads, or begins with them, and says whether those in the log are recent.

        What fails is logged, and is the next call's to try.
        """
        try:
            one = self._log_some(now)
        except (StreakError, CommitFailed) as error:
            log(LogEvent.AUDIT_FAILED, "the heads of audit trails could not be logged", error=error)
            return
        standing = "missing" if now - one.written_until > MISSING_AFTER else "recent"
        log(LogEvent.AUDIT_HEADS_CHECKED, f"the logged heads of audit trails are {standing}", standing=standing)

    def _log_some(self, now: datetime) -> _Round:
        found = contents(read_one(self._place()))
        one = _round_of(found, now)
        if one is None or one.is_done:
            if one and now - one.until < EVERY:
                return one
            one = _Round(since=one.until - _OVERLAP if one else _BEGINNING, until=now, shard=0)
            self._tell_everybodys()
        for _ in range(self.pages_max):
            one = self._page(one)
            if one.is_done or one.cursor is None:
                self._keep(one)
            if one.is_done:
                return one
        self._keep(one)
        return one

    def _page(self, one: _Round) -> _Round:
        """Logs one page, and answers what is left."""
        records = self.client.collection(RECORDS)
        query = (
            records.where(filter=FieldFilter("shard", "==", one.shard))
            .where(filter=FieldFilter(HEAD_AT, ">=", one.since))
            .where(filter=FieldFilter(HEAD_AT, "<=", one.until))
            .order_by(HEAD_AT)
            .order_by("__name__")
            .select((HEAD, HEAD_AT))
        )
        if one.cursor:
            query = query.start_after({HEAD_AT: one.cursor[0], "__name__": records.document(one.cursor[1])})
        found = read_page(query, HEADS_A_LINE)
        if found:
            self.told(json_text([[one.id, str(contents(one).get(HEAD))] for one in found]))
        if len(found) < HEADS_A_LINE:
            return _Round(since=one.since, until=one.until, shard=one.shard + 1)
        last = found[-1]
        cursor = (plain_utc(contents(last)[HEAD_AT]), last.id)
        return _Round(since=one.since, until=one.until, shard=one.shard, cursor=cursor)

    def _tell_everybodys(self) -> None:
        head = contents(read_one(home_ref(self.client, EVERYBODY))).get(HEAD)
        if head is not None:
            self.told(json_text([[f"{PartyKind.SERVICE.value}:{EVERYBODY.id}", str(head)]]))

    def _keep(self, one: _Round) -> None:
        fields: Document = {"since": one.since, "until": one.until, "shard": one.shard}
        if one.cursor:
            fields |= {"cursor_at": one.cursor[0], "cursor_id": one.cursor[1]}
        commit(self.client, lambda transaction: transaction.set(self._place(), fields))

    def _place(self) -> firestore.DocumentReference:
        found: firestore.DocumentReference = self.client.collection(TRAILS).document(_PLACE)
        return found


def _round_of(document: Mapping[str, object], now: datetime) -> _Round | None:
    """How far the last call came; None where there was none, or where what is there would end all rounds."""
    since, until, shard = (document.get(name) for name in ("since", "until", "shard"))
    if not isinstance(since, datetime) or not isinstance(until, datetime) or not isinstance(shard, int):
        return None
    if not plain_utc(since) <= plain_utc(until) <= now + _OVERLAP or not 0 <= shard <= HEAD_SHARDS:
        return None
    at, name = document.get("cursor_at"), document.get("cursor_id")
    is_name = isinstance(name, str) and bool(name) and "/" not in name
    cursor = (plain_utc(at), str(name)) if isinstance(at, datetime) and is_name else None
    return _Round(since=plain_utc(since), until=plain_utc(until), shard=shard, cursor=cursor)


def logged_heads(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The document ids of users, or `service:rules`, and the texts of heads, of the texts of such lines."""
    for line in lines:
        yield from ((str(name), str(head)) for name, head in json.loads(line))
