"""The indexes that are declared are those that queries need: no more, no fewer, and each is what Firestore takes."""

from __future__ import annotations

import json
import re
import uuid
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from google.cloud.firestore_v1.base_query import FieldFilter
from pydantic import ValidationError

from emulator.places import ROOT
from streak_core.boards.pages import BoardPages
from streak_core.boards.placing import Placing
from streak_core.boards.standings import STANDINGS, StandingStore
from streak_core.commands import StreakCommands
from streak_core.config.maintenance import MaintenanceRules
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import CheckIn, ChooseNotices, JoinLeaderboard, RecordActivity
from streak_core.domain.devices import Device, Platform
from streak_core.inbox import Inbox
from streak_core.maintenance.report import REMINDING
from streak_core.maintenance.run import Maintenance
from streak_core.notice_texts import shipped_texts
from streak_core.notices import Notices
from streak_core.records.acts import Act, ActStatus, user
from streak_core.records.app_records import AppRecords
from streak_core.records.conversations import Conversations
from streak_core.records.counters import Count
from streak_core.records.counting import Counters
from streak_core.records.ideas import Ideas
from streak_core.records.keys import Key
from streak_core.records.kinds import shipped_kinds
from streak_core.records.profiles import Profiles
from streak_core.records.quotas import Quotas
from streak_core.records.recounting import Recounting
from streak_core.records.trails import Trails
from streak_core.records.usage import FeatureUsage
from streak_core.reminders import due_notices
from streak_core.rights import UserRights
from streak_core.store.due import DueStore
from streak_core.store.notices import NoticeStore
from streak_core.store.remindees import RemindeeStore
from streak_core.store.runs import PROGRESS, RUNS, RunStore
from streak_core.store.shares import SHARES, StoredShare
from streak_core.store.tombstones import BEGUN_ANEW, SIGNED_IN_AFTER, tombstone_document
from streak_core.store.users import UserStore
from streak_core.store.whole_user import WholeUserStore
from streak_core.write_gate import never_closed
from tests.integration.product_queries import NOW, QUERIES, makers, single_fields
from tests.support.befriending import befriended, befriended_for_long
from tests.support.index_file import IndexFile, declared, used
from tests.support.own_kinds import OWN_KINDS
from tests.support.projects import new_project
from tests.support.recorded_client import RecordedClient, Recorder
from tests.support.shipped_policy import policies
from tests.support.told_world import write_parked

if TYPE_CHECKING:
    from google.cloud import firestore

    from emulator.firestore import FirestoreEmulator

# Every user has documents in these, or writes to them; of the others there are so few that no index of them costs
# anything.
OF_USERS = frozenset(
    {
        *("streaks", "months", "ledger", "events", "notices", "shares", "records", "audit", "keys", "profiles"),
        *("conversations", "messages", "usage", "ideas", "app_records", "counters", "outbox", "leaderboard_entries"),
        *("friend_pairs", "friend_invitations"),
    }
)
TEXT = (ROOT / "firestore.indexes.json").read_text(encoding="utf-8")


@pytest.fixture
def elsewhere(emulator: FirestoreEmulator, recorder: Recorder) -> RecordedClient:
    """For queries that are not the product's: a project that does not count as one of this run."""
    assert emulator.host
    return RecordedClient(f"demo-elsewhere-{uuid.uuid4().hex[:8]}", recorder)


def ask_all(client: firestore.Client) -> None:
    for query in QUERIES.values():
        query(client)


def test_every_query_of_the_product_is_known_here() -> None:
    assert makers() == set(QUERIES)


def test_the_indexes_that_queries_use_are_those_that_are_declared(
    emulator: FirestoreEmulator, client: RecordedClient
) -> None:
    ask_all(client)
    assert used(emulator.host, client.project) == declared().shapes()


def test_a_query_that_nothing_is_declared_for_is_noticed(
    emulator: FirestoreEmulator, elsewhere: RecordedClient
) -> None:
    richest = elsewhere.collection("streaks").where(filter=FieldFilter("shard", "==", 1)).order_by("xp_total")
    list(richest.stream())
    (found,) = used(emulator.host, elsewhere.project)
    assert found == ("streaks", "COLLECTION", (("shard", "ASCENDING"), ("xp_total", "ASCENDING")))
    assert found not in declared().shapes()


