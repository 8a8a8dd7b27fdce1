"""Law 13 for what is done anew: undoing and recording under new ids gives no more than recording once (semantics 2)."""

from __future__ import annotations

import random
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

NOW: Final = "2026-03-04T09:00:00Z"
WORTH: Final[tuple[tuple[str, dict[str, Any]], ...]] = (
    ("study_guide_completed", {}),
    ("evaluation_completed", {"grade": 9}),
    ("flashcard_set_completed", {"correct": 20}),
    ("flashcard_set_completed", {"correct": 1_000}),
    ("quiz_completed", {"difficulty": "hard", "score": 80}),
    ("quiz_completed", {"difficulty": "easy", "score": 80}),
)
DONE: Final = st.lists(st.sampled_from(WORTH), min_size=4, max_size=8)


def record(user: PureUser, name: str, worth: tuple[str, dict[str, Any]]) -> int:
    kind, metadata = worth
    step: Step = {"at": NOW, "do": "record", "activity_id": name, "activity_type": kind, "metadata": metadata}
    xp: int = user.step(step)["xp_awarded"]
    return xp


def once(done: list[tuple[str, dict[str, Any]]]) -> int:
    user = PureUser(POLICY)
    return sum(record(user, f"a{number}", worth) for number, worth in enumerate(done))


@given(DONE, st.integers(0, 30), st.randoms(use_true_random=False))
@examples(200)
def test_no_order_of_undoing_redoing_and_recording_anew_gives_more_than_recording_once(
    done: list[tuple[str, dict[str, Any]]], moves: int, dice: random.Random
) -> None:
    user = PureUser(POLICY)
    names = [f"a{number}" for number in range(len(done))]
    worth = dict(zip(names, done, strict=True))
    for name in names:
        record(user, name, worth[name])
    # Each of them stands under one name, or is undone.
    stands: dict[str, str | None] = {name: name for name in names}
    taken = {name: [name] for name in names}
    for move in range(moves):
        one = dice.choice(names)
        stood = stands[one]
        if stood is not None:
            user.step({"at": NOW, "do": "undo", "activity_id": stood})
            stands[one] = None
        elif dice.random() < 1 / 3:
            back = dice.choice(taken[one])
            user.step({"at": NOW, "do": "redo", "activity_id": back})
            stands[one] = back
        else:
            anew = f"{one}.{move}"
            record(user, anew, worth[one])
            taken[one].append(anew)
            stands[one] = anew
    assert user.step({"at": NOW, "do": "get_streak"})["xp_total"] <= once(done)


def test_a_slip_that_is_mended_before_the_week_is_consistent_costs_nothing() -> None:
    user = PureUser(POLICY)
    quiz = WORTH[4]
    record(user, "slip", quiz)
    user.step({"at": NOW, "do": "undo", "activity_id": "slip"})
    for number, worth in enumerate((*WORTH[:3], quiz)):
        record(user, f"a{number}", worth)
    # Of a consistent week, which it did not complete: 25 and a half of it.
    assert record(user, "next", quiz) == 37


def test_what_is_undone_while_the_week_is_consistent_no_more_has_no_bonus_when_it_is_done_anew() -> None:
    user, week = PureUser(POLICY), [WORTH[3], WORTH[2], WORTH[5], WORTH[0], WORTH[1]]
    for number, worth in enumerate(week):
        record(user, f"a{number}", worth)
    # Without the quiz the week is consistent no more, and with it again; the first one is undone between.
    for number in (2, 0):
        user.step({"at": NOW, "do": "undo", "activity_id": f"a{number}"})
    assert [record(user, "quiz", week[2]), record(user, "anew", week[0])] == [10, 500]
    assert user.step({"at": NOW, "do": "get_streak"})["xp_total"] == once(week)
