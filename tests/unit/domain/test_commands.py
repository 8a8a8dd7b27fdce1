"""Each command with its nearest refusal, and what it leaves behind."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from streak_core.domain.commands import (
    ActivityRecorded,
    ChangeSettings,
    CheckIn,
    PauseStreak,
    RecordActivity,
    ResetStreak,
    UndoActivity,
)
from streak_core.domain.commands.settings import settings_now
from streak_core.domain.days import ZoneLine
from streak_core.domain.errors import Malformed, StreakError
from streak_core.domain.events import EventKind, settle
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.model import Pause
from streak_core.domain.policy import Policy, parse_policy
from streak_core.domain.refusals import TooManyZoneChanges
from streak_core.domain.rules import always
from streak_core.domain.settings_history import with_zones_replaced
from streak_core.domain.zone_statements import STRETCHES_MAX
from streak_core.explained import explain_response
from streak_core.responses import settings_response
from testing.pure_user import PureUser
from testing.scenario_commands import command_of
from testing.steps import Step
from tests.support.shipped_policy import POLICY, RULES, TEXT


def at(day: int, hour: int = 9, month: int = 3) -> str:
    return f"2026-{month:02d}-{day:02d}T{hour:02d}:00:00+00:00"


def active_on(*days: int, policy: Policy = POLICY) -> PureUser:
    user = PureUser(policy)
    for day in days:
        did(user, day)
    return user


def did(user: PureUser, day: int, name: str = "a", hour: int = 9, **more: Any) -> dict[str, Any]:
    guide = {"do": "record", "activity_type": "study_guide_completed", "at": at(day, hour)}
    answer: dict[str, Any] = user.step({**guide, "activity_id": f"{name}{day}", **more})
    return answer


def refused(user: PureUser, **step: Any) -> str:
    with pytest.raises(StreakError) as error:
        user.step(step)
    return error.value.code


def streak(user: PureUser, day: int, hour: int = 9) -> dict[str, Any]:
    answer: dict[str, Any] = user.step({"at": at(day, hour), "do": "get_streak"})
    return answer


def verdicts(user: PureUser, day: int, days: int, hour: int = 9) -> list[str]:
    return [row["verdict"] for row in user.step({"at": at(day, hour), "do": "get_calendar", "days": days})]


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


def accepted(user: PureUser, **step: Any) -> bool:
    user.step(step)
    return True


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


def test_between_two_resets_of_a_day_a_streak_of_one_was_there() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2), "do": "reset"})
    did(user, 2)
    user.step({"at": at(2), "do": "reset"})
    assert (streak(user, 2)["current_streak"], streak(user, 2)["longest_streak"]) == (0, 1)


def test_a_freeze_is_planned_from_yesterday_to_a_week_ahead_and_taken_back_from_today_on() -> None:
    user = active_on(2)
    did(user, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": 2_000})
    for day, code in [(0, "date_out_of_range"), (10, "date_out_of_range")]:
        when = (date(2026, 3, 1) + timedelta(days=day - 1)).isoformat()
        assert refused(user, at=at(2), do="plan_freeze", date=when) == code
    user.step({"at": at(2), "do": "plan_freeze", "date": "2026-03-09"})
    # Today has its activity, and needs none of those held.
    for planned in ("02", "02", "08"):
        user.step({"at": at(2), "do": "plan_freeze", "date": f"2026-03-{planned}"})
    assert refused(user, at=at(2), do="plan_freeze", date="2026-03-03") == "no_freeze_available"
    user.step({"at": at(2), "do": "unplan_freeze", "date": "2026-03-08"})
    assert refused(user, at=at(2), do="unplan_freeze", date="2026-03-01") == "date_out_of_range"
    user.step({"at": at(2), "do": "unplan_freeze", "date": "2026-03-02"})
    state = user.streak
    user.step({"at": at(2), "do": "unplan_freeze", "date": "2026-03-02"})
    assert user.streak == state
    user.step({"at": at(2), "do": "plan_freeze", "date": "2026-03-03"})


@pytest.mark.parametrize(
    ("days", "correct", "code"),
    [
        # Yesterday was active; nobody was ever active; no freeze was held; the streak had ended the day before.
        ((2, 3, 4), 1_000, "nothing_to_protect"),
        ((), 0, "nothing_to_protect"),
        ((2, 3), 0, "no_freeze_available"),
        ((2,), 1_000, "nothing_to_protect"),
    ],
)
def test_yesterday_is_frozen_by_hand_only_when_that_would_have_bridged_it(
    days: tuple[int, ...], correct: int, code: str
) -> None:
    user = PureUser(POLICY)
    user.step({"at": at(1), "do": "set_auto_freeze", "on": False})
    for day in days:
        did(user, day)
    if correct:
        did(user, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": correct})
    assert refused(user, at=at(5), do="plan_freeze", date="2026-03-04") == code


def test_a_repair_has_its_refusals_in_order() -> None:
    user = active_on(2, 3)
    assert refused(user, at=at(4), do="repair") == "nothing_to_repair"
    assert refused(user, at=at(6), do="repair") == "nothing_to_repair"
    did(user, 5)
    assert refused(user, at=at(5), do="repair") == "repair_needs_more_activity"
    did(user, 5, "b")
    user.step({"at": at(5), "do": "repair"})
    assert streak(user, 5)["current_streak"] == 3
    assert refused(user, at=at(5), do="repair") == "nothing_to_repair"
    assert refused(user, at=at(7), do="repair") == "repair_on_cooldown"


def test_thirty_days_after_the_repaired_day_a_streak_can_be_repaired_again() -> None:
    for day, code in [(1, "repair_on_cooldown"), (2, None)]:
        user = active_on(2)
        did(user, 4)
        did(user, 4, "b")
        user.step({"at": at(4), "do": "repair"})
        before = (date(2026, 4, day) - timedelta(days=2)).isoformat()
        for name, moment in [("x", f"{before}T09:00:00Z"), ("y", at(day, 9, 4)), ("z", at(day, 9, 4))]:
            did(user, day, name, at=moment)
        step = {"at": at(day, 9, 4), "do": "repair"}
        assert refused(user, **step) == code if code else accepted(user, **step)


def test_a_streak_that_a_reset_had_ended_was_not_broken_by_the_miss() -> None:
    user = active_on(2)
    user.step({"at": at(3), "do": "reset"})
    did(user, 4)
    did(user, 4, "b")
    assert refused(user, at=at(4), do="repair") == "nothing_to_repair"


def test_a_pause_covers_both_ends_and_at_most_ninety_days() -> None:
    user = active_on(2)
    assert refused(user, at=at(2), do="pause", **{"from": "2026-03-03", "until": "2026-06-01"}) == "pause_too_long"
    user.step({"at": at(2), "do": "pause", "from": "2026-03-03", "until": "2026-05-31"})
    with pytest.raises(Malformed):
        PauseStreak(from_day=date(2026, 3, 3), until_day=date(2026, 3, 2))
    short = active_on(2)
    short.step({"at": at(2), "do": "pause", "from": "2026-03-03", "until": "2026-03-04"})
    assert verdicts(short, 6, 5) == ["active", "paused", "paused", "missed", "pending"]


def test_the_very_same_pause_again_changes_nothing_and_another_one_is_refused() -> None:
    user = active_on(2)
    command: dict[str, Any] = {"from": "2026-03-03", "until": "2026-03-08"}
    user.step({"at": at(2), "do": "pause", **command})
    state = user.streak
    user.step({"at": at(2), "do": "pause", **command})
    assert user.streak == state
    assert refused(user, at=at(2), do="pause", **{**command, "until": "2026-03-07"}) == "already_paused"
    user.step({"at": at(4), "do": "pause", **command})
    assert user.streak == state
    assert refused(user, at=at(4), do="pause", **{**command, "until": "2026-03-09"}) == "pause_must_be_in_the_future"


def test_ending_a_pause_that_had_not_begun_leaves_none_and_without_one_changes_nothing() -> None:
    user = active_on(2)
    state = user.streak
    user.step({"at": at(2), "do": "resume"})
    assert user.streak == state
    user.step({"at": at(2), "do": "pause", "from": "2026-03-05", "until": "2026-03-08"})
    user.step({"at": at(3), "do": "resume"})
    assert user.streak is not None
    assert user.streak.settings.pauses == ()


def test_a_command_is_found_again_by_its_key_and_without_one_by_nothing() -> None:
    pause = PauseStreak(from_day=date(2026, 3, 5), until_day=date(2026, 3, 8))
    assert pause.entry_id("k") == ResetStreak().entry_id("k") == "activity.k"
    assert CheckIn(key="k").entry_id("k") == UndoActivity(activity_id="a").entry_id("k") == "activity.k"
    assert ResetStreak().entry_id(None) is None
    # Form 1 had keys elsewhere, but for activities.
    assert ResetStreak().names("k") == ("activity.k", "key.k")
    assert ResetStreak().names(None) == ()
    guide = RecordActivity(activity_id="a", activity_type="study_guide_completed", metadata={})
    assert guide.names("a") == guide.names(None) == ("activity.a",)


def test_settings_are_answered_as_they_hold_and_setting_them_again_changes_nothing() -> None:
    user = active_on(2)
    user.step({"at": at(2), "do": "set_time_zone", "time_zone": "Asia/Tokyo"})
    user.step({"at": at(2), "do": "set_rest_weekdays", "weekdays": ["sunday", "saturday"]})
    user.step({"at": at(2), "do": "set_auto_freeze", "on": False})
    user.step({"at": at(2), "do": "pause", "from": "2026-03-05", "until": "2026-03-08"})
    state = user.streak
    again: list[dict[str, Any]] = [
        {"do": "set_time_zone", "time_zone": "Asia/Tokyo"},
        {"do": "set_rest_weekdays", "weekdays": ["saturday", "sunday"]},
        {"do": "set_auto_freeze", "on": False},
    ]
    for step in again:
        user.step({"at": at(2, 15), **step})
    assert user.streak == state
    assert state is not None
    assert settings_response(state.settings, date(2026, 3, 3)) == {
        "time_zone": "Asia/Tokyo",
        "time_zone_known": True,
        "auto_freeze": False,
        "rest_weekdays": ["saturday", "sunday"],
        "pause": {"pause_id": "pause-5", "from": "2026-03-05", "until": "2026-03-08"},
        "planned_freezes": [],
    }
    assert settings_now(state.settings, date(2026, 3, 9)).pause is None


@pytest.mark.parametrize(
    "command",
    [
        ChangeSettings(time_zone="Mars/Base"),
        ChangeSettings(rest_weekdays=("sunday", "funday")),
        ChangeSettings(rest_weekdays=("sunday", "sunday")),
        ChangeSettings(rest_weekdays=("sunday", "monday", "tuesday", "friday")),
    ],
)
def test_settings_that_cannot_be_are_malformed(command: ChangeSettings) -> None:
    user = active_on(2)
    with pytest.raises(Malformed):
        command.check(RULES)
    with pytest.raises(Malformed):
        user.give(command, user.ledger["activity.a2"].entry.at)


def test_a_zone_can_be_changed_only_so_often_in_one_tail() -> None:
    user = active_on(2)
    # Never back to the one before, which would be no change.
    names = ["Asia/Tokyo", "UTC", "Europe/Paris"] * STRETCHES_MAX
    now = datetime.fromisoformat(at(2))
    for number, name in enumerate(names[:STRETCHES_MAX]):
        moment = (now + timedelta(seconds=number)).isoformat()
        user.step({"at": moment, "do": "set_time_zone", "time_zone": name})
    another: dict[str, Any] = {"do": "set_time_zone", "time_zone": names[STRETCHES_MAX]}
    assert refused(user, at=at(2, 10), **another) == TooManyZoneChanges.code
    did(user, 28)
    user.step({"at": at(28), **another})


def test_what_was_chosen_before_any_zone_was_said_is_labelled_in_the_first_one() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(6, 3), "do": "reset"})
    user.step({"at": at(6, 5), "do": "set_auto_freeze", "on": False})
    user.step({"at": at(6, 5), "do": "set_rest_weekdays", "weekdays": ["friday"]})
    assert user.streak
    assert [auto.from_day for auto in user.streak.settings.auto_freeze] == [date(2026, 3, 6)]
    assert [rest.from_day for rest in user.streak.settings.rest_weekdays] == [date(2026, 3, 7)]
    user.step({"at": at(6, 5), "do": "set_time_zone", "time_zone": "Pacific/Pago_Pago"})
    settings = user.streak.settings
    assert [auto.from_day for auto in settings.auto_freeze] == [date(2026, 3, 5)]
    assert [rest.from_day for rest in settings.rest_weekdays] == [date(2026, 3, 6)]
    assert [day for day, record in user.streak.tail.items() if record.resets] == [date(2026, 3, 5)]
    # A choice of zone that comes later is a change.
    user.step({"at": at(6, 6), "do": "set_time_zone", "time_zone": "Pacific/Kiritimati"})
    assert [auto.from_day for auto in user.streak.settings.auto_freeze] == [date(2026, 3, 5)]


def test_a_window_that_an_operator_protects_excuses_the_days_it_touches_and_no_others() -> None:
    window = '\n[[protected_windows]]\nfrom = 2026-03-04T04:00:00Z\nuntil = {}\nreason = "outage"\n'
    one = parse_policy(TEXT + window.format("2026-03-05T04:00:00Z"))
    two = parse_policy(TEXT + window.format("2026-03-05T04:00:01Z"))
    assert verdicts(active_on(3, policy=one), 6, 4) == ["active", "amnesty", "missed", "pending"]
    assert verdicts(active_on(3, policy=two), 6, 4) == ["active", "amnesty", "amnesty", "pending"]
    assert streak(active_on(3, policy=one), 4)["status"] == "protected"


def test_everything_that_is_excused_moves_the_deadline_on() -> None:
    user = active_on(2)
    assert streak(user, 2)["expires_at"] == "2026-03-04T04:00:00Z"
    user.step({"at": at(2), "do": "pause", "from": "2026-03-03", "until": "2026-03-08"})
    assert streak(user, 2)["expires_at"] == "2026-03-10T04:00:00Z"
    user.step({"at": at(2), "do": "set_rest_weekdays", "weekdays": ["monday", "tuesday"]})
    assert streak(user, 2)["expires_at"] == "2026-03-12T04:00:00Z"
    assert streak(user, 12)["expires_at"] is None


def test_explain_says_why_of_each_day() -> None:
    user = active_on(2, 3)
    user.step({"at": at(3), "do": "reset"})
    did(user, 5)
    state = user.state(user.ledger["activity.a5"].entry.at + timedelta(days=4))
    because = {row["date"]: row["because"] for row in explain_response(state.view, state.streak, 9)["days"]}
    assert because["2026-03-01"] == "before the first counted activity"
    assert because["2026-03-03"] == "a counted activity; the streak was reset on this day"
    assert because["2026-03-04"] == "no activity; no streak was running"
    assert because["2026-03-06"] == "no activity, and no freeze was available: it ended a streak of 1"
    assert because["2026-03-09"] == "today is not over yet"
    off = active_on(2)
    did(off, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": 1_000})
    off.step({"at": at(2), "do": "set_auto_freeze", "on": False})
    state = off.state(off.ledger["activity.a2"].entry.at + timedelta(days=2))
    rows = explain_response(state.view, state.streak, 2)["days"]
    assert rows[0]["because"] == "no activity, and none was meant to be spent: it ended a streak of 1"
    assert (rows[0]["starts_at"], rows[0]["ends_at"]) == ("2026-03-03T04:00:00Z", "2026-03-04T04:00:00Z")


def test_settling_counts_what_it_writes_and_a_second_time_writes_nothing() -> None:
    user = active_on(2)
    did(user, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": 1_000})
    assert user.streak is not None
    now = user.ledger["activity.a2"].entry.at + timedelta(days=3)
    first = settle(user.streak, user.settled_through, RULES, now)
    assert (first.count(EventKind.FREEZE_APPLIED), first.count(EventKind.STREAK_BROKEN)) == (1, 1)
    assert settle(user.streak, first.settled_through, RULES, now).events == ()
    assert settle(user.streak, first.settled_through, RULES, now - timedelta(days=2)).settled_through == date(
        2026, 3, 4
    )


def test_a_long_absence_leaves_a_short_tail_and_old_choices_are_forgotten() -> None:
    user = active_on(2)
    user.step({"at": at(2), "do": "set_auto_freeze", "on": False})
    user.step({"at": at(3), "do": "set_auto_freeze", "on": True})
    user.step({"at": at(3), "do": "pause", "from": "2026-03-04", "until": "2026-03-05"})
    did(user, 28, at="2029-03-28T09:00:00+00:00")
    assert user.streak is not None
    assert list(user.streak.tail) == [date(2029, 3, 28)]
    assert user.streak.checkpoint.next_day == date(2029, 3, 12)
    assert user.streak.settings.pauses == ()
    assert [auto.on for auto in user.streak.settings.auto_freeze] == [True]
    assert rebuild(user.entries, RULES) == user.streak
    assert Pause(pause_id="p", from_day=date(2026, 3, 4), until_day=date(2026, 3, 5)).covers(date(2026, 3, 5))


def test_once_a_day_means_once_and_again_after_an_undo() -> None:
    user = PureUser(POLICY)
    for _ in range(3):
        user.step({"at": at(2), "do": "check_in"})
    assert list(user.ledger) == ["activity.check-in.2026-03-02.1"]
    user.step({"at": at(2), "do": "undo", "activity_id": "check-in.2026-03-02.1"})
    assert streak(user, 2)["current_streak"] == 0
    user.step({"at": at(2), "do": "check_in"})
    assert "activity.check-in.2026-03-02.2" in user.ledger
    assert streak(user, 2)["current_streak"] == 1


@pytest.mark.parametrize(("label", "verdict"), [(8, "missed"), (9, "travel")])
def test_the_evening_lost_on_a_flight_is_excused_once_in_seven_labels(label: int, verdict: str) -> None:
    user = PureUser(POLICY)
    user.step({"at": at(1), "do": "set_time_zone", "time_zone": "America/Los_Angeles"})
    for day in range(1, 10):
        if day in {2, label}:
            # No activity, and off to the east: the evening of this label is lost. Then home again by way of another
            # zone, which is no change that is taken back; nothing is gained.
            user.step({"at": at(day, 20), "do": "set_time_zone", "time_zone": "Asia/Tokyo"})
            user.step({"at": at(day, 21), "do": "set_time_zone", "time_zone": "America/Denver"})
            user.step({"at": at(day, 22), "do": "set_time_zone", "time_zone": "America/Los_Angeles"})
        else:
            did(user, day, hour=18)
    rows = user.step({"at": at(10, 23), "do": "get_calendar", "days": 9})
    assert {row["date"][-2:]: row["verdict"] for row in rows}["02"] == "travel"
    assert {row["date"][-2:]: row["verdict"] for row in rows}[f"{label:02d}"] == verdict


def test_what_is_malformed_is_refused_before_a_used_key_is_looked_at() -> None:
    user = active_on(2)
    wrong = {"at": at(2), "do": "record", "activity_id": "a2", "activity_type": "check_in", "metadata": {"x": 1}}
    assert refused(user, **wrong) == "invalid_request"
    assert refused(user, **{**wrong, "metadata": {}}) == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        (
            {"do": "record", "activity_id": "a", "activity_type": "check_in"},
            {"activity_type": "check_in", "metadata": {}},
        ),
        ({"do": "check_in"}, {"activity_type": "check_in", "metadata": {}}),
        ({"do": "undo", "activity_id": "a"}, {"activity_id": "a"}),
        ({"do": "reset"}, {}),
        ({"do": "plan_freeze", "date": "2026-03-03"}, {"date": "2026-03-03"}),
        ({"do": "unplan_freeze", "date": "2026-03-03"}, {"date": "2026-03-03"}),
        ({"do": "repair"}, {}),
        ({"do": "pause", "from": "2026-03-03", "until": "2026-03-04"}, {"from": "2026-03-03", "until": "2026-03-04"}),
        ({"do": "resume"}, {}),
        ({"do": "set_time_zone", "time_zone": "Asia/Tokyo"}, {"time_zone": "Asia/Tokyo"}),
    ],
    ids=lambda one: one.get("do", ""),
)
def test_a_command_is_known_again_by_what_was_sent_and_nothing_else(step: Step, sent: dict[str, Any]) -> None:
    command = command_of(step)
    command.check(RULES)
    assert command.request() == sent


def test_a_command_that_only_changes_the_user_needs_no_entry_of_the_ledger_and_an_undo_needs_two() -> None:
    assert ResetStreak().reads() == ()
    assert set(UndoActivity(activity_id="a").reads()) >= {"activity.a"}


def test_another_zone_in_place_of_an_unknown_one_brings_no_day_back_that_has_a_record() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2), "do": "set_time_zone", "time_zone": "Pacific/Kiritimati"})
    did(user, 2)
    assert user.streak
    assert max(user.streak.tail) == date(2026, 3, 2)
    for replaced, zone in [("Pacific/Kiritimati", "Etc/GMT+12"), ("Pacific/Kiritimati", "Asia/Tokyo")]:
        changed = with_zones_replaced(user.streak, {replaced}, zone, RULES)
        zone_line = ZoneLine(changed.settings.zones, RULES.day_starts)
        assert zone_line.label(user.streak.updated_at) == date(2026, 3, 2)
        assert zone_line.time_zone == zone
    assert with_zones_replaced(user.streak, set(), "Etc/GMT+12", RULES) == user.streak


def test_a_day_that_the_zone_itself_left_out_is_travel_and_spends_no_grace() -> None:
    user = PureUser(POLICY)
    user.step({"at": "2011-12-28T20:00:00+00:00", "do": "set_time_zone", "time_zone": "Pacific/Apia"})
    for day in ("29", "31"):
        record = {"do": "record", "activity_id": day, "activity_type": "check_in"}
        user.step({"at": f"2011-12-{day}T20:00:00+00:00" if day == "29" else "2011-12-30T20:00:00+00:00", **record})
    rows = user.step({"at": "2011-12-30T20:00:00+00:00", "do": "get_calendar", "days": 3})
    assert [row["verdict"] for row in rows] == ["active", "travel", "active"]
    assert user.step({"at": "2011-12-30T20:00:00+00:00", "do": "get_streak"})["current_streak"] == 2
    assert user.state(datetime.fromisoformat("2011-12-30T20:00:00+00:00")).streak.checkpoint.last_grace is None


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
