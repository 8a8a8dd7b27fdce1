"""Whoever writes in the database itself is found: each field, each character, each document of a trail and its head."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from streak_core.domain.commands import CheckIn
from streak_core.records.acts import Source
from streak_core.records.chain import Head, appended, head_of, head_text
from streak_core.records.heads import AuditHeads, logged_heads
from streak_core.records.homes import RecordsUnreadable
from streak_core.records.proof import findings
from streak_core.rights import UserRights
from streak_core.store.failures import WriteConflict
from streak_core.store.sessions import signed_in
from streak_core.store.whole_user import WholeUserStore
from streak_core.store.writing import commit
from tests.integration.records.trailed import ADA, NOTE, NOW, SUE, give, service, trails, wrong
from tests.support.thoroughness import sample

if TYPE_CHECKING:
    from google.cloud import firestore

    from tests.support.recorded_client import RecordedClient

HOME = "records/ada"
WALL = NOW + timedelta(days=3)


@pytest.fixture
def trail(client: RecordedClient) -> RecordedClient:
    """A trail of three entries."""
    give(client)
    for day in (1, 2):
        trails(client).append(ADA, NOTE, NOW + timedelta(days=day))
    assert wrong(client) == []
    return client


def entries(client: firestore.Client) -> list[firestore.DocumentReference]:
    return [one.reference for one in client.collection(f"{HOME}/audit").stream()]


def other(value: Any) -> list[Any]:
    """Values that are not that one."""
    if isinstance(value, datetime):
        return [value + timedelta(days=1), None]
    if isinstance(value, int):
        return [value + 1, str(value)]
    return ["", f"{value} ", value[:-1]]


def test_another_value_in_any_field_of_any_document_is_found_and_so_is_a_field_that_is_gone(
    trail: RecordedClient,
) -> None:
    for ref in (trail.document(HOME), *entries(trail)):
        before = ref.get().to_dict() or {}
        for name, value in before.items():
            changed = [{**before, name: one} for one in other(value)]
            gone = {each: one for each, one in before.items() if each != name}
            for document in (*changed, gone):
                ref.set(document)
                assert wrong(trail), (ref.path, name, document.get(name))
        ref.set(before)
    assert wrong(trail) == []
    ref.update({"more": 1})
    assert wrong(trail)


def test_another_character_at_any_place_of_a_text_is_found(trail: RecordedClient) -> None:
    ref = entries(trail)[1]
    text = (ref.get().to_dict() or {})["entry"]
    for at in sample(range(len(text))):
        ref.update({"entry": text[:at] + ("1" if text[at] == "0" else "0") + text[at + 1 :]})
        assert wrong(trail), at
    ref.update({"entry": text})
    assert wrong(trail) == []


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_document_that_is_gone_is_found(trail: RecordedClient, place: int) -> None:
    entries(trail)[place].delete()
    assert wrong(trail)
    # Time alone may take it away.
    later = NOW + timedelta(days=400 + place)
    assert wrong(trail, now=later - timedelta(seconds=1))
    assert wrong(trail, now=later) == []


def test_documents_that_are_swapped_put_there_or_put_back_are_found(trail: RecordedClient) -> None:
    first, second, third = entries(trail)
    documents = [one.get().to_dict() or {} for one in (first, second, third)]
    first.set(documents[1])
    second.set(documents[0])
    assert len(wrong(trail)) >= 2
    first.set(documents[0])
    second.set(documents[1])
    trail.document(f"{HOME}/audit/000000000004").set(documents[2])
    assert wrong(trail)
    trail.document(f"{HOME}/audit/000000000004").delete()
    trail.document(HOME).delete()
    assert wrong(trail) == ["the head of the chain is missing, or is not what was written"]


def logged(client: firestore.Client, now: datetime) -> dict[int, Head]:
    """What the job's lines say of ada's head."""
    lines: list[str] = []
    AuditHeads(client, told=lines.append).log_some(now)
    heads = [head_of(text) for name, text in logged_heads(lines) if name == "ada"]
    return {one.seq: one for one in heads}


def test_a_trail_that_is_cut_with_its_head_put_back_differs_from_the_log(trail: RecordedClient) -> None:
    home = trail.document(HOME)
    before = home.get().to_dict() or {}
    trails(trail).append(ADA, NOTE, WALL)
    said = logged(trail, WALL)
    assert list(said) == [4]
    home.set(before)
    entries(trail)[3].delete()
    assert wrong(trail) == []
    found = list(findings(trails(trail).stored(ADA, said), WALL))
    assert found == ["the chain was cut: entry 000000000004 was logged, and its head is at 3"]


def test_heads_are_logged_once_a_day_and_only_those_that_moved(trail: RecordedClient) -> None:
    day = NOW + timedelta(days=2, hours=1)
    give(trail, uid="ben", now=NOW)
    lines: list[str] = []
    heads = AuditHeads(trail, told=lines.append)
    heads.log_some(day)
    assert sorted(name for name, _ in logged_heads(lines)) == ["ada", "ben"]
    lines.clear()
    give(trail, uid="ben", now=day + timedelta(minutes=1))
    heads.log_some(day + timedelta(hours=22))
    assert lines == []
    heads.log_some(day + timedelta(days=1))
    assert [name for name, _ in logged_heads(lines)] == ["ben"]


@pytest.mark.parametrize(
    "place",
    [
        {"since": NOW, "until": datetime(9000, 1, 1, tzinfo=UTC), "shard": 8},
        {"since": datetime(9000, 1, 1, tzinfo=UTC), "until": datetime(9000, 1, 1, tzinfo=UTC), "shard": 0},
        {"since": datetime(9000, 1, 1, tzinfo=UTC), "until": NOW, "shard": 0},
        {"since": NOW, "until": NOW, "shard": -1},
        {"since": NOW, "until": NOW + timedelta(days=1), "shard": 9},
    ],
)
def test_no_place_that_somebody_wrote_ends_the_rounds(client: RecordedClient, place: dict[str, Any]) -> None:
    give(client)
    client.document("trails/heads").set(place)
    assert list(logged(client, NOW + timedelta(days=1))) == [1]


def test_whose_home_is_gone_is_among_all_subjects(trail: RecordedClient) -> None:
    trail.document(HOME).delete()
    assert list(trails(trail).subjects()) == [ADA]


def test_an_erasing_that_somebody_wrote_into_a_home_is_found(trail: RecordedClient) -> None:
    said = logged(trail, WALL)
    home = trails(trail).home(ADA)
    assert home.head
    erasing = appended(home.head, ADA, replace(NOTE, action="erase"), Source(request_id="r"), WALL, entry_id="z")
    for one in entries(trail):
        one.delete()
    trail.document(HOME).update({"audit": head_text(erasing.head), "head_at": WALL, "erasing_entry": erasing.text})
    assert len(wrong(trail, now=WALL)) == 1
    assert len(list(findings(trails(trail).stored(ADA, said), WALL))) == 2
    # Without the user's own document it is as forged.
    trail.document("streaks/ada").delete()
    assert len(wrong(trail, now=WALL)) == 1


def test_a_call_that_ends_in_the_middle_is_gone_on_with(trail: RecordedClient) -> None:
    give(trail, uid="ben")
    lines: list[str] = []
    heads = AuditHeads(trail, pages_max=2, told=lines.append)
    for _ in range(4):
        heads.log_some(NOW + timedelta(days=2))
    assert sorted(name for name, _ in logged_heads(lines)) == ["ada", "ben"]


def test_of_an_erased_user_nothing_is_left_but_who_erased_them_and_when(trail: RecordedClient) -> None:
    said = logged(trail, NOW + timedelta(days=2))
    UserRights(WholeUserStore(trail), wall=lambda: WALL).erase("ada")
    assert entries(trail) == []
    left = trail.document(HOME).get().to_dict() or {}
    assert left["erased_at"] == WALL
    for private in ("sorry", "203.0.113", "curl", "sue", "looked"):
        assert private not in str(left)
    [entry] = trails(trail).page(ADA, 9, None, WALL).entries
    assert (entry.seq, entry.act.action, entry.act.actor, entry.act.details) == (4, "erase", ADA, {})
    assert wrong(trail) == []
    assert list(findings(trails(trail).stored(ADA, said), WALL)) == []
    # Done again, it changes nothing.
    UserRights(WholeUserStore(trail), wall=lambda: WALL + timedelta(days=1)).erase("ada")
    assert trail.document(HOME).get().to_dict() == left


def test_a_trail_goes_on_where_the_erasing_left_it(trail: RecordedClient) -> None:
    UserRights(WholeUserStore(trail), wall=lambda: WALL).erase("ada")
    with signed_in("ada", WALL + timedelta(hours=1)):
        service(trail).execute("ada", WALL + timedelta(days=1), CheckIn())
    give(trail, now=WALL + timedelta(days=1))
    found = trails(trail).page(ADA, 9, None, WALL).entries
    assert [(one.seq, one.act.action) for one in found] == [(5, "grant_xp"), (4, "erase")]
    assert "erased_at" not in (trail.document(HOME).get().to_dict() or {})
    assert wrong(trail) == []
    UserRights(WholeUserStore(trail), wall=lambda: WALL + timedelta(days=2)).erase("ada")
    assert [one.seq for one in trails(trail).page(ADA, 9, None, WALL).entries] == [6]
    assert wrong(trail) == []


def test_an_export_has_the_trail_without_who_did_it_and_is_told_itself(trail: RecordedClient) -> None:
    rights = UserRights(WholeUserStore(trail), wall=lambda: WALL)
    lines = list(rights.export("ada"))
    kept = [one["data"]["entry"] for one in lines if one.get("collection") == "audit"]
    assert [one["action"] for one in kept] == ["grant_xp", "looked", "looked"]
    for one in kept:
        assert one["actor"] == {"kind": "support"}
        assert not {"ip_address", "user_agent"} & one.keys()
    assert SUE.id not in str(lines)
    [told] = trails(trail).page(ADA, 1, None, NOW).entries
    assert (told.act.action, told.act.actor) == ("export", ADA)
    # It is told of the moment as of which everything was read, whatever the tests' day is.
    assert wrong(trail, now=told.at) == []


def test_of_nobody_no_export_is_told(client: RecordedClient) -> None:
    assert len(list(UserRights(WholeUserStore(client)).export("nobody"))) == 2
    assert not client.document("records/nobody").get().exists


def test_an_erasing_that_meets_a_write_of_the_trail_leaves_nothing_of_it(trail: RecordedClient) -> None:
    """A note that was read before the tombstone is not written after it."""
    kept = trails(trail)
    late = kept.appending(ADA, [NOTE], WALL)
    UserRights(WholeUserStore(trail), wall=lambda: WALL).erase("ada")
    with pytest.raises(WriteConflict):
        commit(trail, late)
    assert entries(trail) == []


def test_an_entry_that_does_not_read_is_not_left_out_of_a_page(trail: RecordedClient) -> None:
    entries(trail)[1].update({"entry": "x"})
    with pytest.raises(RecordsUnreadable):
        trails(trail).page(ADA, 9, None, NOW)
