"""The demo users' stories work whenever they are lived. Must not start anything: the pure core is asked."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from emulator.demo_stories import STORIES, Step, Story, maintenance_steps, usual_first_day
from streak_core.domain.commands import ChangeSettings, Command, PauseStreak, RecordActivity, RepairStreak
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY

# A year with every change of the clocks, at all hours.
MOMENTS: Final = [datetime(2026, 1, 1, tzinfo=UTC) + number * timedelta(days=13, hours=7) for number in range(28)]


def recorded(body: Mapping[str, Any], key: str) -> Command:
    more = {**body, "occurred_at": datetime.fromisoformat(body["occurred_at"])}
    return RecordActivity(activity_id=key, **more)


def settings(body: Mapping[str, Any], _key: str) -> Command:
    change: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    return ChangeSettings(**change)


def paused(body: Mapping[str, Any], _key: str) -> Command:
    days = {f"{name}_day": date.fromisoformat(day) for name, day in body.items()}
    return PauseStreak(**days)


COMMANDS: Final[Mapping[str, Callable[[Mapping[str, Any], str], Command]]] = {
    "/streak/activities": recorded,
    "/streak/settings": settings,
    "/streak/pause": paused,
    "/streak/repair": lambda _body, _key: RepairStreak(),
}


def take(user: PureUser, step: Step) -> None:
    command = COMMANDS[step.path](step.body or {}, str(step.key))
    user.give(command, step.at)


def lived(story: Story, now: datetime) -> PureUser:
    """The user after the story; nothing in it may be refused."""
    user = PureUser(POLICY)
    for step in story.steps(usual_first_day(now.date()), now):
        take(user, step)
    return user


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_at_any_moment_all_have_a_streak_and_every_verdict_has_occurred(now: datetime) -> None:
    verdicts: set[str] = set()
    for story in STORIES:
        user = lived(story, now)
        at = now.isoformat()
        assert user.step({"at": at, "do": "get_streak"})["current_streak"] > 0
        verdicts |= {row["verdict"] for row in user.step({"at": at, "do": "get_calendar", "days": 75})}
    assert verdicts >= {"active", "frozen", "repaired", "travel", "rest", "paused", "missed"}


@pytest.mark.parametrize("now", MOMENTS, ids=str)
def test_a_story_lived_later_begins_with_the_story_lived_now(now: datetime) -> None:
    begun = usual_first_day(now.date())
    for story in STORIES:
        early, late = story.steps(begun, now), story.steps(begun, now + timedelta(days=20))
        assert late[: len(early)] == early
        assert len({step.key for step in late}) == len(late)
        assert all(step.at <= now for step in early)


def test_stories_are_of_two_months_and_begin_on_a_monday() -> None:
    for now in MOMENTS:
        begun = usual_first_day(now.date())
        assert begun.weekday() == 0
        assert 60 <= (now.date() - begun).days <= 66
        assert len(maintenance_steps(begun, now)) == 4
