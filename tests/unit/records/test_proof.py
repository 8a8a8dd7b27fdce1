"""Whatever is done to a trail is found: an edit of any character, a removal, a swap, a cut; what time does is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from streak_core.records.acts import Source, user
from streak_core.records.chain import Entry, entry_of
from streak_core.records.proof import StoredTrail
from tests.unit.records.trail import ADA, NOW, SOURCE, act, appended, chain, found, stored, trail, without


def edited(one: StoredTrail, place: int, **changes: Any) -> StoredTrail:
    entries = list(one.entries)
    entries[place] = replace(entries[place], **changes)
    return replace(one, entries=tuple(entries))


def test_a_trail_as_it_was_written_is_proved_and_so_is_none() -> None:
    assert found(trail(chain(4))) == []
    assert found(StoredTrail(subject=ADA, head=None)) == []


def test_an_edit_of_any_character_of_any_entry_is_found() -> None:
    one = trail(chain(3))
    for place, entry in enumerate(one.entries):
        for at, character in enumerate(entry.text):
            other = "1" if character == "0" else "0"
            assert found(edited(one, place, text=entry.text[:at] + other + entry.text[at + 1 :])), (place, at)


@pytest.mark.parametrize(
    "name", ["actor", "action", "status", "details", "at", "ip_address", "previous_hash", "expires_at"]
)
def test_an_edit_with_a_hash_that_fits_it_is_found_by_the_one_after(name: str) -> None:
    entries = chain(3)
    said = {**entries[1].content, name: {"kind": "user", "id": "eve"} if name == "actor" else entries[0].content["at"]}
    if name == "status":
        said["status"] = "failed"
    if name == "details":
        said["details"] = {}
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    forged = entry_of(text)
    assert found(edited(trail(entries), 1, text=text, hash=forged.hash, expire_at=forged.expires_at))


@pytest.mark.parametrize("place", [0, 1, 2])
def test_another_hash_or_another_end_is_found(place: int) -> None:
    one = trail(chain(3))
    assert found(edited(one, place, hash="0" * 64)) == [f"entry {place + 1:012d} was edited: its hash is another one"]
    later = NOW + timedelta(days=9_999)
    assert found(edited(one, place, expire_at=later)) == [
        f"entry {place + 1:012d} was edited: it would be deleted at another moment than it says"
    ]
    assert found(edited(one, place, expire_at=None))
    assert found(edited(one, place, is_whole=False))


@pytest.mark.parametrize("seq", [1, 2, 3, 4])
def test_the_removal_of_any_entry_is_found_by_its_number(seq: int) -> None:
    [finding] = found(without(trail(chain(4)), seq))
    assert finding.startswith(f"entry {seq:012d} is missing, and would be kept until ")


def test_two_entries_that_are_swapped_are_found() -> None:
    one = trail(chain(3))
    first, second, third = one.entries
    names = (replace(second, document_id=first.document_id), replace(first, document_id=second.document_id))
    assert len(found(replace(one, entries=(*names, third)))) == 3


def test_a_cut_at_the_end_with_the_head_put_back_is_found_by_what_was_logged_alone() -> None:
    entries = chain(4)
    cut = trail(entries[:2])
    assert found(cut) == []
    logged = replace(cut, logged={4: entries[3].hash})
    assert found(logged) == ["the chain was cut: entry 000000000004 was logged, and its head is at 2"]
    assert found(replace(trail(entries), head=entries[1].head)) == [
        "the head was put back: it is at 2, and there are entries up to 4"
    ]


def test_a_chain_that_is_written_anew_is_found_by_what_was_logged_alone() -> None:
    entries = chain(3)
    forged: list[Entry] = []
    for one in entries:
        head = forged[-1].head if forged else None
        forged.append(appended(head, ADA, act("nothing"), SOURCE, one.at))
    assert found(trail(forged)) == []
    assert found(replace(trail(forged), logged={2: entries[1].hash})) == [
        "entry 000000000002 is not the one that was logged"
    ]
    assert found(replace(trail(entries), logged={2: entries[1].hash, 3: entries[2].hash})) == []


def test_without_a_head_nothing_is_proved() -> None:
    entries = chain(2)
    expected = ["the head of the chain is missing, or is not what was written"]
    assert found(replace(trail(entries), head=None)) == expected
    assert found(StoredTrail(subject=ADA, head=None, logged={1: entries[0].hash})) == expected


@pytest.mark.parametrize("name", ["hash", "at", "expires_at", "seq"])
def test_an_edit_of_the_head_is_found(name: str) -> None:
    entries = chain(2)
    other: dict[str, Any] = {"hash": "0" * 64, "at": NOW, "expires_at": NOW + timedelta(days=999), "seq": 9}
    head = replace(entries[1].head, **{name: other[name]})
    assert found(replace(trail(entries), head=head))


def test_an_entry_of_somebody_else_or_twice_is_found() -> None:
    one = trail(chain(2))
    theirs = appended(None, user("ben"), act(), SOURCE, NOW)
    assert "entry 000000000001 was put there: it is another subject's" in found(
        replace(one, entries=(stored(theirs), one.entries[1]))
    )
    doubled = replace(one.entries[0], document_id="000000000009")
    assert found(replace(one, entries=(*one.entries, doubled))) == [
        "entry 000000000009 was put there: it says that it is 000000000001"
    ]


def test_a_chain_that_time_has_shortened_still_proves_and_not_one_that_somebody_has() -> None:
    entries = chain(5, apart=timedelta(days=100))
    shortened = without(trail(entries), 1, 2)
    # On the day on which the second one is due to go.
    gone = entries[1].expires_at
    assert found(shortened, gone) == []
    assert found(shortened, gone - timedelta(seconds=1))
    assert found(without(shortened, 3), gone)
    assert found(without(trail(entries), 2), gone) == []
    everything = StoredTrail(subject=ADA, head=entries[-1].head)
    assert found(everything, entries[-1].expires_at) == []
    assert found(everything, entries[-1].expires_at - timedelta(seconds=1))


def test_of_an_erased_user_there_is_one_entry_and_the_chain_goes_on_from_it() -> None:
    entries = chain(2)
    erasing = appended(entries[-1].head, ADA, act("erase"), Source(request_id="r"), NOW + timedelta(days=3))
    erased = StoredTrail(subject=ADA, head=erasing.head, erasing=erasing.text)
    assert found(erased) == []
    anew = appended(erasing.head, ADA, act(), SOURCE, NOW + timedelta(days=4))
    assert found(replace(erased, head=anew.head, entries=(stored(anew),))) == []
    assert found(replace(erased, entries=(stored(entries[1]),))) == ["1 entries from before the erasing are there"]
    other = appended(entries[-1].head, ADA, act("erase"), Source(request_id="x"), NOW + timedelta(days=3))
    assert found(replace(erased, erasing=other.text))
    assert found(replace(erased, erasing="x"))
    # What was logged before it has nothing that it could be compared with, but for the erasing itself.
    assert found(replace(erased, logged={2: entries[1].hash, 3: erasing.hash})) == []
    assert found(replace(erased, logged={3: entries[1].hash}))
