"""Who is blocked is listed at one read each, and nobody any more whose block has ended or was lifted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from streak_core.domain.commands import BlockUser, UnblockUser
from streak_core.records.blocked import BlockedUser, blocked_users
from streak_core.telemetry.context import Work, during
from tests.integration.records.trailed import GRANT, NOW, give, wrong

if TYPE_CHECKING:
    from tests.support.recorded_client import RecordedClient


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
