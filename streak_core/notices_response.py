"""Makes the answers about what a user is told without asking.

It must not know HTTP, storage or how anything was decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.domain.commands.notices import USUAL, time_text
from streak_core.domain.days import rfc3339
from streak_core.domain.notices import NO_CHOICES, Channel, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from streak_core.domain.devices import Device
    from streak_core.domain.notices import Notice
    from streak_core.domain.settings import Settings
    from streak_core.notice_texts import Message
    from streak_core.response_types import DevicesResponse, NoticeResponse, PreferencesResponse


def preferences_response(settings: Settings) -> PreferencesResponse:
    """The answer about what a user has chosen: every kind, those that the user is not told of with no channel."""
    choices = settings.notices or NO_CHOICES
    quiet, minute = choices.quiet, choices.remind_at_minute
    chosen = {kind: choices.channels.get(kind, frozenset()) for kind in NoticeKind}
    return {
        "channels": {kind.value: [one.value for one in Channel if one in of] for kind, of in chosen.items()},
        "quiet_hours": {
            "from": time_text(quiet.from_minute if quiet else 0),
            "until": time_text(quiet.until_minute if quiet else 0),
        },
        "remind_at": USUAL if minute is None else time_text(minute),
        "language": choices.language,
    }


def notice_response(notice: Notice, told: Message, read_until: datetime | None) -> NoticeResponse:
    """The answer about a notice, in those words; all up to the moment that was read last are read."""
    return {
        "notice_id": notice.notice_id,
        "kind": notice.kind.value,
        "date": notice.day.isoformat(),
        "at": rfc3339(notice.at),
        "title": told.title,
        "body": told.body,
        "is_read": read_until is not None and notice.at <= read_until,
    }


def devices_response(devices: Iterable[Device]) -> DevicesResponse:
    """The answer about a user's devices, the first registered first; where messages to them go is nobody's to read."""
    return {
        "devices": [
            {
                "device_id": one.device_id,
                "platform": one.platform.value,
                "registered_at": rfc3339(one.registered_at),
            }
            for one in devices
        ]
    }
