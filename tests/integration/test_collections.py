"""Every collection that there is, and whether it is a user's: what is, an export has and an erasing deletes.

A collection that is new fails here until tests/support/all_collections.py says whose it is.
"""

from __future__ import annotations

import ast
import importlib
import re
from datetime import UTC, datetime
from operator import attrgetter
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import FIRESTORE_RULES, ROOT
from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.notices import Notice, NoticeKind
from streak_core.records.acts import Act, user
from streak_core.records.app_records import AppRecords
from streak_core.records.conversations import Conversations
from streak_core.records.counting import COUNTERS
from streak_core.records.ideas import Ideas
from streak_core.records.keys import Key
from streak_core.records.kinds import shipped_kinds
from streak_core.records.looks import Looked, tell_look
from streak_core.records.profiles import Profiles
from streak_core.records.quotas import Quotas
from streak_core.records.trails import Trails
from streak_core.records.usage import FeatureUsage
from streak_core.rights import UserRights
from streak_core.store.notices import notice_document
from streak_core.store.shares import SHARES
from streak_core.store.whole_user import WholeUserStore
from tests.support.all_collections import BELOW, HOMES, NOBODYS, SHARED
from tests.support.befriending import befriended
from tests.support.board_world import entry
from tests.support.index_file import declared
from tests.support.own_kinds import OWN_KINDS
from tests.support.shipped_policy import policies
from tests.support.stored_life import long_life, write_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.recorded_client import RecordedClient

# What makes a collection out of its name.
MAKING: Final = frozenset({"collection", "collection_group", "_below"})


def made_in_the_store() -> set[str]:
    """The collections that the store and the services name, by the constants that they name them with."""
    found = set()
    # The client puts a prefix before names, and has none of its own.
    for path in sorted({*(ROOT / "streak_core").rglob("*.py")} - {ROOT / "streak_core" / "store" / "client.py"}):
        module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
        for name in named_in(ast.parse(path.read_text(encoding="utf-8"))):
            found.add(attrgetter(name)(module))
    return found


def named_in(tree: ast.AST) -> Iterator[str]:
    """What is handed to whatever makes a collection: always a name; in what makes one itself it is any."""
    making = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name in MAKING]
    within = {node for one in making for node in ast.walk(one)}
    for node in ast.walk(tree):
        if (
            node not in within
            and isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in MAKING
            and node.args
        ):
            name = ast.unparse(node.args[-1])
            assert re.fullmatch(r"[A-Za-z_.]+", name), f"{name} is no constant"
            yield name


def in_the_rules() -> set[str]:
    """The collections that clients may read of."""
    return set(re.findall(r"match /(\w+)/\{\w+\}", FIRESTORE_RULES.read_text(encoding="utf-8"))) - {"databases"}


def in_the_indexes() -> set[str]:
    file = declared()
    return {one.collection_group for one in file.indexes} | {one.collection_group for one in file.field_overrides}


def test_of_every_collection_it_is_known_whose_it_is() -> None:
    known = HOMES | BELOW | SHARED | NOBODYS.keys()
    assert made_in_the_store() == known
    assert in_the_rules() <= HOMES | BELOW
    assert in_the_indexes() <= known
    assert in_the_indexes() >= HOMES | BELOW | SHARED


@pytest.mark.parametrize("source", ["client.collection('streaks')", "client.collection(f'{prefix}streaks')"])
def test_a_collection_that_no_constant_names_is_noticed(source: str) -> None:
    with pytest.raises(AssertionError, match="is no constant"):
        list(named_in(ast.parse(source)))


def written_for_ada(client: RecordedClient) -> set[str]:
    """The paths of something of every collection that is a user's, as the product writes it, and of a later program."""
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    found = long_life("ada", 40, now)
    told = Notice(notice_id="n", kind=NoticeKind.REMINDER, day=now.date(), at=now)
    found["streaks/ada/notices/n"] = notice_document(told)
    found[f"streaks/ada/{SHARES}/00"] = {"share_id": "s", "snapshot": '{"current_streak": 3}'}
    found["streaks/ada"] |= {"devices": "[]", "notices_waiting": "[]", "notices_written": "[]"}
    found["streaks/ada/outbox/e"] = {"number": 1}
    found["streaks/ada/leaderboard_entries/entry"] = entry("Ada", now)
    found["streaks/ada/later/x"] = {"of": "a later program"}
    write_documents(client, found)
    noted = Act(actor=user("ada"), action="noted", entity_type="user", entity_id="ada")
    Trails(client).append(user("ada"), noted, now, key=Key.of("k", {}))
    Profiles(Trails(client), Quotas(shipped_kinds(), policies)).change("ada", {"city": "Pune"}, now, None)
    talks = Conversations(Trails(client), Quotas(shipped_kinds(), policies))
    talks.add("ada", "chat", {"role": "user", "content": "hello"}, now, "k2", None)
    found |= {path: {} for path in ("records/ada", "records/ada/keys/k", "profiles/ada", "records/ada/keys/k2")}
    FeatureUsage(Trails(client), Quotas(shipped_kinds(), policies)).count("ada", [{"feature": "chat"}], now, "u", None)
    idea, _ = Ideas(Trails(client), Quotas(shipped_kinds(), policies)).make("ada", {"title": "t"}, now, None, None)
    found |= {"records/ada/usage/u": {}, f"records/ada/ideas/{idea.idea_id}": {}}
    own = AppRecords(Trails(client), Quotas(OWN_KINDS, policies))
    kept, _ = own.add("ada", "mood", {"mood": "good"}, now, None, None)
    found[f"records/ada/app_records/{kept.record_id}"] = {}
    found |= {"records/ada/conversations/chat": {}, "records/ada/messages/chat.000000000001": {}}
    sue = Actor(kind=ActorKind.SUPPORT, id="sue")
    tell_look(Trails(client), "ada", Looked(kind="profile"), sue, now)
    found |= {f"records/ada/audit/{number:012d}": {} for number in (1, 2, 3)}
    found |= {path: {} for path in befriended(client, "ada", now)}
    return set(found)


def test_what_is_a_users_is_exported_and_erased_also_what_only_a_later_program_knows(client: RecordedClient) -> None:
    found = written_for_ada(client)
    assert {path.split("/")[2] for path in found if path.count("/") > 1} == BELOW | {"later"}
    # What is counted of everybody together is nobody's.
    assert {one.id for one in client.collections()} == HOMES | SHARED | {COUNTERS}
    rights = UserRights(WholeUserStore(client))
    lines = [line for line in rights.export("ada") if "collection" in line]
    exported = {f"{line['collection']}/{line['id']}" for line in lines}
    # That somebody looked is told; the key of it is a hash of who it was, which would confirm a guess.
    assert exported == {"/".join(path.split("/")[-2:]) for path in found}
    assert not [line for line in lines if "asked" in line["data"]]
    # Whatever is kept as a text that is JSON is told as what it says.
    texts = {(name, value) for line in lines for name, value in line["data"].items() if isinstance(value, str)}
    assert {name for name, value in texts if value.startswith(("{", "["))} == set()
    rights.erase("ada")
    assert [one for name in SHARED for one in client.collection(name).stream()] == []
    for home in HOMES:
        left = [f"{home}/ada"] if home in {"streaks", "records"} else []
        own = [client.document(f"{home}/ada")]
        assert [one.reference.path for one in client.get_all(own) if one.exists] == left
        assert list(client.document(f"{home}/ada").collections()) == []
