"""What is kept of the ways to tell a user something: the devices in the user's own document.

It must not decide, nor know who sends. They are one text of that document, so that whoever erases a user erases them,
and no write of them comes after that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from pydantic import ConfigDict, TypeAdapter, with_config
from typing_extensions import TypedDict

from streak_core.domain.devices import Device, Platform
from streak_core.store import documents
from streak_core.store.forms.kinds import known
from streak_core.store.reading import contents, read_all
from streak_core.store.tombstones import checked
from streak_core.store.unreadable import reading
from streak_core.store.writing import commit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.cloud import firestore

    from streak_core.domain.model import Streak

DEVICES: Final = "devices"


@with_config(ConfigDict(extra="forbid", strict=True))
class _Device(TypedDict):
    """A device as it is stored."""

    id: str
    token: str
    platform: str
    at: datetime


_STORED: Final = TypeAdapter(list[_Device])


@dataclass(frozen=True, kw_only=True)
class Addressee:
    """A user as far as it matters for telling something; `version` is None where nothing is stored."""

    version: datetime | None
    streak: Streak | None
    devices: tuple[Device, ...]


class NoticeStore:
    """The devices of single users."""

    def __init__(self, client: firestore.Client) -> None:
        """Uses `client`."""
        self._client = client

    def addressee(self, user_id: str) -> Addressee:
        """The user. Raises `DatabaseUnavailable`, `UserErased`, `ErasingUnfinished`, `UnreadableStreakError`."""
        [found] = read_all(self._client, [self._user_doc(user_id)], (*documents.NEEDED, DEVICES))
        data = contents(found)
        if not found.exists or checked(user_id, data):
            return Addressee(version=None, streak=None, devices=())
        streak, _ = documents.read_streak(data)
        return Addressee(version=found.update_time, streak=streak, devices=read_devices(data))

    def write_devices(self, user_id: str, version: datetime, devices: Sequence[Device]) -> None:
        """Writes the devices of a user who is as read. Raises `CommitFailed`, `DatabaseUnavailable`."""
        user_doc, option = self._user_doc(user_id), self._client.write_option(last_update_time=version)
        fields = {DEVICES: devices_text(devices)}
        commit(self._client, lambda transaction: transaction.update(user_doc, fields, option=option))

    def _user_doc(self, user_id: str) -> firestore.DocumentReference:
        ref: firestore.DocumentReference = self._client.collection(documents.STREAKS).document(
            documents.user_doc_id(user_id)
        )
        return ref


def read_devices(document: documents.Document | Any) -> tuple[Device, ...]:  # noqa: ANN401 - any document
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
