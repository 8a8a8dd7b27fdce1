"""Users of form 1 in a test's own project, and runs of migrations over them. Must not know what becomes of anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from streak_core.migrations.chain import Chain, kept_in
from streak_core.store import migrations
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.forms import v1
from streak_core.store.migrated import MigratedUsers
from streak_core.store.migrations import MigrationStore
from streak_core.store.runs import RunStore
from streak_core.store.tombstones import tombstone_document
from tests.support.shipped_policy import policies
from tests.support.stored_files import STORED, read
from tests.support.stored_life import documents_of, write_documents
from tools.streakctl.migrating.lease import MigrationLease
from tools.streakctl.migrating.run import MigrationRun

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from google.cloud import firestore

    from streak_core.migrations.chain import Step

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHAIN: Final = Chain(kept_in(), SCHEMA_VERSION)
USERS: Final = tuple(path.stem for path in sorted((STORED / "v1").glob("*.json"))[:7])
ERASED: Final = "zoe"


def write_users(client: firestore.Client, names: Sequence[str] = USERS) -> None:
    """Some users as the program before wrote them, and one who was erased."""
    found: dict[str, dict[str, Any]] = {f"streaks/{ERASED}": tombstone_document(NOW)}
    for name in names:
        kept = read(STORED / "v1" / f"{name}.json")["documents"]
        found[f"streaks/{name}"] = kept["streak"]
        for below in ("ledger", "months", "events"):
            found |= {f"streaks/{name}/{below}/{doc_id}": one for doc_id, one in kept[below].items()}
    write_documents(client, found)


def everything(client: firestore.Client, names: Sequence[str] = USERS) -> dict[str, Any]:
    """All that is stored of those users; a moment of form 1 is the same however its offset was written."""
    found = {path: fields for name in (*names, ERASED) for path, fields in documents_of(client, name).items()}
    for fields in found.values():
        if "state" in fields and fields["schema_version"] == FORM_1:
            fields["state"] = v1.STREAK.validate_json(fields["state"])
    return found


def run(
    client: firestore.Client,
    *,
    stored_form: int = SCHEMA_VERSION,
    wall: Callable[[], datetime] = lambda: NOW,
    by: str = "ops",
    **changes: Any,
) -> MigrationRun:
    """One call, by somebody."""

    def users(step: Step) -> MigratedUsers:
        return MigratedUsers(client, step.migration.number, policies, is_down=step.is_down)

    known: dict[str, Any] = {
        "chain": CHAIN,
        "store": MigrationStore(client),
        "lease": MigrationLease(runs=RunStore(client), by=by, wall=wall),
        "users": users,
        "by": by,
        "stored_form": stored_form,
        "closed": lambda: None,
        "backed_up": lambda: None,
        "wall": wall,
        "users_max": 2,
    }
    return MigrationRun(**known | changes)


def record(client: firestore.Client, number: int = 2) -> migrations.Record:
    """What is kept of a migration."""
    kept = MigrationStore(client).find(number)
    assert kept
    assert kept.record
    return kept.record
