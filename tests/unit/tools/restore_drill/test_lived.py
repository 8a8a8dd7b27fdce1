"""What a moment has of a life is what was answered before it, and perhaps what was under way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from testing.steps import QueryStep, Step
from tools.restore_drill.lived import Given, LivedUser, users

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)
REAL = datetime(2026, 11, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def recording(day: int) -> Step:
    at = (BEGIN + timedelta(days=day)).isoformat()
    return {"at": at, "do": "record", "activity_id": f"a{day}", "activity_type": "study_guide_completed"}


def streaks(moment: datetime) -> list[int]:
    """How long the streak of each possible state is; commands are a second apart, and answered after half of one."""
    given = [Given(recording(day), REAL + day * SECOND, REAL + (day + 0.5) * SECOND) for day in range(5)]
    user = LivedUser("u", [one.step for one in given], given)
    asked = {"do": QueryStep.STREAK.value, "at": (BEGIN + timedelta(days=4, hours=1)).isoformat()}
    return [state.ask(asked)["longest_streak"] for state in user.states(moment)]


def test_a_moment_between_two_commands_has_the_first_alone() -> None:
    assert streaks(REAL + 2.75 * SECOND) == [3]


def test_a_moment_at_which_a_command_is_under_way_has_it_or_not() -> None:
    assert streaks(REAL + 3.2 * SECOND) == [3, 4]


def test_what_ends_as_the_moment_comes_may_be_in_it_or_not_since_two_clocks_differ() -> None:
    assert streaks(REAL + 2.51 * SECOND) == [2, 3]
    assert streaks(REAL + 2.99 * SECOND) == [3, 4]


def test_a_moment_before_all_has_nothing_and_one_after_all_everything() -> None:
    assert streaks(REAL - SECOND) == [0]
    assert streaks(REAL + 9 * SECOND) == [5]


def test_lives_are_those_of_their_seed() -> None:
    assert [one.steps for one in users(1, 3, 5)] == [one.steps for one in users(1, 3, 5)]
    assert users(1, 3, 5)[0].steps != users(2, 3, 5)[0].steps
    assert [len(one.steps) for one in users(1, 3, 5)] == [5, 5, 5]
