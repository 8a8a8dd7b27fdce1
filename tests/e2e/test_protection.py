"""Freezes, repair, pause, reset and explain over HTTP."""

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
    assert user.refusal("POST", "/streak/activities", {"activity_type": "check_in"}, key="k") == reused


def test_a_pause_covers_both_ends_and_can_be_ended(user: User) -> None:
    user.record()
    pause = {"from": "2026-03-03", "until": "2026-03-05"}
    user.do("PUT", "/streak/pause", pause)
    assert user.get("/streak/settings")["pause"] == {**pause, "pause_id": "pause-2"}
    assert user.get("/streak", at=DAY.format(5))["status"] == "protected"
    assert user.get("/streak", at=DAY.format(6))["status"] == "pending"
    user.do("DELETE", "/streak/pause", at=DAY.format(4))
    assert user.get("/streak/settings", at=DAY.format(4))["pause"]["until"] == "2026-03-04"
    assert user.get("/streak/settings", at=DAY.format(5))["pause"] is None
    assert [user.get("/streak", at=DAY.format(day))["status"] for day in (4, 5, 6)] == ["protected", "pending", "none"]


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


def paused(first: int, last: int) -> dict[str, str]:
    return {"from": f"2026-03-{first:02}", "until": f"2026-03-{last:02}"}


@pytest.mark.parametrize(("method", "path", "status"), [("PUT", "/streak/pause", 200), ("POST", "/streak/pauses", 201)])
def test_pauses_share_no_day(user: User, method: str, path: str, status: int) -> None:
    first = user.ask(method, path, paused(10, 12))
    assert first.status_code == status
    again = user.ask(method, path, paused(10, 12))
    assert (again.status_code, again.json()["pause"]) == (status, first.json()["pause"])
    for days in ((10, 13), (9, 10), (12, 12), (11, 11), (8, 20)):
        assert user.refusal(method, path, paused(*days)) == (409, "already_paused")
    assert user.ask(method, path, paused(13, 13)).status_code == status
    assert user.ask(method, path, paused(9, 9)).status_code == status


def test_the_pauses_that_are_not_over_are_listed_the_earliest_first(user: User) -> None:
    assert user.get("/streak/pauses") == {"pauses": []}
    later, first = (user.do("POST", "/streak/pauses", paused(*days))["pause"] for days in ((10, 12), (3, 4)))
    assert first["pause_id"] != later["pause_id"]
    assert user.get("/streak/pauses") == {"pauses": [first, later]}
    assert user.get("/streak/settings")["pause"] == first
    assert user.get("/streak/pauses", at=DAY.format(5)) == {"pauses": [later]}
    assert user.get("/streak/settings", at=DAY.format(5))["pause"] == later
    assert user.get("/streak/pauses", at=DAY.format(13)) == {"pauses": []}


def test_a_pause_is_ended_by_its_id_and_no_other_with_it(user: User) -> None:
    first, second = (user.do("POST", "/streak/pauses", paused(*days))["pause"] for days in ((3, 6), (10, 12)))
    user.now = DAY.format(4)
    user.do("DELETE", f"/streak/pauses/{first['pause_id']}")
    assert user.get("/streak/pauses")["pauses"] == [{**first, "until": "2026-03-04"}, second]
    user.do("DELETE", f"/streak/pauses/{first['pause_id']}")
    user.do("DELETE", f"/streak/pauses/{second['pause_id']}", {})
    assert [pause["pause_id"] for pause in user.get("/streak/pauses")["pauses"]] == [first["pause_id"]]
    # Asked for again, as a client does that got no answer.
    user.do("DELETE", f"/streak/pauses/{second['pause_id']}")
    assert user.refusal("DELETE", "/streak/pauses/pause-9") == (404, "pause_not_found")


@pytest.mark.parametrize("pause_id", ["pause-9", "x", "..%2F..", "a" * 1500, "%E2%82%AC", "%00", "__x__"])
def test_an_unknown_pause_cannot_be_ended(user: User, other: User, pause_id: str) -> None:
    pause = user.do("POST", "/streak/pauses", paused(3, 6))["pause"]
    status, code = user.refusal("DELETE", f"/streak/pauses/{pause_id}")
    assert (status, code) in {(404, "pause_not_found"), (404, "not_found"), (405, "method_not_allowed")}
    assert other.refusal("DELETE", f"/streak/pauses/{pause['pause_id']}") == (404, "pause_not_found")
    assert user.get("/streak/pauses")["pauses"] == [pause]


