"""What activities are worth, by the table of semantics 2."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.errors import Malformed
from streak_core.domain.xp import base_xp_of, with_bonus
from tests.support.shipped_policy import POLICY

LARGEST = 2**53 - 1


@pytest.mark.parametrize(
    ("kind", "metadata", "base_xp", "counts", "category"),
    [
        ("flashcard_set_completed", {"correct": 0}, 0, False, "flashcards"),
        ("flashcard_set_completed", {"correct": 9}, 0, False, "flashcards"),
        ("flashcard_set_completed", {"correct": 10}, 5, True, "flashcards"),
        ("flashcard_set_completed", {"correct": 10.0}, 5, True, "flashcards"),
        ("flashcard_set_completed", {"correct": 25}, 10, True, "flashcards"),
        ("flashcard_set_completed", {"correct": 1_999}, 995, True, "flashcards"),
        ("flashcard_set_completed", {"correct": LARGEST}, 1_000, True, "flashcards"),
        ("quiz_completed", {"difficulty": "easy", "score": 59}, 0, False, "quiz"),
        ("quiz_completed", {"difficulty": "easy", "score": 60}, 10, True, "quiz"),
        ("quiz_completed", {"difficulty": "hard", "score": 100}, 25, True, "quiz"),
        ("quiz_completed", {"difficulty": "hard", "score": 59.9}, 0, False, "quiz"),
        ("evaluation_completed", {"grade": 1}, 20, True, "evaluation"),
        ("evaluation_completed", {"grade": 6.5}, 20, True, "evaluation"),
        ("evaluation_completed", {"grade": 7}, 50, True, "evaluation"),
        ("evaluation_completed", {"grade": 10}, 50, True, "evaluation"),
        ("study_guide_completed", {}, 15, True, "guide"),
        ("check_in", {}, 0, True, None),
    ],
)
def test_an_activity_is_worth_what_the_table_says(
    kind: str, metadata: dict[str, Any], base_xp: int, counts: bool, category: str | None
) -> None:
    worth = base_xp_of(POLICY, kind, metadata)
    assert (worth.base_xp, worth.counts, worth.category) == (base_xp, counts, category)


@pytest.mark.parametrize(
    ("kind", "metadata", "fields"),
    [
        ("flashcard_set_completed", {}, ["metadata.correct"]),
        ("flashcard_set_completed", {"correct": -1}, ["metadata.correct"]),
        ("flashcard_set_completed", {"correct": 10.5}, ["metadata.correct"]),
        ("flashcard_set_completed", {"correct": float("inf")}, ["metadata.correct"]),
        ("flashcard_set_completed", {"correct": True}, ["metadata.correct"]),
        ("flashcard_set_completed", {"correct": LARGEST + 1}, ["metadata.correct"]),
        ("quiz_completed", {"difficulty": "medium", "score": 101}, ["metadata.difficulty", "metadata.score"]),
        ("quiz_completed", {"difficulty": ["easy"], "score": "60"}, ["metadata.difficulty", "metadata.score"]),
        ("quiz_completed", {"difficulty": "easy", "score": float("nan")}, ["metadata.score"]),
        ("evaluation_completed", {"grade": 0.9}, ["metadata.grade"]),
        ("evaluation_completed", {"grade": 11}, ["metadata.grade"]),
        ("evaluation_completed", {"grade": False}, ["metadata.grade"]),
        ("study_guide_completed", {"grade": 7}, ["metadata.grade"]),
        ("check_in", {"b": 1, "a": 2}, ["metadata.a", "metadata.b"]),
        ("sleep", {}, ["activity_type"]),
    ],
)
def test_what_the_table_does_not_know_is_refused_field_by_field(
    kind: str, metadata: dict[str, Any], fields: list[str]
) -> None:
    with pytest.raises(Malformed) as refused:
        base_xp_of(POLICY, kind, metadata)
    assert [error.field for error in refused.value.errors] == fields


@given(st.integers(0, 1_000), st.integers(100, 200))
def test_the_bonus_is_floored_and_never_takes_away(base_xp: int, percent: int) -> None:
    awarded = with_bonus(base_xp, Fraction(percent, 100))
    assert base_xp <= awarded <= 2 * base_xp
    assert awarded * 100 <= base_xp * percent < (awarded + 1) * 100
