"""Undo and redo, resets that are taken back, pauses with ids, and keys that are kept: each with its nearest refusal."""

from __future__ import annotations

from dataclasses import replace

import pytest

from streak_core.domain.commands import (
    ChangeSettings,
    CheckIn,
    NothingChanged,
    RecordActivity,
    RedoActivity,
    ResumeStreak,
    UndoActivity,
)
from streak_core.domain.errors import Malformed
from testing.pure_user import PureUser
from tests.support.in_march import active_on, at, did, refused, streak
from tests.support.shipped_policy import POLICY, RULES


def current(user: PureUser, day: int) -> int:
    number: int = user.step({"at": at(day), "do": "get_streak"})["current_streak"]
    return number


def test_what_is_redone_is_as_it_was_and_redoing_what_is_not_undone_changes_nothing() -> None:
    user = active_on(2, 3)
    before = user.step({"at": at(3), "do": "get_streak"})
    state = user.streak
    user.step({"at": at(3), "do": "redo", "activity_id": "a3"})
    assert user.streak == state
    user.step({"at": at(3), "do": "undo", "activity_id": "a3"})
    assert current(user, 3) == 1
    user.step({"at": at(3), "do": "redo", "activity_id": "a3"})
    assert {**user.step({"at": at(3), "do": "get_streak"}), "updated_at": 0} == {**before, "updated_at": 0}
    assert refused(user, at=at(3), do="redo", activity_id="a4") == "activity_not_found"


@pytest.mark.parametrize("time_zone", [None, "Asia/Tokyo"])
def test_what_the_streak_does_not_have_is_not_taken_from_it(time_zone: str | None) -> None:
    """As where a user's document was deleted and another one begun over the ledger that was left."""
    user = active_on(2)
    user.streak = None
    did(user, 3)
    if time_zone:
        user.step({"at": at(3), "do": "set_time_zone", "time_zone": time_zone})
    assert refused(user, at=at(3), do="undo", activity_id="a2") == "user_incomplete"
    did(user, 3, "late", occurred_at=at(2, 10))
    assert current(user, 3) == 2
    user.step({"at": at(3), "do": "undo", "activity_id": "a3"})
    assert current(user, 3) == 1


def test_an_undone_id_is_refused_and_with_other_content_it_is_a_reused_key() -> None:
    user = active_on(2)
    user.step({"at": at(2), "do": "undo", "activity_id": "a2"})
    assert refused(user, at=at(2), do="record", activity_id="a2", activity_type="study_guide_completed") == (
        "activity_undone"
    )
    assert refused(user, at=at(2), do="record", activity_id="a2", activity_type="check_in") == "idempotency_key_reused"


def test_a_full_day_takes_no_redo() -> None:
    limits = POLICY.limits.model_copy(update={"activities_per_day_max": 2})
    user = PureUser(POLICY.model_copy(update={"limits": limits}))
    did(user, 2)
    user.step({"at": at(2), "do": "undo", "activity_id": "a2"})
    did(user, 2, "b")
    assert [one["kind"] for one in user.step({"at": at(2), "do": "get_offers"})] == ["redo"]
    did(user, 2, "c")
    assert user.step({"at": at(2), "do": "get_offers"}) == []
    assert refused(user, at=at(2), do="redo", activity_id="a2") == "too_many_activities"


def test_two_redos_are_offered_only_as_far_as_their_day_has_room() -> None:
    limits = POLICY.limits.model_copy(update={"activities_per_day_max": 2})
    user = PureUser(POLICY.model_copy(update={"limits": limits}))
    for name in ("a", "b"):
        did(user, 2, name)
        user.step({"at": at(2), "do": "undo", "activity_id": f"{name}2"})
    did(user, 2, "c")
    assert [one["activity_id"] for one in user.step({"at": at(2), "do": "get_offers"})] == ["b2"]


