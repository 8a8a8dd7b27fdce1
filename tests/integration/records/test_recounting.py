"""A day that is over is counted once more from its records: what differs is mended, and from then on it stands."""

from __future__ import annotations

import json
import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core.exceptions import PermissionDenied

from streak_core.records.acts import EVERYBODY, ActStatus, user
from streak_core.records.counters import key_text, total
from streak_core.records.counting import read_parts
from streak_core.records.recounting import Recounting
from streak_core.rights import UserRights
from streak_core.store.whole_user import WholeUserStore
from testing.logged import Logged
from tests.integration.records.trailed import ADA, NOTE, NOW, trails

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

TODAY: Final = NOW.date()
NIGHT: Final = NOW.replace(hour=1) + timedelta(days=1)
REFUSED: Final = replace(NOTE, status=ActStatus.FAILED)


def day(client: firestore.Client) -> dict[str, Any]:
    return client.document("counters/2026-03-02").get().to_dict() or {}


def totals(client: firestore.Client) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(day(client)["totals"])
    return found


@pytest.fixture
def lived(client: RecordedClient) -> dict[str, Any]:
    """What random acts of some users and of everybody's count; yesterday's and tomorrow's are others."""
    dice = random.Random(7)  # noqa: S311 - any acts, the same each time
    found: Counter[str] = Counter()
    statuses = (ActStatus.SUCCESS, ActStatus.FAILED, ActStatus.ERROR)
    for number in range(40):
        subject = dice.choice([EVERYBODY, *(user(f"user {one}") for one in range(6))])
        act = replace(NOTE, action=f"app.{dice.randint(1, 4)}", status=dice.choice(statuses))
        trails(client).append(subject, act, NOW + timedelta(seconds=number))
        if act.status is not ActStatus.SUCCESS:
            found[key_text((act.action, act.status.value))] += 1
    trails(client).append(user("earlier"), REFUSED, NOW - timedelta(days=1))
    trails(client).append(user("later"), REFUSED, NOW + timedelta(days=1))
    return {"failed-actions": {text: {"times": times} for text, times in found.items()}}


def test_what_was_counted_is_what_the_records_say(client: RecordedClient, lived: dict[str, Any]) -> None:
    assert total(read_parts(client, TODAY).values()) == lived
    with Logged() as logged:
        Recounting(client).check_some(NIGHT)
    assert totals(client) == lived
    assert (day(client)["checked_at"], day(client)["mended"]) == (NIGHT, 0)
    assert logged.events() == ["counters_checked"] * 3


def test_a_part_that_is_gone_changed_or_put_there_is_mended(client: RecordedClient, lived: dict[str, Any]) -> None:
    (gone, changed, *_) = [f"counters/2026-03-02.{part:02d}" for part in read_parts(client, TODAY)]
    free = next(part for part in range(64) if part not in read_parts(client, TODAY))
    client.document(gone).delete()
    client.document(changed).update({"counts": {"failed-actions": {"[]": {"times": 7}}, "another": {"[]": {"n": 1}}}})
    client.document(f"counters/2026-03-02.{free:02d}").set({"counts": {"failed-actions": {"[]": {"times": 3}}}})
    Recounting(client).check_some(NIGHT)
    # What no record counts is left alone.
    assert totals(client) == {**lived, "another": {"[]": {"n": 1}}}
    assert day(client)["mended"] == 3
    assert total(read_parts(client, TODAY).values()) == totals(client)


def test_a_day_is_checked_once_it_is_over_for_an_hour_and_only_once(
    client: RecordedClient, recorder: Recorder, lived: dict[str, Any]
) -> None:
    Recounting(client).check_some(NIGHT - timedelta(seconds=1))
    assert "totals" not in day(client)
    Recounting(client).check_some(NIGHT)
    recorder.calls.clear()
    Recounting(client).check_some(NIGHT + timedelta(hours=20))
    assert recorder.methods() == ["BatchGetDocuments"]
    assert totals(client) == lived


def test_a_call_that_ends_in_the_middle_is_gone_on_with(client: RecordedClient, lived: dict[str, Any]) -> None:
    calls = 0
    while "totals" not in day(client):
        Recounting(client, pages_max=1).check_some(NIGHT)
        calls += 1
        assert calls < 20
    assert calls > 3
    assert totals(client) == lived
    assert "check_goes_on_at" not in day(client)


def test_who_is_erased_before_the_check_is_counted_no_more_and_who_is_erased_later_stays(
    client: RecordedClient,
) -> None:
    for subject in (ADA, user("ben")):
        trails(client).append(subject, REFUSED, NOW)
    rights = UserRights(WholeUserStore(client), wall=lambda: NOW + timedelta(hours=1))
    rights.erase("ada")
    Recounting(client).check_some(NIGHT)
    rights.erase("ben")
    Recounting(client).check_some(NIGHT + timedelta(days=1))
    assert totals(client) == {"failed-actions": {'["looked","failed"]': {"times": 1}}}


def test_an_entry_that_does_not_read_counts_nothing_and_holds_nobody_up(client: RecordedClient) -> None:
    for _ in range(2):
        trails(client).append(ADA, REFUSED, NOW)
    client.document("records/ada/audit/000000000001").update({"entry": "x"})
    Recounting(client).check_some(NIGHT)
    assert totals(client) == {"failed-actions": {'["looked","failed"]': {"times": 1}}}


def test_what_fails_is_logged_and_is_the_next_calls_to_try(client: RecordedClient, recorder: Recorder) -> None:
    recorder.before["RunQuery"] = [PermissionDenied("no")]
    with Logged() as logged:
        Recounting(client).check_some(NIGHT)
    assert "counters_failed" in logged.events()
    Recounting(client).check_some(NIGHT)
    assert totals(client) == {}
