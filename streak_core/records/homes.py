"""What all records of one user hang on: `records/{user}`, whose version is the lock of them as the streak's is of it.

It must not know what a record says. It holds the head of the user's audit trail, and of an erased user what is left.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore

from streak_core.domain.days import ONE_DAY
from streak_core.domain.errors import UserIncomplete
from streak_core.records.active_users import ACTS
from streak_core.records.acts import EVERYBODY, Party, PartyKind, json_text, user
from streak_core.records.chain import BrokenEntryError, Entry, Head, head_of, head_text
from streak_core.records.counters import Seen
from streak_core.store.documents import Document, plain_utc, user_doc_id, user_id_of
from streak_core.store.reading import contents
from streak_core.store.sharding import shard_of
from streak_core.store.tombstones import ERASED_AT
from streak_core.store.whole_user import RECORDS

if TYPE_CHECKING:
    from streak_core.store.reading import Snapshot

# What concerns everybody.
TRAILS: Final = "trails"
# Below either.
AUDIT: Final = "audit"
SCHEMA_VERSION: Final = 1
# Heads move some thousand times a second at most before their index holds them up, and are looked for in so many parts.
HEAD_SHARDS: Final = 8

# The head of the trail, as a text, and when it moved last.
HEAD: Final = "audit"
HEAD_AT: Final = "head_at"
# What was counted of quotas, as a text.
QUOTAS: Final = "quotas"
# How many of a kind the user has now, as a text.
HELD: Final = "held"
# Under what the user was counted last, and how many keys they brought, as a text.
SEEN: Final = "seen"
# The id of the last friend whom the user made: by it each of those who come at once finds another version.
LAST_FRIEND: Final = "last_friend"
_ERASING: Final = "erasing_entry"
_OF_A_TRAIL: Final = frozenset({HEAD, HEAD_AT, _ERASING})
# All that is read of a home.
NEEDED: Final = ("schema_version", "shard", QUOTAS, HELD, SEEN, ACTS, HEAD, HEAD_AT, _ERASING, ERASED_AT)


class RecordsUnreadable(UserIncomplete):
    """What is kept of a user does not read: nothing is written on top of it, nor what is left taken for the whole."""

    message = (
        "What is kept here of this user does not read, or was written by a newer program. An operator has to look at "
        "it: of an audit trail `streakctl audit verify` says what is wrong. Nothing was changed. Send it again later."
    )


@contextmanager
def reading_record(document: Mapping[str, Any]) -> Iterator[None]:
    """What is read in it is of that document. Raises `RecordsUnreadable` for what a newer program wrote, too."""
    if document.get("schema_version") != SCHEMA_VERSION:
        raise RecordsUnreadable
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise RecordsUnreadable from error


@dataclass(frozen=True, kw_only=True)
class RecordHome:
    """A home as read; `version` is None where there is none."""

    subject: Party
    ref: firestore.DocumentReference
    version: datetime | None
    head: Head | None
    # The entry of the last erasing, as its text.
    erasing: str | None
    # When the user was erased, if nothing was written since.
    erased_at: datetime | None
    # What was counted of quotas, as it is stored.
    quotas_used: object = None
    # How many of a kind there are, as it is stored.
    held: object = None
    # Under what the user was counted last, and how much they did by day, as it is stored.
    seen: object = None
    acts: object = None


def home_ref(client: firestore.Client, subject: Party) -> firestore.DocumentReference:
    """The document that a subject's records hang on."""
    found: firestore.DocumentReference
    if subject == EVERYBODY:
        found = client.collection(TRAILS).document(subject.id)
    else:
        found = client.collection(RECORDS).document(user_doc_id(subject.id))
    return found


def subject_of(client: firestore.Client, ref: firestore.DocumentReference | None) -> Party | None:
    """Whose home a document is; None of any other one, as of an app's own that is called like one of ours."""
    subjects = [] if ref is None else [user(user_id_of(ref.id)), EVERYBODY]
    return next((one for one in subjects if home_ref(client, one) == ref), None)


