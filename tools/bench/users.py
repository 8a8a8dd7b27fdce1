"""Many users at once: a few lives decided by the pure core, copied under other names and written straight to Firestore.

It must not know what is measured with them. Only the name and the shard differ between users of a kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from google.cloud import firestore

from streak_core.config import shipped_rules
from streak_core.domain.days import ONE_DAY
from streak_core.store import documents
from streak_core.store.sharding import shard_of
from testing.pure_user import PureUser

# The job runs an hour after the streak day has ended at 04:00, the time zone of everybody being UTC.
NIGHT: Final = datetime(2026, 3, 4, 5, tzinfo=UTC)
_FIRST_ACTIVITY: Final = datetime(2026, 2, 21, 9, tzinfo=UTC)
_ACTIVE_DAYS: Final = 10
_WRITES_A_COMMIT: Final = 500


class Kind(StrEnum):
    """How a user stands in that night."""

    # Active on the day that has just ended: not due.
    ACTIVE = "active"
    # Missed it, and has a freeze.
    FROZEN = "frozen"
    # Missed it, and has none.
    LOST = "lost"


@lru_cache
def life(kind: Kind) -> Mapping[str, Any]:
    """The document after ten active days, or one more; a freeze costs 500 XP, a check-in gives none."""
    user = PureUser(shipped_rules())
    moments = [_FIRST_ACTIVITY + number * ONE_DAY for number in range(_ACTIVE_DAYS + (kind is Kind.ACTIVE))]
    worth = ("evaluation_completed", {"grade": 8}) if kind is Kind.FROZEN else ("check_in", {})
    activity = dict(zip(("activity_type", "metadata"), worth, strict=True))
    for number, at in enumerate(moments):
        user.step({"at": at.isoformat(), "do": "record", "activity_id": f"lived-{number}", **activity})
    state = user.state(moments[-1])
    return documents.streak_document("template", state.streak, state.view, user.settled_through)


def night_population(size: int, due_share: float = 0.3) -> dict[Kind, int]:
    """How many of each kind: of those who are due, two in three have a freeze."""
    due = round(size * due_share)
    frozen = round(due * 2 / 3)
    return {Kind.ACTIVE: size - due, Kind.FROZEN: frozen, Kind.LOST: due - frozen}


def write_population(client: firestore.Client, population: Mapping[Kind, int]) -> None:
    """Writes so many users of each kind; the names of a kind are all of the same length."""
    for kind, size in population.items():
        write_users(client, life(kind), [f"{kind}-{number:07d}" for number in range(size)])


def write_users(client: firestore.Client, document: Mapping[str, Any], names: Sequence[str]) -> None:
    """Writes one document under many names."""
    streaks = client.collection(documents.STREAKS)
    for begin in range(0, len(names), _WRITES_A_COMMIT):
        batch = client.batch()
        for name in names[begin : begin + _WRITES_A_COMMIT]:
            batch.set(streaks.document(name), {**document, "shard": shard_of(name)})
        batch.commit()
