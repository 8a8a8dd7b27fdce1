"""What is kept of what users are told: the notices, and in the user's own document the devices, and what was read.

It must not decide, nor know who sends. The devices are one text of that document, so that whoever erases a user erases
them, and no write of them comes after that.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from google.cloud import firestore
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import ConfigDict, TypeAdapter, ValidationError, with_config
from typing_extensions import TypedDict

from streak_core.domain.devices import Device, Platform
from streak_core.domain.model import RateUsage
from streak_core.domain.notices import Notice, NoticeKind
from streak_core.store import documents
from streak_core.store.forms.kinds import known
from streak_core.store.ledgers import latest_page, whole_ledger
from streak_core.store.reading import contents, count_documents, read_all
from streak_core.store.reminding import read_reminding
from streak_core.store.tombstones import checked
from streak_core.store.unreadable import reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Streak
    from streak_core.store.reading import Cursor

DEVICES: Final = "devices"
NOTICES: Final = "notices"
# How long a notice is kept; Firestore deletes it within about a day after that.
KEPT: Final = timedelta(days=30)
READ_UNTIL: Final = "notices_read_until"
# How often these were written lately, as a text. It stands beside the count of commands, which a ledger proves.
WRITTEN: Final = "notices_written"
_DONE_AT: Final = "settled_at"
_IS_SHOWN: Final = "is_shown"
_NOTHING_WRITTEN: Final = RateUsage()


@with_config(ConfigDict(extra="forbid", strict=True))
class _Device(TypedDict):
    """A device as it is stored."""

    id: str
    token: str
    platform: str
    at: datetime


@with_config(ConfigDict(extra="forbid", strict=True))
class _Written(TypedDict):
    """How often something was written in a window, and in the one before it."""

    since: datetime
    seconds: int
    accepted: int
    accepted_before: int


_STORED: Final = TypeAdapter(list[_Device])
_WRITTEN: Final = TypeAdapter(_Written)
_MOMENT: Final = TypeAdapter(documents.Moment | None)


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """A user as far as it matters for telling something; `version` is None where nothing is stored."""

    version: datetime | None
    streak: Streak | None
    devices: tuple[Device, ...]
    settled_through: date | None = None
    # The moment of the last notice that the user has read, and all before it.
    read_until: datetime | None = None
    # How often devices and that moment were written lately.
    written: RateUsage = _NOTHING_WRITTEN
    # What is still to be told, and has no notice yet.
    waiting: tuple[Event, ...] = ()
    # The one that was asked for, and whether it was sent, or is to be sent no more.
    notice: Notice | None = None
    is_done: bool = False


class NoticeStore:
    """The notices and devices of single users."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def addressee(self, user_id: str, notice_id: str | None = None) -> Addressee:
        """The user, and one notice.

        Raises `DatabaseUnavailable`, `UserErased`, `ErasingUnfinished`, `UnreadableStreakError`.
        """
        user_doc = self._user_doc(user_id)
        notice_docs = [] if notice_id is None else [self._notices(user_id).document(notice_id)]
        found = {one.reference.path: one for one in read_all(self._client, [user_doc, *notice_docs])}
        home = found[user_doc.path]
        data = contents(home)
        if not home.exists or checked(user_id, data):
            return Addressee(version=None, streak=None, devices=())
        streak, settled_through = documents.read_streak(data)
        notices = [contents(found[ref.path]) for ref in notice_docs if found[ref.path].exists]
        return Addressee(
            version=home.update_time,
            streak=streak,
            devices=read_devices(data),
            settled_through=settled_through,
            read_until=_read_until(data),
            written=_written(data),
            waiting=read_reminding(data).waiting,
            notice=_notice(notices[0]) if notices else None,
            is_done=any(_DONE_AT in one for one in notices),
        )

    def inbox(self, user_id: str, now: datetime, limit: int, after: Cursor | None) -> list[Notice]:
        """The notices that are shown and not too old, the last first, after the one at (moment, notice id).

        Raises `DatabaseUnavailable`, `UnreadableStreakError`.
        """
        notices = self._notices(user_id)
        return [_notice(contents(one)) for one in latest_page(_shown(notices, now - KEPT), notices, limit, after)]

    def unread(self, user_id: str, now: datetime, read_until: datetime | None) -> int:
        """How many of those are later than what was read. Raises `DatabaseUnavailable`."""
        since = max(now - KEPT, read_until or now - KEPT)
        descending = firestore.Query.DESCENDING
        return count_documents(_shown(self._notices(user_id), since).order_by("at", direction=descending))

    def mark_read(self, user_id: str, version: datetime, until: datetime, written: RateUsage) -> None:
        """Notes up to when a user who is as found has read. Raises `CommitFailed`, `DatabaseUnavailable`."""
        self._write(user_id, version, {READ_UNTIL: until, WRITTEN: _written_text(written)})

    def mark_done(self, user_id: str, notice_id: str, at: datetime, *, is_shown: bool) -> None:
        """Notes that a notice was sent, or is not to be, nor to be shown any more.

        Raises `CommitFailed`, `DatabaseUnavailable`.
        """
        notice_doc = self._notices(user_id).document(notice_id)
        fields = {_DONE_AT: at, _IS_SHOWN: is_shown}
        commit(self._client, lambda transaction: transaction.update(notice_doc, fields))

    def ledger(self, user_id: str) -> Iterator[LedgerEntry]:
        """Every entry of a user, by `seq`. Raises `DatabaseUnavailable`."""
        return whole_ledger(self._user_doc(user_id))

    def write_devices(
        self, user_id: str, version: datetime, devices: Sequence[Device], written: RateUsage | None = None
    ) -> None:
        """Writes the devices of a user who is as read, and that it was counted, where it is.

        Raises `CommitFailed`, `DatabaseUnavailable`.
        """
        counted = {} if written is None else {WRITTEN: _written_text(written)}
        self._write(user_id, version, {DEVICES: devices_text(devices), **counted})

    def _write(self, user_id: str, version: datetime, fields: documents.Document) -> None:
        user_doc, option = self._user_doc(user_id), self._client.write_option(last_update_time=version)
        commit(self._client, lambda transaction: transaction.update(user_doc, fields, option=option))

    def _notices(self, user_id: str) -> firestore.CollectionReference:
        found: firestore.CollectionReference = self._user_doc(user_id).collection(NOTICES)
        return found

    def _user_doc(self, user_id: str) -> firestore.DocumentReference:
        ref: firestore.DocumentReference = self._client.collection(documents.STREAKS).document(
            documents.user_doc_id(user_id)
        )
        return ref