def test_the_last_resets_are_taken_back_one_after_the_other() -> None:
    user = active_on(2, 3)
    user.step({"at": at(3), "do": "reset"})
    did(user, 3, "b")
    user.step({"at": at(3, 10), "do": "reset"})
    assert current(user, 3) == 0
    user.step({"at": at(3, 10), "do": "take_reset_back"})
    assert current(user, 3) == 1
    restored = user.step({"at": at(3, 10), "do": "take_reset_back"})
    assert current(user, 3) == 2
    assert [one["type"] for one in restored["events"]] == ["streak_restored"]
    assert refused(user, at=at(3, 10), do="take_reset_back") == "nothing_to_take_back"


def test_a_reset_can_be_taken_back_for_fourteen_days_and_not_on_the_fifteenth() -> None:
    for day, code in [(17, None), (18, "nothing_to_take_back")]:
        user = active_on(2, 3)
        user.step({"at": at(3), "do": "reset"})
        step = {"at": at(day), "do": "take_reset_back"}
        assert refused(user, **step) == code if code else user.step(step)


def test_many_resets_of_one_day_are_kept_apart_as_far_as_ten() -> None:
    user = PureUser(POLICY)
    for number in range(12):
        did(user, 2, f"n{number}.")
        user.step({"at": at(2), "do": "reset"})
    assert user.streak
    [record] = user.streak.tail.values()
    assert len(record.resets) == 10
    # The first ones became one, which none of the activities since has left.
    assert sum(mark.counted for mark in record.resets) == 11
    assert user.step({"at": at(2), "do": "get_streak"})["longest_streak"] == 1


def test_the_streak_before_more_resets_than_are_kept_apart_stays_ended_by_the_first() -> None:
    user = active_on(2, 3)
    for number in range(12):
        user.step({"at": at(4), "do": "reset"})
        did(user, 4, f"n{number}.")
    now = user.step({"at": at(4), "do": "get_streak"})
    assert (now["current_streak"], now["longest_streak"], now["run_started_on"]) == (1, 2, "2026-03-04")
    # Ten are taken back; the first ones are one by now.
    for _ in range(10):
        user.step({"at": at(4), "do": "take_reset_back"})
    assert user.step({"at": at(4), "do": "get_streak"})["current_streak"] == 3


def test_a_pause_is_ended_by_its_id_and_an_unknown_one_is_refused() -> None:
    user = active_on(2, 3)
    for first, last in [("04", "06"), ("08", "09")]:
        user.step({"at": at(2), "do": "add_pause", "from": f"2026-03-{first}", "until": f"2026-03-{last}"})
    later = user.step({"at": at(2), "do": "get_pauses"})["pauses"][1]
    user.step({"at": at(5), "do": "end_pause", "pause_id": later["pause_id"]})
    assert [one["from"] for one in user.step({"at": at(5), "do": "get_pauses"})["pauses"]] == ["2026-03-04"]
    state = user.streak
    user.step({"at": at(5), "do": "end_pause", "pause_id": later["pause_id"]})
    assert user.streak == state
    assert refused(user, at=at(5), do="end_pause", pause_id="pause-7") == "pause_not_found"
    # Without an id the running one: today stays excused, and ending it again changes nothing.
    user.step({"at": at(5), "do": "resume"})
    state = user.streak
    user.step({"at": at(5), "do": "resume"})
    assert user.streak == state
    assert user.step({"at": at(5), "do": "get_streak"})["status"] == "protected"
    assert user.step({"at": at(6), "do": "get_streak"})["status"] == "pending"


def test_so_many_pauses_can_be_open_and_one_more_is_refused() -> None:
    user = active_on(1)
    for number in range(POLICY.pause.open_max):
        day = f"2026-04-{2 + 2 * number:02d}"
        user.step({"at": at(1), "do": "add_pause", "from": day, "until": day})
    more = {"at": at(1), "do": "add_pause", "from": "2026-05-01", "until": "2026-05-01"}
    assert refused(user, **more) == "too_many_pauses"
    # One that is there is no other one.
    user.step({**more, "from": "2026-04-02", "until": "2026-04-02"})
    user.step({"at": at(1), "do": "resume"})
    user.step(more)


