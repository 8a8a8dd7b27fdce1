"""Freezes, repair, pause, settings, reset and explain over HTTP."""

from __future__ import annotations

import pytest

from tests.e2e.client import User, problem, wrong_fields

DAY = "2026-03-{:02}T09:00:00Z"


def test_a_freeze_can_be_planned_and_taken_back(user: User) -> None:
    user.earn(1)
    user.now = DAY.format(3)
    user.do("POST", "/streak/freezes", {"date": "2026-03-05"})
    assert user.get("/streak/settings")["planned_freezes"] == ["2026-03-05"]
    user.do("POST", "/streak/freezes", {"date": "2026-03-05"})
    user.do("DELETE", "/streak/freezes/2026-03-05")
    assert user.get("/streak/settings")["planned_freezes"] == []
    user.do("DELETE", "/streak/freezes/2026-03-05")


def test_only_held_freezes_can_be_planned(user: User) -> None:
    user.earn(1)
    user.now = DAY.format(3)
    user.do("POST", "/streak/freezes", {"date": "2026-03-04"})
    refused = user.refusal("POST", "/streak/freezes", {"date": "2026-03-05"})
    assert refused == (409, "no_freeze_available")


@pytest.mark.parametrize(
    ("date", "refused"),
    [("2026-03-10", None), ("2026-03-11", "date_out_of_range"), ("2026-03-01", "date_out_of_range")],
)
def test_a_freeze_is_planned_up_to_a_week_ahead(user: User, date: str, refused: str | None) -> None:
    user.earn(1)
    user.now = DAY.format(3)
    answer = user.ask("POST", "/streak/freezes", {"date": date})
    assert answer.status_code == 200 if refused is None else problem(answer) == (422, refused)


def test_yesterday_must_have_broken_a_streak(user: User) -> None:
    user.earn(1)
    refused = user.refusal("POST", "/streak/freezes", {"date": "2026-03-02"}, at=DAY.format(3))
    assert refused == (409, "nothing_to_protect")


def test_a_freeze_can_be_spent_on_yesterday_by_hand(user: User) -> None:
    user.earn(1)
    user.do("PATCH", "/streak/settings", {"auto_freeze": False})
    user.now = DAY.format(4)
    assert user.get("/streak")["current_streak"] == 0
    answer = user.do("POST", "/streak/freezes", {"date": "2026-03-03"})
    assert (answer["streak"]["current_streak"], answer["streak"]["freezes_available"]) == (1, 0)
    assert [event["type"] for event in answer["events"]] == ["streak_restored", "freeze_applied"]


def test_only_days_from_today_on_can_be_taken_back(user: User) -> None:
    user.now = DAY.format(3)
    assert user.refusal("DELETE", "/streak/freezes/2026-03-02") == (422, "date_out_of_range")
    assert user.ask("DELETE", "/streak/freezes/2026-03-03").status_code == 200
    assert user.ask("DELETE", "/streak/freezes/2026-03-10").status_code == 200
    assert user.refusal("DELETE", "/streak/freezes/2026-03-11") == (422, "date_out_of_range")


@pytest.mark.parametrize("date", ["2026-3-05", "tomorrow", "2026-02-30", "1969-12-31", "2200-01-01", "20260305"])
def test_a_path_that_names_no_date_is_refused(user: User, date: str) -> None:
    assert wrong_fields(user.ask("DELETE", f"/streak/freezes/{date}")) == ["date"]


def test_a_repair_needs_two_activities_today(user: User) -> None:
    user.record()
    user.now = DAY.format(4)
    user.record()
    assert user.refusal("POST", "/streak/repair") == (409, "repair_needs_more_activity")
    user.record()
    assert user.do("POST", "/streak/repair")["streak"]["current_streak"] == 2


def test_a_repair_needs_a_break(user: User) -> None:
    user.record()
    assert user.refusal("POST", "/streak/repair", at=DAY.format(3)) == (409, "nothing_to_repair")


def test_a_repair_is_possible_once_in_thirty_days(user: User) -> None:
    user.record()
    for day, refused in ((4, None), (6, (409, "repair_on_cooldown"))):
        user.now = DAY.format(day)
        user.record()
        user.record()
        answer = user.ask("POST", "/streak/repair")
        assert answer.status_code == 200 if refused is None else problem(answer) == refused


def test_a_command_with_the_same_key_is_carried_out_once(user: User) -> None:
    user.record()
    first = user.ask("POST", "/streak/reset", key="k")
    user.record()
    again = user.ask("POST", "/streak/reset", {}, key="k")
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert user.get("/streak")["current_streak"] == 1
    user.do("POST", "/streak/reset", key="another")
    assert user.get("/streak")["current_streak"] == 0