def _shown(notices: firestore.CollectionReference, since: datetime) -> firestore.Query:
    """What stands in an inbox, as of a moment."""
    shown = notices.where(filter=FieldFilter(_IS_SHOWN, "==", True))  # noqa: FBT003 - a value, not a switch
    return shown.where(filter=FieldFilter("at", ">", since))


def _read_until(document: Mapping[str, Any]) -> datetime | None:
    with reading():
        return _MOMENT.validate_python(document.get(READ_UNTIL))


def _written(document: Mapping[str, Any]) -> RateUsage:
    """What does not read counts as nothing: a limit is no proof."""
    try:
        stored = _WRITTEN.validate_json(document.get(WRITTEN, ""))
    except (ValidationError, TypeError):
        return _NOTHING_WRITTEN
    return RateUsage(**stored)


def _written_text(usage: RateUsage) -> str:
    return _WRITTEN.dump_json(cast("_Written", asdict(usage))).decode()


def notice_document(notice: Notice) -> documents.Document:
    """A notice that is to be sent; it stands in the inbox from now on."""
    return {
        "notice_id": notice.notice_id,
        "kind": notice.kind.value,
        "day": notice.day.isoformat(),
        "at": notice.at,
        "details": dict(notice.details),
        "expire_at": notice.at + KEPT,
        _IS_SHOWN: True,
    }


def _notice(document: Mapping[str, Any]) -> Notice:
    with reading():
        return Notice(
            notice_id=document["notice_id"],
            kind=known(NoticeKind, document["kind"]),
            day=date.fromisoformat(document["day"]),
            at=documents.plain_utc(document["at"]),
            details=document["details"],
        )


def read_devices(document: Mapping[str, Any]) -> tuple[Device, ...]:
    """The devices of a user's document. Raises `UnreadableStreakError`."""
    text = document.get(DEVICES)
    if text is None:
        return ()
    with reading():
        return tuple(_device(one) for one in _STORED.validate_json(text))


def _device(stored: _Device) -> Device:
    platform = known(Platform, stored["platform"])
    return Device(device_id=stored["id"], address=stored["token"], platform=platform, registered_at=stored["at"])


def devices_text(devices: Sequence[Device]) -> str:
    """The devices as they are stored."""
    stored: list[_Device] = [
        {"id": one.device_id, "token": one.address, "platform": one.platform.value, "at": one.registered_at}
        for one in devices
    ]
    return _STORED.dump_json(stored).decode()
