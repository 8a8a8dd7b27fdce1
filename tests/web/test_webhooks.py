"""What servers of an app's are told, judged by the JavaScript library of the Standard Webhooks specification."""

from __future__ import annotations

import base64
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from streak_core.domain.events import Event, EventKind
from streak_core.domain.webhook_messages import webhook_message
from streak_core.domain.webhooks import Outgoing
from tests.support.wanted import needs
from tests.web.running import run

AT: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)
EVENT: Final = Event(event_id="1", kind=EventKind.STREAK_BROKEN, day=date(2026, 3, 1), at=AT, details={"length": 3})
MESSAGE: Final = webhook_message("zoë 😀", Outgoing(event=EVENT, number=1, written_at=AT, waiting={}))
OLD, NEW = b"o" * 24, b"n" * 64


def sent(age: timedelta = timedelta(), body: bytes = MESSAGE.body, secret: bytes = NEW) -> dict[str, Any]:
    """A message as a receiver has it who knows one secret, of two that sign."""
    headers = dict(MESSAGE.headers((NEW, OLD), datetime.now(UTC) - age))
    known = f"whsec_{base64.b64encode(secret).decode()}"
    return {"secret": known, "headers": headers, "body": body.decode()}


@needs("the client's tools")
def test_it_is_believed_with_either_secret_and_not_when_it_is_old_new_changed_or_of_another(tmp_path: Path) -> None:
    good = [sent(), sent(secret=OLD)]
    bad = [
        sent(timedelta(minutes=6)),
        sent(timedelta(minutes=-6)),
        sent(body=MESSAGE.body.replace(b'"length":3', b'"length":4')),
        sent(secret=b"x" * 24),
    ]
    (tmp_path / "sent.json").write_text(json.dumps([*good, *bad]), encoding="utf-8")
    said = json.loads(run("node", Path(__file__).with_name("believing.mjs"), tmp_path / "sent.json"))
    assert [one["content"]["data"]["user_id"] for one in said[:2]] == ["zoë 😀"] * 2
    assert [one["refused"] for one in said[2:]] == [
        "Message timestamp too old",
        "Message timestamp too new",
        "No matching signature found",
        "No matching signature found",
    ]