def test_the_key_of_a_command_that_changed_nothing_is_kept_and_its_retry_changes_nothing_later() -> None:
    user = active_on(2)
    first = user.step({"at": at(2), "do": "resume", "key": "k"})
    assert isinstance(user.ledger["activity.k"].entry.content, NothingChanged)
    user.step({"at": at(2), "do": "pause", "from": "2026-03-03", "until": "2026-03-05"})
    assert user.step({"at": at(3), "do": "resume", "key": "k"}) == first
    assert user.step({"at": at(3), "do": "get_streak"})["status"] == "protected"
    assert refused(user, at=at(3), do="reset", key="k") == "idempotency_key_reused"
    assert refused(user, at=at(3), do="record", activity_id="k", activity_type="check_in") == "idempotency_key_reused"


def test_a_reset_with_a_key_that_found_nothing_to_reset_does_not_reset_what_came_since() -> None:
    user = active_on(2)
    user.step({"at": at(2), "do": "reset"})
    user.step({"at": at(2), "do": "reset", "key": "again"})
    did(user, 2, "b")
    user.step({"at": at(2), "do": "reset", "key": "again"})
    assert current(user, 2) == 1


def test_the_key_of_a_check_in_never_counts_another_day() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2), "do": "check_in", "key": "morning"})
    again = user.step({"at": at(2, 20), "do": "check_in", "key": "evening"})
    assert (again["activity"]["activity_id"], again["events"]) == ("morning", [])
    for key in ("morning", "evening"):
        told = user.step({"at": at(3), "do": "check_in", "key": key})
        assert told["activity"]["activity_id"] == "morning"
        assert told["streak"]["today"] == "2026-03-03"
    assert current(user, 3) == 1
    user.step({"at": at(3), "do": "undo", "activity_id": "morning"})
    for key in ("morning", "evening"):
        assert refused(user, at=at(3), do="check_in", key=key) == "activity_undone"


def test_a_command_without_content_of_its_own_says_so() -> None:
    assert ResumeStreak().request() == {}
    assert ResumeStreak(pause_id="p").request() == {"pause_id": "p"}
    redo = RedoActivity(activity_id="a")
    assert redo.request() == {"activity_id": "a"}
    assert redo.reads() == UndoActivity(activity_id="a").reads()


def test_a_command_that_says_a_zone_is_another_one_than_the_same_without() -> None:
    guide = RecordActivity(activity_id="a", activity_type="study_guide_completed", metadata={}, time_zone="Asia/Tokyo")
    for command in (guide, CheckIn(time_zone="Asia/Tokyo"), ChangeSettings(time_zone="Asia/Tokyo")):
        assert command.request()["time_zone"] == "Asia/Tokyo"
        with pytest.raises(Malformed):
            replace(command, time_zone="Mars/Base").check(RULES)
    user = active_on(2)
    assert refused(user, at=at(2), do="record", activity_id="a2", activity_type="study_guide_completed",
                   time_zone="UTC") == "idempotency_key_reused"  # fmt: skip


def test_an_undone_activity_that_did_not_count_is_nothing_to_offer() -> None:
    user = active_on(2)
    did(user, 2, "none", activity_type="flashcard_set_completed", metadata={"correct": 1})
    user.step({"at": at(2), "do": "undo", "activity_id": "none2"})
    assert user.step({"at": at(2), "do": "get_offers"}) == []


def test_between_two_resets_of_a_day_a_streak_of_one_was_there() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2), "do": "reset"})
    did(user, 2)
    user.step({"at": at(2), "do": "reset"})
    assert (streak(user, 2)["current_streak"], streak(user, 2)["longest_streak"]) == (0, 1)