def home_of(snapshot: Snapshot, subject: Party) -> RecordHome:
    """The home of a document, also if there is none. Raises `RecordsUnreadable`."""
    data = contents(snapshot)
    head = stored_head(data, subject)
    # Of whom nothing was told there is no head, and no trace of one.
    if snapshot.exists and head is None and (_OF_A_TRAIL & data.keys() or not _is_ours(data, subject)):
        raise RecordsUnreadable
    erased_at = data.get(ERASED_AT)
    return RecordHome(
        subject=subject,
        ref=snapshot.reference,
        version=snapshot.update_time if snapshot.exists else None,
        head=head,
        erasing=data.get(_ERASING),
        erased_at=plain_utc(erased_at) if erased_at else None,
        quotas_used=data.get(QUOTAS),
        held=data.get(HELD),
        seen=data.get(SEEN),
        acts=data.get(ACTS),
    )


def write_home(
    client: firestore.Client, transaction: firestore.Transaction, home: RecordHome, last: Entry | None, more: Document
) -> None:
    """Writes the new head, if something was told, and what else there is, on top of the home as read, or not at all."""
    fields = {**_fields(home, last), **more}
    if home.version is None:
        gone = firestore.DELETE_FIELD
        transaction.create(home.ref, {name: value for name, value in fields.items() if value is not gone})
        return
    option = client.write_option(last_update_time=home.version)
    # Whoever was erased and writes again has begun anew.
    transaction.update(home.ref, {**fields, ERASED_AT: firestore.DELETE_FIELD}, option=option)


def bury_home(client: firestore.Client, transaction: firestore.Transaction, home: RecordHome, erasing: Entry) -> None:
    """Leaves of a home nothing but that, and when, it was erased; erasing gives nothing of the day back."""
    if home.version is not None:
        transaction.delete(home.ref, option=client.write_option(last_update_time=home.version))
    quotas = _of_these_days(home.quotas_used, erasing.at)
    counted = {QUOTAS: quotas} if quotas else {}
    seen = Seen.read(home.seen).erased
    if seen.brought:
        counted[SEEN] = seen.text
    transaction.set(home.ref, {**_fields(home, erasing), **counted, _ERASING: erasing.text, ERASED_AT: erasing.at})


def _of_these_days(quotas: object, at: datetime) -> str | None:
    """What still counts for quotas, whatever the user's own day is; what was recorded before is nobody's affair."""
    try:
        said = json.loads(quotas) if isinstance(quotas, str) else {}
        since = (at - ONE_DAY).date().isoformat()
        kept = {kind: one for kind, one in said.items() if one["day"] >= since}
    except (ValueError, TypeError, KeyError, AttributeError):
        return None
    return json_text(kept) if kept else None


def stored_head(document: Mapping[str, Any], subject: Party) -> Head | None:
    """The head that a home has; None where it has none, or not as it was written."""
    text, moment = document.get(HEAD), document.get(HEAD_AT)
    try:
        head = head_of(text) if isinstance(text, str) else None
    except BrokenEntryError:
        return None
    if head is None or not isinstance(moment, datetime) or plain_utc(moment) != head.at:
        return None
    return head if _is_ours(document, subject) else None


def stored_erasing(document: Mapping[str, Any]) -> str | None:
    """The text of the entry of the last erasing, whether it reads or not."""
    found = document.get(_ERASING)
    return None if found is None else str(found)


def _is_ours(document: Mapping[str, Any], subject: Party) -> bool:
    ours = {"schema_version": SCHEMA_VERSION, **_spread(subject)}
    return {name: document.get(name) for name in ours} == ours


def _fields(home: RecordHome, last: Entry | None) -> Document:
    head = {HEAD: head_text(last.head), HEAD_AT: last.at} if last else {}
    return {"schema_version": SCHEMA_VERSION, **head, **_spread(home.subject)}


def _spread(subject: Party) -> Document:
    """How users are spread over the index by which heads are found that have moved."""
    return {"shard": shard_of(subject.id, HEAD_SHARDS)} if subject.kind is PartyKind.USER else {}
