"""Recording over HTTP: activities, their ids, replays, undo, and the check-in of the day."""

from __future__ import annotations

import uuid

import pytest

from tests.e2e.client import QUESTIONS, User, problem, wrong_fields

QUIZ = {"activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 60}}


def test_the_first_activity_makes_a_streak_of_one(user: User) -> None:
    answer = user.do("POST", "/streak/activities", QUIZ)
    assert answer["activity"] | {"activity_id": ""} == {
        "activity_id": "",
        "activity_type": "quiz_completed",
        "category": "quiz",
        "day": "2026-03-02",
        "counted": True,
        "base_xp": 25,
        "consistency_bonus": 0,
        "xp_awarded": 25,
    }
    assert answer["streak"]["current_streak"] == 1
    assert answer["streak"]["user_id"] == user.uid
    assert [event["type"] for event in answer["events"]] == ["streak_started"]


def test_recording_answers_201(user: User) -> None:
    assert user.ask("POST", "/streak/activities", QUIZ).status_code == 201


@pytest.mark.parametrize(
    ("kind", "metadata", "base_xp", "counted"),
    [
        ("flashcard_set_completed", {"correct": 9}, 0, False),
        ("flashcard_set_completed", {"correct": 10}, 5, True),
        ("flashcard_set_completed", {"correct": 2**53 - 1}, 1000, True),
        ("quiz_completed", {"difficulty": "easy", "score": 59.9}, 0, False),
        ("quiz_completed", {"difficulty": "easy", "score": 60}, 10, True),
        ("evaluation_completed", {"grade": 1}, 20, True),
        ("evaluation_completed", {"grade": 6.9}, 20, True),
        ("evaluation_completed", {"grade": 7}, 50, True),
        ("study_guide_completed", {}, 15, True),
        ("check_in", {}, 0, True),
    ],
)
def test_xp_and_counting_follow_the_policy(
    user: User, kind: str, metadata: dict[str, object], base_xp: int, *, counted: bool
) -> None:
    activity = user.record(kind, metadata=metadata)["activity"]
    assert (activity["base_xp"], activity["counted"]) == (base_xp, counted)


def test_the_same_key_again_gives_the_first_answer_again(user: User) -> None:
    first = user.ask("POST", "/streak/activities", QUIZ, key="quiz-1")
    again = user.ask("POST", "/streak/activities", QUIZ, key="quiz-1", at="2026-03-05T09:00:00Z")
    assert (again.status_code, again.json()) == (201, first.json())
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert user.get("/streak")["xp_total"] == 25


def test_the_same_key_with_other_content_is_refused(user: User) -> None:
    user.do("POST", "/streak/activities", QUIZ, key="quiz-1")
    changed = {**QUIZ, "metadata": {"difficulty": "hard", "score": 61}}
    assert user.refusal("POST", "/streak/activities", changed, key="quiz-1") == (422, "idempotency_key_reused")
    late = {**QUIZ, "occurred_at": "2026-03-02T09:00:00Z"}
    assert user.refusal("POST", "/streak/activities", late, key="quiz-1") == (422, "idempotency_key_reused")
    assert user.get("/streak")["xp_total"] == 25


def test_the_same_instant_in_another_zone_is_the_same_content(user: User) -> None:
    user.record(activity_id="a", occurred_at="2026-03-02T08:00:00Z")
    answer = user.ask(
        "POST",
        "/streak/activities",
        {"activity_type": "study_guide_completed", "activity_id": "a", "occurred_at": "2026-03-02T09:00:00+01:00"},
    )
    assert answer.headers["Idempotent-Replayed"] == "true"


def test_the_key_of_one_user_is_free_for_another(user: User, other: User) -> None:
    user.do("POST", "/streak/activities", QUIZ, key="quiz-1")
    answer = other.ask("POST", "/streak/activities", {"activity_type": "check_in"}, key="quiz-1")
    assert answer.status_code == 201
    assert "Idempotent-Replayed" not in answer.headers


def test_the_body_may_name_the_activity_instead_of_the_header(user: User) -> None:
    first = user.do("POST", "/streak/activities", {**QUIZ, "activity_id": "quiz-1"})
    assert first["activity"]["activity_id"] == "quiz-1"
    again = user.ask("POST", "/streak/activities", QUIZ, key="quiz-1")
    assert again.headers["Idempotent-Replayed"] == "true"


def test_header_and_body_must_not_disagree(user: User) -> None:
    body = {**QUIZ, "activity_id": "quiz-1"}
    assert wrong_fields(user.ask("POST", "/streak/activities", body, key="quiz-2")) == ["activity_id"]
    assert user.ask("POST", "/streak/activities", body, key="quiz-1").status_code == 201


def test_a_key_may_stand_in_quotes(user: User) -> None:
    assert user.do("POST", "/streak/activities", QUIZ, key='"quiz-1"')["activity"]["activity_id"] == "quiz-1"


def test_without_a_name_each_activity_gets_a_new_uuid(user: User) -> None:
    first, second = (user.do("POST", "/streak/activities", QUIZ)["activity"]["activity_id"] for _ in range(2))
    assert uuid.UUID(first) != uuid.UUID(second)
    assert user.get("/streak")["xp_total"] == 50


@pytest.mark.parametrize("key", ["a" * 129, "a/b", ".", "..", "__x__", "", '""', "check-in.2026-03-02.1", "a b"])
def test_a_key_that_is_no_id_is_refused(user: User, key: str) -> None:
    assert wrong_fields(user.ask("POST", "/streak/activities", QUIZ, key=key)) == ["Idempotency-Key"]
    body = {**QUIZ, "activity_id": key}
    assert wrong_fields(user.ask("POST", "/streak/activities", body)) == ["activity_id"]
    assert user.get("/streak")["created_at"] is None


@pytest.mark.parametrize("key", ["a" * 128, "...", "__x", "x__", "a:b~c-d.e_f"])
def test_a_key_that_is_an_id_is_accepted(user: User, key: str) -> None:
    assert user.do("POST", "/streak/activities", QUIZ, key=key)["activity"]["activity_id"] == key
    assert user.ask("DELETE", f"/streak/activities/{key}").status_code == 200


def test_an_undo_takes_everything_back(user: User) -> None:
    user.record(at="2026-03-01T09:00:00Z")
    before = user.get("/streak")
    user.record("quiz_completed", metadata=QUIZ["metadata"], activity_id="quiz-1")
    answer = user.do("DELETE", "/streak/activities/quiz-1")
    moved = {"updated_at", "streak_created", "offers"}
    assert {name: value for name, value in answer["streak"].items() if name not in moved} == {
        name: value for name, value in before.items() if name not in moved
    }


def test_a_redo_brings_everything_back(user: User) -> None:
    user.record(at="2026-03-01T09:00:00Z")
    user.record("quiz_completed", metadata=QUIZ["metadata"], activity_id="quiz-1")
    before = user.get("/streak")
    user.do("DELETE", "/streak/activities/quiz-1")
    answer = user.do("POST", "/streak/activities/quiz-1/redo")
    assert [event["type"] for event in answer["events"]] == ["streak_extended"]
    assert user.get("/streak") == before
    assert user.do("POST", "/streak/activities/quiz-1/redo", {})["events"] == []
    assert user.get("/streak") == before


def test_undoing_twice_is_undoing_once(user: User) -> None:
    user.record(activity_id="a")
    first = user.do("DELETE", "/streak/activities/a")
    assert user.do("DELETE", "/streak/activities/a", {})["streak"] == first["streak"]


def test_an_undone_id_is_never_answered_as_if_it_counted(user: User) -> None:
    first = user.record(activity_id="a")
    user.do("DELETE", "/streak/activities/a")
    again = {"activity_type": "study_guide_completed", "activity_id": "a"}
    answer = user.ask("POST", "/streak/activities", again)
    assert problem(answer) == (409, "activity_undone")
    assert "POST /streak/activities/a/redo" in answer.json()["detail"]
    assert user.refusal("POST", "/streak/activities", {**again, "activity_type": "check_in"}) == (
        422,
        "idempotency_key_reused",
    )
    assert user.get("/streak")["current_streak"] == 0
    user.do("POST", "/streak/activities/a/redo")
    assert user.record(activity_id="a") == first
    assert user.get("/streak")["current_streak"] == 1


def test_an_undone_check_in_is_not_answered_as_if_it_counted_either(user: User) -> None:
    user.do("POST", "/streak/update", key="tap")
    user.do("DELETE", "/streak/activities/tap")
    assert user.refusal("POST", "/streak/update", key="tap") == (409, "activity_undone")
    user.do("POST", "/streak/activities/tap/redo")
    again = user.ask("POST", "/streak/update", key="tap")
    assert (again.headers["Idempotent-Replayed"], again.json()["streak"]["current_streak"]) == ("true", 1)


@pytest.mark.parametrize(("method", "end"), [("DELETE", ""), ("POST", "/redo")])
def test_an_unknown_activity_cannot_be_undone_or_redone(user: User, other: User, method: str, end: str) -> None:
    other.record(activity_id="theirs")
    missing = (404, "activity_not_found")
    user.do("POST", "/streak/reset", key="no-activity")
    for activity_id in ("theirs", "a" * 1600, "__x__", "no-activity"):
        assert user.refusal(method, f"/streak/activities/{activity_id}{end}") == missing
    assert other.ask(method, f"/streak/activities/theirs{end}").status_code == 200


def test_an_activity_can_be_undone_and_redone_for_fourteen_days(user: User) -> None:
    user.record(activity_id="a")
    user.record(activity_id="b")
    last, after = "2026-03-16T09:00:00Z", "2026-03-17T04:00:00Z"
    too_late = (409, "undo_too_late")
    assert user.ask("DELETE", "/streak/activities/a", at=last).status_code == 200
    assert user.ask("POST", "/streak/activities/a/redo", at=last).status_code == 200
    assert user.ask("DELETE", "/streak/activities/a", at=last).status_code == 200
    assert user.refusal("POST", "/streak/activities/a/redo", at=after) == too_late
    assert user.refusal("DELETE", "/streak/activities/b", at=after) == too_late


def test_undoing_what_is_undone_is_fine_however_late(user: User) -> None:
    user.record(activity_id="a")
    user.do("DELETE", "/streak/activities/a")
    assert user.ask("DELETE", "/streak/activities/a", at="2026-04-20T09:00:00Z").status_code == 200


@pytest.mark.parametrize(
    ("occurred_at", "refused"),
    [
        ("2026-03-02T09:05:00Z", None),
        ("2026-03-02T09:05:01Z", "occurred_in_the_future"),
        ("2026-02-16T04:00:00Z", None),
        ("2026-02-16T03:59:59Z", "occurred_too_long_ago"),
    ],
)
def test_an_activity_may_be_a_bit_early_and_two_weeks_late(user: User, occurred_at: str, refused: str | None) -> None:
    answer = user.ask("POST", "/streak/activities", {**QUIZ, "occurred_at": occurred_at})
    assert answer.status_code == 201 if refused is None else problem(answer) == (422, refused)


def test_a_check_in_counts_once_a_day(user: User) -> None:
    first = user.ask("POST", "/streak/update")
    again = user.ask("POST", "/streak/update", {}, at="2026-03-02T20:00:00Z")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["activity"] == first.json()["activity"]
    assert again.json()["events"] == []
    assert again.headers["Idempotent-Replayed"] == "true"
    assert user.get("/calendar", days=1)["days"][0]["activity_count"] == 1
    tomorrow = user.do("POST", "/streak/update", at="2026-03-03T09:00:00Z")
    assert tomorrow["streak"]["current_streak"] == 2


def test_a_check_in_that_comes_again_shows_the_streak_as_it_is_now(user: User) -> None:
    first = user.ask("POST", "/streak/update", key="tap")
    user.record("quiz_completed", metadata=QUIZ["metadata"], at="2026-03-02T10:00:00Z")
    for key in ("tap", None, "another-tap"):
        again = user.ask("POST", "/streak/update", key=key, at="2026-03-02T20:00:00Z")
        assert again.headers["Idempotent-Replayed"] == "true"
        assert again.json()["activity"] == first.json()["activity"]
        told, streak = again.json()["streak"], user.get("/streak", at="2026-03-02T20:00:00Z")
        assert told["xp_total"] == 25
        assert told == {name: value for name, value in streak.items() if name != "offers"}


def test_one_key_checks_in_once_also_on_another_day(user: User) -> None:
    first = user.ask("POST", "/streak/update", key="tap", at="2026-03-03T03:59:59Z")
    again = user.ask("POST", "/streak/update", key="tap", at="2026-03-03T04:00:01Z")
    assert first.json()["activity"]["activity_id"] == "tap"
    assert (again.status_code, again.json()["activity"]) == (201, first.json()["activity"])
    assert again.json()["events"] == first.json()["events"]
    assert again.json()["streak"]["status"] == "pending"
    assert user.do("POST", "/streak/update", key="tap-2", at="2026-03-03T04:00:02Z")["streak"]["current_streak"] == 2


def test_a_key_of_a_check_in_that_was_none_is_kept_as_well(user: User) -> None:
    first = user.do("POST", "/streak/update")
    user.do("POST", "/streak/update", key="tap")
    late = user.ask("POST", "/streak/update", key="tap", at="2026-03-03T09:00:00Z")
    assert (late.headers["Idempotent-Replayed"], late.json()["activity"]) == ("true", first["activity"])
    assert late.json()["streak"]["status"] == "pending"


def test_a_check_in_is_recorded_once_more_after_a_reset(user: User) -> None:
    user.do("POST", "/streak/update")
    user.do("POST", "/streak/reset")
    second = user.ask("POST", "/streak/update")
    assert "Idempotent-Replayed" not in second.headers
    assert second.json()["streak"]["current_streak"] == 1
    assert user.ask("POST", "/streak/update").headers["Idempotent-Replayed"] == "true"
    assert user.get("/calendar", days=1)["days"][0]["activity_count"] == 2


def test_a_check_in_may_say_where_the_user_is(user: User) -> None:
    evening = "2026-03-03T05:00:00Z"
    answer = user.do("POST", "/streak/update", {"time_zone": "America/Los_Angeles"}, at=evening)
    assert (answer["activity"]["day"], answer["streak"]["today"]) == ("2026-03-02", "2026-03-02")
    assert (answer["streak"]["time_zone"], answer["streak"]["time_zone_known"]) == ("America/Los_Angeles", True)


@pytest.mark.parametrize("path", ["/streak/activities", "/streak/update"])
@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "utc", "../UTC", "a" * 65, 7])
def test_a_zone_that_is_none_records_nothing(user: User, path: str, zone: object) -> None:
    body = {"time_zone": zone} | ({} if path == "/streak/update" else QUIZ)
    assert wrong_fields(user.ask("POST", path, body)) == ["time_zone"]
    assert user.get("/streak")["created_at"] is None
    assert user.ask("POST", path, {**body, "time_zone": None}).status_code == 201


