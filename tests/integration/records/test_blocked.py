"""Who is blocked is listed at one read each, and nobody any more whose block has ended or was lifted."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import pytest
from google.cloud import firestore

from streak_core.domain.commands import BlockUser, UnblockUser
from streak_core.domain.refusals import Blocked
from streak_core.records.acts import Party, PartyKind, by_hand
from streak_core.records.blocked import BlockedUser, blocked_users
from streak_core.rights import UserRights
from streak_core.store.tombstones import is_tombstone
from streak_core.store.whole_user import WholeUserStore
from streak_core.telemetry.context import Work, during
from tests.integration.records.trailed import GRANT, NOW, give, wrong

if TYPE_CHECKING:
    from datetime import datetime

    from tests.support.recorded_client import RecordedClient

LATER: Final = NOW + timedelta(days=1)


def is_erased(client: RecordedClient) -> bool:
    return is_tombstone(client.document("streaks/ada").get().to_dict() or {})


def test_those_who_are_blocked_are_listed_by_when_it_ends(client: RecordedClient) -> None:
    soon, later = NOW + timedelta(hours=1), NOW + timedelta(days=1)
    for name, until in (("ada", None), ("ben", later), ("cy/d", soon), ("eve", later)):
        give(client, BlockUser(until=until, reason="spam"), uid=name)
    give(client, UnblockUser(reason="a mistake"), uid="eve")
    # Nothing else that is done for somebody says anything of a block.
    give(client, GRANT, uid="ben")
    give(client, UnblockUser(reason="never was"), uid="fay")
    give(client, GRANT, uid="fay")
    with during(Work(function="admin", request_id="r")) as work:
        found = blocked_users(client, NOW, 10, None)
    assert found == [
        BlockedUser(user_id="cy/d", until=soon),
        BlockedUser(user_id="ben", until=later),
        BlockedUser(user_id="ada", until=None),
    ]
    assert work.tally.reads == 3
    assert [one.user_id for one in blocked_users(client, soon, 10, None)] == ["ben", "ada"]
    assert [one.user_id for one in blocked_users(client, NOW, 1, (soon, "cy%2Fd"))] == ["ben"]
    assert not any(wrong(client, name) for name in ("ada", "ben", "cy/d", "eve", "fay"))


@pytest.mark.parametrize(("until", "said"), [(LATER, "2026-03-03T09:00:00Z"), (None, None)])
def test_nobody_gets_out_of_a_block_by_erasing_and_an_operator_may_erase_for_them(
    client: RecordedClient, until: datetime | None, said: str | None
) -> None:
    give(client, BlockUser(until=until, reason="spam"), uid="ada")
    own = UserRights(WholeUserStore(client), wall=lambda: LATER - timedelta(seconds=1))
    with pytest.raises(Blocked) as refused:
        own.erase("ada")
    assert refused.value.until == said
    assert not is_erased(client)
    replace(own, by=by_hand("ops")).erase("ada")
    assert is_erased(client)


@pytest.mark.parametrize(("kind", "may"), [(PartyKind.SERVER, False), (PartyKind.ADMIN, True)])
def test_an_apps_own_server_is_no_way_out_of_a_block_and_a_person_is(
    client: RecordedClient, kind: PartyKind, may: bool
) -> None:
    give(client, BlockUser(until=LATER, reason="spam"), uid="ada")
    theirs = UserRights(WholeUserStore(client), wall=lambda: NOW, by=Party(kind=kind, id="one"))
    with nullcontext() if may else pytest.raises(Blocked):
        theirs.erase("ada")
    assert is_erased(client) is may
    if not may:
        # Whoever lifts the block first says why, which stays in the trail.
        give(client, UnblockUser(reason="asked to be erased"), uid="ada")
        theirs.erase("ada")
        assert is_erased(client)


@pytest.mark.parametrize("lost", ["the field", "the document"])
def test_the_block_holds_whatever_became_of_the_copy_of_it(client: RecordedClient, lost: str) -> None:
    give(client, BlockUser(until=LATER, reason="spam"), uid="ada")
    home = client.document("records/ada")
    if lost == "the field":
        home.update({"blocked_until": firestore.DELETE_FIELD})
    else:
        home.delete()
    with pytest.raises(Blocked):
        UserRights(WholeUserStore(client), wall=lambda: NOW).erase("ada")
    assert not is_erased(client)


def test_once_a_block_has_ended_its_user_may_erase(client: RecordedClient) -> None:
    give(client, BlockUser(until=LATER, reason="spam"), uid="ada")
    UserRights(WholeUserStore(client), wall=lambda: LATER).erase("ada")
    assert is_erased(client)
