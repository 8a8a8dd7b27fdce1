"""A page of a trail says what is missing, and takes for no loss what time has taken away."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations
from typing import TYPE_CHECKING, Final

import pytest

from streak_core.records.chain import RETENTION, Entry
from streak_core.records.trail_pages import trail_page
from tests.unit.records.trail import NOW, chain

if TYPE_CHECKING:
    from collections.abc import Collection

SIZE: Final = 5


def entries(gone: Collection[int] = ()) -> dict[int, Entry]:
    return {one.seq: one for one in chain(SIZE) if one.seq not in gone}


def test_of_a_whole_trail_nothing_is_missing() -> None:
    page = trail_page(range(5, 2, -1), entries(), entries()[5].head, 1, NOW)
    assert ([one.seq for one in page.entries], page.missing, page.after) == ([5, 4, 3], [], 3)
    last = trail_page(range(2, 0, -1), entries(), entries()[5].head, 1, NOW)
    assert ([one.seq for one in last.entries], last.missing, last.after) == ([2, 1], [], None)
    assert trail_page((), {}, None, 1, NOW).after is None


@pytest.mark.parametrize("gone", [one for size in (1, 2) for one in combinations(range(1, SIZE + 1), size)], ids=str)
def test_whatever_is_removed_is_named_or_leads_to_a_page_that_names_it(gone: tuple[int, ...]) -> None:
    page = trail_page(range(SIZE, 0, -1), entries(gone), entries()[SIZE].head, 1, NOW)
    # Of two in a row at the beginning, nobody says of the first whether it had expired.
    assert page.missing == sorted(set(gone) - ({1} if gone == (1, 2) else set()), reverse=True)
    assert [one.seq for one in page.entries] == sorted(set(range(1, SIZE + 1)) - set(gone), reverse=True)


def test_a_page_whose_entries_are_all_removed_does_not_end_the_trail() -> None:
    page = trail_page((4, 3), {SIZE: entries()[SIZE]}, entries()[SIZE].head, 1, NOW)
    assert (page.entries, page.missing, page.after) == ([], [4], 3)


@pytest.mark.parametrize(("late", "missing"), [(timedelta(), []), (-timedelta(microseconds=1), [2])])
def test_what_may_have_expired_is_not_missing(late: timedelta, missing: list[int]) -> None:
    end = entries()[2].expires_at + late
    found = {number: one for number, one in entries((1, 2)).items() if one.expires_at > end or number == 3}
    page = trail_page((3, 2, 1), found, entries()[SIZE].head, 1, end)
    assert page.missing == missing
    assert page.after is None


def test_a_trail_whose_last_entry_has_expired_ends() -> None:
    page = trail_page((5, 4), {}, entries()[SIZE].head, 1, NOW + 2 * RETENTION)
    assert (page.entries, page.missing, page.after) == ([], [], None)
