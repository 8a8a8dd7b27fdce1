"""Every collection that there is, and whether it is a user's. Must not know how one is read or written."""

from __future__ import annotations

from typing import Final

# Named after users, one document each; and what is below such a document.
HOMES: Final = frozenset({"streaks", "records", "profiles"})
BELOW: Final = frozenset(
    {"ledger", "events", "months", "audit", "keys", "shares", "notices", "conversations", "messages", "usage", "ideas"}
    | {"app_records", "outbox", "leaderboard_entries"}
)
# What is no user's, and what it has of users all the same.
# What names two users and lies below neither: it goes with the first of them who is erased.
SHARED: Final = frozenset({"friend_pairs", "friend_invitations"})
NOBODYS: Final = {
    # Names users who could not be settled, by their ids, and is deleted after 90 days.
    "maintenance_runs": "one run of the job",
    "shards": "the progress of a run, below it; as above",
    "paces": "how fast runs of each kind wrote of late; names nobody",
    "health_checks": "empty",
    "service": "whether the service is closed for writing; names what is restored, and by whom",
    "backups": "what was copied when, and how much",
    # Names users who could not be migrated, at most twenty, by their ids; and the operator who migrates.
    "migrations": "how far users are on their way to another stored form",
    "policies": "what is in force for everybody; names the operator who published it",
    # Names the operators who published and withdrew what is in force for everybody, and declared amnesties.
    "trails": "the audit trail of what concerns everybody, as the audit trails of users below it",
    # Names a group while it is at work.
    "leaderboard_standings": "how far final standings are, and how many were placed; names nobody",
    "counters": "how much there was of what on a day, of all users together; names nobody",
    # Names the operator who declared it.
    "amnesties": "what everybody is excused from",
}
