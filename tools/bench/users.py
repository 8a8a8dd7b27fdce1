"""Many users at once: a few lives decided by the pure core, copied under other names and written straight to Firestore.

It must not know what is measured with them. Only the name and the shard differ between users of a kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from google.cloud import firestore

from streak_core.config import shipped_policy
from streak_core.domain.commands import RecordActivity
from streak_core.domain.days import ONE_DAY
from streak_core.domain.decision import decide
from streak_core.domain.model import Streak
from streak_core.domain.state import user_state
from streak_core.store import documents
from streak_core.store.sharding import shard_of

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


DUE: Final = (Kind.FROZEN, Kind.LOST)


@dataclass(frozen=True)
class Life:
    """A user as stored."""

    streak: Streak
    settled_through: date
    document: Mapping[str, Any]


@lru_cache
def life(kind: Kind) -> Life:
    """Ten active days up to the one before the last, or one more; a freeze costs 500 XP, a check-in gives none."""
    days = _ACTIVE_DAYS + (kind is Kind.ACTIVE)
    activity = ("evaluation_completed", {"grade": 8}) if kind is Kind.FROZEN else ("check_in", {})
    return lived([(_FIRST_ACTIVITY + number * ONE_DAY, *activity) for number in range(days)])


def lived(activities: Iterable[tuple[datetime, str, Mapping[str, Any]]]) -> Life:
    """A life of activities: the moment, the type and the metadata of each."""
    streak, settled_through, found = None, None, None
    for number, (at, activity_type, metadata) in enumerate(activities):
        command = RecordActivity(activity_id=f"lived-{number}", activity_type=activity_type, metadata=metadata)
        decision = decide(user_state(streak, settled_through, shipped_policy(), at), command, {})
        streak, settled_through = decision.streak, decision.view.today - ONE_DAY
        document = documents.streak_document("template", streak, decision.view, settled_through)
        found = Life(streak=streak, settled_through=settled_through, document=document)
    if found is None:
        message = "a life has at least one activity"
        raise ValueError(message)
    return found


def user_name(kind: Kind, number: int) -> str:
    """The name of a user; as long as that of any other one of the kind."""
    return f"{kind}-{number:07d}"


def night_population(size: int, due_share: float = 0.3) -> dict[Kind, int]:
    """How many of each kind: of those who are due, two in three have a freeze."""
    due = round(size * due_share)
    frozen = round(due * 2 / 3)
    return {Kind.ACTIVE: size - due, Kind.FROZEN: frozen, Kind.LOST: due - frozen}


def write_population(client: firestore.Client, population: Mapping[Kind, int]) -> None:
    """Writes so many users of each kind."""
    for kind, size in population.items():
        write_users(client, life(kind).document, [user_name(kind, number) for number in range(size)])


def write_users(client: firestore.Client, document: Mapping[str, Any], names: Sequence[str]) -> None:
    """Writes one document under many names."""
    streaks = client.collection(documents.STREAKS)
    for begin in range(0, len(names), _WRITES_A_COMMIT):
        batch = client.batch()
        for name in names[begin : begin + _WRITES_A_COMMIT]:
            batch.set(streaks.document(name), {**document, "shard": shard_of(name)})
        batch.commit()
