"""The job of the first design, as its documents describe it: every user is read, and each is dealt with by itself.

Pages of 100 over all users, one after the other; a transaction for each freeze, an update for each break, and an event
for each of them. It must not know how the present job works: it is only here to be compared with.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from google.cloud import firestore
from google.cloud.firestore_v1.base_document import DocumentSnapshot

PAGE_USERS: Final = 100


def first_run(client: firestore.Client, now: datetime) -> tuple[int, int]:
    """Goes through all users once; answers the freezes it applied and the streaks it broke."""
    done, after = {"freeze_applied": 0, "streak_broken": 0, "": 0}, None
    query = client.collection("streaks").order_by("__name__").limit(PAGE_USERS)
    while True:
        page = list((query.start_after(after) if after else query).stream())
        for user in page:
            done[_deal_with(client, user, now)] += 1
        if len(page) < PAGE_USERS:
            return done["freeze_applied"], done["streak_broken"]
        after = page[-1]


def _deal_with(client: firestore.Client, user: DocumentSnapshot[Any], now: datetime) -> str:
    """What happened to the user; empty for nothing."""
    known, yesterday = user.to_dict() or {}, now.date() - timedelta(days=1)
    if known["current_streak"] == 0 or date.fromisoformat(known["last_active_date"]) >= yesterday:
        return ""
    kind = "freeze_applied" if known["freezes_available"] > 0 else "streak_broken"
    if kind == "freeze_applied":
        _use_freeze(client.transaction(), user.reference, yesterday)
    else:
        user.reference.update({"current_streak": 0, "updated_at": now})
    details = {"streak": known["current_streak"], "freezes_left": known["freezes_available"]}
    user.reference.collection("events").add({"kind": kind, "at": now, "day": str(yesterday), "details": details})
    return kind


@firestore.transactional
def _use_freeze(transaction: firestore.Transaction, user_doc: firestore.DocumentReference, protected_day: date) -> None:
    known = user_doc.get(transaction=transaction).to_dict() or {}
    left = {"freezes_available": known["freezes_available"] - 1, "last_active_date": protected_day.isoformat()}
    transaction.update(user_doc, left)
