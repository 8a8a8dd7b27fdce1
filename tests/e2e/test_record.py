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
    moved = {"updated_at", "streak_created"}
    assert {name: value for name, value in answer["streak"].items() if name not in moved} == {
        name: value for name, value in before.items() if name not in moved
    }


def test_undoing_twice_is_undoing_once(user: User) -> None:
    user.record(activity_id="a")
    first = user.do("DELETE", "/streak/activities/a")
    assert user.do("DELETE", "/streak/activities/a", {})["streak"] == first["streak"]


def test_an_undone_id_stays_used(user: User) -> None:
    first = user.record(activity_id="a")
    user.do("DELETE", "/streak/activities/a")
    assert user.record(activity_id="a") == first
    assert user.get("/streak")["current_streak"] == 0


def test_an_unknown_activity_cannot_be_undone(user: User, other: User) -> None:
    other.record(activity_id="theirs")
    missing = (404, "activity_not_found")
    assert user.refusal("DELETE", "/streak/activities/theirs") == missing
    assert user.refusal("DELETE", f"/streak/activities/{'a' * 1600}") == missing
    assert user.refusal("DELETE", "/streak/activities/__x__") == missing
    assert other.ask("DELETE", "/streak/activities/theirs").status_code == 200


def test_an_activity_can_be_undone_for_seven_days(user: User) -> None:
    user.record(activity_id="a")
    user.record(activity_id="b")
    assert user.refusal("DELETE", "/streak/activities/a", at="2026-03-10T09:00:00Z") == (409, "undo_too_late")


def test_an_activity_can_be_undone_on_the_seventh_day(user: User) -> None:
    user.record(activity_id="a")
    assert user.ask("DELETE", "/streak/activities/a", at="2026-03-09T09:00:00Z").status_code == 200


@pytest.mark.parametrize(
    ("occurred_at", "refused"),
    [
        ("2026-03-02T09:05:00Z", None),
        ("2026-03-02T09:05:01Z", "occurred_in_the_future"),
        ("2026-02-23T04:00:00Z", None),
        ("2026-02-23T03:59:59Z", "occurred_too_long_ago"),
    ],
)
def test_an_activity_may_be_a_little_early_and_a_week_late(user: User, occurred_at: str, refused: str | None) -> None:
    answer = user.ask("POST", "/streak/activities", {**QUIZ, "occurred_at": occurred_at})
    assert answer.status_code == 201 if refused is None else problem(answer) == (422, refused)


def test_a_check_in_counts_once_a_day(user: User) -> None:
    first = user.ask("POST", "/streak/update")
    again = user.ask("POST", "/streak/update", {}, at="2026-03-02T20:00:00Z")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert user.get("/calendar", days=1)["days"][0]["activity_count"] == 1
    tomorrow = user.do("POST", "/streak/update", at="2026-03-03T09:00:00Z")
    assert tomorrow["streak"]["current_streak"] == 2


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
