"""Users of the local run: many who were active once and become due in some night, and one whose document is spoilt.

It must not know what happens to them.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.store import documents
from tools.bench.users import lived, write_users

if TYPE_CHECKING:
    from google.cloud import firestore

DUE_MIN: Final = 60
DUE_MAX: Final = 240
_ACTIVE_DAYS: Final = 10
_SPOILT: Final = "spoilt"


def settle_in(client: firestore.Client, begin: datetime, days: int, chance: random.Random) -> None:
    """Writes users who were active until some day before `begin` or after it; half of them have a freeze."""
    for day in range(-2, days - 1):
        last_active = begin.replace(hour=9) + timedelta(days=day)
        for kind, activity in (
            ("kept", ("evaluation_completed", {"grade": 8})),
            ("lost", ("check_in", {})),
        ):
            moments = [last_active - timedelta(days=back) for back in reversed(range(_ACTIVE_DAYS))]
            life = lived([(moment, *activity) for moment in moments])
            size = chance.randint(DUE_MIN, DUE_MAX) // 2
            write_users(client, life.document, [f"{kind}-{day + 2:02d}-{number:04d}" for number in range(size)])


def spoil_one(client: firestore.Client, active_at: datetime) -> None:
    """Writes a due user whose document can't be read as a streak, as after somebody's edit by hand."""
    life = lived([(active_at, "check_in", {})])
    write_users(client, {**life.document, "schema_version": 0}, [_SPOILT])


def mend_the_spoilt(client: firestore.Client) -> None:
    """Takes that user away, as an operator would."""
    client.collection(documents.STREAKS).document(_SPOILT).delete()
