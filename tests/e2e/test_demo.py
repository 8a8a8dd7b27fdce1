"""The demo users, as `make run` leaves them. Must not know their stories."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from emulator.client import Client
from emulator.demo import live

UIDS: Final = ("ada", "ben", "chen")
# Lived until a moment that stays the same, whenever the tests run.
NOW: Final = datetime(2026, 3, 26, 22, 30, tzinfo=UTC)
Json = dict[str, Any]


def asked(base_url: str, path: str, at: datetime = NOW) -> dict[str, Json]:
    answers = {}
    for uid in UIDS:
        with Client(base_url, uid) as client:
            answers[uid] = client.ask("GET", path, at=at).content
    return answers


@pytest.fixture(scope="module")
def lived(served: str) -> str:
    live(served, NOW)
    return served


def test_each_has_a_streak_now(lived: str) -> None:
    assert all(streak["current_streak"] > 0 for streak in asked(lived, "/streak").values())


def test_their_calendars_show_every_verdict_that_users_can_bring_about(lived: str) -> None:
    calendars = asked(lived, "/calendar?days=70").values()
    shown = {row["verdict"] for calendar in calendars for row in calendar["days"]}
    assert shown >= {"active", "frozen", "repaired", "travel", "rest", "paused", "missed"}


def test_ada_is_steady_and_consistent(lived: str) -> None:
    streak = asked(lived, "/streak")["ada"]
    assert streak["longest_streak"] == streak["current_streak"] >= 60
    assert streak["bonus_active"]
    with Client(lived, "ada") as client:
        events = client.ask("GET", "/streak/events?page_size=100", at=NOW).content["events"]
    lengths = {event["details"]["length"] for event in events if event["type"] == "milestone_reached"}
    assert lengths == {7, 14, 30, 60}


def test_lived_again_nothing_is_doubled(lived: str) -> None:
    before = asked(lived, "/streak")
    live(lived, NOW)
    assert asked(lived, "/streak") == before


def test_lived_again_another_day_the_stories_go_on(lived: str) -> None:
    later = NOW + timedelta(days=9)
    before = asked(lived, "/streak")
    live(lived, later)
    after = asked(lived, "/streak", later)
    for uid in UIDS:
        gained = after[uid]["current_streak"] - before[uid]["current_streak"]
        assert 7 <= gained <= 10
        assert after[uid]["run_started_on"] == before[uid]["run_started_on"]
        assert after[uid]["created_at"] == before[uid]["created_at"]


def test_what_happened_is_shown_without_a_terminal_too(lived: str, capsys: pytest.CaptureFixture[str]) -> None:
    live(lived, NOW)
    shown = capsys.readouterr()
    for uid in UIDS:
        assert f"\n│ {uid} " in shown.out
    assert "A active  F frozen  R repaired  M missed  T travel  W rest  P paused" in shown.out
    assert f'curl -H "Authorization: Bearer $(make token UID=ada)" {lived}/streak\n' in shown.out
    assert "\x1b[" not in shown.out
    assert "demo users: 100 % of" in shown.err
