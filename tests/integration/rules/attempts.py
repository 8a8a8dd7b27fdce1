"""The table of what apps may do in Firestore themselves, and of the nearest thing that they may not.

Must not know how an attempt is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tests.integration.rules.ruled import Person

ADA: Final = Person(uid="ada")
BEN: Final = Person(uid="ben")
ADMIN: Final = Person(uid="ops", is_admin=True)
NOBODY: Final = Person(uid=None)
# Of another tenant, and by another person's hand the same id.
NAMESAKE: Final = Person(uid="ada", tenant="acme-x1y2z")
STRANGERS: Final = (BEN, NOBODY, ADMIN, NAMESAKE)

HOME: Final = "streaks/ada"
PARTS: Final = (f"{HOME}/months/2026-03", f"{HOME}/events/e", f"{HOME}/notices/n")
# What only the functions, maintenance and operators have to do with, and what nobody has thought of yet.
CLOSED: Final = (
    "maintenance_runs/r",
    "maintenance_runs/r/shards/00",
    "paces/reminders",
    "health_checks/probe",
    "migrations/0002",
    "records/ada",
    "records/ada/audit/000000000001",
    "records/ada/keys/k",
    "records/ada/conversations/chat",
    "records/ada/messages/chat.000000000001",
    "records/ada/usage/u",
    "records/ada/ideas/i",
    "records/ada/app_records/r",
    "profiles/ada",
    # Neither of the two whom they name reads them: the other one is in them.
    "friend_pairs/p",
    "friend_invitations/c",
    "trails/rules",
    "trails/rules/audit/000000000001",
    "counters/2026-03-02",
    "leaderboard_standings/week.2026-03-02",
    "counters/2026-03-02.00",
    "other/x",
    f"{HOME}/other/x",
    # It says which operator gave something, and why.
    f"{HOME}/ledger/activity.a",
    # Its id is everybody's to know, and its place nobody's.
    f"{HOME}/shares/00",
    # A name that nobody else would read without the functions, and whether an operator hides it.
    f"{HOME}/leaderboard_entries/entry",
    f"{PARTS[1]}/deeper/x",
)
# Users whose ids can't be the ids of documents as they are: "a/b", and one who looks like that user's document.
SLASHED: Final = "streaks/a%2Fb"
STORED: Final = (HOME, *PARTS, *CLOSED, SLASHED, "streaks/ben")

Attempt = tuple[str, str]

# What ada may do; the same is denied to every stranger.
OWN: Final[tuple[Attempt, ...]] = (
    ("get", HOME),
    ("batch_get", HOME),
    *(("get", part) for part in PARTS),
    *(("query_by_name", part) for part in PARTS),
    *((operation, part.rpartition("/")[0]) for part in PARTS for operation in ("list", "query", "count")),
)


def _denied() -> Iterator[Attempt]:
    for document in (HOME, *PARTS, *CLOSED):
        yield from ((operation, document) for operation in ("create", "set", "update", "delete", "commit"))
        yield "set", f"{document}-new"
    for document in CLOSED:
        collection = document.rpartition("/")[0]
        yield from [("get", document), ("batch_get", document), *((each, collection) for each in ("list", "query"))]
    for operation in ("list", "query", "count", "query_group"):
        yield operation, "streaks"
    yield "query_by_name", HOME
    for collection in (
        "months",
        "ledger",
        "events",
        "shares",
        "notices",
        "outbox",
        "leaderboard_entries",
        "shards",
        "deeper",
        "audit",
        "keys",
        "friend_pairs",
        "friend_invitations",
    ):
        yield "query_group", collection
        yield "query_group", f"{HOME}/{collection}"


# What nobody may do, not even ada with what is hers.
DENIED: Final[tuple[Attempt, ...]] = tuple(dict.fromkeys(_denied()))