def test_there_are_at_most_ten_pauses_that_are_not_over(user: User) -> None:
    for day in range(3, 13):
        user.do("POST", "/streak/pauses", paused(day, day))
    assert user.refusal("POST", "/streak/pauses", paused(13, 13)) == (409, "too_many_pauses")
    user.do("POST", "/streak/pauses", paused(12, 12))
    user.do("POST", "/streak/pauses", paused(13, 13), at=DAY.format(4))


def test_of_several_refusals_of_a_pause_the_first_is_given(user: User) -> None:
    for day in range(3, 13):
        user.do("POST", "/streak/pauses", paused(day, day))
    long = {"from": "2026-03-01", "until": "2026-12-01"}
    refused = [
        user.refusal("POST", "/streak/pauses", body)
        for body in (long, {**long, "from": "2026-03-02"}, paused(2, 12), paused(2, 2))
    ]
    assert refused == [
        (422, "pause_must_be_in_the_future"),
        (422, "pause_too_long"),
        (409, "already_paused"),
        (409, "too_many_pauses"),
    ]


def test_a_reset_can_be_taken_back_once(user: User) -> None:
    nothing = (409, "nothing_to_take_back")
    assert user.refusal("DELETE", "/streak/reset") == nothing
    user.record()
    before = user.get("/streak")
    user.do("POST", "/streak/reset")
    answer = user.do("DELETE", "/streak/reset")
    assert [event["type"] for event in answer["events"]] == ["streak_restored"]
    assert user.get("/streak") == before
    assert user.refusal("DELETE", "/streak/reset") == nothing


@pytest.mark.parametrize(("day", "refused"), [(16, None), (17, (409, "nothing_to_take_back"))])
def test_a_reset_can_be_taken_back_for_fourteen_days(user: User, day: int, refused: tuple[int, str] | None) -> None:
    user.record()
    user.do("POST", "/streak/reset")
    answer = user.ask("DELETE", "/streak/reset", at=DAY.format(day))
    assert answer.status_code == 200 if refused is None else problem(answer) == refused


def test_what_is_offered_is_accepted(user: User) -> None:
    user.record(activity_id="a")
    user.do("DELETE", "/streak/activities/a")
    (redo,) = user.get("/streak/offers")["offers"]
    assert (redo["kind"], redo["activity_id"], redo["current_streak_after"]) == ("redo", "a", 1)
    assert user.do("POST", "/streak/activities/a/redo")["streak"]["current_streak"] == 1
    assert user.get("/streak/offers") == {"offers": []}
    user.now = DAY.format(4)
    (repair,) = user.get("/streak/offers")["offers"]
    assert (repair["kind"], repair["day"], repair["needs"]) == ("repair", "2026-03-03", 2)
    user.record()
    user.record()
    (repair,) = user.get("/streak")["offers"]
    assert (repair["needs"], repair["current_streak_after"]) == (0, 2)
    assert user.do("POST", "/streak/repair")["streak"]["current_streak"] == 2
    pause = user.do("POST", "/streak/pauses", paused(4, 6))["pause"]
    (resume,) = user.get("/streak/offers")["offers"]
    assert (resume["kind"], resume["pause_id"]) == ("resume", pause["pause_id"])
    user.do("DELETE", f"/streak/pauses/{pause['pause_id']}")
    assert user.get("/streak/offers") == {"offers": []}


def test_what_is_foretold_is_answered(user: User) -> None:
    user.earn(1)
    told = user.get("/streak")
    names = ("today", "status", "current_streak", "freezes_available")
    assert told["timeline"][0] == {"from": user.now, **{name: told[name] for name in names}}
    assert len(told["timeline"]) == 8
    for entry in told["timeline"]:
        then = user.get("/streak", at=entry["from"])
        assert {"from": entry["from"], **{name: then[name] for name in names}} == entry
    assert told["timeline_until"] == "2026-03-10T04:00:00Z"


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
