"""While everybody goes up and down, and revisions that write both forms serve, every answer is the model's."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from streak_core.proving.repository import ProofStore
from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from tests.integration.streakctl.migrating.fleet import Fleet, Living, living
from tests.integration.streakctl.migrating.running import NOW, run
from tests.integration.streakctl.proving import prover
from tools.streakctl.proving import Finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient

SEED: Final = 1
USERS: Final = 12
# Before, by a program that writes form 1 alone; and then while all go up and down.
STEPS_BEFORE: Final = 4
STEPS: Final = 6
THREADS: Final = 3


def live(fleet: Fleet, users: Sequence[Living]) -> None:
    """One after the other, so that some have given no command since they were last migrated."""
    for number, user in enumerate(users):
        for step in range(STEPS):
            user.take(fleet, (FORM_1, SCHEMA_VERSION)[(number + step) % 2])


def up_and_down(client: firestore.Client, is_over: Sequence[object]) -> tuple[int, int]:
    """How many users went up, and how many came back, until all is over."""
    changed = [0, 0]
    while not is_over:
        changed[0] += run(client).up(None)[0][1].counts.changed
        # Users who gave a command in form 2 have no way back.
        back = run(client, stored_form=FORM_1, backed_up=lambda: NOW)
        changed[1] += back.down(FORM_1, accept_loss=True)[0][1].counts.changed
    return changed[0], changed[1]


def test_every_answer_of_old_and_new_code_is_the_models_while_all_go_up_and_down(client: RecordedClient) -> None:
    fleet = Fleet(client)
    users = [living(SEED, number) for number in range(USERS)]
    for user in users:
        for _ in range(STEPS_BEFORE):
            user.take(fleet, FORM_1)
    is_over: list[object] = []
    with ThreadPoolExecutor(THREADS + 1) as pool:
        migrating = pool.submit(up_and_down, client, is_over)
        try:
            list(pool.map(lambda number: live(fleet, users[number::THREADS]), range(THREADS)))
        finally:
            is_over.append(True)
        went_up, came_back = migrating.result()
    assert fleet.complaints == []
    assert min(went_up, came_back) > 0
    assert min(fleet.answered.values()) > USERS * STEPS // 4
    store = ProofStore(client)
    assert {prover(client, now=NOW + timedelta(days=99)).prove(one).finding for one in store.user_documents()} == {
        Finding.EQUAL
    }
