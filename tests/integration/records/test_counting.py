"""What is counted is counted in the commit of it, once, whatever becomes of the answer; and no key has it grow."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from google.api_core.exceptions import ServiceUnavailable

from streak_core.records.acts import Act, ActStatus, user
from streak_core.records.changes import Change, Changed, Standing
from streak_core.records.counters import BROUGHT_MAX, KEYS_MAX, Count, Counts, total
from streak_core.records.counting import Counters, part_ref, read_parts
from streak_core.rights import UserRights
from streak_core.store.sessions import signed_in
from streak_core.store.sharding import shard_of
from streak_core.store.whole_user import WholeUserStore
from tests.integration.records.trailed import ADA, NOTE, NOW, trails, wrong
from tests.support.recorded_client import RecordedClient

if TYPE_CHECKING:
    from collections.abc import Iterable

    from google.cloud import firestore

    from tests.support.recorded_client import Recorder

TODAY: Final = NOW.date()
REFUSED: Final = replace(NOTE, status=ActStatus.FAILED, code="blocked")
KEY: Final = '["looked","failed"]'


def counted(client: firestore.Client) -> Counts:
    return total(read_parts(client, TODAY).values())


def note(client: firestore.Client, *counts: Count, uid: str = "ada", act: Act = NOTE) -> Changed | None:
    """Something of a user's is recorded, and counted in the same commit."""
    kept = trails(client)

    def decide(found: Standing) -> Change:
        one = Counters(client).counted(found.home, counts, NOW)
        return Change(act=act, also=one.also, home=one.home)

    return kept.change(user(uid), NOW, decide)


def test_an_act_that_failed_is_counted_in_its_own_commit_and_one_that_did_not_costs_no_write(
    client: RecordedClient, recorder: Recorder
) -> None:
    trails(client).append(ADA, NOTE, NOW)
    assert recorder.documents_written() == ["records/ada", "records/ada/audit/000000000001"]
    trails(client).append(ADA, REFUSED, NOW)
    # The first one lists its key in the same commit, the second one reads that, and then the process knows it.
    assert "counters/2026-03-02" in recorder.documents_written()
    for _ in range(2):
        recorder.calls.clear()
        trails(client).append(ADA, REFUSED, NOW)
    part = f"counters/2026-03-02.{shard_of('ada'):02d}"
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    assert recorder.documents_written() == ["records/ada", part, "records/ada/audit/000000000004"]
    assert counted(client) == {"failed-actions": {KEY: {"times": 3}}}
    assert wrong(client) == []


def test_what_finds_a_counted_entry_once_more_is_proved_like_the_rest_of_it(client: RecordedClient) -> None:
    trails(client).append(ADA, REFUSED, NOW)
    ref = client.document("records/ada/audit/000000000001")
    before = ref.get().to_dict() or {}
    assert (before["counted_on"], before["counted_part"]) == ("2026-03-02", shard_of("ada"))
    for change in ({"counted_on": "2026-03-03"}, {"counted_part": 99}):
        ref.update(change)
        assert wrong(client)
        ref.set(before)
    ref.set({name: value for name, value in before.items() if name != "counted_on"})
    assert wrong(client)


def test_a_commit_whose_answer_is_lost_is_counted_once(client: RecordedClient, recorder: Recorder) -> None:
    note(client, Count(name="a"))
    recorder.after["Commit"] = [ServiceUnavailable("the reply was lost")]
    note(client, Count(name="a"))
    assert counted(client) == {"a": {"[]": {"times": 2}}}


def test_eight_writers_of_one_user_are_counted_each_and_the_user_once(client: RecordedClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: note(client, Count(name="a", values=(5,), is_of_user=True)), range(8)))
    assert counted(client) == {"a": {"[]": {"times": 8, "sum": 40, "b5": 8, "users": 1}}}
    note(client, Count(name="a", is_of_user=True), uid="ben")
    assert counted(client)["a"]["[]"]["users"] == 2


def test_what_is_not_committed_is_not_counted(client: RecordedClient) -> None:
    counters = Counters(client)
    home = trails(client).home(ADA)
    counters.counted(home, [Count(name="a")], NOW)
    assert counted(client) == {}


def test_of_so_many_keys_each_has_a_number_and_all_others_one_together(
    client: RecordedClient, recorder: Recorder
) -> None:
    """Also where another process has given a place away meanwhile, that this one knows nothing of."""
    many = [Count(name="a", key=(f"{number}",), is_listed=True) for number in range(KEYS_MAX - 1)]
    note(client, *many)
    note(RecordedClient(client.project, recorder), Count(name="a", key=("the last place",)), uid="ben")
    note(client, Count(name="a", key=("too late",)), Count(name="a", key=("the last place",)))
    found = counted(client)["a"]
    assert len(found) == KEYS_MAX + 1
    assert (found['["other"]'], found['["the last place"]']) == ({"times": 1}, {"times": 2})


def own_words(client: firestore.Client, numbers: Iterable[int], uid: str) -> None:
    for number in numbers:
        note(client, Count(name="a", key=(f"{uid} lives at {number} High St",)), uid=uid)


def test_no_user_takes_the_keys_of_a_day_from_all_others_and_none_gets_more_by_being_erased(
    client: RecordedClient,
) -> None:
    own_words(client, range(BROUGHT_MAX + 2), "eve")
    note(client, Count(name="a", key=("habit",)), uid="ben")
    assert len(counted(client)["a"]) == BROUGHT_MAX + 2
    assert (counted(client)["a"]['["other"]'], counted(client)["a"]['["habit"]']) == ({"times": 2}, {"times": 1})
    UserRights(WholeUserStore(client), wall=lambda: NOW + timedelta(hours=1)).erase("eve")
    assert "High St" not in json.dumps(client.document("records/eve").get().to_dict(), default=str)
    with signed_in("eve", NOW + timedelta(hours=2)):
        own_words(client, [99], "eve")
    assert counted(client)["a"]['["other"]'] == {"times": 3}


def test_as_many_of_a_user_as_come_at_once_bring_no_more_keys(client: RecordedClient) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: own_words(client, [number], "eve"), range(8)))
    found = counted(client)["a"]
    assert (len(found), found['["other"]']) == (BROUGHT_MAX + 1, {"times": 8 - BROUGHT_MAX})


def test_what_an_app_notes_takes_no_key_from_what_the_service_refuses(client: RecordedClient) -> None:
    for number in range(BROUGHT_MAX + 1):
        trails(client).append(ADA, replace(REFUSED, action=f"app.a{number}"), NOW)
    trails(client).append(ADA, REFUSED, NOW)
    found = counted(client)
    assert found["failed-actions"] == {KEY: {"times": 1}}
    assert (len(found["failed-notes"]), found["failed-notes"]['["other","other"]']) == (BROUGHT_MAX + 1, {"times": 1})


def test_where_the_keys_of_a_day_do_not_read_all_are_counted_together_and_nothing_is_refused(
    client: RecordedClient,
) -> None:
    client.document("counters/2026-03-02").set({"keys": "[]"})
    note(client, Count(name="a", key=("greeting",)))
    assert counted(client) == {"a": {'["other"]': {"times": 1}}}


def test_each_day_has_numbers_of_its_own_that_end_by_themselves(client: RecordedClient) -> None:
    trails(client).append(ADA, REFUSED, NOW + timedelta(days=1))
    assert counted(client) == {}
    stored = part_ref(client, TODAY + timedelta(days=1), shard_of("ada")).get().to_dict() or {}
    assert stored["expire_at"] == NOW.replace(hour=0) + timedelta(days=32)
    assert stored["schema_version"] == 1
