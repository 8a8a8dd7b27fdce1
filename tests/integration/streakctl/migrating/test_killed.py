"""Killed at any moment and called again, a migration comes to the same end, up and down."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.store.documents import FORM_1, SCHEMA_VERSION
from streak_core.store.migrations import MigrationState
from streak_core.store.runs import LEASE
from tests.integration.streakctl.migrating.dying import DiedError, DyingRuns, DyingStore, DyingUsers, Life
from tests.integration.streakctl.migrating.running import NOW, USERS, everything, record, run, write_users
from tests.support.shipped_policy import policies
from tools.streakctl.migrating.lease import MigrationLease

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient
    from tools.streakctl.migrating.run import MigrationRun

FEW = USERS[:4]
MOMENTS = 20


def dying(client: firestore.Client, moments: int, wall: datetime, form: int) -> MigrationRun:
    life = Life(moments)
    return run(
        client,
        stored_form=form,
        store=DyingStore(client, life),
        users=lambda step: DyingUsers(client, 2, policies, is_down=step.is_down, life=life),
        lease=MigrationLease(runs=DyingRuns(client, life), by="ops", wall=lambda: wall),
        wall=lambda: wall,
    )


def go(one: MigrationRun, form: int) -> Any:
    return one.up(None) if form == SCHEMA_VERSION else one.down(FORM_1, accept_loss=False)


def test_killed_at_twenty_moments_of_its_calls_it_comes_to_the_same_end(client: RecordedClient) -> None:
    write_users(client, FEW)
    ends = {FORM_1: everything(client, FEW)}
    run(client).up(None)
    ends[SCHEMA_VERSION] = everything(client, FEW)
    wall = NOW
    for moments in range(MOMENTS):
        # From either end to the other one.
        form = SCHEMA_VERSION if moments % 2 else FORM_1
        with pytest.raises(DiedError):
            go(dying(client, moments, wall, form), form)
        wall += LEASE
        again = run(client, stored_form=form, wall=partial(lambda at: at, wall))
        ((_, progress),) = go(again, form)
        assert progress.is_done
        assert everything(client, FEW) == ends[form], moments
        kept = record(client)
        assert kept.state is (MigrationState.UP if form == SCHEMA_VERSION else MigrationState.DOWN)
        assert kept.progress.counts.users == len(FEW) + 1
    # One that nobody kills passes more moments than those.
    whole = dying(client, 10**6, wall, FORM_1)
    go(whole, FORM_1)
    assert isinstance(whole.store, DyingStore)
    assert 10**6 - whole.store.life.moments_left > MOMENTS
