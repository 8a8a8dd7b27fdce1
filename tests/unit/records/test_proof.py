"""Whatever is done to a trail is found: an edit of any character, a removal, a swap, a cut; what time does is not."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from streak_core.records.acts import Source, user
from streak_core.records.chain import RETENTION, Entry, Head, entry_of
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
    logged = replace(cut, logged={4: entries[3].head})
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
    assert found(replace(trail(forged), logged={2: entries[1].head})) == [
        "entry 000000000002 is not the one that was logged"
    ]
    assert found(replace(trail(entries), logged={2: entries[1].head, 3: entries[2].head})) == []


def test_without_a_head_nothing_is_proved() -> None:
    entries = chain(2)
    expected = ["the head of the chain is missing, or is not what was written"]
    assert found(replace(trail(entries), head=None)) == expected
    assert found(StoredTrail(subject=ADA, head=None, logged={1: entries[0].head})) == expected


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
    erased = StoredTrail(subject=ADA, head=erasing.head, erasing=erasing.text, erased_at=erasing.at)
    assert found(erased) == []
    anew = appended(erasing.head, ADA, act(), SOURCE, NOW + timedelta(days=4))
    assert found(replace(erased, head=anew.head, entries=(stored(anew),))) == []
    assert found(replace(erased, entries=(stored(entries[1]),))) == ["1 entries from before the erasing are there"]
    other = appended(entries[-1].head, ADA, act("erase"), Source(request_id="x"), NOW + timedelta(days=3))
    assert found(replace(erased, erasing=other.text))
    assert found(replace(erased, erasing="x"))
    # What was logged before it has nothing that it could be compared with, but for the erasing itself.
    assert found(replace(erased, logged={2: entries[1].head, 3: erasing.head})) == []
    assert found(replace(erased, logged={3: entries[1].head}))


def forged(head: Head, now: datetime, **changes: Any) -> Entry:
    """An entry that fits a head, but for what it says otherwise."""
    return replace(appended(head, ADA, act("forged"), SOURCE, now), **changes)


def test_entries_that_one_forged_end_would_have_expired_are_missed_by_what_was_logged() -> None:
    head, now = chain(3)[-1].head, NOW + timedelta(days=4)
    entry = forged(head, now, previous_expires_at=now - timedelta(days=1))
    cut = trail([entry])
    assert found(cut) == []
    until = head.expires_at.isoformat()
    said = replace(cut, logged={3: head})
    expected = [
        f"entry 000000000003 was logged, is missing, and would be kept until {until}",
        "entry 000000000004 was not written after the one that was logged",
    ]
    assert found(said) == expected
    # More entries on top of it hide nothing.
    more = appended(entry.head, ADA, act(), SOURCE, now + timedelta(days=1))
    assert found(replace(trail([entry, more]), logged={3: head})) == expected
    # What was written there in truth, and is left by time, is as it was logged.
    honest = trail([forged(head, now)])
    assert found(replace(honest, logged={3: head}), head.expires_at) == []


def test_a_head_alone_that_says_of_all_entries_that_they_have_expired_is_found() -> None:
    head = chain(3)[-1].head
    early = replace(head, expires_at=NOW)
    assert found(StoredTrail(subject=ADA, head=early)) == ["the head was edited: no entry is kept for so short a time"]
    old = replace(early, at=NOW - RETENTION)
    assert found(StoredTrail(subject=ADA, head=old)) == []
    assert found(StoredTrail(subject=ADA, head=old, logged={3: head})) == [
        "entry 000000000003 is not the one that was logged",
    ]


def test_of_entries_in_the_middle_time_takes_none_before_those_that_end_earlier() -> None:
    entries, now = chain(3), NOW + timedelta(days=4)
    entry = forged(entries[-1].head, now, previous_expires_at=now - timedelta(days=1))
    assert found(trail([*entries[:2], entry])) == [
        "entry 000000000003 is missing, and one from before it is kept for longer"
    ]


def test_an_entry_that_was_dated_back_is_found_by_the_one_before_and_by_what_was_logged() -> None:
    entries = chain(3)
    head = entries[-1].head
    early = head.at - timedelta(seconds=1)
    entry = forged(head, NOW + timedelta(days=4), at=early, expires_at=head.expires_at)
    back = "entry 000000000004 was dated back: it is from before the one before"
    assert found(trail([*entries, entry])) == [back]
    assert found(replace(trail([entry]), logged={3: head}), head.expires_at) == [
        "entry 000000000004 was not written after the one that was logged"
    ]
    assert found(trail([*entries, replace(entry, at=head.at)])) == []


def test_an_end_that_neither_the_moment_nor_the_entry_before_gives_is_found() -> None:
    entries = chain(2)
    entry = forged(entries[-1].head, NOW + timedelta(days=2))
    assert found(trail([*entries, entry])) == []
    expected = f"entry {3:012d} has another end than its moment and the one before give it"
    for days in (-1, 1):
        other = replace(entry, expires_at=entry.expires_at + timedelta(days=days))
        assert expected in found(trail([*entries, other]))
    # Nor may the one before be kept for longer.
    longer = replace(entry, previous_expires_at=entry.expires_at + timedelta(days=1))
    assert expected in found(trail([*entries, longer]))
    first = replace(chain(1)[0], expires_at=entry.expires_at)
    assert found(trail([first])) == [f"entry {1:012d} has another end than its moment and the one before give it"]


def test_a_head_of_a_moment_to_come_is_found_and_not_one_of_a_clock_that_goes_ahead() -> None:
    one = trail(chain(1))
    assert found(one, NOW - timedelta(minutes=10)) == []
    assert found(one, NOW - timedelta(minutes=11)) == [
        f"the head is of a moment that is yet to come: {NOW.isoformat()}",
    ]


def test_an_erasing_that_the_users_own_document_knows_nothing_of_is_found_and_hides_nothing() -> None:
    head = chain(3)[-1].head
    erasing = appended(head, ADA, act("erase"), Source(request_id="r"), NOW + timedelta(days=4))
    one = StoredTrail(subject=ADA, head=erasing.head, erasing=erasing.text, logged={3: head})
    unknown = f"it tells of an erasing at {erasing.at.isoformat()}, and the user's own document of none since then"
    missing = f"entry 000000000003 was logged, is missing, and would be kept until {head.expires_at.isoformat()}"
    assert found(one) == [unknown, missing]
    # An earlier erasing is another one; clocks differ by a little.
    assert found(replace(one, erased_at=erasing.at - timedelta(minutes=11))) == [unknown, missing]
    assert found(replace(one, erased_at=erasing.at - timedelta(minutes=10))) == []
    assert found(replace(one, erased_at=erasing.at + timedelta(days=1))) == []
    # One that is dated back to an earlier erasing takes away nothing that was written since.
    early = replace(erasing, at=head.at - timedelta(seconds=1), expires_at=head.expires_at)
    assert missing in found(replace(one, head=early.head, erasing=early.text, erased_at=early.at))
    # It is an entry as well, which follows the one that was logged.
    other = replace(erasing, previous_hash="0" * 64)
    assert found(replace(one, head=other.head, erasing=other.text, erased_at=other.at)) == [
        "entry 000000000004 was not written after the one that was logged"
    ]
