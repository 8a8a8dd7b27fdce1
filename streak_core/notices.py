"""The devices that a user is told something on: registered and taken away, and again on a conflict.

It must not know HTTP or Firestore's client, and it decides nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from streak_core.domain.decision import check_not_blocked, check_rate
from streak_core.domain.devices import (
    Device,
    NothingChosen,
    check_device_id,
    check_token,
    with_device,
    without_device,
)
from streak_core.domain.rate_limit import count_command
from streak_core.notices_response import devices_response
from streak_core.retry import Attempts, note_retry
from streak_core.store.failures import CommitFailed

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from streak_core.domain.model import RateUsage
    from streak_core.domain.rules import Rules
    from streak_core.response_types import DevicesResponse
    from streak_core.store.notices import NoticeStore

    Change = Callable[[tuple[Device, ...]], tuple[Device, ...]]


@dataclass(frozen=True)
class Notices:
    """What a user says of the ways to be told something."""

    store: NoticeStore
    rules: Callable[[], Rules]
    attempts: Callable[[], Attempts] = field(default=Attempts)

    def register(self, user_id: str, device: Device) -> DevicesResponse:
        """Registers a device, or another token of it; the same again changes nothing.

        Raises `Malformed`, `Blocked`, `NothingChosen`, `TooManyDevices`, `RateLimited`, `UserBusy`,
        `UserErased`, `DatabaseUnavailable`.
        """
        check_device_id(device.device_id)
        check_token(device.address)
        return self._change(user_id, lambda devices: with_device(devices, device), registered_at=device.registered_at)

    def take_away(self, user_id: str, device_id: str) -> DevicesResponse:
        """Takes a device away, which who is blocked may; one that is not there stays so. Raises as `register` does."""
        check_device_id(device_id)
        return self._change(user_id, lambda devices: without_device(devices, device_id))

    def _change(self, user_id: str, change: Change, registered_at: datetime | None = None) -> DevicesResponse:
        attempts = self.attempts()
        while True:
            found = self.store.addressee(user_id)
            if registered_at is not None:
                if found.streak is None or found.streak.settings.notices is None:
                    raise NothingChosen
                check_not_blocked(found.streak, registered_at)
            devices = change(found.devices)
            if devices == found.devices or found.version is None:
                return devices_response(found.devices)
            # To take one away, it has to be registered first.
            written = None if registered_at is None else self._counted(found.written, registered_at)
            try:
                self.store.write_devices(user_id, found.version, devices, written)
            except CommitFailed as failure:
                note_retry(failure, "devices", attempts)
                attempts.again(failure)
            else:
                return devices_response(devices)

    def _counted(self, written: RateUsage, now: datetime) -> RateUsage:
        """With one more. Raises `RateLimited`."""
        limits = self.rules().on(now.date()).limits
        check_rate(written, now, limits)
        return count_command(written, now, limits)
