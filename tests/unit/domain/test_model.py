"""The reference model against the worked tables, and against corners of readings.md worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from testing.reference.answers import as_told
from testing.reference.events import KINDS
from testing.reference.policy import Refused
from testing.reference.user import ReferenceUser
from testing.scenarios import TABLES, difference, steps_of
from tests.support.model_user import earn, give, refusal, study, utc, verdicts


@pytest.mark.parametrize("name", TABLES)
def test_the_model_answers_as_the_table_says(name: str) -> None:
    user = ReferenceUser()
    for number, step in enumerate(steps_of(TABLES[name])):
        told = f"step {number}: {step['do']} at {step['at']}"
        if "expect_refused" in step:
            with pytest.raises(Refused) as refused:
                user.step(step)
            assert refused.value.code == step["expect_refused"], told
            continue
        got = as_told(user.step(step))
        assert difference(expected_of_the_model(step), got) is None, told


def expected_of_the_model(step: dict[str, Any]) -> Any:
    """What a table expects, without the events and reasons that the model does not tell; it has no job either."""
    expected = step.get("expect", {})
    if step["do"] == "get_explain":
        return [{name: told for name, told in row.items() if name != "because"} for row in expected]
    if step["do"] == "maintenance":
        return None
    if "events" not in expected:
        return expected
    return {**expected, "events": [one for one in expected["events"] if one["type"] in KINDS]}


def test_a_late_activity_for_the_day_of_the_reset_starts_the_new_run() -> None:
    user = ReferenceUser()
    study(user, "2026-03-02T09:00:00Z")
    give(user, "2026-03-03T10:00:00Z", "reset")
    study(user, "2026-03-04T09:00:00Z", occurred_at="2026-03-03T08:00:00Z")
    streak = give(user, "2026-03-04T09:01:00Z", "get_streak")
    assert (streak["current_streak"], streak["longest_streak"]) == (1, 1)
    assert streak["run_started_on"] == "2026-03-03"


def test_a_late_activity_for_a_day_before_the_reset_only_makes_longest_longer() -> None:
    user = ReferenceUser()
    study(user, "2026-03-02T09:00:00Z")
    study(user, "2026-03-04T09:00:00Z")
    give(user, "2026-03-04T10:00:00Z", "reset")
    study(user, "2026-03-04T11:00:00Z")
    study(user, "2026-03-04T12:00:00Z", occurred_at="2026-03-03T12:00:00Z")
    streak = give(user, "2026-03-04T13:00:00Z", "get_streak")
    assert (streak["current_streak"], streak["longest_streak"]) == (1, 3)


def test_every_reset_of_a_day_ends_the_run_before_it() -> None:
    user = ReferenceUser()
    study(user, "2026-03-02T09:00:00Z")
    study(user, "2026-03-03T09:00:00Z")
    give(user, "2026-03-04T09:00:00Z", "reset")
    study(user, "2026-03-04T10:00:00Z")
    give(user, "2026-03-04T11:00:00Z", "reset")
    streak = give(user, "2026-03-04T12:00:00Z", "get_streak")
    assert (streak["current_streak"], streak["longest_streak"], streak["status"]) == (0, 2, "none")


def test_no_freeze_is_spent_on_the_day_of_a_reset_without_activity() -> None:
    user = ReferenceUser(freezes_at_start=1)
    study(user, "2026-03-02T09:00:00Z")
    give(user, "2026-03-03T10:00:00Z", "reset")
    assert verdicts(user, "2026-03-04T09:00:00Z")["2026-03-03"] == "missed"
    assert give(user, "2026-03-04T09:00:00Z", "get_streak")["freezes_available"] == 1


def test_a_freeze_is_earned_on_the_day_that_crosses_not_on_the_day_it_arrives() -> None:
    user = ReferenceUser()
    earn(user, "2026-03-02T09:00:00Z", 9)
    study(user, "2026-03-02T10:00:00Z")
    study(user, "2026-03-02T11:00:00Z")
    study(user, "2026-03-03T09:00:00Z")
    study(user, "2026-03-05T09:00:00Z")
    assert verdicts(user, "2026-03-05T10:00:00Z")["2026-03-04"] == "missed"
    assert give(user, "2026-03-05T10:00:00Z", "get_streak")["freezes_available"] == 1
    study(user, "2026-03-05T11:00:00Z", occurred_at="2026-03-03T11:00:00Z")
    assert verdicts(user, "2026-03-05T12:00:00Z")["2026-03-04"] == "frozen"
    streak = give(user, "2026-03-05T12:00:00Z", "get_streak")
    assert (streak["current_streak"], streak["freezes_available"]) == (3, 0)


def test_a_pause_covers_its_first_and_its_last_day() -> None:
    user = ReferenceUser()
    study(user, "2026-03-02T09:00:00Z")
    give(user, "2026-03-02T10:00:00Z", "pause", **{"from": "2026-03-03", "until": "2026-03-04"})
    seen = verdicts(user, "2026-03-06T09:00:00Z")
    assert [seen[f"2026-03-0{n}"] for n in (3, 4, 5)] == ["paused", "paused", "missed"]
    assert give(user, "2026-03-02T11:00:00Z", "get_streak")["expires_at"] == utc("2026-03-06T04:00:00Z")


def test_a_pause_may_last_ninety_days_counting_both_ends() -> None:
    user = ReferenceUser()
    now = "2026-03-02T09:00:00Z"
    assert refusal(user, now, "pause", **{"from": "2026-03-02", "until": "2026-05-31"}) == "pause_too_long"
    assert refusal(user, now, "pause", **{"from": "2026-03-02", "until": "2026-05-30"}) is None
    assert refusal(user, now, "pause", **{"from": "2026-03-02", "until": "2026-05-30"}) is None
    assert refusal(user, now, "pause", **{"from": "2026-05-30", "until": "2026-05-30"}) == "already_paused"
    assert refusal(user, now, "pause", **{"from": "2026-03-02", "until": "2026-03-01"}) == "invalid_request"


def missed_yesterday(freezes: int) -> ReferenceUser:
    user = ReferenceUser(freezes_at_start=freezes)
    give(user, "2026-03-02T08:00:00Z", "set_auto_freeze", on=False)
    study(user, "2026-03-02T09:00:00Z")
    return user


def test_yesterday_can_be_frozen_by_hand_when_a_freeze_would_have_bridged_it() -> None:
    user = missed_yesterday(freezes=1)
    give(user, "2026-03-04T09:00:00Z", "plan_freeze", date="2026-03-03")
    give(user, "2026-03-04T09:01:00Z", "plan_freeze", date="2026-03-03")
    assert verdicts(user, "2026-03-04T10:00:00Z")["2026-03-03"] == "frozen"
    streak = give(user, "2026-03-04T10:00:00Z", "get_streak")
    assert (streak["current_streak"], streak["freezes_available"]) == (1, 0)


def test_yesterday_is_not_frozen_by_hand_where_that_would_help_nobody() -> None:
    at = "2026-03-04T09:00:00Z"
    assert refusal(missed_yesterday(0), at, "plan_freeze", date="2026-03-03") == "no_freeze_available"
    later = "2026-03-05T09:00:00Z"
    assert refusal(missed_yesterday(1), later, "plan_freeze", date="2026-03-04") == "nothing_to_protect"
    assert refusal(ReferenceUser(), at, "plan_freeze", date="2026-03-03") == "nothing_to_protect"


def test_undoing_the_first_counted_day_moves_the_first_counted_day_on() -> None:
    user = ReferenceUser()
    study(user, "2026-03-02T09:00:00Z", key="first")
    study(user, "2026-03-04T09:00:00Z")
    give(user, "2026-03-04T10:00:00Z", "undo", activity_id="first")
    assert verdicts(user, "2026-03-05T09:00:00Z") == {"2026-03-04": "active", "2026-03-05": "pending"}


def test_rest_days_set_today_hold_from_tomorrow() -> None:
    user = ReferenceUser()
    study(user, "2026-03-06T09:00:00Z")
    give(user, "2026-03-07T09:00:00Z", "set_rest_weekdays", weekdays=["saturday", "sunday"])
    seen = verdicts(user, "2026-03-09T09:00:00Z")
    assert (seen["2026-03-07"], seen["2026-03-08"]) == ("missed", "rest")


def test_a_clock_behind_the_last_command_counts_as_its_moment() -> None:
    user = ReferenceUser()
    study(user, "2026-03-03T04:00:00Z")
    assert study(user, "2026-03-03T03:00:00Z")["day"] == "2026-03-03"
    assert give(user, "2026-03-01T00:00:00Z", "get_streak")["today"] == "2026-03-03"


def test_a_protected_window_covers_every_day_it_touches() -> None:
    window = (utc("2026-03-04T03:59:59Z"), utc("2026-03-05T04:00:00Z"))
    user = ReferenceUser(protected_windows=[window])
    study(user, "2026-03-02T09:00:00Z")
    seen = verdicts(user, "2026-03-06T09:00:00Z")
    assert [seen[f"2026-03-0{n}"] for n in (3, 4, 5)] == ["amnesty", "amnesty", "missed"]


def test_checking_in_today_counts_once_and_again_after_an_undo() -> None:
    user = ReferenceUser()
    give(user, "2026-03-02T09:00:00Z", "check_in")
    give(user, "2026-03-02T10:00:00Z", "check_in")
    assert give(user, "2026-03-02T11:00:00Z", "get_calendar", days=1)[0]["activity_count"] == 1
    for made in list(user.history.activities):
        give(user, "2026-03-02T12:00:00Z", "undo", activity_id=made)
    give(user, "2026-03-02T13:00:00Z", "check_in")
    assert give(user, "2026-03-02T14:00:00Z", "get_streak")["current_streak"] == 1


def test_the_bonus_of_the_following_week_holds_for_that_week_only() -> None:
    user = ReferenceUser(bonus_window="following_week")
    for kind, metadata in {
        "flashcard_set_completed": {"correct": 10},
        "quiz_completed": {"difficulty": "easy", "score": 60},
        "evaluation_completed": {"grade": 1},
        "study_guide_completed": {},
    }.items():
        give(
            user,
            "2026-03-02T09:00:00Z",
            "record",
            activity_id=kind,
            activity_type=kind,
            metadata=metadata,
        )
    awarded = [study(user, f"2026-03-{day}T09:00:00Z")["xp_awarded"] for day in ("03", "09", "15", "16")]
    assert awarded == [15, 22, 22, 15]


def test_an_undone_id_stays_used_and_is_redone() -> None:
    user = ReferenceUser()
    study(user, "2026-03-02T09:00:00Z", key="a")
    give(user, "2026-03-02T10:00:00Z", "undo", activity_id="a")
    again = {"activity_id": "a", "activity_type": "study_guide_completed"}
    assert refusal(user, "2026-03-03T09:00:00Z", "record", **again) == "activity_undone"
    assert give(user, "2026-03-03T10:00:00Z", "get_streak")["xp_total"] == 0
    other = {"activity_id": "a", "activity_type": "check_in"}
    assert refusal(user, "2026-03-03T09:00:00Z", "record", **other) == "idempotency_key_reused"
    give(user, "2026-03-03T11:00:00Z", "redo", activity_id="a")
    assert give(user, "2026-03-03T12:00:00Z", "get_streak")["xp_total"] == 15


def test_undo_is_too_late_fifteen_days_after_unless_it_is_undone_already() -> None:
    user = ReferenceUser()
    study(user, "2026-03-02T09:00:00Z", key="kept")
    study(user, "2026-03-02T09:00:00Z", key="undone")
    give(user, "2026-03-16T09:00:00Z", "undo", activity_id="undone")
    assert refusal(user, "2026-03-17T09:00:00Z", "undo", activity_id="kept") == "undo_too_late"
    assert refusal(user, "2026-03-17T09:00:00Z", "undo", activity_id="undone") is None


def test_a_command_that_changes_nothing_does_not_move_the_time_unless_it_has_a_key_to_keep() -> None:
    user = ReferenceUser("UTC")
    study(user, "2026-03-02T09:00:00Z", key="a")
    study(user, "2026-03-09T09:00:00Z", key="a")
    give(user, "2026-03-09T09:00:00Z", "maintenance")
    give(user, "2026-03-09T09:00:00Z", "resume")
    assert give(user, "2026-03-02T10:00:00Z", "get_streak")["today"] == "2026-03-02"
    give(user, "2026-03-09T09:00:00Z", "resume", key="k")
    assert give(user, "2026-03-02T10:00:00Z", "get_streak")["today"] == "2026-03-09"
    assert refusal(user, "2026-03-09T10:00:00Z", "reset", key="k") == "idempotency_key_reused"


def away_for_an_hour(*steps: tuple[str, str, dict[str, Any]]) -> ReferenceUser:
    """From London to Tokyo and back within an hour, with something else in between."""
    user = ReferenceUser("Europe/London")
    study(user, "2026-01-05T15:00:00Z")
    give(user, "2026-01-05T20:00:00Z", "set_time_zone", time_zone="Asia/Tokyo")
    for at, do, content in steps:
        give(user, at, do, **content)
    give(user, "2026-01-05T21:00:00Z", "set_time_zone", time_zone="Europe/London")
    return user


STUDIED = {"activity_id": "b", "activity_type": "study_guide_completed"}


@pytest.mark.parametrize(
    ("between", "today"),
    [
        ([], "2026-01-05"),
        ([("2026-01-05T20:30:00Z", "resume", {"key": "k"})], "2026-01-05"),
        ([("2026-01-05T20:30:00Z", "record", {**STUDIED, "occurred_at": "2026-01-05T19:59:00Z"})], "2026-01-05"),
        ([("2026-01-05T20:30:00Z", "record", {**STUDIED, "occurred_at": "2026-01-05T20:00:00Z"})], "2026-01-06"),
        ([("2026-01-05T20:30:00Z", "set_auto_freeze", {"on": False})], "2026-01-06"),
    ],
)
def test_a_change_is_taken_back_where_nothing_but_a_note_or_what_was_before_it_came_in_between(
    between: list[tuple[str, str, dict[str, Any]]], today: str
) -> None:
    assert give(away_for_an_hour(*between), "2026-01-05T21:01:00Z", "get_streak")["today"] == today


@pytest.mark.parametrize(("since", "today"), [("14:59", "2026-01-06"), ("15:00", "2026-01-05")])
def test_an_activity_that_occurred_since_the_change_is_in_between_also_where_the_change_is_told_later(
    since: str, today: str
) -> None:
    user = ReferenceUser("Europe/London")
    study(user, "2026-01-05T15:00:00Z")
    give(user, "2026-01-05T20:00:00Z", "set_time_zone", time_zone="Asia/Tokyo", since=f"2026-01-05T{since}:00Z")
    give(user, "2026-01-05T20:01:00Z", "set_time_zone", time_zone="Europe/London")
    assert give(user, "2026-01-05T20:02:00Z", "get_streak")["today"] == today


def test_a_pause_is_ended_by_its_id_or_told_by_its_first_day() -> None:
    for told in ({"pause_id": "pause-1"}, {"from": "2026-03-05"}):
        user = ReferenceUser()
        give(user, "2026-03-02T09:00:00Z", "add_pause", **{"from": "2026-03-05", "until": "2026-03-06"})
        (listed,) = give(user, "2026-03-02T09:00:00Z", "get_pauses")
        assert listed == {"pause_id": "pause-1", "from": "2026-03-05", "until": "2026-03-06"}
        give(user, "2026-03-02T10:00:00Z", "end_pause", **told)
        assert give(user, "2026-03-02T10:00:00Z", "get_pauses") == []
        # By its id that can be asked for again; no day tells it any more.
        assert refusal(user, "2026-03-02T10:00:00Z", "end_pause", **{"from": "2026-03-05"}) == "pause_not_found"
        assert refusal(user, "2026-03-02T10:00:00Z", "end_pause", pause_id="pause-2") == "pause_not_found"
        give(user, "2026-03-02T10:00:00Z", "end_pause", pause_id="pause-1")
