"""Pushes messages to devices by Firebase Cloud Messaging.

It must not know whom a device belongs to, or why something is sent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from firebase_admin import exceptions, messaging
from google.auth.exceptions import GoogleAuthError

from streak_core.domain.errors import Unavailable
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Sequence

    import firebase_admin

    from streak_core.domain.devices import Device
    from streak_core.notice_texts import Message


class PushUnavailable(Unavailable):
    """Firebase Cloud Messaging does not answer, or takes no more for now."""

    code = "push_unavailable"
    message = "Firebase Cloud Messaging does not take the message. Call again later."


@dataclass(frozen=True)
class CloudMessaging:
    """The messages of one Firebase project."""

    app: firebase_admin.App

    def send(self, devices: Sequence[Device], message: Message) -> frozenset[str]:
        """Sends the message to each device; answers the addresses that reach nobody any more.

        Sent twice, it is shown once: its id takes the place of itself. What is refused as it is would be so each time,
        and is only logged. Raises `PushUnavailable` where a device could not be reached for now.
        """
        gone, failed = set(), None
        for device in devices:
            try:
                messaging.send(_for(device, message), app=self.app)
            except (messaging.UnregisteredError, messaging.SenderIdMismatchError):
                gone.add(device.address)
            except (exceptions.InvalidArgumentError, ValueError) as error:
                log(LogEvent.NOTICE_REFUSED, "a message was refused as it is", error=error, kind=message.kind)
            except (exceptions.FirebaseError, GoogleAuthError) as error:
                failed = error
        if failed is not None:
            raise PushUnavailable from failed
        return frozenset(gone)


def _for(device: Device, message: Message) -> messaging.Message:
    made = messaging.Message(
        notification=messaging.Notification(title=message.title, body=message.body),
        data={"notice_id": message.message_id, "kind": message.kind},
        android=messaging.AndroidConfig(
            collapse_key=message.message_id, notification=messaging.AndroidNotification(tag=message.message_id)
        ),
        apns=messaging.APNSConfig(headers={"apns-collapse-id": message.message_id}),
        webpush=messaging.WebpushConfig(notification=messaging.WebpushNotification(tag=message.message_id)),
    )
    # Apps register tokens. What takes their place in the library, `fid`, is the id of an installation, which no token
    # can be made into: given to the constructor a token is warned of, and sent all the same.
    made.token = device.address
    return made
