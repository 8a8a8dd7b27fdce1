"""Each call of the job says whether the heads of audit trails in the log are recent; what fails says why."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core.exceptions import PermissionDenied

from streak_core.records.heads import EVERY, MISSING_AFTER, AuditHeads
from testing.logged import Logged
from tests.integration.records.trailed import ADA, NOTE, NOW, trails

if TYPE_CHECKING:
    from datetime import datetime

    from tests.support.recorded_client import RecordedClient, Recorder

PLACE: Final = "trails/heads"


def standings(client: RecordedClient, now: datetime, pages_max: int = 500) -> list[Any]:
    """What one call says."""
    with Logged() as logged:
        AuditHeads(client, pages_max, told=lambda _: None).log_some(now)
    return [one["standing"] for one in logged.of("audit_heads_checked")]


def test_with_each_call_heads_are_recent_also_where_nothing_moved(client: RecordedClient) -> None:
    assert standings(client, NOW) == ["recent"]
    trails(client).append(ADA, NOTE, NOW + timedelta(hours=1))
    assert [standings(client, NOW + timedelta(hours=ago)) for ago in (1, 22, 24, 48)] == [["recent"]] * 4


def test_a_daily_call_that_comes_a_little_early_skips_no_day(client: RecordedClient) -> None:
    standings(client, NOW)
    early = NOW + timedelta(days=1) - timedelta(minutes=2)
    standings(client, early)
    assert (client.document(PLACE).get().to_dict() or {})["until"] == early
    assert early - NOW > EVERY


@pytest.mark.parametrize(("late", "said"), [(timedelta(0), "recent"), (timedelta(seconds=1), "missing")])
def test_heads_are_missing_that_are_of_more_than_26_hours_ago(
    client: RecordedClient, late: timedelta, said: str
) -> None:
    # A round that was broken off: it is of when it began.
    until = NOW - MISSING_AFTER - late
    client.document(PLACE).set({"since": until - EVERY, "until": until, "shard": 7})
    assert standings(client, NOW) == [said]
    assert standings(client, NOW) == ["recent"]


def test_a_first_round_that_takes_more_than_a_call_is_not_missing(client: RecordedClient) -> None:
    trails(client).append(ADA, NOTE, NOW)
    assert standings(client, NOW, pages_max=1) == ["recent"]
    assert standings(client, NOW + MISSING_AFTER + timedelta(seconds=1), pages_max=1) == ["missing"]


@pytest.mark.parametrize("name", ["", "a/b", 7])
def test_a_place_that_names_no_document_begins_its_shard_anew(client: RecordedClient, name: object) -> None:
    client.document(PLACE).set({"since": NOW - EVERY, "until": NOW, "shard": 7, "cursor_at": NOW, "cursor_id": name})
    assert standings(client, NOW) == ["recent"]


def test_what_fails_says_why_and_nothing_of_how_heads_stand(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["Commit"] = [PermissionDenied("no")]
    with Logged() as logged:
        AuditHeads(client, told=lambda _: None).log_some(NOW)
    assert logged.events()[-1] == "audit_failed"
    assert logged.of("audit_heads_checked") == []