def test_a_query_across_all_users_is_noticed_whatever_it_looks_for(
    emulator: FirestoreEmulator, elsewhere: RecordedClient
) -> None:
    list(elsewhere.collection_group("events").where(filter=FieldFilter("at", "<=", NOW)).stream())
    assert [scope for _, scope, _ in used(emulator.host, elsewhere.project)] == ["COLLECTION_GROUP"]


def test_no_query_needs_an_index_of_a_single_field_that_is_switched_off(
    client: RecordedClient, recorder: Recorder
) -> None:
    ask_all(client)
    needed = single_fields(recorder)
    assert ("events", "at") in needed
    assert not needed & declared().exempt()


def test_a_query_by_an_exempt_field_is_noticed(elsewhere: RecordedClient, recorder: Recorder) -> None:
    list(elsewhere.collection("streaks").where(filter=FieldFilter("expires_at", "<=", NOW)).stream())
    assert single_fields(recorder) & declared().exempt() == {("streaks", "expires_at")}


@pytest.fixture(scope="module")
def lived(emulator: FirestoreEmulator) -> RecordedClient:
    """A database with all that a life leaves behind."""
    assert emulator.host
    client = RecordedClient(new_project(), Recorder())
    write_a_life(client)
    return client


def stored_fields(client: firestore.Client) -> dict[str, set[str]]:
    """The fields of everything in a database that is users', by collection."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in OF_USERS:
        for one in client.collection_group(name).stream():
            found[name] |= (one.to_dict() or {}).keys()
    return found


def write_a_life(client: firestore.Client) -> None:
    """Something in every collection of users, with every field that there can be."""
    write_streaks(client)
    write_records(client)
    run_all_jobs(client)


def write_streaks(client: firestore.Client) -> None:
    service = StreakCommands(UserStore(client, policies), policies)
    service.execute("ada", NOW, JoinLeaderboard(board_name="Ada", group="g"))
    for day in range(0, 40, 2):
        wish = RecordActivity(
            activity_id=f"a{day}", activity_type="flashcard_set_completed", metadata={"correct": 1_000}
        )
        service.execute("ada", NOW + timedelta(days=day), wish)
    # One who is to be told that the streak is broken, once that is settled.
    for command in (ChooseNotices(channels={"streak_broken": ["inbox"]}), CheckIn()):
        service.execute("lea", NOW + timedelta(days=58), command)
    # One who wishes to be reminded, and has somewhat to be reminded of.
    for command in (ChooseNotices(channels={"reminder": ["push"]}), CheckIn()):
        service.execute("eve", NOW + timedelta(days=59), command)
    phone = Device(device_id="phone", address="t", platform=Platform.IOS, registered_at=NOW)
    Notices(NoticeStore(client), policies).register("eve", phone)
    write_parked(client, "kim")
    # A picture with all that one can have, and one that was revoked.
    share = StoredShare(
        share_id="s", created_at=NOW, expire_at=NOW, revoked_at=NOW, key="k", asked="en Ada", snapshot="{}"
    )
    client.document(f"streaks/ada/{SHARES}/00").set(share.model_dump())
    # One of whom a tombstone is left, with an erasing that broke off, and who began anew.
    client.document("streaks/gone").set({**tombstone_document(NOW), SIGNED_IN_AFTER: NOW, BEGUN_ANEW: True})


def write_records(client: firestore.Client) -> None:
    # Of what was done to somebody, and of whoever is erased.
    noted = Act(actor=user("ada"), action="noted", entity_type="user", entity_id="ada")
    Trails(client).append(user("ada"), noted, NOW, key=Key.of("k", {}))
    for days in (0, 1):
        failed = replace(noted, status=ActStatus.FAILED)
        Trails(client).append(user("ada"), failed, NOW + timedelta(days=days))
    Profiles(Trails(client), Quotas(shipped_kinds(), policies)).change("ada", {"city": "Pune"}, NOW, None)
    talks = Conversations(Trails(client), Quotas(shipped_kinds(), policies))
    for name in ("open", "closed"):
        talks.add("ada", name, {"role": "user", "content": "hello"}, NOW, name, None)
    talks.delete("ada", "closed", NOW, None)
    FeatureUsage(Trails(client), Quotas(shipped_kinds(), policies)).count("ada", [{"feature": "chat"}], NOW, "u", None)
    counted = Counters(client).counted(Trails(client).home(user("ada")), [Count(name="a", is_of_user=True)], NOW)
    client.document("records/ada").update(counted.home)
    # What is left of a check, one that broke off included.
    Recounting(client).check_some(NOW + timedelta(days=1))
    Recounting(client, pages_max=0).check_some(NOW + timedelta(days=2))
    ideas = Ideas(Trails(client), Quotas(shipped_kinds(), policies))
    idea, _ = ideas.make("ada", {"title": "t"}, NOW, None, None)
    ideas.mark("ada", idea.idea_id, {"selected": True}, NOW, None)
    befriended(client, "fay", NOW)
    # Two of whom something is decided.
    befriended_for_long(client, "ida", "joe", NOW)
    server = Actor(kind=ActorKind.SERVER, id="app@p.iam.gserviceaccount.com")
    AppRecords(Trails(client), Quotas(OWN_KINDS, policies)).add("ada", "mood", {"mood": "good"}, NOW, None, server)
    UserRights(WholeUserStore(client)).erase("ben")
    client.document("records/blocked").set({"blocked_until": NOW})


def run_all_jobs(client: firestore.Client) -> None:
    service = StreakCommands(UserStore(client, policies), policies)
    night = NOW + timedelta(days=60)
    job = Maintenance(DueStore(client), RunStore(client), policies, rules=MaintenanceRules(is_paced=False))
    remindees, reminded_at = RemindeeStore(client, due_notices, lambda *_: None), night + timedelta(hours=11)
    job.over(remindees, REMINDING).run("reminders", reminded_at)
    for one in client.collection_group("notices").stream():
        NoticeStore(client).mark_done("eve", one.id, NOW, is_shown=True)
    Inbox(NoticeStore(client), shipped_texts(), policies).read("eve", reminded_at, reminded_at)
    # And one whose reminder is still to come.
    for command in (ChooseNotices(channels={"reminder": ["push"]}), CheckIn()):
        service.execute("zoe", reminded_at, command)
    job.run("r", night)
    Placing(BoardPages(client), StandingStore(client), DueStore(client), policies, never_closed).place_some(night)


def test_of_what_users_have_no_field_is_indexed_that_no_query_looks_for(
    client: RecordedClient, recorder: Recorder, lived: RecordedClient
) -> None:
    ask_all(client)
    needed = single_fields(recorder)
    fields = stored_fields(lived)
    assert fields.keys() == OF_USERS
    # Of a map each field has indexes of its own, where the map is not exempt.
    needed |= {(collection, name.partition(".")[0]) for collection, name in needed}
    stored = {(collection, name) for collection, names in fields.items() for name in names}
    assert {one for one in declared().exempt() if one[0] in OF_USERS} == stored - needed


def test_nothing_else_is_exempt_but_the_ends_of_life_which_all_grow_at_one_end_of_an_index() -> None:
    others = {(collection, field) for collection, field in declared().exempt() if collection not in OF_USERS}
    assert others == {one for one in declared().mortal() if one[0] not in OF_USERS}


def test_what_is_written_of_a_run_is_shared_or_audited_has_an_end_of_life_and_nothing_else_of_a_user_has(
    lived: RecordedClient,
) -> None:
    fields = stored_fields(lived)
    runs = list(lived.collection(RUNS).stream())
    shards = list(lived.collection_group(PROGRESS).stream())
    standings = list(lived.collection(STANDINGS).stream())
    assert shards
    found = (*runs, *shards, *standings)
    with_end = {one.reference.parent.id for one in found if "expire_at" in (one.to_dict() or {})}
    assert with_end == {RUNS, PROGRESS, STANDINGS}
    with_end |= {collection for collection, names in fields.items() if "expire_at" in names}
    assert with_end == {
        RUNS,
        PROGRESS,
        STANDINGS,
        SHARES,
        "notices",
        "outbox",
        "audit",
        "keys",
        "conversations",
        "messages",
        "usage",
        "app_records",
        "counters",
        "friend_invitations",
    }
    assert declared().mortal() == {(collection, "expire_at") for collection in with_end}


def test_the_page_for_operators_has_every_field_that_bigquery_sees(lived: RecordedClient) -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    section = page.partition("**For more, in BigQuery.**")[2].partition("\n\n`state`")[0]
    rows = dict(re.findall(r"^\| `(\w+)` \| (`.+`) \|$", section, re.MULTILINE))
    [exported] = re.findall(r"--collection-ids=(\S+)", section)
    assert list(rows) == exported.split(",")
    stored = stored_fields(lived)
    listed = {name: fields.strip("`").split("`, `") for name, fields in rows.items()}
    assert listed == {name: sorted(stored[name]) for name in rows}, "docs/operations.md says otherwise of BigQuery"


def changed(change: dict[str, Any], at: str = "") -> str:
    """The file's text with something else in it: in its first index, its first override, or on top."""
    content = json.loads(TEXT)
    place = {"index": lambda: content["indexes"][0], "override": lambda: content["fieldOverrides"][0]}
    (place[at]() if at else content).update(change)
    return json.dumps(content)


