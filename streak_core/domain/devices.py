"""The devices that a user wishes to be told something on.

It must not know where they are kept, or who sends to them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import Conflict, FieldError, Malformed

if TYPE_CHECKING:
    from collections.abc import Sequence

DEVICES_MAX: Final = 10
# Google says of no token how long it may be; those there are have about two hundred characters.
TOKEN_LENGTH_MAX: Final = 4096
_ID: Final = re.compile(r"[A-Za-z0-9._:~-]{1,128}", re.ASCII)
_TOKEN: Final = re.compile(r"[!-~]+", re.ASCII)


class Platform(StrEnum):
    """What a device runs."""

    ANDROID = "android"
    IOS = "ios"
    WEB = "web"


class TooManyDevices(Conflict):
    """There are enough devices."""

    code = "too_many_devices"
    message = "There are {most} devices, as many as there can be. Take one away: DELETE /notices/devices/{{id}}."


class NothingChosen(Conflict):
    """There is nothing that a device could be told."""

    code = "nothing_chosen"
    message = "The user has not chosen what to be told of. Send PATCH /notices/preferences first."


@dataclass(frozen=True, kw_only=True, slots=True)
class Device:
    """A device, by the id that the app gave it, and where messages to it go: its token."""

    device_id: str
    address: str
    platform: Platform
    registered_at: datetime

    def is_same(self, other: Device) -> bool:
        """Whether both are reached alike, whenever they were registered."""
        return (self.device_id, self.address, self.platform) == (other.device_id, other.address, other.platform)


def check_device_id(device_id: str) -> None:
    """Raises `Malformed`."""
    if not _ID.fullmatch(device_id):
        raise Malformed(FieldError("device_id", "must be 1 to 128 letters, digits or . _ : ~ -"))


def check_token(token: str) -> None:
    """Raises `Malformed`."""
    if not _TOKEN.fullmatch(token) or len(token) > TOKEN_LENGTH_MAX:
        raise Malformed(FieldError("token", f"must be 1 to {TOKEN_LENGTH_MAX} visible characters of ASCII"))


def with_device(devices: Sequence[Device], device: Device) -> tuple[Device, ...]:
    """The devices with one more, or with another token of one; a token is one device's. Raises `TooManyDevices`."""
    if any(known.is_same(device) for known in devices):
        return tuple(devices)
    others = tuple(one for one in devices if device.device_id != one.device_id and device.address != one.address)
    if len(others) >= DEVICES_MAX:
        raise TooManyDevices(most=DEVICES_MAX)
    return (*others, device)


def without_device(devices: Sequence[Device], device_id: str) -> tuple[Device, ...]:
    """The devices without that one."""
    return tuple(one for one in devices if one.device_id != device_id)


def without_addresses(devices: Sequence[Device], addresses: frozenset[str]) -> tuple[Device, ...]:
    """The devices without those that nothing reaches any more."""
    return tuple(one for one in devices if one.address not in addresses)
