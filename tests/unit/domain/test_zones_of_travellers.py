"""Zones that are said late, by mistake or very often: nobody is moved, held or locked out by them (semantics 1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from streak_core.domain.errors import StreakError
from streak_core.domain.first_zone import relabelled_tail
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.zone_statements import STRETCHES_MAX
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.shipped_policy import POLICY, RULES

LESSON: Final[Step] = {"do": "record", "activity_type": "check_in"}


class Traveller(PureUser):
    """A user, in fewer words."""

    def __init__(self) -> None:
        super().__init__(POLICY)
        self.number = 0

    def says(self, at: str, time_zone: str, **more: str) -> None:
        self.step({"at": f"{at}Z", "do": "set_time_zone", "time_zone": time_zone, **more})

    def learns(self, at: str, **more: str) -> None:
        self.number += 1
        self.step({"at": f"{at}Z", **LESSON, "activity_id": f"a{self.number}", **more})

    def now(self, at: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.step({"at": f"{at}Z", "do": "get_streak"})
        return answer


def test_what_is_said_of_a_time_before_all_that_is_kept_moves_nobody() -> None:
    user = Traveller()
    user.says("2026-03-01T15:00:00", "America/Denver")
    user.says("2026-03-02T08:00:00", "America/Los_Angeles")
    for day in range(2, 17):
        user.learns(f"2026-03-{day:02d}T12:30:00")
    user.learns("2026-03-16T13:00:00", occurred_at="2026-03-02T03:00:00Z", time_zone="Asia/Tokyo")
    assert user.streak
    begins = [span.from_instant for span in user.streak.settings.zones if span.from_instant]
    assert begins == sorted(begins)
    assert user.now("2026-03-16T14:00:00")["time_zone"] == "America/Los_Angeles"
    assert rebuild(user.entries, RULES) == user.streak


def test_a_check_in_that_is_undone_holds_today_no_longer() -> None:
    answers = []
    for checks_in in (False, True):
        user = Traveller()
        user.learns("2026-03-02T10:00:00", time_zone="America/New_York")
        user.says("2026-03-03T20:30:00", "Asia/Tokyo")
        if checks_in:
            done = user.step({"at": "2026-03-03T20:31:00Z", "do": "check_in"})
            undo = {"do": "undo", "activity_id": done["activity"]["activity_id"]}
            user.step({"at": "2026-03-03T20:32:00Z", **undo})
        user.says("2026-03-03T20:33:00", "America/New_York", since="2026-03-03T20:30:00Z")
        now = user.now("2026-03-03T20:34:00")
        answers.append((now["today"], now["current_streak"]))
    assert answers == [("2026-03-03", 1)] * 2


def test_the_zone_of_a_first_lesson_is_no_slip_also_where_an_earlier_one_is_said_before_it() -> None:
    user = Traveller()
    user.learns("2026-03-04T03:00:00", time_zone="Pacific/Kiritimati")
    user.says("2026-03-04T04:00:00", "UTC", since="2026-02-20T16:00:00Z")
    user.says("2026-03-04T20:00:00", "UTC")
    assert user.streak
    assert [span.time_zone for span in user.streak.settings.zones] == ["UTC", "Pacific/Kiritimati", "UTC"]


def test_what_a_flight_decided_is_told_once() -> None:
    user = Traveller()
    user.says("2026-03-02T15:00:00", "America/New_York")
    for day in range(2, 9):
        user.learns(f"2026-03-{day:02d}T16:00:00")
    user.says("2026-03-09T20:00:00", "Asia/Tokyo")
    user.learns("2026-03-10T03:00:00")
    user.learns("2026-03-11T03:00:00")
    user.says("2026-03-11T12:00:00", "America/New_York")
    user.learns("2026-03-12T16:00:00")
    user.says("2026-03-13T20:00:00", "Asia/Tokyo")
    user.step({"at": "2026-03-14T03:00:00Z", "do": "maintenance"})
    broken = [event.day for event in user.events.values() if event.kind == "streak_broken"]
    assert len(broken) == len(set(broken))
    assert date(2026, 3, 13) in broken


def who_changed_too_often() -> Traveller:
    user = Traveller()
    start = datetime(2026, 3, 2, 12, tzinfo=UTC)
    names = ("Asia/Tokyo", "UTC", "Europe/Paris") * STRETCHES_MAX
    for number, name in enumerate(names[:STRETCHES_MAX]):
        user.says((start + timedelta(seconds=number)).replace(tzinfo=None).isoformat(), name)
    return user


def test_who_changed_the_zone_too_often_can_again_once_that_is_long_ago() -> None:
    user = who_changed_too_often()
    with pytest.raises(StreakError, match=r"too_many_zone_changes.*without time_zone"):
        user.says("2026-03-03T12:00:00", "Africa/Cairo")
    # Without any command in between, which would have moved the tail on.
    user.says("2026-05-11T12:00:00", "Africa/Cairo")
    assert user.now("2026-05-11T12:00:00")["time_zone"] == "Africa/Cairo"


def test_an_activity_that_says_one_zone_too_many_is_recorded_on_the_day_there_and_says_nothing() -> None:
    user = who_changed_too_often()
    assert user.streak
    zones = [span.time_zone for span in user.streak.settings.zones]
    record: Step = {"at": "2026-03-03T22:00:00Z", "do": "record", "activity_id": "a", "activity_type": "check_in"}
    assert (
        user.step({**record, "occurred_at": "2026-03-02T23:00:00Z", "time_zone": "Asia/Dhaka"})["day"] == "2026-03-03"
    )
    assert [span.time_zone for span in user.streak.settings.zones] == zones
    # A setting is nothing but what it says.
    with pytest.raises(StreakError, match="too_many_zone_changes"):
        user.says("2026-03-03T22:00:00", "Asia/Dhaka")


def test_a_check_in_is_repeated_however_often_the_zone_was_changed() -> None:
    user = who_changed_too_often()
    first = user.step({"at": "2026-03-03T12:00:00Z", "do": "check_in", "time_zone": "Africa/Cairo"})
    assert user.streak
    zones = user.streak.settings.zones
    again = user.step({"at": "2026-03-03T12:30:00Z", "do": "check_in", "time_zone": "Africa/Lagos"})
    assert again["activity"] == first["activity"]
    assert user.streak.settings.zones == zones


def test_more_than_can_be_labelled_anew_stays_where_it_was_recorded() -> None:
    user = Traveller()
    for hour in range(3):
        user.learns(f"2026-03-02T2{hour}:00:00")
    assert user.streak
    recorded = user.state(datetime(2026, 3, 3, tzinfo=UTC)).recorded
    assert relabelled_tail(user.streak, recorded[1:], "Asia/Tokyo", RULES.day_starts) is None
    assert relabelled_tail(user.streak, recorded, "Asia/Tokyo", RULES.day_starts) is not None


def test_what_is_known_of_the_check_ins_of_a_day_is_bounded() -> None:
    user = Traveller()
    for number in range(30):
        user.step({"at": "2026-03-02T12:00:00Z", "do": "check_in", "key": f"k{number}"})
        user.step({"at": "2026-03-02T12:00:00Z", "do": "reset"})
    assert user.streak
    [record] = user.streak.tail.values()
    assert (record.counted, len(record.check_ins), len(record.resets)) == (30, 11, 10)


def test_home_said_before_what_was_kept_offline_arrives_is_home_still() -> None:
    user = Traveller()
    user.says("2026-03-01T12:00:00", "America/New_York")
    for day in (1, 2, 3):
        user.learns(f"2026-03-{day:02d}T15:00:00")
    user.says("2026-03-08T15:00:00", "America/New_York")
    for day in (4, 5, 6, 7):
        user.learns("2026-03-08T15:00:05", occurred_at=f"2026-03-{day:02d}T03:00:00Z", time_zone="Asia/Tokyo")
    assert user.now("2026-03-08T15:00:06")["time_zone"] == "America/New_York"
    for at in ("2026-03-08T15:01:00", "2026-03-09T14:00:00", "2026-03-11T00:00:00"):
        user.learns(at)
    assert user.now("2026-03-11T00:00:01")["current_streak"] == 10
    assert rebuild(user.entries, RULES) == user.streak


@pytest.mark.parametrize("key", [None, "k"])
def test_a_traveller_whose_app_only_checks_in_keeps_the_streak(key: str | None) -> None:
    user = Traveller()
    flights = [
        ("2026-03-08T16:00:00", "Pacific/Auckland"),
        ("2026-03-09T16:00:00", "Pacific/Auckland"),
        ("2026-03-10T16:00:00", "America/Los_Angeles"),
        ("2026-03-11T04:00:00", "America/Los_Angeles"),
        ("2026-03-11T23:00:00", "Australia/Sydney"),
    ]
    for number, (at, time_zone) in enumerate(flights):
        named = {"key": f"{key}{number}"} if key else {}
        user.step({"at": f"{at}Z", "do": "check_in", "time_zone": time_zone, **named})
    now = user.now("2026-03-11T23:00:01")
    assert (now["current_streak"], now["time_zone"]) == (3, "Australia/Sydney")
    assert rebuild(user.entries, RULES) == user.streak
