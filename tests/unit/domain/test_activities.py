"""Recording an activity and undoing it: each with its nearest refusal, and what it leaves behind."""

from __future__ import annotations

from datetime import timedelta

import pytest

from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.rules import always
from testing.pure_user import PureUser
from tests.support.in_march import accepted, active_on, at, did, refused, streak, verdicts
from tests.support.shipped_policy import POLICY


def test_an_activity_exactly_five_minutes_ahead_counts_as_now_and_a_second_more_is_refused() -> None:
    user = PureUser(POLICY)
    did(user, 2, occurred_at="2026-03-02T09:05:00+00:00")
    content = user.ledger["activity.a2"].entry.content
    assert isinstance(content, ActivityRecorded)
    assert content.activity.occurred_at.isoformat() == at(2)
    assert refused(user, at=at(2), do="record", activity_id="b", activity_type="check_in",
                   occurred_at="2026-03-02T09:05:01+00:00") == "occurred_in_the_future"  # fmt: skip


def test_the_same_id_with_other_content_is_refused_and_with_the_same_instant_in_another_offset_is_not() -> None:
    user = PureUser(POLICY)
    first = did(user, 2, occurred_at="2026-03-02T08:00:00+00:00")
    assert did(user, 2, occurred_at="2026-03-02T09:00:00+01:00") == first
    assert refused(user, at=at(2), do="record", activity_id="a2", activity_type="study_guide_completed",
                   occurred_at="2026-03-02T08:00:01+00:00") == "idempotency_key_reused"  # fmt: skip


@pytest.mark.parametrize("do", ["undo", "redo"])
def test_an_activity_can_be_undone_and_redone_for_fourteen_days_and_not_on_the_fifteenth(do: str) -> None:
    for day, code in [(16, None), (17, "undo_too_late")]:
        user = active_on(2)
        if do == "redo":
            user.step({"at": at(2), "do": "undo", "activity_id": "a2"})
        step = {"at": at(day), "do": do, "activity_id": "a2"}
        assert refused(user, **step) == code if code else accepted(user, **step)
    assert refused(PureUser(POLICY), at=at(2), do="undo", activity_id="a2") == "activity_not_found"


def test_the_late_undo_of_what_is_undone_changes_nothing() -> None:
    user = active_on(2)
    user.step({"at": at(3), "do": "undo", "activity_id": "a2"})
    state = user.streak
    user.step({"at": at(28), "do": "undo", "activity_id": "a2"})
    assert user.streak == state


def test_an_undo_around_resets_takes_from_the_run_that_the_activity_was_in() -> None:
    user = active_on(1)
    did(user, 2, "before")
    user.step({"at": at(2), "do": "reset"})
    did(user, 2, "between")
    user.step({"at": at(2), "do": "reset"})
    did(user, 2, "since")
    assert (streak(user, 2)["current_streak"], streak(user, 2)["longest_streak"]) == (1, 2)
    user.step({"at": at(2), "do": "undo", "activity_id": "since2"})
    assert (streak(user, 2)["current_streak"], streak(user, 2)["longest_streak"]) == (0, 2)
    user.step({"at": at(2), "do": "undo", "activity_id": "before2"})
    assert streak(user, 2)["longest_streak"] == 1
    user.step({"at": at(2), "do": "undo", "activity_id": "between2"})
    assert (streak(user, 2)["longest_streak"], verdicts(user, 2, 1)) == (1, ["pending"])


def test_what_is_malformed_is_refused_before_a_used_key_is_looked_at() -> None:
    user = active_on(2)
    wrong = {"at": at(2), "do": "record", "activity_id": "a2", "activity_type": "check_in", "metadata": {"x": 1}}
    assert refused(user, **wrong) == "invalid_request"
    assert refused(user, **{**wrong, "metadata": {}}) == "idempotency_key_reused"


def test_what_is_decided_for_good_takes_no_activity_and_no_undo_also_by_a_policy_that_is_more_patient() -> None:
    user = active_on(*range(2, 31))
    patient = POLICY.activities.model_copy(update={"late_days_max": 30, "undo_days_max": 30})
    user.rules = always(POLICY.model_copy(update={"activities": patient}))
    assert user.streak
    before, first_open = user.streak, user.streak.checkpoint.next_day
    sealed = first_open - timedelta(days=1)
    late = {"at": at(30), "do": "record", "activity_type": "study_guide_completed"}
    noon = "T12:00:00+00:00"
    assert refused(user, **late, activity_id="late", occurred_at=f"{sealed}{noon}") == "occurred_too_long_ago"
    assert refused(user, at=at(30), do="undo", activity_id=f"a{sealed.day}") == "undo_too_late"
    assert user.streak == before
    user.step({**late, "activity_id": "open", "occurred_at": f"{first_open}{noon}"})
    user.step({"at": at(30), "do": "undo", "activity_id": f"a{first_open.day}"})
    assert user.streak.seq == before.seq + 2
