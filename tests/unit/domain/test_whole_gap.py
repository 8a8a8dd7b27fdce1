"""Policies of freezes (semantics 5): `spend = "whole_gap"` and `streak_min`, with the events and answers of both."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import pytest

from streak_core.domain.events import Event, time_events
from streak_core.domain.policy import Policy
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY


def policy(**freezes: Any) -> Policy:
    return POLICY.model_copy(update={"freezes": POLICY.freezes.model_copy(update=freezes)})


WHOLE: Final = policy(spend="whole_gap", at_start=2)
BY_DAY: Final = policy(at_start=2)


def active(numbers: Policy, *days: int) -> PureUser:
    user = PureUser(numbers)
    for day in days:
        at = f"2026-03-{day:02d}T09:00:00+00:00"
        user.step({"at": at, "do": "record", "activity_id": f"a{day}", "activity_type": "check_in"})
    return user


def verdicts(user: PureUser, day: int, days: int) -> list[str]:
    at = f"2026-03-{day:02d}T09:00:00+00:00"
    return [row["verdict"] for row in user.step({"at": at, "do": "get_calendar", "days": days})]


def streak(user: PureUser, day: int) -> tuple[int, int]:
    answer = user.step({"at": f"2026-03-{day:02d}T09:00:00+00:00", "do": "get_streak"})
    return answer["current_streak"], answer["freezes_available"]


def told(user: PureUser, day: int) -> list[Event]:
    view = user.state(datetime.fromisoformat(f"2026-03-{day:02d}T09:00:00+00:00")).view
    return list(time_events(view, user.settled_through))


def test_a_gap_that_is_bridged_spends_as_ever() -> None:
    for numbers in (WHOLE, BY_DAY):
        user = active(numbers, 2, 3)
        assert verdicts(user, 6, 5) == ["active", "active", "frozen", "frozen", "pending"]
        assert streak(user, 6) == (2, 0)


def test_a_gap_that_is_too_long_costs_no_freeze_and_breaks_on_its_first_day() -> None:
    whole, by_day = active(WHOLE, 2, 3), active(BY_DAY, 2, 3)
    assert verdicts(whole, 7, 6) == ["active", "active", "missed", "missed", "missed", "pending"]
    assert streak(whole, 7) == (0, 2)
    assert verdicts(by_day, 7, 6) == ["active", "active", "frozen", "frozen", "missed", "pending"]
    assert streak(by_day, 7) == (0, 0)


@pytest.mark.parametrize("given", [{"do": "grant_freezes", "count": 1}, {"do": "grant_xp", "amount": 500}])
def test_what_is_given_within_a_gap_bridges_it_or_is_held_besides_what_was(given: dict[str, Any]) -> None:
    user = active(WHOLE, 2, 3)
    user.step({"at": "2026-03-05T09:00:00Z", **given, "reason": "the app was down"})
    assert verdicts(user, 7, 6) == ["active", "active", "frozen", "frozen", "frozen", "pending"]
    assert streak(user, 7) == (2, 0)
    assert verdicts(user, 8, 5) == ["missed", "missed", "missed", "missed", "pending"]
    assert streak(user, 8) == (0, 3)


def test_what_lies_between_the_days_of_a_gap_and_asks_for_nothing_is_no_part_of_it() -> None:
    user = active(WHOLE, 2, 3)
    user.step({"at": "2026-03-03T09:00:00Z", "do": "add_pause", "from": "2026-03-05", "until": "2026-03-05"})
    assert verdicts(user, 7, 6) == ["active", "active", "frozen", "paused", "frozen", "pending"]
    assert verdicts(user, 8, 7) == ["active", "active", "missed", "paused", "missed", "missed", "pending"]
    assert streak(user, 8) == (0, 2)


def test_a_late_activity_closes_the_gap_and_a_later_gap_is_another_one() -> None:
    user = active(WHOLE, 2, 3)
    late = {"activity_id": "late", "activity_type": "check_in", "occurred_at": "2026-03-05T09:00:00Z"}
    user.step({"at": "2026-03-07T09:00:00Z", "do": "record", **late})
    assert verdicts(user, 7, 6) == ["active", "active", "frozen", "active", "frozen", "pending"]
    assert streak(user, 7) == (3, 0)


def test_its_events_are_the_same_whenever_the_job_ran() -> None:
    daily, once = active(WHOLE, 2, 3), active(WHOLE, 2, 3)
    for day in (4, 5, 6, 7, 8):
        daily.step({"at": f"2026-03-{day:02d}T09:00:00Z", "do": "maintenance"})
    once.step({"at": "2026-03-08T09:00:00Z", "do": "maintenance"})
    assert daily.events == once.events
    kinds = {event_id.split(".")[1] for event_id in once.events if event_id.startswith("2026-03-0")}
    assert {"freeze_applied", "freeze_refunded", "streak_broken"} <= kinds
    broken = once.events["2026-03-04.streak_broken"]
    assert broken.at == datetime.fromisoformat("2026-03-07T04:00:00+00:00")
    assert told(once, 8) == []


def test_what_is_decided_for_good_is_never_the_half_of_a_gap() -> None:
    long = policy(spend="whole_gap", at_start=30, held_max=30)
    user = active(long, 2, 3)
    for day in (25, 26, 27):
        user.step({"at": f"2026-03-{day:02d}T09:00:00+00:00", "do": "reset" if day == 25 else "check_in"})
        assert user.streak
        first = user.streak.checkpoint.next_day.day
        assert first <= 4 or day > 25


@pytest.mark.parametrize(("days", "verdict"), [((2, 3), "missed"), ((2, 3, 4), "frozen")])
def test_a_streak_shorter_than_the_least_spends_no_freeze_by_itself(days: tuple[int, ...], verdict: str) -> None:
    user = active(policy(streak_min=3, at_start=1), *days)
    assert verdicts(user, days[-1] + 2, 2) == [verdict, "pending"]


def test_a_planned_freeze_is_spent_whatever_the_length() -> None:
    user = active(policy(streak_min=3, at_start=1), 2)
    user.step({"at": "2026-03-02T09:00:00Z", "do": "plan_freeze", "date": "2026-03-03"})
    assert verdicts(user, 4, 2) == ["frozen", "pending"]
