"""Calendar and weekly consistency over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from testing.reference.insights import told
from tests.e2e.client import User, wrong_fields


@pytest.mark.parametrize("days", [1, 2, 31, 365, 366])
def test_a_calendar_has_exactly_the_days_asked_for(user: User, days: int) -> None:
    user.record()
    rows = user.get("/calendar", days=days)["days"]
    today = date(2026, 3, 2)
    assert [row["date"] for row in rows] == [
        (today - timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)
    ]


def test_a_calendar_has_30_days_unless_asked_otherwise(user: User) -> None:
    assert len(user.get("/calendar")["days"]) == 30


@pytest.mark.parametrize("days", ["0", "367", "-1", "x", "", "1.0", " 5", "+5", "1_0", "1e1", "٣", "9" * 2000])
def test_any_other_number_of_days_is_refused(user: User, days: str) -> None:
    assert wrong_fields(user.ask("GET", "/calendar", days=days)) == ["days"]


def test_a_calendar_never_disagrees_with_the_counter(user: User) -> None:
    user.earn(1)
    user.now = "2026-03-04T09:00:00Z"
    user.record("quiz_completed", metadata={"difficulty": "easy", "score": 80})
    user.record("quiz_completed", metadata={"difficulty": "easy", "score": 10})
    calendar, streak = user.get("/calendar", days=4), user.get("/streak")
    assert [row["verdict"] for row in calendar["days"]] == ["none", "active", "frozen", "active"]
    assert [row["freeze_used"] for row in calendar["days"]] == [False, False, True, False]
    assert calendar["days"][-1] == {
        "date": "2026-03-04",
        "verdict": "active",
        "has_activity": True,
        "freeze_used": False,
        "activity_count": 2,
        "xp": 10,
        "categories": ["quiz"],
    }
    assert {name: calendar[name] for name in ("today", "current_streak", "longest_streak", "freezes_available")} == {
        "today": streak["today"],
        "current_streak": 2,
        "longest_streak": 2,
        "freezes_available": 0,
    }
    assert (streak["current_streak"], streak["freezes_available"]) == (2, 0)


def test_a_calendar_keeps_days_that_nothing_can_change_any_more(user: User) -> None:
    user.record()
    user.record(at="2026-05-04T09:00:00Z")
    rows = user.get("/calendar", at="2026-05-04T09:00:00Z", days=64)["days"]
    assert [row["verdict"] for row in rows] == ["active", *["missed"] * 62, "active"]


def test_a_new_user_has_a_week_without_anything(user: User) -> None:
    assert user.get("/consistency", at="2026-03-04T09:00:00Z") == {
        "week_start": "2026-03-02",
        "week_end": "2026-03-08",
        "categories": {"flashcards": False, "quiz": False, "evaluation": False, "guide": False},
        "completed_count": 0,
        "total_count": 4,
        "progress": 0,
        "bonus_active": False,
        "bonus_multiplier": 1.0,
    }


def test_four_categories_make_a_week_consistent_until_monday(user: User) -> None:
    user.record("flashcard_set_completed", metadata={"correct": 10})
    user.record("quiz_completed", metadata={"difficulty": "easy", "score": 60})
    user.record("evaluation_completed", metadata={"grade": 7})
    assert user.get("/consistency")["progress"] == 75
    last = user.record()
    assert last["activity"]["consistency_bonus"] == 0
    assert "bonus_earned" in [event["type"] for event in last["events"]]
    week = user.get("/consistency")
    assert (week["progress"], week["bonus_active"], week["bonus_multiplier"]) == (100, True, 1.5)
    assert user.get("/streak")["bonus_active"] is True
    assert user.record()["activity"]["consistency_bonus"] == 7
    assert user.get("/consistency", at="2026-03-09T03:59:59Z")["bonus_active"] is True
    monday = user.get("/consistency", at="2026-03-09T04:00:00Z")
    assert (monday["week_start"], monday["progress"], monday["bonus_active"]) == ("2026-03-09", 0, False)


def test_insights_are_an_independent_count_of_the_calendar_with_its_sample_size(user: User) -> None:
    """Forty days, of which every seventh is without an activity: some cost a freeze, the others break."""
    begun = datetime(2026, 3, 2, 9, tzinfo=UTC)
    active = [day for day in range(40) if day % 7 != 5]
    for day in active:
        user.record(at=(begun + timedelta(days=day)).isoformat())
    # A Saturday, on which nothing is recorded yet.
    now = (begun + timedelta(days=39, hours=24)).isoformat()
    rows = user.get("/calendar", at=now, days=365)["days"][:-1]
    told_of = user.get("/insights", at=now)
    streak = user.get("/streak", at=now)
    today = date.fromisoformat(streak["today"])
    asking = [today + timedelta(days=ahead) for ahead in range(7 - today.weekday())]
    expected = told(rows, asking, streak["freezes_available"])
    expected["keeping"] = expected["keeping"] and {**expected["keeping"], "until": asking[-1].isoformat()}
    assert told_of == {"today": streak["today"], **expected}
    assert told_of["period"]["days"] == 40
    assert told_of["keeping"]["sample_days"] >= 28


def test_a_new_user_has_no_insights_yet(user: User) -> None:
    told_of = user.get("/insights")
    assert (told_of["period"], told_of["keeping"], told_of["heatmap"]) == (None, None, [])
