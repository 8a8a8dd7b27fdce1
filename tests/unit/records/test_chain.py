"""An entry says all that was done, in one way to write it, and by the hash of the one before what that said."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from streak_core.records.acts import DETAILS_BYTES_MAX, Source
from streak_core.records.chain import RETENTION, BrokenEntryError, entry_of, hash_of, head_of, head_text
from tests.unit.records.trail import ADA, NOW, SOURCE, act, appended, chain

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_first_entry_has_none_before_and_the_next_one_has_its_hash() -> None:
    first, second = chain(2)
    assert (first.seq, first.previous_hash, first.previous_expires_at) == (1, "", None)
    assert (second.seq, second.previous_hash, second.previous_expires_at) == (2, first.hash, first.expires_at)
    assert first.hash == hash_of(first.text)


def test_an_entry_is_kept_for_four_hundred_days_and_its_successor_never_shorter() -> None:
    first = appended(None, ADA, act(), SOURCE, NOW)
    assert first.expires_at == NOW + timedelta(days=400) == NOW + RETENTION
    # The clock of another server is behind.
    late = appended(first.head, ADA, act(), SOURCE, NOW - timedelta(hours=1))
    assert (late.at, late.expires_at) == (first.at, first.expires_at)


def test_an_entry_reads_as_it_was_written() -> None:
    for entry in chain(3):
        assert entry_of(entry.text) == entry
        assert head_of(head_text(entry.head)) == entry.head


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text + " ",
        lambda text: text.replace('"status":"success"', '"status":"fine"'),
        lambda text: text.replace('"kind":"support"', '"kind":"root"'),
        lambda text: text.replace('"code":null', '"code":null,"more":1'),
        lambda text: text.replace('"code":null,', ""),
        lambda text: text.replace("+00:00", "Z", 1),
        lambda text: json.dumps(json.loads(text)),
        lambda _: "[]",
        lambda _: "null",
        lambda _: "",
        lambda _: "[" * 100_000,
    ],
)
def test_no_other_text_reads_as_an_entry(change: Callable[[str], str]) -> None:
    [entry] = chain(1)
    text = change(entry.text)
    assert text != entry.text
    with pytest.raises(BrokenEntryError):
        entry_of(text)


@pytest.mark.parametrize("text", ["", "{}", '{"at":"x","expires_at":"x","hash":"","seq":1}', "null", "[1]"])
def test_no_other_text_reads_as_a_head(text: str) -> None:
    with pytest.raises(BrokenEntryError):
        head_of(text)


def test_details_are_kept_up_to_two_kibibytes_and_of_more_how_long_they_were() -> None:
    room = DETAILS_BYTES_MAX - len('{"text":""}')
    longest, longer = ({"text": "x" * size} for size in (room, room + 1))
    assert appended(None, ADA, replace(act(), details=longest), SOURCE, NOW).act.details == longest
    cut = appended(None, ADA, replace(act(), details=longer), SOURCE, NOW).act.details
    assert cut == {"details_left_out_bytes": DETAILS_BYTES_MAX + 1}


def test_a_user_agent_is_kept_up_to_256_characters_and_halves_of_one_are_none() -> None:
    told = appended(None, ADA, act(), Source(request_id="r", user_agent="\ud800" + "a" * 300), NOW)
    assert told.source.user_agent == "?" + "a" * 255
    assert entry_of(told.text) == told
