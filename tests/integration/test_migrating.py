"""Users in Firestore go up and come back, whatever happens to the commits, and the job finds them as before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core import exceptions

from streak_core.commands import StreakCommands
from streak_core.domain.commands import RecordActivity
from streak_core.migrating import Migrating
from streak_core.migrations.chain import Chain, kept_in
from streak_core.queries import StreakQueries
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.migrated import MigratedUsers
from streak_core.store.migrations import Counts, MigrationState, MigrationStore, Progress, Record
from streak_core.store.tombstones import tombstone_document
from streak_core.store.users import UserStore
from tests.support.shipped_policy import policies
from tests.support.stored_life import documents_of

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
NAMES: Final = ("ada", "bob", "eve", "joe")
CHAIN: Final = Chain(kept_in(), SCHEMA_VERSION)


def lived(client: firestore.Client, user_id: str, days: range, form: int = FORM_1) -> None:
    for day in days:
        command = RecordActivity(activity_id=f"a{day}", activity_type="study_guide_completed", metadata={})
        StreakCommands(UserStore(client, policies, form), policies).execute(
            user_id, NOW + timedelta(days=day), command, None
        )


@pytest.fixture
def users(client: RecordedClient) -> RecordedClient:
    """Some of form 1, who have decided days, and one who was erased."""
    for name in NAMES:
        lived(client, name, range(0, 30, 2))
    client.collection("streaks").document("zoe").set(tombstone_document(NOW))
    return client


def migrated(client: firestore.Client, *, is_down: bool = False) -> Progress:
    store, step = MigrationStore(client), CHAIN.way(*((2, FORM_1) if is_down else (FORM_1, 2)))[0]
    record = Record(
        name="second_edition",
        checksum="",
        state=MigrationState.GOING_DOWN if is_down else MigrationState.GOING_UP,
        accept_loss=False,
        by="ops",
        begun_at=NOW,
        progress=Progress(),
    )
    store.put(2, record, store.find(2))
    one = Migrating(step=step, accept_loss=False, take=lambda _: None, users_max=2)
    return one.run(MigratedUsers(client, 2, policies, is_down=is_down))


def answered(client: firestore.Client) -> list[Any]:
    at = NOW + timedelta(days=31)
    return [StreakQueries(UserStore(client, policies), policies).streak(name, at) for name in NAMES]


def stored(client: firestore.Client) -> dict[str, Any]:
    return {path: fields for name in NAMES for path, fields in documents_of(client, name).items()}


def test_users_go_up_and_come_back_and_are_answered_alike(users: RecordedClient) -> None:
    before, answers = stored(users), answered(users)
    assert migrated(users).counts == Counts(changed=4, already=1)
    up = stored(users)
    assert {up[f"streaks/{name}"]["schema_version"] for name in NAMES} == {SCHEMA_VERSION}
    # What the job finds users by stays, and so does all that is below them.
    changed = {(path, field) for path in before for field in before[path] if up[path][field] != before[path][field]}
    assert changed == {(f"streaks/{name}", field) for name in NAMES for field in ("state", "schema_version")}
    assert up.keys() == before.keys()
    assert answered(users) == answers
    assert migrated(users, is_down=True).counts == Counts(changed=4, already=1)
    assert stored(users) == before


@pytest.mark.parametrize(("when", "number"), [("before", 0), ("before", 1), ("before", 3), ("after", 0), ("after", 1)])
def test_a_commit_that_fails_or_whose_reply_is_lost_changes_nothing_of_the_end(
    users: RecordedClient, recorder: Recorder, when: str, number: int
) -> None:
    failures: list[Any] = [exceptions.Aborted("contention")]
    if when == "before":
        recorder.before["Commit"] = [None, *[None] * number, *failures]
    else:
        # The first commit is that of the record.
        recorder.after["Commit"] = [None, *[None] * number, *failures]
    assert migrated(users).counts == Counts(changed=4, already=1)
    assert migrated(users, is_down=True).is_done


def test_who_gave_a_command_since_stays_in_form_2(users: RecordedClient) -> None:
    assert migrated(users).is_done
    lived(users, "bob", range(30, 31), SCHEMA_VERSION)
    down = migrated(users, is_down=True).counts
    assert (down.changed, down.would_lose, [one.doc_id for one in down.left_alone]) == (3, 1, ["bob"])
    assert stored(users)["streaks/bob"]["schema_version"] == SCHEMA_VERSION
