"""The first zone that is said holds from the beginning (semantics 1): nobody loses a day where it is said late."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.errors import StreakError
from streak_core.domain.first_zone import relabelled_settings
from streak_core.domain.judging_anew import rebuild
from testing.drawing import ZONES
from testing.lives import zones
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples, sample

FIRST: Final = date(2026, 3, 2)


def daily(time_zone: str, hour: int, days: int) -> tuple[PureUser, datetime]:
    """Somebody active every day at that hour there, whose app says no zone; and the moment of the last activity."""
    user, at = PureUser(POLICY), datetime.min.replace(tzinfo=UTC)
    for day in range(days):
        local = datetime.combine(FIRST, datetime.min.time(), ZoneInfo(time_zone)) + timedelta(days=day, hours=hour)
        at = local.astimezone(UTC)
        user.step({"at": at.isoformat(), "do": "record", "activity_id": f"a{day}", "activity_type": "check_in"})
    return user, at


def streak(user: PureUser, at: datetime) -> dict[str, Any]:
    answer: dict[str, Any] = user.step({"at": at.isoformat(), "do": "get_streak"})
    return answer


def say(user: PureUser, at: datetime, time_zone: str) -> None:
    user.step({"at": at.isoformat(), "do": "set_time_zone", "time_zone": time_zone})


@given(zones, st.integers(5, 23), st.integers(1, 45))
@examples(90)
def test_a_daily_user_keeps_the_streak_whenever_the_zone_is_said_first(time_zone: str, hour: int, days: int) -> None:
    user, at = daily(time_zone, hour, days)
    say(user, at + timedelta(seconds=1), time_zone)
    now = streak(user, at + timedelta(seconds=2))
    assert now["time_zone_known"] is True
    assert now["status"] == "extended"
    # Days that were decided by the calendar of UTC may share a day with the next one, or have it between them.
    assert abs(now["current_streak"] - days) <= 1
    rows = user.step({"at": at.isoformat(), "do": "get_calendar", "days": min(days, 14)})
    assert {row["verdict"] for row in rows} == {"active"}
    assert rebuild(user.entries, RULES) == user.streak


def check_that_no_day_is_lost(time_zone: str, minutes: list[int], *, bridged: bool) -> None:
    """One activity on each day of UTC, so many minutes after its start; then the first zone is said."""
    user, at = PureUser(POLICY), datetime(2026, 3, 1, tzinfo=UTC)
    for day, minute in enumerate(minutes):
        at = datetime(2026, 3, 2, 4, tzinfo=UTC) + timedelta(days=day, minutes=minute)
        worth = {"activity_type": "flashcard_set_completed", "metadata": {"correct": 1_000 if bridged else 10}}
        user.step({"at": at.isoformat(), "do": "record", "activity_id": f"a{day}", **worth})
    before = streak(user, at)
    assert before["current_streak"] == len(minutes)
    say(user, at, time_zone)
    after = streak(user, at)
    rows = user.step({"at": at.isoformat(), "do": "get_calendar", "days": len(minutes) + 2})
    assert not {row["verdict"] for row in rows} & {"missed", "frozen"}
    assert after["freezes_available"] >= before["freezes_available"] - 1
    # Two days of before may be one there; none is lost otherwise.
    active = [row["date"] for row in rows if row["verdict"] == "active"]
    assert (after["current_streak"], after["run_started_on"]) == (len(active), active[0])
    assert rebuild(user.entries, RULES) == user.streak


@given(zones, st.lists(st.integers(0, 24 * 60 - 1), min_size=2, max_size=13), st.booleans())
@examples(240)
def test_the_first_zone_costs_nobody_a_day_that_was_done_by_the_calendar_before(
    time_zone: str, minutes: list[int], bridged: bool
) -> None:
    check_that_no_day_is_lost(time_zone, minutes, bridged=bridged)


@pytest.mark.parametrize("minutes", [[0, 1439, 1439, 0, 0, 1439], [1439, 0, 720, 1439, 0, 720]])
def test_in_no_zone_does_the_first_one_said_open_a_gap(minutes: list[int]) -> None:
    for time_zone in sample(ZONES):
        check_that_no_day_is_lost(time_zone, minutes, bridged=False)


@pytest.mark.parametrize("days", [1, 5, 14, 15, 22, 40])
@pytest.mark.parametrize(("time_zone", "hour"), [("Asia/Tokyo", 8), ("America/Los_Angeles", 21), ("UTC", 12)])
def test_a_streak_within_the_tail_is_exact_and_a_longer_one_within_a_day(days: int, time_zone: str, hour: int) -> None:
    user, at = daily(time_zone, hour, days)
    say(user, at, time_zone)
    now = streak(user, at)
    assert now["current_streak"] == days if days <= 14 else abs(now["current_streak"] - days) <= 1
    assert now["xp_total"] == 0


def test_an_undo_of_what_was_recorded_before_takes_it_from_the_day_where_it_lies_now() -> None:
    user, at = daily("Asia/Tokyo", 8, 4)
    say(user, at, "Asia/Tokyo")
    undo: Step = {"at": at.isoformat(), "do": "undo", "activity_id": "a3"}
    user.step(undo)
    assert streak(user, at)["current_streak"] == 3
    assert streak(user, at)["status"] == "pending"
    user.step({**undo, "do": "redo"})
    assert streak(user, at)["current_streak"] == 4


@pytest.mark.parametrize(("day", "is_offered"), [("23", True), ("24", False)])
def test_what_was_undone_before_is_offered_until_the_day_where_it_lies_now_is_too_old(
    day: str, is_offered: bool
) -> None:
    user, monday_there = PureUser(POLICY), "2026-03-08T22:00:00+00:00"  # where nobody said a zone, it is Sunday
    user.step({"at": monday_there, "do": "record", "activity_id": "a", "activity_type": "study_guide_completed"})
    user.step({"at": monday_there, "do": "undo", "activity_id": "a"})
    user.step({"at": monday_there, "do": "set_time_zone", "time_zone": "Asia/Tokyo"})
    at = f"2026-03-{day}T03:00:00+00:00"
    # Whatever is done, what only earlier days needed is left behind.
    user.step({"at": at, "do": "set_auto_freeze", "on": False})
    offered = user.step({"at": at, "do": "get_offers"})
    assert [one["day"] for one in offered if one["kind"] == "redo"] == ["2026-03-09"] * is_offered
    if is_offered:
        user.step({"at": at, "do": "redo", "activity_id": "a"})
    else:
        with pytest.raises(StreakError, match="14 days"):
            user.step({"at": at, "do": "redo", "activity_id": "a"})


def test_a_check_in_without_a_zone_and_one_with_the_first_share_their_day_and_keep_their_names_apart() -> None:
    user = PureUser(POLICY)
    evening = "2026-03-03T05:00:00+00:00"  # 21:00 on the day before in Los Angeles
    first = user.step({"at": evening, "do": "check_in"})
    again = user.step({"at": evening, "do": "check_in", "time_zone": "America/Los_Angeles"})
    assert again["activity"] == first["activity"]
    assert again["events"] == []
    # Nothing was recorded, and all the same the zone is known from then on.
    assert again["streak"]["time_zone_known"] is True
    next_day = user.step({"at": "2026-03-03T20:00:00+00:00", "do": "check_in"})
    assert next_day["activity"]["activity_id"] != first["activity"]["activity_id"]
    assert next_day["streak"]["current_streak"] == 2


def test_resets_repairs_and_what_was_earned_move_with_the_first_zone() -> None:
    user = PureUser(POLICY)
    at = datetime(2026, 3, 4, 23, tzinfo=UTC)
    worth = {"activity_type": "flashcard_set_completed", "metadata": {"correct": 1_000}}
    user.step({"at": at.isoformat(), "do": "record", "activity_id": "before", **worth})
    user.step({"at": at.isoformat(), "do": "reset"})
    user.step({"at": at.isoformat(), "do": "record", "activity_id": "since", "activity_type": "check_in"})
    say(user, at, "Asia/Tokyo")
    now = streak(user, at)
    assert (now["today"], now["current_streak"], now["longest_streak"]) == ("2026-03-05", 1, 1)
    assert (now["xp_total"], now["freezes_available"]) == (500, 1)
    user.step({"at": at.isoformat(), "do": "take_reset_back"})
    assert streak(user, at)["run_started_on"] == "2026-03-05"


def test_a_repaired_day_moves_as_the_repair_did_and_one_of_the_first_edition_stays() -> None:
    user, _ = daily("Asia/Tokyo", 8, 3)
    at = datetime(2026, 3, 5, 23, tzinfo=UTC)  # two days later; by UTC the 5th, there the 6th
    for name in ("x", "y"):
        user.step({"at": at.isoformat(), "do": "record", "activity_id": name, "activity_type": "check_in"})
    assert user.step({"at": at.isoformat(), "do": "repair"})["streak"]["current_streak"] == 4
    assert user.streak
    older = replace(user.streak.settings.repairs[0], at=None)
    settings = relabelled_settings(
        replace(user.streak.settings, repairs=(older,)), "Asia/Tokyo", RULES.day_starts, FIRST
    )
    assert settings.repairs == (older,)
    say(user, at, "Asia/Tokyo")
    assert streak(user, at)["current_streak"] == 4
    assert [one.day for one in user.streak.settings.repairs] == [date(2026, 3, 5)]


def test_what_the_once_a_day_command_knew_of_past_days_is_forgotten() -> None:
    user = PureUser(POLICY)
    for day in (2, 3, 9):
        user.step({"at": f"2026-03-{day:02d}T09:00:00Z", "do": "check_in"})
    assert user.streak
    assert [day.day for day, record in user.streak.tail.items() if record.check_ins] == [9]


def test_the_second_zone_is_a_change_and_relabels_nothing() -> None:
    user, at = daily("Asia/Tokyo", 8, 3)
    say(user, at, "Asia/Tokyo")
    before = user.streak.tail if user.streak else None
    say(user, at, "America/Los_Angeles")
    assert user.streak
    assert user.streak.tail == before
    with pytest.raises(StreakError, match="invalid_request"):
        user.step({"at": at.isoformat(), "do": "record", "activity_id": "x", "activity_type": "check_in",
                   "time_zone": "Mars/Base"})  # fmt: skip


@pytest.mark.parametrize(("occurred_at", "refusal"), [("20:00", None), ("15:59", "occurred_too_long_ago")])
@pytest.mark.parametrize("says_itself", [True, False])
def test_the_late_window_of_a_first_activity_is_whole_where_its_zone_turns_today_back_over_a_monday(
    occurred_at: str, refusal: str | None, *, says_itself: bool
) -> None:
    user, now, zone = PureUser(POLICY), "2026-03-16T09:00:00Z", {"time_zone": "Etc/GMT+12"}
    if not says_itself:
        user.step({"at": now, "do": "check_in", **zone})
    late: Step = {"at": now, "do": "record", "activity_id": "a", "activity_type": "check_in"}
    late |= {"occurred_at": f"2026-03-01T{occurred_at}:00Z", **(zone if says_itself else {})}
    if refusal:
        with pytest.raises(StreakError) as refused:
            user.step(late)
        assert refused.value.code == refusal
        return
    # Today is Sunday there, two weeks after the day of the activity.
    assert user.step(late)["day"] == "2026-03-01"
    assert rebuild(user.entries, RULES) == user.streak


def test_what_was_given_belongs_to_its_day_in_the_zone_that_is_said_first() -> None:
    # Five in the morning in Tokyo is the day before in UTC.
    user, at = daily("Asia/Tokyo", 5, 3)
    user.step({"at": at.isoformat(), "do": "grant_freezes", "count": 1, "reason": "the app was down"})
    for time_zone, day in ((None, FIRST + timedelta(days=1)), ("Asia/Tokyo", FIRST + timedelta(days=2))):
        if time_zone:
            say(user, at + timedelta(seconds=1), time_zone)
        assert user.streak
        assert [label for label, record in user.streak.tail.items() if record.grants] == [day]
        assert streak(user, at + timedelta(seconds=2))["freezes_available"] == 1
    assert rebuild(user.entries, RULES) == user.streak
