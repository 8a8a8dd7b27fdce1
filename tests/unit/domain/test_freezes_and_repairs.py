"""Freezes that are planned, and repairs: each with its nearest refusal."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from streak_core.domain.rules import Amnesty, Rules, always
from testing.pure_user import PureUser
from testing.rules_in_time import Published, rules_of
from tests.support.in_march import accepted, active_on, at, did, refused, streak
from tests.support.shipped_policy import POLICY


def test_a_freeze_is_planned_from_yesterday_to_a_week_ahead_and_taken_back_from_today_on() -> None:
    user = active_on(2)
    did(user, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": 2_000})
    for day, code in [(0, "date_out_of_range"), (10, "date_out_of_range")]:
        when = (date(2026, 3, 1) + timedelta(days=day - 1)).isoformat()
        assert refused(user, at=at(2), do="plan_freeze", date=when) == code
    user.step({"at": at(2), "do": "plan_freeze", "date": "2026-03-09"})
    # Today has its activity, and needs none of those held.
    for planned in ("02", "02", "08"):
        user.step({"at": at(2), "do": "plan_freeze", "date": f"2026-03-{planned}"})
    assert refused(user, at=at(2), do="plan_freeze", date="2026-03-03") == "no_freeze_available"
    user.step({"at": at(2), "do": "unplan_freeze", "date": "2026-03-08"})
    assert refused(user, at=at(2), do="unplan_freeze", date="2026-03-01") == "date_out_of_range"
    user.step({"at": at(2), "do": "unplan_freeze", "date": "2026-03-02"})
    state = user.streak
    user.step({"at": at(2), "do": "unplan_freeze", "date": "2026-03-02"})
    assert user.streak == state
    user.step({"at": at(2), "do": "plan_freeze", "date": "2026-03-03"})


@pytest.mark.parametrize(
    ("days", "correct", "code"),
    [
        # Yesterday was active; nobody was ever active; no freeze was held; the streak had ended the day before.
        ((2, 3, 4), 1_000, "nothing_to_protect"),
        ((), 0, "nothing_to_protect"),
        ((2, 3), 0, "no_freeze_available"),
        ((2,), 1_000, "nothing_to_protect"),
    ],
)
def test_yesterday_is_frozen_by_hand_only_when_that_would_have_bridged_it(
    days: tuple[int, ...], correct: int, code: str
) -> None:
    user = PureUser(POLICY)
    user.step({"at": at(1), "do": "set_auto_freeze", "on": False})
    for day in days:
        did(user, day)
    if correct:
        did(user, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": correct})
    assert refused(user, at=at(5), do="plan_freeze", date="2026-03-04") == code


def test_a_repair_has_its_refusals_in_order() -> None:
    user = active_on(2, 3)
    assert refused(user, at=at(4), do="repair") == "nothing_to_repair"
    assert refused(user, at=at(6), do="repair") == "nothing_to_repair"
    did(user, 5)
    assert refused(user, at=at(5), do="repair") == "repair_needs_more_activity"
    did(user, 5, "b")
    user.step({"at": at(5), "do": "repair"})
    assert streak(user, 5)["current_streak"] == 3
    assert refused(user, at=at(5), do="repair") == "nothing_to_repair"
    assert refused(user, at=at(7), do="repair") == "repair_on_cooldown"


def test_thirty_days_after_the_repaired_day_a_streak_can_be_repaired_again() -> None:
    for day, code in [(1, "repair_on_cooldown"), (2, None)]:
        user = active_on(2)
        did(user, 4)
        did(user, 4, "b")
        user.step({"at": at(4), "do": "repair"})
        before = (date(2026, 4, day) - timedelta(days=2)).isoformat()
        for name, moment in [("x", f"{before}T09:00:00Z"), ("y", at(day, 9, 4)), ("z", at(day, 9, 4))]:
            did(user, day, name, at=moment)
        step = {"at": at(day, 9, 4), "do": "repair"}
        assert refused(user, **step) == code if code else accepted(user, **step)


def test_a_streak_that_a_reset_had_ended_was_not_broken_by_the_miss() -> None:
    user = active_on(2)
    user.step({"at": at(3), "do": "reset"})
    did(user, 4)
    did(user, 4, "b")
    assert refused(user, at=at(4), do="repair") == "nothing_to_repair"


def test_of_the_freezes_that_an_amnesty_alone_left_none_is_promised_and_the_day_can_be_repaired() -> None:
    # Automatic ones are off, so that without the amnesty the streak would have ended on Wednesday with one held.
    away = Amnesty(
        amnesty_id="a",
        from_instant=datetime(2026, 3, 4, 8, tzinfo=UTC),
        until=datetime(2026, 3, 4, 9, tzinfo=UTC),
        reason="outage",
    )
    user = PureUser(Rules(always(POLICY).policies, (away,)))
    user.step({"at": at(1), "do": "set_auto_freeze", "on": False})
    did(user, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": 1_000})
    did(user, 3)
    now = streak(user, 6)
    assert (now["current_streak"], now["freezes_available"]) == (0, 1)
    assert refused(user, at=at(6), do="plan_freeze", date="2026-03-05") == "no_freeze_available"
    assert [(one["kind"], one["day"]) for one in now["offers"]] == [("repair", "2026-03-05")]
    # Planned while the day lasts, it would not be spent either, and nothing else is offered.
    ahead = PureUser(user.rules)
    ahead.step({"at": at(1), "do": "set_auto_freeze", "on": False})
    did(ahead, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": 1_000})
    did(ahead, 3)
    ahead.step({"at": at(5), "do": "plan_freeze", "date": "2026-03-05"})
    assert [one["kind"] for one in streak(ahead, 6)["offers"]] == ["repair"]


@pytest.mark.parametrize(("needed", "until"), [(1, "2026-03-09T04:00:00Z"), (2, "2026-03-08T04:00:00Z")])
def test_what_was_done_on_a_rest_day_is_enough_tomorrow_where_a_policy_asks_for_less_then(
    needed: int, until: str
) -> None:
    less = Published(
        effective_from=date(2026, 3, 8),
        at=datetime(2026, 3, 1, tzinfo=UTC),
        numbers={"repair.activities_needed": needed},
    )
    user = PureUser(rules_of([less]))
    # Saturday asks for nothing.
    user.step({"at": at(2), "do": "set_rest_weekdays", "weekdays": ["saturday"]})
    for day in (4, 5, 7):
        did(user, day)
    (offer,) = streak(user, 7)["offers"]
    assert (offer["kind"], offer["day"], offer["needs"], offer["until"]) == ("repair", "2026-03-06", 1, until)
    did(user, 8)
    if needed == 1:
        assert accepted(user, at=at(8), do="repair")
    else:
        assert refused(user, at=at(8), do="repair") == "repair_needs_more_activity"
