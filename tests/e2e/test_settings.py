"""Settings over HTTP: what is taken, what stays, and since when a zone holds."""

from __future__ import annotations

import pytest

from tests.e2e.client import User, problem, wrong_fields


def test_the_name_of_the_program_s_field_is_not_a_field(user: User) -> None:
    fields = wrong_fields(user.ask("PUT", "/streak/pause", {"from_": "2026-03-03", "until": "2026-03-04"}))
    assert fields == ["from", "from_"]


def test_settings_are_those_of_a_new_user_at_first(user: User) -> None:
    assert user.get("/streak/settings") == {
        "time_zone": "UTC",
        "time_zone_known": False,
        "auto_freeze": True,
        "rest_weekdays": [],
        "pause": None,
        "planned_freezes": [],
    }


def test_settings_that_are_absent_or_null_stay(user: User) -> None:
    user.do("PATCH", "/streak/settings", {"time_zone": "Asia/Tokyo", "rest_weekdays": ["sunday", "monday"]})
    answer = user.do("PATCH", "/streak/settings", {"auto_freeze": False, "time_zone": None})
    assert answer["settings"] == user.get("/streak/settings")
    assert answer["settings"] == {
        "time_zone": "Asia/Tokyo",
        "time_zone_known": True,
        "auto_freeze": False,
        "rest_weekdays": ["monday", "sunday"],
        "pause": None,
        "planned_freezes": [],
    }


def test_nothing_to_change_is_fine(user: User) -> None:
    assert user.do("PATCH", "/streak/settings", {})["settings"]["time_zone"] == "UTC"
    assert user.get("/streak")["created_at"] is None


@pytest.mark.parametrize("zone", ["Europe/Amsterdam", "UTC", "Pacific/Apia", "America/Argentina/Buenos_Aires"])
def test_a_zone_of_the_tz_database_is_accepted(user: User, zone: str) -> None:
    answer = user.do("PATCH", "/streak/settings", {"time_zone": zone})
    assert answer["streak"]["time_zone"] == answer["settings"]["time_zone"] == zone


@pytest.mark.parametrize("zone", ["europe/amsterdam", "Amsterdam", "", "../UTC", "+01:00", "Factory", "localtime"])
def test_any_other_zone_is_refused(user: User, zone: str) -> None:
    assert wrong_fields(user.ask("PATCH", "/streak/settings", {"time_zone": zone})) == ["time_zone"]


@pytest.mark.parametrize(
    ("weekdays", "refused"),
    [
        (["friday", "saturday", "sunday"], None),
        (["thursday", "friday", "saturday", "sunday"], "rest_weekdays"),
        (["sunday", "sunday"], "rest_weekdays"),
        (["Sunday"], "rest_weekdays.0"),
        ([], None),
    ],
)
def test_at_most_three_weekdays_each_once(user: User, weekdays: list[str], refused: str | None) -> None:
    answer = user.ask("PATCH", "/streak/settings", {"rest_weekdays": weekdays})
    assert answer.status_code == 200 if refused is None else wrong_fields(answer) == [refused]


def test_the_zone_can_be_changed_often_but_not_endlessly(user: User) -> None:
    for minute in range(64):
        user.now = f"2026-03-02T{9 + minute // 60:02}:{minute % 60:02}:00Z"
        user.do("PATCH", "/streak/settings", {"time_zone": ("Asia/Tokyo", "UTC")[minute % 2]})
        user.record()
    user.now = "2026-03-02T11:00:00Z"
    answer = user.ask("PATCH", "/streak/settings", {"time_zone": "Asia/Tokyo"})
    assert problem(answer) == (429, "too_many_zone_changes")
    assert int(answer.headers["Retry-After"]) >= 3_600
    # What was done is recorded all the same, and what it says of the zone is not kept.
    for path in ("/streak/activities", "/streak/update"):
        body = {"time_zone": "Asia/Tokyo"} | ({"activity_type": "check_in"} if path == "/streak/activities" else {})
        assert user.do("POST", path, body)["streak"]["time_zone"] == "UTC"
    assert user.do("POST", "/streak/update", {"time_zone": "Asia/Tokyo"})["streak"]["time_zone"] == "UTC"
    user.do("PATCH", "/streak/settings", {"time_zone": "UTC", "auto_freeze": False})


def test_a_zone_may_be_said_since_a_moment(user: User) -> None:
    user.do("PATCH", "/streak/settings", {"time_zone": "America/Los_Angeles"}, at="2026-02-28T09:00:00Z")
    since = {"time_zone": "Asia/Tokyo", "time_zone_since": "2026-03-01T12:00:00Z"}
    assert user.do("PATCH", "/streak/settings", since)["streak"]["time_zone"] == "Asia/Tokyo"
    late = {"activity_type": "study_guide_completed", "occurred_at": "2026-03-01T20:00:00Z"}
    assert user.do("POST", "/streak/activities", late)["activity"]["day"] == "2026-03-02"


@pytest.mark.parametrize(
    ("since", "refused"),
    [
        ("2026-03-02T09:05:00Z", None),
        ("2026-03-02T09:05:01Z", "occurred_in_the_future"),
        ("2026-02-16T04:00:00Z", None),
        ("2026-02-16T03:59:59Z", "occurred_too_long_ago"),
    ],
)
def test_a_zone_is_said_for_the_last_two_weeks(user: User, since: str, refused: str | None) -> None:
    user.do("PATCH", "/streak/settings", {"time_zone": "UTC"})
    answer = user.ask("PATCH", "/streak/settings", {"time_zone": "Europe/London", "time_zone_since": since})
    assert answer.status_code == 200 if refused is None else problem(answer) == (422, refused)


def test_a_moment_without_a_zone_says_nothing(user: User) -> None:
    answer = user.ask("PATCH", "/streak/settings", {"time_zone_since": "2026-03-01T12:00:00Z"})
    assert wrong_fields(answer) == ["time_zone_since"]
    both = {"time_zone_since": "2026-03-01T12:00:00Z", "auto_freeze": False}
    assert wrong_fields(user.ask("PATCH", "/streak/settings", both)) == ["time_zone_since"]


def test_the_first_zone_holds_from_the_beginning(user: User) -> None:
    user.now = "2026-03-02T23:00:00Z"
    assert user.record(activity_id="a")["activity"]["day"] == "2026-03-02"
    assert user.get("/streak")["time_zone_known"] is False
    streak = user.do("PATCH", "/streak/settings", {"time_zone": "Asia/Tokyo"})["streak"]
    assert (streak["today"], streak["status"], streak["time_zone_known"]) == ("2026-03-03", "extended", True)
    assert user.get("/streak/activities")["activities"][0]["day"] == "2026-03-03"
    assert user.get("/streak/settings")["time_zone_known"] is True
