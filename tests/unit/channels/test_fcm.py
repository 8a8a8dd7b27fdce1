"""Messages through the real client of Firebase, against a stand-in that keeps the HTTP contract of Cloud Messaging."""

from __future__ import annotations

import io
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import firebase_admin
import pytest
import requests
from firebase_admin import credentials
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import DefaultCredentialsError

from streak_core.channels.fcm import CloudMessaging, PushUnavailable
from streak_core.domain.devices import Device, Platform
from streak_core.notice_texts import Message

if TYPE_CHECKING:
    from collections.abc import Iterator

URL: Final = "https://fcm.googleapis.com/v1/projects/demo-push/messages:send"
REMINDER: Final = Message(message_id="2026-03-03.reminder", kind="reminder", title="Keep it", body="Today counts")
ERROR: Final = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


class Nobody(credentials.Base):  # type: ignore[misc]
    """Signs nothing in."""

    def get_credential(self) -> AnonymousCredentials:
        return AnonymousCredentials()


@dataclass
class StandIn:
    """Takes messages, and answers some addresses as Cloud Messaging answers what it can't deliver."""

    errors: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        assert (request.method, request.url) == ("POST", URL)
        message = json.loads(request.body if isinstance(request.body, bytes) else "")["message"]
        error = self.errors.get(message["token"])
        if error is None:
            self.messages.append(message)
            return _response(request, 200, {"name": f"projects/demo-push/messages/{len(self.messages)}"})
        status, word, code = error
        details = [{"@type": ERROR, "errorCode": code}]
        return _response(request, status, {"error": {"status": word, "message": "no", "details": details}})


def _response(request: requests.PreparedRequest, status: int, content: dict[str, Any]) -> requests.Response:
    response = requests.Response()
    response.status_code, response.request, response.url = status, request, URL
    response.raw = io.BytesIO(json.dumps(content).encode())
    response.headers["Content-Type"] = "application/json"
    return response


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", stand_in.send)
    return stand_in


@pytest.fixture
def channel() -> Iterator[CloudMessaging]:
    app = firebase_admin.initialize_app(Nobody(), {"projectId": "demo-push"}, name=uuid.uuid4().hex)
    yield CloudMessaging(app)
    firebase_admin.delete_app(app)


def device(address: str) -> Device:
    return Device(
        device_id=address, address=address, platform=Platform.ANDROID, registered_at=datetime(2026, 3, 2, tzinfo=UTC)
    )


def test_a_message_takes_the_place_of_itself_on_each_platform(google: StandIn, channel: CloudMessaging) -> None:
    assert channel.send([device("a"), device("b")], REMINDER) == frozenset()
    assert [one["token"] for one in google.messages] == ["a", "b"]
    sent = google.messages[0]
    assert sent["notification"] == {"title": "Keep it", "body": "Today counts"}
    assert sent["data"] == {"notice_id": REMINDER.message_id, "kind": "reminder"}
    assert sent["android"]["collapse_key"] == sent["android"]["notification"]["tag"] == REMINDER.message_id
    assert sent["apns"]["headers"] == {"apns-collapse-id": REMINDER.message_id}
    assert sent["webpush"]["notification"]["tag"] == REMINDER.message_id
    assert "fid" not in sent


@pytest.mark.filterwarnings("error::DeprecationWarning")
def test_the_library_warns_of_nothing_that_is_sent(google: StandIn, channel: CloudMessaging) -> None:
    channel.send([device("a")], REMINDER)
    assert len(google.messages) == 1


@pytest.mark.parametrize(
    ("error", "is_gone"),
    [
        ((404, "NOT_FOUND", "UNREGISTERED"), True),
        ((403, "PERMISSION_DENIED", "SENDER_ID_MISMATCH"), True),
        # What is wrong with the message says nothing of the device.
        ((400, "INVALID_ARGUMENT", "INVALID_ARGUMENT"), False),
    ],
)
def test_who_is_not_reached_any_more_is_told_and_the_others_are_sent_to(
    google: StandIn, channel: CloudMessaging, error: tuple[int, str, str], *, is_gone: bool
) -> None:
    google.errors["a"] = error
    assert channel.send([device("a"), device("b")], REMINDER) == (frozenset("a") if is_gone else frozenset())
    assert [one["token"] for one in google.messages] == ["b"]


def test_whoever_is_let_in_nowhere_is_to_try_again() -> None:
    class Nowhere(credentials.Base):  # type: ignore[misc]
        def get_credential(self) -> AnonymousCredentials:
            raise DefaultCredentialsError

    app = firebase_admin.initialize_app(Nowhere(), {"projectId": "demo-push"}, name=uuid.uuid4().hex)
    with pytest.raises(PushUnavailable):
        CloudMessaging(app).send([device("a")], REMINDER)
    firebase_admin.delete_app(app)


@pytest.mark.parametrize("error", [(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED"), (503, "UNAVAILABLE", "UNAVAILABLE")])
def test_what_google_does_not_take_for_now_is_to_be_tried_again(
    google: StandIn, channel: CloudMessaging, error: tuple[int, str, str]
) -> None:
    google.errors["a"] = error
    with pytest.raises(PushUnavailable):
        channel.send([device("a"), device("b")], REMINDER)
    assert [one["token"] for one in google.messages] == ["b"]
