"""Proves a user of a test, and says what came out. Must not know what was damaged."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from streak_core.commands import StreakCommands
from streak_core.domain.commands import Command, RecordActivity
from streak_core.queries import StreakQueries
from streak_core.response_types import CommandResponse
from streak_core.retry import Attempts, RetryRules
from streak_core.store.users import UserStore
from tests.support.shipped_policy import policies
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Proof, Prover

if TYPE_CHECKING:
    from google.cloud import firestore

# Some days after the last step of a full life.
NOW = datetime(2025, 3, 2, 12, tzinfo=UTC)
Documents = dict[str, dict[str, Any]]


def prover(
    client: firestore.Client,
    *,
    fix: bool = False,
    now: datetime = NOW,
    threads: int = 1,
    store: MendingStore | None = None,
) -> Prover:
    """A prover that does not wait before it tries again."""

    def attempts() -> Attempts:
        return Attempts(rules=RetryRules(attempts_max=6), sleep=lambda _: None)

    store = store or MendingStore(client)
    return Prover(store=store, rules=policies, now=lambda: now, fix=fix, threads=threads, attempts=attempts)


def prove(client: firestore.Client, user_id: str = "ada", *, fix: bool = False) -> Proof:
    return prover(client, fix=fix).prove(MendingStore(client).user_document(user_id))


def found(proof: Proof) -> dict[str, tuple[Any, Any]]:
    return {f"{one.document} {one.field}": (one.stored, one.rebuilt) for one in proof.differences}


def answers(client: firestore.Client) -> dict[str, Any]:
    ask = StreakQueries(UserStore(client, policies), policies)
    return {
        "streak": ask.streak("ada", NOW),
        "calendar": ask.calendar("ada", NOW, 120),
        "consistency": ask.consistency("ada", NOW),
        "settings": ask.settings("ada", NOW),
        "explain": ask.explain("ada", NOW, 30),
        "events": ask.events("ada", NOW, 1_000, None).items,
        "activities": ask.activities("ada", 1_000, None).items,
    }


def guide(name: str) -> Command:
    return RecordActivity(activity_id=name, activity_type="study_guide_completed", metadata={})


def record(client: firestore.Client, name: str, at: datetime = NOW) -> CommandResponse:
    """Records an activity of ada's; its answer."""
    return StreakCommands(UserStore(client, policies), policies).execute("ada", at, guide(name)).response


def of(reference: firestore.DocumentReference) -> dict[str, Any]:
    """The fields of a document."""
    return reference.get().to_dict() or {}
