"""An idea keeps what was sent of it, what the user thinks of it and each step of refining, and reads as written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from streak_core.records.held import held_of, with_held
from streak_core.records.homes import RecordsUnreadable
from streak_core.records.idea import Idea, IdeaNotFound, TooManyRefinements, idea_of

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
LATER: Final = NOW + timedelta(hours=1)
IDEA: Final = Idea(idea_id="i", at=NOW, updated_at=NOW, said={"title": "A journal", "category": "habit"}, marks={})


def test_what_the_user_thinks_is_changed_and_taken_back_and_the_same_again_is_no_change() -> None:
    liked = IDEA.marked({"rating": "liked", "selected": True}, LATER)
    assert (liked.marks, liked.updated_at) == ({"rating": "liked", "selected": True}, LATER)
    assert liked.marked({"rating": "liked"}, LATER) is liked
    assert liked.marked({"rating": None}, LATER).marks == {"selected": True}
    assert liked.marked({}, LATER) is liked
    # A clock that is behind.
    assert liked.marked({"selected": False}, NOW).updated_at == LATER


def test_it_is_refined_so_often_and_no_more() -> None:
    once = IDEA.refined({"prompt": "offline"}, LATER, "r1", 2)
    twice = once.refined({"prompt": "shorter"}, LATER, "r2", 2)
    assert [(one.number, one.said["prompt"]) for one in twice.refinements] == [(1, "offline"), (2, "shorter")]
    assert twice.refinement("r2") == twice.refinements[1]
    assert twice.refinement("r3") is None
    with pytest.raises(TooManyRefinements, match="2 times"):
        twice.refined({"prompt": "again"}, LATER, "r3", 2)


@pytest.mark.parametrize(
    ("wanted", "fits"),
    [
        ({}, True),
        ({"category": "habit"}, True),
        ({"category": "game"}, False),
        ({"selected": True}, False),
        ({"selected": False}, True),
        ({"category": "habit", "rating": "liked"}, False),
    ],
)
def test_one_that_was_never_marked_is_not_selected_and_has_no_rating(wanted: dict[str, Any], *, fits: bool) -> None:
    assert IDEA.fits(wanted) is fits


def test_it_reads_as_it_was_written() -> None:
    whole = IDEA.marked({"selected": True}, LATER).refined({"prompt": "offline"}, LATER, "r1", 2)
    assert idea_of("i", whole.document()) == whole
    assert whole.fits({"selected": True, "category": "habit"})
    with pytest.raises(IdeaNotFound):
        idea_of("i", {})


@pytest.mark.parametrize(
    "change", [{"idea": "x"}, {"marks": "1"}, {"refinements": "[1]"}, {"at": None}, {"schema_version": 2}]
)
def test_what_is_no_idea_is_not_taken_for_one(change: dict[str, object]) -> None:
    with pytest.raises(RecordsUnreadable):
        idea_of("i", {**IDEA.document(), **change})


def test_so_many_are_held_of_each_kind_by_itself() -> None:
    text = with_held(None, "idea", 3)["held"]
    text = with_held(text, "other", 1)["held"]
    assert (held_of(text, "idea"), held_of(text, "other"), held_of(text, "none")) == (3, 1, 0)
    assert held_of(with_held(text, "idea", -1)["held"], "idea") == 0


@pytest.mark.parametrize("text", [None, "x", "[]", '{"idea": "many"}', "1"])
def test_what_does_not_read_counts_as_nothing_held(text: object) -> None:
    assert held_of(text, "idea") == 0
    assert held_of(with_held(text, "idea", 1)["held"], "idea") == 1
