"""An event that servers of an app's are told of, and such a server. Must not know what is tested."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from streak_core.domain.events import Event, EventKind
from streak_core.domain.webhooks import Endpoint

NOW: Final = datetime(2026, 3, 2, 12, tzinfo=UTC)


def event(kind: EventKind = EventKind.STREAK_BROKEN, event_id: str = "2026-03-01.streak_broken") -> Event:
    return Event(event_id=event_id, kind=kind, day=date(2026, 3, 1), at=NOW, details={"length": 3})


def endpoint(name: str, *kinds: EventKind) -> Endpoint:
    return Endpoint(name=name, url=f"https://{name}.example.com", kinds=frozenset(kinds), secrets=(b"s" * 24,))