def test_the_file_reads_as_it_is() -> None:
    assert IndexFile.model_validate_json(changed({})) == declared()
    assert declared().indexes
    assert declared().field_overrides


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"index": []}, ""),
        ({"fieldOverrides": None}, ""),
        ({"scope": "COLLECTION"}, "index"),
        ({"queryScope": "collection"}, "index"),
        ({"collectionGroup": "a/b"}, "index"),
        ({"collectionGroup": "__a__"}, "index"),
        ({"fields": [{"fieldPath": "shard", "order": "ASCENDING"}]}, "index"),
        ({"fields": [{"fieldPath": "shard", "order": "ASCENDING"}] * 2}, "index"),
        ({"fields": [{"fieldPath": "a", "order": "ASC"}, {"fieldPath": "b", "order": "ASCENDING"}]}, "index"),
        ({"fields": [{"fieldPath": "a"}, {"fieldPath": "b", "order": "ASCENDING"}]}, "index"),
        (
            {"fields": [{"fieldPath": "a", "order": "ASCENDING", "arrayConfig": "CONTAINS"}, {"fieldPath": "b"}]},
            "index",
        ),
        ({"fields": [{"fieldPath": "a b", "order": "ASCENDING"}, {"fieldPath": "b", "order": "ASCENDING"}]}, "index"),
        ({"indexes": [{"order": "ASCENDING"}]}, "override"),
        ({"ttl": "yes"}, "override"),
        ({"indexes": [{"order": "ASCENDING", "queryScope": "COLLECTION", "ttl": True}]}, "override"),
        ({"fieldPath": ""}, "override"),
        ({"fieldPath": 7}, "override"),
    ],
)
def test_what_firestore_would_not_take_is_refused(change: dict[str, Any], at: str) -> None:
    with pytest.raises(ValidationError):
        IndexFile.model_validate_json(changed(change, at))


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"queryScope": "COLLECTION_GROUP"}, "index"),
        (
            {"fields": [{"fieldPath": "a", "arrayConfig": "CONTAINS"}, {"fieldPath": "b", "order": "ASCENDING"}]},
            "index",
        ),
        ({"fieldPath": "a.b"}, "override"),
        ({"indexes": [{"order": "ASCENDING", "queryScope": "COLLECTION"}]}, "override"),
    ],
)
def test_the_nearest_that_firestore_takes_is_taken(change: dict[str, Any], at: str) -> None:
    assert IndexFile.model_validate_json(changed(change, at)) != declared()


def test_an_index_or_an_exemption_that_is_named_twice_is_refused() -> None:
    content = json.loads(TEXT)
    for name in ("indexes", "fieldOverrides"):
        with pytest.raises(ValidationError, match="named twice"):
            IndexFile.model_validate_json(json.dumps({**content, name: [*content[name], content[name][0]]}))
