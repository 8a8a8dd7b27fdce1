"""The job of the first design, as its documents describe it: every user is read, and each is dealt with by itself.

Pages of 100 over all users, one after the other; a transaction for each freeze, an update for each break, and an event
for each of them. It must not know how the present job works: it is only here to be compared with.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from google.cloud import firestore

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud.firestore_v1.base_document import DocumentSnapshot

PAGE_USERS: Final = 100


@dataclass
class Done:
    """What a night did."""

    users_read: int = 0
    freezes_applied: int = 0
    streaks_broken: int = 0


def first_night(client: firestore.Client, now: datetime) -> Done:
    """Goes through all users once."""
    done, after = Done(), None
    query = client.collection("streaks").order_by("__name__").limit(PAGE_USERS)
    while True:
        page = list((query.start_after(after) if after else query).stream())
        for user in page:
            done.users_read += 1
            _deal_with(client, user, now, done)
        if len(page) < PAGE_USERS:
            return done
        after = page[-1]


def _deal_with(client: firestore.Client, user: DocumentSnapshot[Any], now: datetime, done: Done) -> None:
    known = user.to_dict() or {}
    yesterday = now.date() - timedelta(days=1)
    if known["current_streak"] == 0 or date.fromisoformat(known["last_active_date"]) >= yesterday:
        return
    if known["freezes_available"] > 0:
        _use_freeze(client.transaction(), user.reference, yesterday)
        _tell(user, "freeze_applied", now, known)
        done.freezes_applied += 1
        return
    user.reference.update({"current_streak": 0, "updated_at": now})
    _tell(user, "streak_broken", now, known)
    done.streaks_broken += 1


@firestore.transactional
def _use_freeze(transaction: firestore.Transaction, home: firestore.DocumentReference, protected_day: date) -> None:
    known = home.get(transaction=transaction).to_dict() or {}
    left = {"freezes_available": known["freezes_available"] - 1, "last_active_date": protected_day.isoformat()}
    transaction.update(home, left)


def _tell(user: DocumentSnapshot[Any], kind: str, now: datetime, known: dict[str, Any]) -> None:
    event = {
        "kind": kind,
        "at": now,
        "day": (now.date() - timedelta(days=1)).isoformat(),
        "details": {"streak": known["current_streak"], "freezes_left": known["freezes_available"]},
    }
    user.reference.collection("events").add(event)
