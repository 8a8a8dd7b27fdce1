"""What is sent to an app's server, judged by the library of the Standard Webhooks specification.

It must not know how the library verifies.
"""

from __future__ import annotations

import base64
import json
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from streak_core.domain.events import EventKind
from streak_core.domain.webhook_endpoints import parse_endpoints, parse_told
from streak_core.domain.webhook_messages import SECRET_BYTES_MAX, SECRET_BYTES_MIN, secret_of, webhook_message
from streak_core.domain.webhooks import Outgoing
from tests.support.guide import FOLDER, examples
from tests.unit.domain.outgoing import event

FIRST: Final = b"1" * SECRET_BYTES_MIN
SECOND: Final = b"2" * SECRET_BYTES_MAX
AT: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
OUTGOING: Final = Outgoing(event=event(), number=7, written_at=AT, waiting={})
MESSAGE: Final = webhook_message("zoë/😀", OUTGOING)


def written(secret: bytes) -> str:
    return f"whsec_{base64.b64encode(secret).decode()}"


def test_a_receiver_with_any_of_the_secrets_believes_it_and_reads_what_happened() -> None:
    headers = dict(MESSAGE.headers((FIRST, SECOND), datetime.now(UTC)))
    for secret in (FIRST, SECOND):
        assert Webhook(written(secret)).verify(MESSAGE.body, headers) == {
            "type": "streak_broken",
            "timestamp": "2026-03-02T12:00:00Z",
            "data": {
                "user_id": "zoë/😀",
                "event_id": "2026-03-01.streak_broken",
                "number": 7,
                "day": "2026-03-01",
                "details": {"length": 3},
            },
        }


@pytest.mark.parametrize(
    ("age", "body", "secret", "complaint"),
    [
        (timedelta(minutes=6), MESSAGE.body, FIRST, "too old"),
        (timedelta(minutes=-6), MESSAGE.body, FIRST, "too new"),
        (timedelta(), MESSAGE.body.replace(b'"length":3', b'"length":4'), FIRST, "No matching signature"),
        (timedelta(), MESSAGE.body, SECOND, "No matching signature"),
    ],
    ids=["old", "new", "changed", "of another secret"],
)
def test_a_receiver_refuses(age: timedelta, body: bytes, secret: bytes, complaint: str) -> None:
    headers = dict(MESSAGE.headers((FIRST,), datetime.now(UTC) - age))
    with pytest.raises(WebhookVerificationError, match=complaint):
        Webhook(written(secret)).verify(body, headers)


def test_it_is_signed_as_the_specifications_own_library_does() -> None:
    headers = MESSAGE.headers((FIRST,), AT)
    assert headers["webhook-signature"] == Webhook(FIRST).sign(MESSAGE.message_id, AT, MESSAGE.body.decode())


def test_an_id_is_of_one_user_and_event_and_has_no_full_stop() -> None:
    again = webhook_message("zoë/😀", replace(OUTGOING, number=8))
    others = (webhook_message("ada", OUTGOING), webhook_message("zoë/😀", replace(OUTGOING, event=event(event_id="2"))))
    assert again.message_id == MESSAGE.message_id
    assert len({MESSAGE.message_id, *(one.message_id for one in others)}) == 3
    anew = [webhook_message("zoë/😀", OUTGOING, AT + timedelta(days=days)).message_id for days in (0, 0, 1)]
    assert (anew[0] == anew[1], len({MESSAGE.message_id, *anew})) == (True, 3)
    assert MESSAGE.message_id.isascii()
    assert "." not in MESSAGE.message_id


def test_a_secret_is_read_as_it_is_written_down() -> None:
    assert [secret_of(written(one)) for one in (FIRST, SECOND)] == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (written(FIRST).removeprefix("whsec_"), "does not begin with whsec_"),
        (written(FIRST)[:-1] + "*", "Base64"),
        (written(FIRST[1:]), "23 bytes"),
        (written(SECOND + b"2"), "65 bytes"),
    ],
)
def test_a_secret_is_refused_without_being_said(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint) as refused:
        secret_of(text)
    assert text not in str(refused.value)


def test_the_page_for_apps_names_every_event_that_a_server_can_be_told_of() -> None:
    page = (FOLDER / "webhooks.md").read_text(encoding="utf-8")
    assert [kind for kind in EventKind if f"`{kind}`" not in page] == []
    assert parse_told("crm:" + ",".join(EventKind))


def test_the_page_for_apps_shows_a_file_that_reads_the_message_that_is_sent_and_a_receiver_that_believes_it() -> None:
    blocks = {f"{one.language} {one.tag}".strip(): one.text for one in examples(FOLDER / "webhooks.md")}
    told = parse_told(tomllib.loads(blocks["toml settings"])["STREAK_WEBHOOK_EVENTS"])
    crm = parse_endpoints(blocks["toml"], told)["crm"]
    message = webhook_message("ada", OUTGOING)
    assert json.loads(blocks["json message"]) == json.loads(message.body)
    shown: dict[str, Any] = {}
    exec(blocks["python receiver"], shown)  # noqa: S102 - the example itself
    headers = dict(message.headers(crm.secrets, datetime.now(UTC)))
    assert shown["believed"](written(crm.secrets[0]), headers, message.body)["type"] == "streak_broken"