def test_the_key_of_one_command_is_not_free_for_another(user: User) -> None:
    user.record()
    user.do("POST", "/streak/reset", key="k")
    reused = (422, "idempotency_key_reused")
    user.now = DAY.format(4)
    user.record()
    pause = {"from": "2026-03-05", "until": "2026-03-06"}
    assert user.refusal("PUT", "/streak/pause", pause, key="k") == reused
    assert user.refusal("POST", "/streak/repair", key="k") == reused
    assert user.refusal("DELETE", "/streak/pause", key="k") == reused
    assert user.refusal("PATCH", "/streak/settings", {"auto_freeze": False}, key="k") == reused
    assert user.refusal("POST", "/streak/freezes", {"date": "2026-03-05"}, key="k") == reused
    assert user.refusal("DELETE", "/streak/freezes/2026-03-05", key="k") == reused
    user.do("POST", "/streak/activities", {"activity_type": "check_in"}, key="k")


def test_a_pause_covers_both_ends_and_can_be_ended(user: User) -> None:
    user.record()
    pause = {"from": "2026-03-03", "until": "2026-03-05"}
    user.do("PUT", "/streak/pause", pause)
    assert user.get("/streak/settings")["pause"] == pause
    assert user.get("/streak", at=DAY.format(5))["status"] == "protected"
    assert user.get("/streak", at=DAY.format(6))["status"] == "pending"
    user.do("DELETE", "/streak/pause", at=DAY.format(4))
    assert user.get("/streak/settings")["pause"] is None
    assert user.get("/streak", at=DAY.format(5))["status"] == "none"


@pytest.mark.parametrize(
    ("first", "last", "refused"),
    [
        ("2026-03-02", "2026-03-02", None),
        ("2026-03-01", "2026-03-02", "pause_must_be_in_the_future"),
        ("2026-03-02", "2026-05-30", None),
        ("2026-03-02", "2026-05-31", "pause_too_long"),
        ("2026-03-03", "2026-03-02", "invalid_request"),
    ],
)
def test_a_pause_has_one_to_ninety_days_from_today_on(user: User, first: str, last: str, refused: str | None) -> None:
    answer = user.ask("PUT", "/streak/pause", {"from": first, "until": last})
    assert answer.status_code == 200 if refused is None else problem(answer) == (422, refused)


def test_there_is_one_pause_at_a_time(user: User) -> None:
    pause = {"from": "2026-03-10", "until": "2026-03-12"}
    user.do("PUT", "/streak/pause", pause)
    user.do("PUT", "/streak/pause", pause)
    assert user.refusal("PUT", "/streak/pause", {**pause, "until": "2026-03-13"}) == (409, "already_paused")
    user.do("DELETE", "/streak/pause")
    user.do("PUT", "/streak/pause", {**pause, "until": "2026-03-13"})


def test_the_name_of_the_program_s_field_is_not_a_field(user: User) -> None:
    fields = wrong_fields(user.ask("PUT", "/streak/pause", {"from_": "2026-03-03", "until": "2026-03-04"}))
    assert fields == ["from", "from_"]


def test_settings_are_those_of_a_new_user_at_first(user: User) -> None:
    assert user.get("/streak/settings") == {
        "time_zone": "UTC",
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
    user.record()
    zones = ["Asia/Tokyo", "UTC"] * 32
    for zone in zones:
        user.do("PATCH", "/streak/settings", {"time_zone": zone})
    refused = user.refusal("PATCH", "/streak/settings", {"time_zone": "Asia/Tokyo"})
    assert refused == (409, "too_many_zone_changes")
    user.do("PATCH", "/streak/settings", {"time_zone": "UTC", "auto_freeze": False})


def test_a_reset_sets_the_streak_to_zero_and_keeps_the_rest(user: User) -> None:
    user.record()
    answer = user.do("POST", "/streak/reset")
    assert [event["type"] for event in answer["events"]] == ["streak_reset"]
    streak = answer["streak"]
    assert (streak["current_streak"], streak["longest_streak"], streak["xp_total"]) == (0, 1, 15)
    assert user.do("POST", "/streak/reset")["events"] == []
    assert user.record()["streak"]["current_streak"] == 1


def test_explain_gives_a_reason_for_each_day(user: User) -> None:
    user.record()
    answer = user.get("/streak/explain", at=DAY.format(4), days=3)
    rows = [(day["date"], day["verdict"], day["because"]) for day in answer["days"]]
    assert rows == [
        ("2026-03-02", "active", "a counted activity"),
        ("2026-03-03", "missed", "no activity, and no freeze was available: it ended a streak of 1"),
        ("2026-03-04", "pending", "today is not over yet"),
    ]
    assert answer["today"] == "2026-03-04"


@pytest.mark.parametrize(
    ("days", "is_refused"), [("1", False), ("366", False), ("0", True), ("367", True), ("x", True)]
)
def test_explain_takes_1_to_366_days(user: User, days: str, *, is_refused: bool) -> None:
    answer = user.ask("GET", "/streak/explain", days=days)
    assert wrong_fields(answer) == ["days"] if is_refused else answer.status_code == 200


def test_explain_shows_the_true_hours_of_a_short_day(user: User) -> None:
    user.do("PATCH", "/streak/settings", {"time_zone": "Europe/Amsterdam"})
    (day,) = user.get("/streak/explain", at="2026-03-28T12:00:00Z", days=1)["days"]
    assert (day["starts_at"], day["ends_at"]) == ("2026-03-28T03:00:00Z", "2026-03-29T02:00:00Z")