def test_an_activity_counts_on_the_day_that_the_calendar_showed_where_it_was(user: User) -> None:
    user.do("PATCH", "/streak/settings", {"time_zone": "America/Los_Angeles"})
    late = {"activity_type": "study_guide_completed", "occurred_at": "2026-03-01T20:00:00Z"}
    assert user.do("POST", "/streak/activities", late)["activity"]["day"] == "2026-03-01"
    there = user.do("POST", "/streak/activities", {**late, "time_zone": "Asia/Tokyo"})
    assert there["activity"]["day"] == "2026-03-02"


def test_the_zone_is_part_of_the_content(user: User) -> None:
    user.do("POST", "/streak/activities", {**QUIZ, "time_zone": "Asia/Tokyo"}, key="k")
    again = user.ask("POST", "/streak/activities", {**QUIZ, "time_zone": "Asia/Tokyo"}, key="k")
    assert again.headers["Idempotent-Replayed"] == "true"
    for other in (QUIZ, {**QUIZ, "time_zone": "UTC"}):
        assert user.refusal("POST", "/streak/activities", other, key="k") == (422, "idempotency_key_reused")


def test_a_check_in_can_be_undone_and_made_again(user: User) -> None:
    activity_id = user.do("POST", "/streak/update")["activity"]["activity_id"]
    assert user.do("DELETE", f"/streak/activities/{activity_id}")["streak"]["current_streak"] == 0
    again = user.do("POST", "/streak/update")
    assert again["activity"]["activity_id"] != activity_id
    assert again["streak"]["current_streak"] == 1


def test_a_streak_is_created_exactly_once(user: User) -> None:
    assert user.get("/streak")["streak_created"] is False
    first = user.record()
    assert first["streak"]["streak_created"] is True
    assert first["streak"]["created_at"] == user.now
    assert user.record()["streak"]["streak_created"] is False
    assert user.do("POST", "/streak/reset")["streak"]["streak_created"] is False
    assert user.get("/streak")["streak_created"] is False


@pytest.mark.parametrize("path", QUESTIONS)
def test_asking_creates_nothing(user: User, path: str) -> None:
    user.get(path)
    assert user.ask("HEAD", path).status_code == 200
    assert user.get("/streak")["created_at"] is None
    assert user.record()["streak"]["streak_created"] is True


def test_a_command_that_changes_nothing_creates_nothing(user: User) -> None:
    for method, path in (("DELETE", "/streak/pause"), ("DELETE", "/streak/freezes/2026-03-02")):
        answer = user.do(method, path)
        assert answer["streak"]["streak_created"] is False
        assert answer["streak"]["created_at"] is None
