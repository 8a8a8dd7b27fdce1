"""The reference model at corners of days and zones worked out by hand: flights, clocks that change, zones said late."""

from __future__ import annotations

import datetime as dt

import pytest

from testing.reference.user import ReferenceUser
from testing.reference.zones import starts_at, zone_day
from tests.support.model_user import give, refusal, study, utc, verdicts


def fly_twice(second_old_today: int, *, late: bool) -> dict[str, str]:
    """From Los Angeles to Tokyo on the evening of May 5, back, and again on a later evening."""
    user = ReferenceUser("America/Los_Angeles")
    study(user, "2026-05-04T20:00:00-07:00")
    give(user, "2026-05-05T23:00:00-07:00", "set_time_zone", time_zone="Asia/Tokyo")
    study(user, "2026-05-06T16:00:00+09:00")
    if late:
        study(user, "2026-05-06T17:00:00+09:00", occurred_at="2026-05-05T12:00:00-07:00")
    study(user, "2026-05-07T10:00:00+09:00")
    give(user, "2026-05-07T11:00:00+09:00", "set_time_zone", time_zone="America/Los_Angeles")
    for day in range(8, second_old_today):
        study(user, f"2026-05-{day:02}T20:00:00-07:00")
    give(user, f"2026-05-{second_old_today:02}T23:00:00-07:00", "set_time_zone", time_zone="Asia/Tokyo")
    return verdicts(user, f"2026-05-{second_old_today + 1:02}T20:00:00+09:00")


def test_the_evening_lost_to_a_flight_is_forgiven_once_in_seven_labels() -> None:
    too_soon, in_time = fly_twice(11, late=False), fly_twice(12, late=False)
    assert (too_soon["2026-05-05"], too_soon["2026-05-11"]) == ("travel", "missed")
    assert (in_time["2026-05-05"], in_time["2026-05-12"]) == ("travel", "travel")


def test_a_late_activity_gives_the_grace_back() -> None:
    again = fly_twice(11, late=True)
    assert (again["2026-05-05"], again["2026-05-11"]) == ("active", "travel")


def test_a_label_stays_until_a_western_zone_catches_up() -> None:
    user = ReferenceUser("Asia/Tokyo")
    study(user, "2026-05-05T08:00:00+09:00")
    give(user, "2026-05-05T09:00:00+09:00", "set_time_zone", time_zone="America/Los_Angeles")
    assert user.history.label(utc("2026-05-04T17:00:00-07:00")) == dt.date(2026, 5, 5)
    assert user.history.label(utc("2026-05-06T03:59:59-07:00")) == dt.date(2026, 5, 5)
    assert user.history.label(utc("2026-05-06T04:00:00-07:00")) == dt.date(2026, 5, 6)
    assert user.history.label(utc("2026-05-05T03:59:59+09:00")) == dt.date(2026, 5, 4)


def test_the_day_that_apia_cut_to_four_hours_is_travel() -> None:
    user = ReferenceUser("Pacific/Apia")
    study(user, "2011-12-29T12:00:00-10:00")
    study(user, "2011-12-31T12:00:00+14:00")
    assert verdicts(user, "2011-12-31T13:00:00+14:00")["2011-12-30"] == "travel"
    assert give(user, "2011-12-31T13:00:00+14:00", "get_streak")["current_streak"] == 2


@pytest.mark.parametrize(
    ("zone", "day", "hour", "first"),
    [
        ("Pacific/Apia", "2011-12-30", 4, "2011-12-30T10:00:00+00:00"),
        ("Pacific/Apia", "2011-12-31", 4, "2011-12-30T14:00:00+00:00"),
        ("Pacific/Apia", "2011-12-30", 0, "2011-12-30T10:00:00+00:00"),
        ("Pacific/Apia", "2011-12-31", 0, "2011-12-30T10:00:00+00:00"),
        ("America/Sao_Paulo", "2018-11-04", 0, "2018-11-04T03:00:00+00:00"),
        ("America/Havana", "2026-11-01", 0, "2026-11-01T04:00:00+00:00"),
        ("Europe/London", "2026-10-25", 1, "2026-10-25T00:00:00+00:00"),
        ("America/New_York", "2026-03-08", 4, "2026-03-08T08:00:00+00:00"),
    ],
)
def test_a_day_starts_at_the_first_instant_that_reads_its_hour_or_later(
    zone: str, day: str, hour: int, first: str
) -> None:
    assert starts_at(zone, dt.date.fromisoformat(day), hour) == dt.datetime.fromisoformat(first)


def test_a_clock_set_back_over_the_start_of_a_day_does_not_go_back_a_day() -> None:
    hours = ((dt.date.min, 0),)
    before, after = utc("2026-11-01T04:30:00Z"), utc("2026-11-01T05:00:00Z")
    assert zone_day("America/Havana", before, hours) == zone_day("America/Havana", after, hours) == dt.date(2026, 11, 1)
    sixth = dt.date(2026, 11, 1)
    assert zone_day("America/Havana", utc("2026-11-01T03:59:59Z"), hours) == sixth - dt.timedelta(days=1)


@pytest.mark.parametrize(("ahead", "code"), [(5, None), (6, "occurred_in_the_future")])
def test_a_zone_that_is_said_for_the_next_minutes_counts_as_said_for_now(ahead: int, code: str | None) -> None:
    user = ReferenceUser("UTC")
    since = f"2026-03-02T09:0{ahead}:00Z"
    assert refusal(user, "2026-03-02T09:00:00Z", "set_time_zone", time_zone="Asia/Tokyo", since=since) == code
    now = give(user, "2026-03-02T09:00:00Z", "get_streak")["time_zone"]
    assert now == ("UTC" if code else "Asia/Tokyo")


def test_the_window_of_a_zone_is_measured_from_today_as_it_is_there() -> None:
    user, now = ReferenceUser("Etc/GMT+12"), "2026-03-02T14:00:00Z"
    assert give(user, now, "get_streak")["today"] == "2026-03-01"
    move = {"do": "set_time_zone", "time_zone": "Pacific/Kiritimati"}
    assert refusal(user, now, **move, since="2026-02-15T14:00:00Z") == "occurred_too_long_ago"
    assert refusal(user, now, **move, since="2026-02-16T14:00:00Z") is None
    assert give(user, now, "get_streak")["today"] == "2026-03-03"
