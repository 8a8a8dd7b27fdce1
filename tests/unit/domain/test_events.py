"""What a command causes is told as events, and what time brings is told whoever asks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from streak_core.domain.events import EventKind
from streak_core.domain.policy import parse_policy
from streak_core.domain.settlement import settle
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY, RULES, TEXT


def at(day: int, hour: int = 9) -> str:
    return f"2026-03-{day:02d}T{hour:02d}:00:00Z"


def did(user: PureUser, day: int, name: str = "a", hour: int = 9, **more: Any) -> list[tuple[str, str]]:
    """Records a study guide and answers what it caused, as (type, day)."""
    step = {"at": at(day, hour), "do": "record", "activity_type": "study_guide_completed", **more}
    user.step({**step, "activity_id": f"{name}{day}.{hour}"})
    return caused(user)


def caused(user: PureUser) -> list[tuple[str, str]]:
    return [(event.kind.value, event.day.isoformat()) for event in user.caused]


def earn(user: PureUser, day: int, freezes: int = 1) -> list[tuple[str, str]]:
    more: dict[str, Any] = {"activity_type": "flashcard_set_completed", "metadata": {"correct": 1_000 * freezes}}
    return did(user, day, "xp", **more)


def test_the_first_activity_starts_a_streak_and_the_next_day_extends_it() -> None:
    user = PureUser(POLICY)
    assert did(user, 2) == [("streak_started", "2026-03-02")]
    assert did(user, 2, hour=10) == []
    assert did(user, 3) == [("streak_extended", "2026-03-03")]


def test_time_breaks_a_streak_once_and_the_next_activity_starts_another() -> None:
    user = PureUser(POLICY)
    did(user, 2)
    assert did(user, 5) == [("streak_started", "2026-03-05")]
    broken = user.events["2026-03-03.streak_broken"]
    assert broken.at.isoformat() == "2026-03-04T04:00:00+00:00"
    assert broken.details == {"length": 1}
    assert "2026-03-04.streak_broken" not in user.events


def test_crossing_500_xp_earns_a_freeze_and_time_spends_it() -> None:
    user = PureUser(POLICY)
    assert earn(user, 2) == [("streak_started", "2026-03-02"), ("freeze_earned", "2026-03-02")]
    user.step({"at": at(4), "do": "maintenance"})
    assert user.events["2026-03-03.freeze_applied"].details == {"freezes_available": 0}


def test_what_is_earned_above_the_cap_is_not_told_as_earned() -> None:
    user = PureUser(POLICY)
    for day in range(2, 5):
        earn(user, day, 2)
    assert user.step({"at": at(4, 10), "do": "get_streak"})["freezes_available"] == 5
    assert "freeze_earned" not in dict(earn(user, 5, 2))


def test_a_late_activity_gives_the_freeze_back_and_restores_what_was_broken() -> None:
    user = PureUser(POLICY)
    earn(user, 2)
    assert did(user, 4, late_id := "late", occurred_at=at(3)) == [
        ("streak_extended", "2026-03-03"),
        ("freeze_refunded", "2026-03-03"),
    ]
    assert late_id
    other = PureUser(POLICY)
    did(other, 2)
    assert did(other, 4, "late", occurred_at=at(3)) == [("streak_restored", "2026-03-03")]


def test_an_undo_breaks_what_the_activity_held_together_and_takes_the_freeze_back() -> None:
    user = PureUser(POLICY)
    did(user, 2)
    did(user, 3)
    did(user, 4)
    user.step({"at": at(4, 10), "do": "undo", "activity_id": "a3.9"})
    assert caused(user) == [("streak_broken", "2026-03-03")]
    other = PureUser(POLICY)
    earn(other, 2)
    did(other, 3)
    did(other, 4)
    other.step({"at": at(4, 10), "do": "undo", "activity_id": "a3.9"})
    assert caused(other) == [("freeze_applied", "2026-03-03")]


def test_an_undo_that_only_shortens_breaks_nothing() -> None:
    user = PureUser(POLICY)
    did(user, 2)
    did(user, 3)
    user.step({"at": at(3, 10), "do": "undo", "activity_id": "a3.9"})
    assert caused(user) == []


def test_a_reset_is_told_with_the_length_it_ended_and_a_second_one_is_not() -> None:
    user = PureUser(POLICY)
    did(user, 2)
    user.step({"at": at(2, 10), "do": "reset"})
    assert caused(user) == [("streak_reset", "2026-03-02")]
    user.step({"at": at(2, 11), "do": "reset"})
    assert caused(user) == []
    assert did(user, 2, hour=12) == [("streak_started", "2026-03-02")]


def test_the_bonus_of_a_week_is_told_once_under_one_id() -> None:
    user = PureUser(POLICY)
    quiz: dict[str, Any] = {"activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 90}}
    did(user, 2, "f", 9, activity_type="flashcard_set_completed", metadata={"correct": 10})
    did(user, 2, "q", 10, **quiz)
    did(user, 2, "e", 11, activity_type="evaluation_completed", metadata={"grade": 9})
    assert did(user, 3, "g") == [("streak_extended", "2026-03-03"), ("bonus_earned", "2026-03-03")]
    assert "bonus_earned.2026-03-02" in user.events
    assert did(user, 4, "q", **quiz) == [("streak_extended", "2026-03-04")]


def test_the_bonus_of_the_following_week_holds_there_and_not_before() -> None:
    user = PureUser(parse_policy(TEXT.replace('bonus_window = "same_week"', 'bonus_window = "following_week"')))
    did(user, 2, "f", 9, activity_type="flashcard_set_completed", metadata={"correct": 10})
    did(user, 2, "q", 10, activity_type="quiz_completed", metadata={"difficulty": "hard", "score": 90})
    did(user, 2, "e", 11, activity_type="evaluation_completed", metadata={"grade": 9})
    did(user, 3, "g")
    assert user.step({"at": at(3, 10), "do": "get_streak"})["bonus_active"] is False
    assert user.step({"at": at(9), "do": "get_streak"})["bonus_multiplier"] == 1.5
    guide = {"at": at(9), "do": "record", "activity_id": "n", "activity_type": "study_guide_completed"}
    assert user.step(guide)["xp_awarded"] == 22
    # The week is still known when it has left the tail, and no longer holds a week later.
    late = {**guide, "at": at(17), "activity_id": "l", "occurred_at": at(13)}
    assert user.step(late)["xp_awarded"] == 22
    assert user.step({**late, "activity_id": "l2", "occurred_at": at(14)})["xp_awarded"] == 22
    assert user.step({"at": at(17), "do": "get_streak"})["bonus_active"] is False


def test_a_milestone_is_told_when_it_is_reached_and_by_a_late_heal_too() -> None:
    user = PureUser(POLICY)
    for day in range(2, 8):
        did(user, day)
    assert did(user, 8) == [("streak_extended", "2026-03-08"), ("milestone_reached", "2026-03-08")]
    other = PureUser(POLICY)
    for day in (2, 3, 4, 6, 7, 8, 9):
        did(other, day)
    assert did(other, 9, "late", 10, occurred_at=at(5)) == [
        ("streak_restored", "2026-03-05"),
        ("milestone_reached", "2026-03-08"),
    ]


def test_a_job_with_a_fast_clock_is_taken_back_by_the_next_command() -> None:
    user = PureUser(POLICY)
    did(user, 2)
    user.step({"at": at(9), "do": "maintenance"})
    assert "2026-03-03.streak_broken" in user.events
    assert did(user, 3) == [("streak_extended", "2026-03-03")]
    assert "2026-03-03.streak_broken" not in user.events


def test_settling_counts_what_it_writes_and_a_second_time_writes_nothing() -> None:
    user = PureUser(POLICY)
    did(user, 2)
    earn(user, 2)
    assert user.streak is not None
    now = user.ledger["activity.a2.9"].entry.at + timedelta(days=3)
    first = settle(user.streak, user.settled_through, RULES, now)
    assert (first.count(EventKind.FREEZE_APPLIED), first.count(EventKind.STREAK_BROKEN)) == (1, 1)
    assert settle(user.streak, first.settled_through, RULES, now).events == ()
    assert settle(user.streak, first.settled_through, RULES, now - timedelta(days=2)).settled_through == date(
        2026, 3, 4
    )
