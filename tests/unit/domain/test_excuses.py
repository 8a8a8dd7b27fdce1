"""Days that ask for no activity, each beside the nearest one that asks."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from streak_core.domain.commands import PauseStreak
from streak_core.domain.errors import Malformed
from streak_core.domain.policy import parse_policy
from testing.pure_user import PureUser
from tests.support.in_march import active_on, at, did, refused, streak, verdicts
from tests.support.shipped_policy import POLICY, TEXT


def test_a_pause_covers_both_ends_and_at_most_ninety_days() -> None:
    user = active_on(2)
    assert refused(user, at=at(2), do="pause", **{"from": "2026-03-03", "until": "2026-06-01"}) == "pause_too_long"
    user.step({"at": at(2), "do": "pause", "from": "2026-03-03", "until": "2026-05-31"})
    with pytest.raises(Malformed):
        PauseStreak(from_day=date(2026, 3, 3), until_day=date(2026, 3, 2))
    short = active_on(2)
    short.step({"at": at(2), "do": "pause", "from": "2026-03-03", "until": "2026-03-04"})
    assert verdicts(short, 6, 5) == ["active", "paused", "paused", "missed", "pending"]


def test_the_very_same_pause_again_changes_nothing_and_another_one_is_refused() -> None:
    user = active_on(2)
    command: dict[str, Any] = {"from": "2026-03-03", "until": "2026-03-08"}
    user.step({"at": at(2), "do": "pause", **command})
    state = user.streak
    user.step({"at": at(2), "do": "pause", **command})
    assert user.streak == state
    assert refused(user, at=at(2), do="pause", **{**command, "until": "2026-03-07"}) == "already_paused"
    user.step({"at": at(4), "do": "pause", **command})
    assert user.streak == state
    assert refused(user, at=at(4), do="pause", **{**command, "until": "2026-03-09"}) == "pause_must_be_in_the_future"


def test_ending_a_pause_that_had_not_begun_leaves_none_and_without_one_changes_nothing() -> None:
    user = active_on(2)
    state = user.streak
    user.step({"at": at(2), "do": "resume"})
    assert user.streak == state
    user.step({"at": at(2), "do": "pause", "from": "2026-03-05", "until": "2026-03-08"})
    user.step({"at": at(3), "do": "resume"})
    assert user.streak is not None
    assert user.streak.settings.pauses == ()


def test_a_window_that_an_operator_protects_excuses_the_days_it_touches_and_no_others() -> None:
    window = '\n[[protected_windows]]\nfrom = 2026-03-04T04:00:00Z\nuntil = {}\nreason = "outage"\n'
    one = parse_policy(TEXT + window.format("2026-03-05T04:00:00Z"))
    two = parse_policy(TEXT + window.format("2026-03-05T04:00:01Z"))
    assert verdicts(active_on(3, policy=one), 6, 4) == ["active", "amnesty", "missed", "pending"]
    assert verdicts(active_on(3, policy=two), 6, 4) == ["active", "amnesty", "amnesty", "pending"]
    assert streak(active_on(3, policy=one), 4)["status"] == "protected"


def test_everything_that_is_excused_moves_the_deadline_on() -> None:
    user = active_on(2)
    assert streak(user, 2)["expires_at"] == "2026-03-04T04:00:00Z"
    user.step({"at": at(2), "do": "pause", "from": "2026-03-03", "until": "2026-03-08"})
    assert streak(user, 2)["expires_at"] == "2026-03-10T04:00:00Z"
    user.step({"at": at(2), "do": "set_rest_weekdays", "weekdays": ["monday", "tuesday"]})
    assert streak(user, 2)["expires_at"] == "2026-03-12T04:00:00Z"
    assert streak(user, 12)["expires_at"] is None


@pytest.mark.parametrize(("label", "verdict"), [(8, "missed"), (9, "travel")])
def test_the_evening_lost_on_a_flight_is_excused_once_in_seven_labels(label: int, verdict: str) -> None:
    user = PureUser(POLICY)
    user.step({"at": at(1), "do": "set_time_zone", "time_zone": "America/Los_Angeles"})
    for day in range(1, 10):
        if day in {2, label}:
            # No activity, and off to the east: the evening of this label is lost. Then home again by way of another
            # zone, which is no change that is taken back; nothing is gained.
            user.step({"at": at(day, 20), "do": "set_time_zone", "time_zone": "Asia/Tokyo"})
            user.step({"at": at(day, 21), "do": "set_time_zone", "time_zone": "America/Denver"})
            user.step({"at": at(day, 22), "do": "set_time_zone", "time_zone": "America/Los_Angeles"})
        else:
            did(user, day, hour=18)
    rows = user.step({"at": at(10, 23), "do": "get_calendar", "days": 9})
    assert {row["date"][-2:]: row["verdict"] for row in rows}["02"] == "travel"
    assert {row["date"][-2:]: row["verdict"] for row in rows}[f"{label:02d}"] == verdict


def test_a_day_that_the_zone_itself_left_out_is_travel_and_spends_no_grace() -> None:
    user = PureUser(POLICY)
    user.step({"at": "2011-12-28T20:00:00+00:00", "do": "set_time_zone", "time_zone": "Pacific/Apia"})
    for day in ("29", "31"):
        record = {"do": "record", "activity_id": day, "activity_type": "check_in"}
        user.step({"at": f"2011-12-{day}T20:00:00+00:00" if day == "29" else "2011-12-30T20:00:00+00:00", **record})
    rows = user.step({"at": "2011-12-30T20:00:00+00:00", "do": "get_calendar", "days": 3})
    assert [row["verdict"] for row in rows] == ["active", "travel", "active"]
    assert user.step({"at": "2011-12-30T20:00:00+00:00", "do": "get_streak"})["current_streak"] == 2
    assert user.state(datetime.fromisoformat("2011-12-30T20:00:00+00:00")).streak.checkpoint.last_grace is None
