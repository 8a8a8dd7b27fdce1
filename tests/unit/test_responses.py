"""What clients are told, field by field."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from streak_core.domain.commands import ActivityRecorded, CheckIn
from streak_core.responses import command_response, event_response, listed_activity
from testing.pure_user import PureUser
from testing.scenario_commands import command_of
from testing.steps import Step
from tests.support.shipped_policy import POLICY


def test_an_event_is_told_with_its_day_and_its_moment() -> None:
    user = PureUser(POLICY)
    step = {"at": "2026-03-02T09:00:00Z", "do": "record", "activity_id": "a", "activity_type": "study_guide_completed"}
    user.step(step)
    (told,) = [event_response(event) for event in user.events.values()]
    assert {name: told[name] for name in ("event_id", "type", "date", "occurred_at")} == {
        "event_id": "0000000001.streak_started.2026-03-02",
        "type": "streak_started",
        "date": "2026-03-02",
        "occurred_at": "2026-03-02T09:00:00Z",
    }


@pytest.mark.parametrize(
    ("step", "own"),
    [
        ({"do": "record", "activity_id": "b", "activity_type": "check_in"}, "activity"),
        ({"do": "check_in"}, "activity"),
        ({"do": "set_auto_freeze", "on": False}, "settings"),
        ({"do": "reset"}, None),
        ({"do": "undo", "activity_id": "a"}, None),
        ({"do": "redo", "activity_id": "undone"}, None),
        ({"do": "take_reset_back"}, None),
        ({"do": "pause", "from": "2026-03-03", "until": "2026-03-04"}, "pause"),
        ({"do": "add_pause", "from": "2026-03-03", "until": "2026-03-04"}, "pause"),
        ({"do": "resume"}, None),
    ],
    ids=lambda one: one["do"] if isinstance(one, dict) else one,
)
def test_a_command_is_told_the_streak_what_it_caused_and_its_own_part(step: Step, own: str | None) -> None:
    user, now = PureUser(POLICY), datetime(2026, 3, 2, 9, tzinfo=UTC)
    for before in (
        {"do": "record", "activity_id": "undone", "activity_type": "check_in"},
        {"do": "undo", "activity_id": "undone"},
        {"do": "reset"},
        {"do": "record", "activity_id": "a", "activity_type": "study_guide_completed"},
    ):
        user.step({"at": now.isoformat(), **before})
    command = command_of(step)
    decision = user.give(command, now + timedelta(hours=1))
    told = command_response("ada", command, decision)
    assert told.keys() == {"streak", "events", *([own] if own else [])}
    assert told["streak"]["user_id"] == "ada"
    assert [event["event_id"] for event in told["events"]] == [event.event_id for event in decision.events]


def test_an_activity_in_a_list_says_when_it_was_done_and_when_recorded() -> None:
    user = PureUser(POLICY)
    late = {"occurred_at": "2026-03-01T20:00:00Z", "activity_type": "check_in", "activity_id": "late"}
    user.step({"at": "2026-03-02T09:00:00Z", "do": "record", **late})
    entry = user.ledger["activity.late"].entry
    assert isinstance(entry.content, ActivityRecorded)
    told = listed_activity(entry, entry.content.activity, undone=True)
    assert (told["occurred_at"], told["recorded_at"]) == ("2026-03-01T20:00:00Z", "2026-03-02T09:00:00Z")
    assert (told["activity_id"], told["undone"]) == ("late", True)


def test_a_second_check_in_changes_nothing_and_is_told_the_streak_all_the_same() -> None:
    user, now = PureUser(POLICY), datetime(2026, 3, 2, 9, tzinfo=UTC)
    command = CheckIn()
    first, second = user.give(command, now), user.give(command, now)
    told = [command_response("ada", command, one) for one in (first, second)]
    assert "activity" in told[0]
    assert told[1].keys() == {"streak", "events"}
    assert told[1]["streak"]["current_streak"] == 1


def test_a_pause_is_told_by_its_id_also_where_it_was_there_already() -> None:
    user = PureUser(POLICY)
    step = {"at": "2026-03-02T09:00:00Z", "do": "add_pause", "from": "2026-03-03", "until": "2026-03-04"}
    first = user.step(step)["pause"]
    other = user.step({**step, "from": "2026-03-06", "until": "2026-03-06"})["pause"]
    assert first == {"pause_id": first["pause_id"], "from": "2026-03-03", "until": "2026-03-04"}
    assert user.step(step)["pause"] == first != other
    assert user.step({"at": step["at"], "do": "get_pauses"}) == {"pauses": [first, other]}


def test_an_offer_says_what_is_redone_or_ended_and_nothing_that_is_neither() -> None:
    user = PureUser(POLICY)
    for step in (
        {"do": "record", "activity_id": "a", "activity_type": "check_in"},
        {"do": "undo", "activity_id": "a"},
        {"do": "record", "activity_id": "b", "activity_type": "check_in"},
        {"do": "add_pause", "from": "2026-03-02", "until": "2026-03-04"},
    ):
        user.step({"at": "2026-03-02T09:00:00Z", **step})
    redo, resume = user.step({"at": "2026-03-02T10:00:00Z", "do": "get_offers"})
    common = {"kind", "day", "until", "needs", "current_streak_after"}
    assert (redo.keys(), redo["kind"], redo["activity_id"]) == ({*common, "activity_id"}, "redo", "a")
    assert (resume.keys(), resume["kind"], resume["pause_id"]) == ({*common, "pause_id"}, "resume", "pause-4")


def test_what_is_foretold_begins_now_and_ends_where_it_holds_no_longer() -> None:
    user, now = PureUser(POLICY), "2026-03-02T09:00:00Z"
    user.step({"at": now, "do": "record", "activity_id": "a", "activity_type": "check_in"})
    told = user.step({"at": now, "do": "get_streak"})
    first, *others = told["timeline"]
    assert first == {"from": now, **{name: told[name] for name in first if name != "from"}}
    assert len(told["timeline"]) == POLICY.timeline_days
    assert [entry["status"] for entry in others[:2]] == ["pending", "none"]
    assert others[-1]["from"] < told["timeline_until"] == "2026-03-10T04:00:00Z"


@pytest.mark.parametrize(("days", "following"), [(0, 7), (6, 7), (7, 14), (100, 200), (200, 300)])
def test_the_next_milestone_is_the_first_that_is_not_reached(days: int, following: int) -> None:
    assert POLICY.milestones.after(days) == following
