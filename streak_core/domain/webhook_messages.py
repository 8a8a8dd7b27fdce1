"""What an app's server is told of an event, and how it knows who says so: by the Standard Webhooks specification.

It must not know where it is sent.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from streak_core.domain.webhooks import Outgoing

# How a secret is written down.
SECRET_PREFIX: Final = "whsec_"  # noqa: S105 - what each begins with
SECRET_BYTES_MIN: Final = 24
SECRET_BYTES_MAX: Final = 64


@dataclass(frozen=True, kw_only=True)
class WebhookMessage:
    """One message: the same id and the same bytes, however often it is sent."""

    message_id: str
    body: bytes

    def headers(self, secrets: Iterable[bytes], at: datetime) -> Mapping[str, str]:
        """The headers of an attempt at that moment, signed with each secret."""
        timestamp = int(at.timestamp())
        signed = f"{self.message_id}.{timestamp}.".encode() + self.body
        made = (hmac.new(secret, signed, hashlib.sha256).digest() for secret in secrets)
        return {
            "webhook-id": self.message_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in made),
        }


def webhook_message(user_id: str, outgoing: Outgoing, begun_anew: datetime | None = None) -> WebhookMessage:
    """The message of an event of a user, who may have begun anew after that moment, at which all before was erased."""
    event = outgoing.event
    content = {
        "type": event.kind.value,
        "timestamp": rfc3339(event.at),
        "data": {
            "user_id": user_id,
            "event_id": event.event_id,
            "number": outgoing.number,
            "day": event.day.isoformat(),
            "details": dict(event.details),
        },
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return WebhookMessage(message_id=message_id(user_id, event.event_id, begun_anew), body=body)


def message_id(user_id: str, event_id: str, begun_anew: datetime | None = None) -> str:
    """The id of an event among those of all users: its own is one of its user, and has full stops, as none may have.

    It is also one of a user's life alone: who was erased and begins anew has the same events, which nobody was told of.
    """
    life = f"\n{rfc3339(begun_anew)}" if begun_anew else ""
    return f"evt_{hashlib.sha256(f'{user_id}/{event_id}{life}'.encode()).hexdigest()[:40]}"


def secret_of(text: str) -> bytes:
    """The secret that is written so. Raises `ValueError`."""
    if not text.startswith(SECRET_PREFIX):
        message = f"does not begin with {SECRET_PREFIX}"
        raise ValueError(message)
    try:
        secret = base64.b64decode(text.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        message = f"is not Base64 after {SECRET_PREFIX}"
        raise ValueError(message) from None
    if not SECRET_BYTES_MIN <= len(secret) <= SECRET_BYTES_MAX:
        message = f"has {len(secret)} bytes, must have {SECRET_BYTES_MIN} to {SECRET_BYTES_MAX}"
        raise ValueError(message)
    return secret
