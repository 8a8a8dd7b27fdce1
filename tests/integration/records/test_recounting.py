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
from streak_core.records.conversations import Conversations
from streak_core.records.counters import key_text, total
from streak_core.records.counting import read_parts, totals_hash
from streak_core.records.homes import home_ref, subject_of
from streak_core.records.kinds import shipped_kinds
from streak_core.records.quotas import Quotas
from streak_core.records.recounting import Recounting
from streak_core.rights import UserRights
from streak_core.store.client import new_client
from streak_core.store.sharding import shard_of
from streak_core.store.whole_user import WholeUserStore
from testing.logged import Logged
from tests.integration.records.trailed import ADA, NOTE, NOW, trails
from tests.support.closing import Closing
from tests.support.shipped_policy import policies

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
    return {"failed-notes": {text: {"times": times} for text, times in found.items()}}


def test_what_was_counted_is_what_the_records_say(client: RecordedClient, lived: dict[str, Any]) -> None:
    assert total(read_parts(client, TODAY).values()) == lived
    with Logged() as logged:
        Recounting(client).check_some(NIGHT)
    assert totals(client) == lived
    assert (day(client)["checked_at"], day(client)["mended"]) == (NIGHT, 0)
    assert logged.events() == ["counters_checked"] * 3
    # Whoever writes totals themselves has no such line.
    [line] = [one for one in logged.of("counters_checked") if one["day"] == "2026-03-02"]
    # Of days without a record there is nothing to notice.
    quiet = {one["severity"] for one in logged.of("counters_checked") if not one["records"] and not one["parts_mended"]}
    assert (line["severity"], quiet) == ("NOTICE", {"INFO"})
    assert line["totals_hash"] == totals_hash(day(client)["totals"])
    assert json.loads(line["counted"]) == {"failed-notes": sum(one["times"] for one in lived["failed-notes"].values())}


def test_a_part_that_is_gone_changed_or_put_there_is_mended(client: RecordedClient, lived: dict[str, Any]) -> None:
    (gone, changed, *_) = [f"counters/2026-03-02.{part:02d}" for part in read_parts(client, TODAY)]
    free = next(part for part in range(64) if part not in read_parts(client, TODAY))
    client.document(gone).delete()
    client.document(changed).update({"counts": {"failed-notes": {"[]": {"times": 7}}, "another": {"[]": {"n": 1}}}})
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


@pytest.mark.parametrize("questions", [0, 1, 2, 3])
def test_once_documents_are_restored_no_counter_is_mended_or_kept_and_the_next_call_goes_on(
    client: RecordedClient, recorder: Recorder, lived: dict[str, Any], questions: int
) -> None:
    for part in read_parts(client, TODAY):
        client.document(f"counters/2026-03-02.{part:02d}").delete()
    closing = Closing(recorder, questions)
    with Logged() as logged:
        Recounting(client, is_closed=closing.is_closed).check_some(NIGHT)
    closing.check()
    assert logged.of("counters_failed") == []
    Recounting(client).check_some(NIGHT)
    assert totals(client) == lived


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


def message(home: str, part: object = 0) -> dict[str, Any]:
    """A document like one of ours, with numbers that nobody counted."""
    said = {"role": "user", "intent": home, "response_time_ms": 3_600_000}
    return {"counted_on": "2026-03-02", "counted_part": part, "message": json.dumps(said)}


def test_documents_of_an_app_that_lie_in_collections_called_like_ours_are_not_counted(client: RecordedClient) -> None:
    talks = Conversations(trails(client), Quotas(shipped_kinds(), policies))
    talks.add("ada", "chat", {"role": "user", "content": "x"}, NOW, None, None)
    part = shard_of("ada")
    for path in ("messages/1", "chats/ada/messages/1", "chats/c/records/ada/messages/1", "trails/ada/messages/1"):
        client.document(path).set(message(path, part))
    # Nor what is below a home, and in no part of it.
    for number, other in enumerate((0.5, part + 1, 70, "x")):
        client.document(f"records/ada/messages/forged.{number}").set(message("forged", other))
    with Logged() as logged:
        Recounting(client).check_some(NIGHT)
    assert logged.events() == ["counters_checked"] * 3
    assert totals(client) == {"conversations": {"[]": {"times": 1, "users": 1}}}
    assert day(client)["mended"] == 0


def test_a_home_is_known_where_collections_have_a_prefix_and_an_apps_own_is_none(client: RecordedClient) -> None:
    prefixed = new_client(client.project, "(default)", "habits_")
    for one, home in ((client, "records"), (prefixed, "habits_records")):
        ref = home_ref(one, user("a/b"))
        assert (ref.path, subject_of(one, ref)) == (f"{home}/a%2Fb", user("a/b"))
        assert subject_of(one, home_ref(one, EVERYBODY)) == EVERYBODY
        assert subject_of(one, one.document("chats/ada")) is None
    assert subject_of(prefixed, client.document("records/ada")) is None


def test_a_key_that_is_not_listed_is_counted_with_all_others(client: RecordedClient) -> None:
    trails(client).append(ADA, REFUSED, NOW)
    client.document("counters/2026-03-02").update({"keys": "{}"})
    Recounting(client).check_some(NIGHT)
    assert totals(client) == {"failed-actions": {'["other","other"]': {"times": 1}}}


def test_a_day_that_the_code_fails_at_is_logged_and_holds_no_other_up(client: RecordedClient) -> None:
    for number in (0, 1):
        trails(client).append(ADA, REFUSED, NOW + timedelta(days=number))
    client.document(f"counters/2026-03-02.{shard_of('ada'):02d}").update({"counts": "x"})
    with Logged() as logged:
        Recounting(client).check_some(NIGHT + timedelta(days=1))
    [failed] = logged.of("counters_failed")
    assert failed["day"] == "2026-03-02"
    assert "totals" not in day(client)
    assert "totals" in (client.document("counters/2026-03-03").get().to_dict() or {})


def test_words_of_who_was_erased_before_the_check_are_in_no_counter_after_it(client: RecordedClient) -> None:
    for uid, action in (("eve", "app.high_street_7"), ("ben", "app.kept")):
        trails(client).append(user(uid), replace(REFUSED, action=action), NOW)
    UserRights(WholeUserStore(client), wall=lambda: NOW + timedelta(hours=1)).erase("eve")
    Recounting(client).check_some(NIGHT)
    assert json.loads(day(client)["keys"]) == {"failed-notes": [key_text(("app.kept", "failed"))]}
    assert not [one.id for one in client.collection("counters").stream() if "high_street" in str(one.to_dict())]
