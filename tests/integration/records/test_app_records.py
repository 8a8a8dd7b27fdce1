"""Records of kinds that an app has declared: kept once, counted, bounded, ended, told, exported and erased."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from google.api_core.exceptions import ServiceUnavailable

from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import BlockUser
from streak_core.domain.refusals import Blocked, IdempotencyKeyReused
from streak_core.records.app_record import RecordNotFound, TooManyRecords, UnknownKind
from streak_core.records.app_records import AppRecords
from streak_core.records.counters import TIMES, USERS, key_text
from streak_core.records.counting import read_parts
from streak_core.records.kinds import parse_kinds, shipped_kinds_text
from streak_core.records.quotas import QuotaExceeded, Quotas
from streak_core.records.recounting import Recounting
from streak_core.rights import UserRights
from streak_core.store.sharding import shard_of
from streak_core.store.whole_user import WholeUserStore
from tests.integration.records.trailed import ADA, NOW, SUE, give, trails, wrong
from tests.support.guide import FOLDER
from tests.support.own_kinds import MOOD, OWN_KINDS
from tests.support.shipped_policy import policies

if TYPE_CHECKING:
    from collections.abc import Callable

    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient, Recorder

GOOD: Final[dict[str, Any]] = {"mood": "good"}
NOVEL: Final[dict[str, Any]] = {"title": "Middlemarch"}
PART: Final = shard_of("ada")
# As if the app had given it a bound in the place of its end.
BOUNDED: Final = MOOD.replace("keep_days = 90", "count_max = 2")


def records(client: firestore.Client) -> AppRecords:
    return AppRecords(trails(client), Quotas(OWN_KINDS, policies))


def ids(client: firestore.Client, kind: str = "mood", **more: Any) -> list[str]:
    page = records(client).page("ada", kind, more.pop("limit", 20), None, more.pop("now", NOW))
    return [one.record_id for one in page.records]


def test_a_record_is_kept_once_in_one_commit_with_its_key_and_its_counter(
    client: RecordedClient, recorder: Recorder
) -> None:
    for _ in range(2):
        records(client).add("ada", "mood", GOOD, NOW, None, None)
    recorder.calls.clear()
    kept, replayed = records(client).add("ada", "mood", GOOD, NOW, "k", None)
    assert recorder.methods() == ["BatchGetDocuments", "BeginTransaction", "Commit"]
    written = ["records/ada", "records/ada/keys/k", f"records/ada/app_records/{kept.record_id}"]
    assert sorted(recorder.documents_written()) == sorted([*written, f"counters/2026-03-02.{PART:02d}"])
    assert (kept.expires_at, replayed) == (NOW + timedelta(days=90), False)
    assert records(client).add("ada", "mood", GOOD, NOW, "k", None) == (kept, True)
    with pytest.raises(IdempotencyKeyReused):
        records(client).add("ada", "mood", {"mood": "bad"}, NOW, "k", None)
    assert len(ids(client)) == 3
    assert trails(client).page(ADA, 9, None, NOW).entries == []


def test_one_costs_what_the_guide_says(client: RecordedClient, recorder: Recorder) -> None:
    rows = {
        name: (int(reads), int(writes))
        for name, reads, writes in re.findall(
            r"^\| (.+) \| (\d+) \| (\d+) \|$", (FOLDER / "costs.md").read_text("utf-8"), re.MULTILINE
        )
    }

    def cost(act: Callable[[], object]) -> tuple[int, int]:
        recorder.calls.clear()
        act()
        return sum(map(len, recorder.documents_read())), len(recorder.documents_written())

    own, (reads, writes) = records(client), rows["`POST /records/{kind}`"]
    more = rows["of a kind that is counted, or one that the trail is told of: besides"][1]
    # The first of a day is counted under a new word, which the next one reads.
    for _ in range(2):
        own.add("ada", "mood", GOOD, NOW, None, None)
    assert cost(lambda: own.add("ada", "mood", GOOD, NOW, None, None)) == (reads, writes + more)
    assert cost(lambda: own.add("ada", "book", NOVEL, NOW, None, None)) == (reads, writes + more)
    gone = ids(client)[0]
    assert cost(lambda: own.delete("ada", "mood", gone, NOW, None)) == rows["`DELETE /records/{kind}/{id}`"]


def test_where_the_reply_is_lost_it_is_kept_once(client: RecordedClient, recorder: Recorder) -> None:
    records(client).add("ada", "mood", GOOD, NOW, None, None)
    recorder.after["Commit"] = [ServiceUnavailable("lost")]
    records(client).add("ada", "mood", GOOD, NOW, None, None)
    assert len(ids(client)) == 2


def test_eight_at_once_keep_as_many_as_there_may_be(client: RecordedClient) -> None:
    def add(_: int) -> bool:
        try:
            records(client).add("ada", "book", NOVEL, NOW, None, None)
        except TooManyRecords:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(add, range(8))) == 3
    first, *_ = ids(client, "book")
    records(client).delete("ada", "book", first, NOW, None)
    assert add(0)
    assert not add(0)
    assert wrong(client) == []


def test_what_was_kept_before_there_was_a_bound_is_not_counted_for_it(client: RecordedClient) -> None:
    for _ in range(2):
        records(client).add("ada", "mood", GOOD, NOW, None, None)
    bounded = AppRecords(trails(client), Quotas(parse_kinds(shipped_kinds_text() + BOUNDED), policies))
    for _ in range(2):
        bounded.add("ada", "mood", GOOD, NOW, None, None)
    ended = [one.record_id for one in bounded.page("ada", "mood", 9, None, NOW).records if one.expires_at]
    for record_id in ended:
        bounded.delete("ada", "mood", record_id, NOW, None)
    with pytest.raises(TooManyRecords):
        bounded.add("ada", "mood", GOOD, NOW, None, None)
    assert len(ended) == 2


def test_a_day_takes_so_many_and_what_is_done_for_a_user_counts_nothing(client: RecordedClient) -> None:
    for _ in range(5):
        records(client).add("ada", "mood", GOOD, NOW, None, None)
    with pytest.raises(QuotaExceeded):
        records(client).add("ada", "mood", GOOD, NOW, None, None)
    records(client).add("ada", "mood", GOOD, NOW, None, SUE)
    records(client).add("ada", "mood", GOOD, NOW + timedelta(days=1), None, None)


@pytest.mark.parametrize("kind", ["unheard", "log", "profile", "idea"])
def test_what_is_no_kind_of_the_apps_own_is_unknown(client: RecordedClient, kind: str) -> None:
    with pytest.raises(UnknownKind):
        records(client).add("ada", kind, {}, NOW, None, None)
    with pytest.raises(UnknownKind):
        records(client).page("ada", kind, 9, None, NOW)
    with pytest.raises(UnknownKind):
        records(client).delete("ada", kind, "x", NOW, None)


def test_one_of_another_kind_or_another_user_is_not_found_and_an_ended_one_neither(client: RecordedClient) -> None:
    kept, _ = records(client).add("ada", "mood", GOOD, NOW, None, None)
    end = NOW + timedelta(days=90)
    for user_id, kind, now in (("ada", "book", NOW), ("ben", "mood", NOW), ("ada", "mood", end)):
        with pytest.raises(RecordNotFound):
            records(client).delete(user_id, kind, kept.record_id, now, None)
    assert ids(client, now=end - timedelta(seconds=1)) == [kept.record_id]
    assert ids(client, now=end) == ids(client, "book") == []
    records(client).delete("ada", "mood", kept.record_id, NOW, None)
    assert ids(client) == []


def test_a_page_is_read_by_a_read_each_the_last_one_first(client: RecordedClient, recorder: Recorder) -> None:
    for number in range(3):
        records(client).add("ada", "book", NOVEL, NOW + timedelta(minutes=number), None, None)
    recorder.calls.clear()
    page = records(client).page("ada", "book", 2, None, NOW)
    assert recorder.methods() == ["BatchGetDocuments", "RunQuery"]
    assert [one.at.minute for one in page.records] == [2, 1]
    rest = records(client).page("ada", "book", 2, page.after, NOW)
    assert ([one.at.minute for one in rest.records], rest.after) == ([0], None)


def test_a_kind_that_says_so_is_told_in_the_trail_and_what_a_person_does_always(client: RecordedClient) -> None:
    kept, _ = records(client).add("ada", "book", NOVEL, NOW, None, None)
    mood, _ = records(client).add("ada", "mood", GOOD, NOW, None, SUE)
    records(client).delete("ada", "book", kept.record_id, NOW, None)
    told = [one.act for one in trails(client).page(ADA, 9, None, NOW).entries]
    assert [(one.action, one.entity_type, one.entity_id, one.actor.id) for one in told] == [
        ("delete_record", "book", kept.record_id, "ada"),
        ("add_record", "mood", mood.record_id, "sue"),
        ("add_record", "book", kept.record_id, "ada"),
    ]
    assert "Middlemarch" not in str(told)
    assert wrong(client) == []


def test_it_is_counted_by_kind_and_word_and_counted_once_more_the_same(client: RecordedClient) -> None:
    for name, mood in (("ada", "good"), ("ada", "good"), ("ben", "bad")):
        records(client).add(name, "mood", {"mood": mood}, NOW, None, None)
    records(client).add("ada", "book", NOVEL, NOW, None, None)
    before = read_parts(client, NOW.date())
    assert before[PART]["records"] == {key_text(("mood", "good")): {TIMES: 2, USERS: 1}}
    Recounting(client).check_some(NOW.replace(hour=1) + timedelta(days=1))
    assert read_parts(client, NOW.date()) == before
    assert (client.document("counters/2026-03-02").get().to_dict() or {})["mended"] == 0


def test_who_is_blocked_reads_and_deletes_and_adds_nothing(client: RecordedClient) -> None:
    kept, _ = records(client).add("ada", "mood", GOOD, NOW, None, None)
    give(client, BlockUser(reason="spam"))
    with pytest.raises(Blocked):
        records(client).add("ada", "mood", GOOD, NOW, None, None)
    assert ids(client) == [kept.record_id]
    records(client).delete("ada", "mood", kept.record_id, NOW, None)


def test_a_record_says_who_wrote_it_and_never_who_that_was(client: RecordedClient) -> None:
    server = Actor(kind=ActorKind.SERVER, id="app@p.iam.gserviceaccount.com")
    records(client).add("ada", "mood", GOOD, NOW, None, None)
    given, _ = records(client).add("ada", "mood", GOOD, NOW + timedelta(seconds=1), "k", server)
    again, _ = records(client).add("ada", "mood", GOOD, NOW + timedelta(seconds=2), "k", server)
    assert given.by == again.by == ActorKind.SERVER
    page = records(client).page("ada", "mood", 9, None, NOW + timedelta(seconds=2))
    assert [one.by for one in page.records] == [ActorKind.SERVER, None]
    lines = [*UserRights(WholeUserStore(client)).export("ada")]
    assert sorted(one["data"].get("by", "") for one in lines if one.get("collection") == "app_records") == [
        "",
        "server",
    ]
    assert server.id not in str(lines)


def test_records_are_exported_and_erased_with_the_user(client: RecordedClient) -> None:
    records(client).add("ada", "book", NOVEL, NOW, None, None)
    rights = UserRights(WholeUserStore(client))
    [line] = [one for one in rights.export("ada") if one.get("collection") == "app_records"]
    assert line["data"]["record"] == NOVEL
    rights.erase("ada")
    assert list(client.collection_group("app_records").stream()) == []
