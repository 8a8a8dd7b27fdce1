"""The laws of semantics 7, each as a property of random lives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from hypothesis import assume, given
from hypothesis import strategies as st

from streak_core.domain.commands import ActivityRecorded, FreezesGranted
from streak_core.domain.days import days_from
from streak_core.domain.events import time_events
from streak_core.domain.excuses import NEUTRAL
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.ledger import advance
from streak_core.domain.model import NO_RECORD, DayRecord, Streak
from streak_core.response_types import EventResponse
from streak_core.responses import event_response
from testing.lives import lives, moments, zones
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.living import attempt, live
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples

LAW: Final = examples(90)
# Done once more each time it is asked for without a key: an operator gives, the reset before the last is taken back.
ONCE_MORE: Final = ("grant_freezes", "grant_xp", "restore", "take_reset_back")
TIMES: Final = ("created_at", "updated_at", "offers")


def answers(user: PureUser, at: str) -> dict[str, Any]:
    streak = user.step({"at": at, "do": "get_streak"})
    calendar = user.step({"at": at, "do": "get_calendar", "days": 60})
    return {"streak": streak, "calendar": calendar, "consistency": user.step({"at": at, "do": "get_consistency"})}


def without_times(answer: dict[str, Any]) -> dict[str, Any]:
    streak = {name: value for name, value in answer["streak"].items() if name not in TIMES}
    return {**answer, "streak": streak}


def told(user: PureUser, at: str) -> list[EventResponse]:
    """The events as a client is told them: the written ones up to now, and what time has decided since."""
    here = user.state(datetime.fromisoformat(at))
    known = {event.event_id: event for event in user.events.values() if event.at <= here.view.now}
    known |= {event.event_id: event for event in time_events(here.view, user.settled_through) if user.streak}
    return sorted((event_response(event) for event in known.values()), key=lambda told: told["event_id"])


runs_at: Final = st.lists(st.tuples(st.integers(0, 60), st.integers(-3_000, 100_000)), max_size=12)


@given(lives(), runs_at)
@LAW
def test_law_1_no_answer_depends_on_whether_or_when_a_job_ran(life: list[Step], runs: list[tuple[int, int]]) -> None:
    without, with_jobs = PureUser(POLICY), PureUser(POLICY)
    for number, step in enumerate(life):
        for place, minutes in runs:
            if place == number:
                moment = datetime.fromisoformat(step["at"]) + timedelta(minutes=minutes)
                with_jobs.step({"at": moment.isoformat(), "do": "maintenance"})
        assert attempt(without, step) == attempt(with_jobs, step)
        assert answers(without, step["at"]) == answers(with_jobs, step["at"])
    assert without.streak == with_jobs.streak


@given(lives(), st.lists(st.integers(0, 60), max_size=12))
@LAW
def test_law_1_the_events_told_are_the_same_too_whenever_a_job_ran_in_time(life: list[Step], runs: list[int]) -> None:
    assume(all(a["at"] <= b["at"] for a, b in pairwise(life)))
    without, with_jobs = PureUser(POLICY), PureUser(POLICY)
    for number, step in enumerate(life):
        if number in runs:
            with_jobs.step({"at": step["at"], "do": "maintenance"})
        attempt(without, step)
        attempt(with_jobs, step)
        assert told(without, step["at"]) == told(with_jobs, step["at"])


@st.composite
def late_sets(draw: st.DrawFn) -> tuple[list[Step], list[Step]]:
    """A life, then activities of the late window all recorded at one moment; no week of them can be consistent."""
    kinds = [("study_guide_completed", {}), ("check_in", {}), ("flashcard_set_completed", {"correct": 800})]
    past = [step for step in draw(lives(steps_max=12)) if step["do"] != "record"]
    now = datetime.fromisoformat(past[-1]["at"]) + timedelta(minutes=draw(st.integers(0, 20_000)))
    late = draw(st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 8 * 24 * 60)), min_size=2, max_size=9))
    sent = [
        {
            "at": now.isoformat(),
            "do": "record",
            "activity_id": f"late{number}",
            "activity_type": kind,
            "metadata": metadata,
            "occurred_at": (now - timedelta(minutes=minutes)).isoformat(),
        }
        for number, ((kind, metadata), minutes) in enumerate(late)
    ]
    return past, sent


@given(late_sets(), st.randoms(use_true_random=False))
@LAW
def test_law_2_the_order_of_recording_changes_nothing(sets: tuple[list[Step], list[Step]], order: Any) -> None:
    past, sent = sets
    shuffled = order.sample(sent, len(sent))
    at = sent[0]["at"]
    assert answers(live([*past, *sent]), at) == answers(live([*past, *shuffled]), at)


@given(lives(), st.integers(2, 4))
@LAW
def test_law_3_doing_a_thing_several_times_is_doing_it_once(life: list[Step], times: int) -> None:
    once, often = PureUser(POLICY), PureUser(POLICY)
    for step in life:
        attempt(once, step)
        for _ in range(times if step["do"] not in ONCE_MORE or "key" in step else 1):
            attempt(often, step)
        if step["do"] == "check_in" or step["do"] == "reset":
            assert without_times(answers(once, step["at"])) == without_times(answers(often, step["at"]))
        else:
            assert answers(once, step["at"]) == answers(often, step["at"])


@given(lives(), st.sampled_from(["check_in", "study_guide_completed", "flashcard_set_completed"]), st.integers(0, 9))
@LAW
def test_law_4_undoing_leaves_what_was_there_before(life: list[Step], kind: str, days_late: int) -> None:
    at = life[-1]["at"]
    sent: Step = {"at": at, "do": "record", "activity_id": "new", "activity_type": kind}
    sent["metadata"] = {"correct": 5_000} if kind == "flashcard_set_completed" else {}
    sent["occurred_at"] = (datetime.fromisoformat(at) - timedelta(days=days_late)).isoformat()
    user = live(life)
    before, state = without_times(answers(user, at)), user.streak
    if isinstance(attempt(user, sent), dict):
        recorded = user.streak
        user.step({"at": at, "do": "undo", "activity_id": "new"})
        assert without_times(answers(user, at)) == before
        # Not only the answers: the very state is the one before, unless the checkpoint has moved meanwhile.
        if state and recorded and user.streak and recorded.checkpoint == state.checkpoint:
            # What a check-in's name is made of is forgotten after some days, by whatever command comes then.
            moved, _ = advance(replace(state, updated_at=user.streak.updated_at), RULES)
            # That it had no bonus is kept: done anew it has none either.
            assert (done(user.streak), user.streak.activities) == (done(moved), moved.activities)


def done(streak: Streak) -> dict[date, DayRecord]:
    records = {day: record._replace(bonus_forgone={}) for day, record in streak.tail.items()}
    return {day: record for day, record in records.items() if record != NO_RECORD}


@given(moments, zones, st.lists(st.tuples(st.integers(1, 170), st.one_of(st.none(), st.none(), zones)), max_size=120))
@LAW
def test_law_5_one_activity_in_every_streak_day_never_breaks(
    now: datetime, home: str, moves: list[tuple[int, str | None]]
) -> None:
    user = PureUser(POLICY)
    user.step({"at": now.isoformat(), "do": "set_time_zone", "time_zone": home})
    for number, (minutes, flight) in enumerate(moves):
        # Less than three hours pass at a time, and no day that is not `travel` is shorter than that.
        now += timedelta(minutes=minutes)
        at = now.isoformat()
        if user.step({"at": at, "do": "get_streak"})["status"] != "extended":
            user.step({"at": at, "do": "record", "activity_id": f"a{number}", "activity_type": "check_in"})
        if flight:
            attempt(user, {"at": at, "do": "set_time_zone", "time_zone": flight})
        if user.step({"at": at, "do": "get_streak"})["status"] != "extended":
            user.step({"at": at, "do": "record", "activity_id": f"b{number}", "activity_type": "check_in"})
        rows = user.step({"at": at, "do": "get_calendar", "days": 30})
        assert not [row for row in rows if row["verdict"] in {"missed", "frozen"}]
        active = sum(row["has_activity"] for row in rows)
        assert user.step({"at": at, "do": "get_streak"})["current_streak"] == active


@given(lives())
@LAW
def test_law_7_everything_stays_within_its_bounds(life: list[Step]) -> None:
    user = PureUser(POLICY)
    for step in life:
        attempt(user, step)
        streak = user.step({"at": step["at"], "do": "get_streak"})
        given = (one.entry.content for one in user.ledger.values())
        over_cap = sum(one.count for one in given if isinstance(one, FreezesGranted) and one.over_cap)
        assert 0 <= streak["freezes_available"] <= POLICY.freezes.held_max + over_cap
        assert 0 <= streak["current_streak"] <= streak["longest_streak"]
        assert streak["xp_total"] >= 0
        assert 1 <= streak["bonus_multiplier"] <= 2


@given(lives(), st.integers(-14, 0), st.integers(0, 6), st.integers(1, 40))
@LAW
def test_law_12_what_an_operator_gives_only_helps(life: list[Step], back: int, days: int, amount: int) -> None:
    user, at = live(life), life[-1]["at"]
    first = user.state(datetime.fromisoformat(at)).view.today + timedelta(days=back)
    given: list[Step] = [
        {"do": "excuse_days", "from": first.isoformat(), "until": (first + timedelta(days=days)).isoformat()},
        {"do": "restore", "day": first.isoformat()},
        {"do": "restore", "length": amount},
        {"do": "grant_freezes", "count": amount, "over_cap": True},
        {"do": "grant_xp", "amount": amount},
    ]
    for step in given:
        before = answers(user, at)["streak"]
        attempt(user, {"at": at, "reason": "asked for", **step})
        after = answers(user, at)["streak"]
        for what in ("current_streak", "longest_streak", "xp_total"):
            assert after[what] >= before[what], (step, what)
        # A streak that goes on may spend freezes, as any does.
        assert after["freezes_available"] >= before["freezes_available"] or after["current_streak"] > 0


@given(lives())
@LAW
def test_law_8_the_calendar_and_the_counter_tell_one_truth(life: list[Step]) -> None:
    user = live([step for step in life if step["do"] != "reset" and "length" not in step and not parts(step)])
    at = life[-1]["at"]
    streak = user.step({"at": at, "do": "get_streak"})
    rows = user.step({"at": at, "do": "get_calendar", "days": 366})
    run = 0
    for row in rows:
        run = 0 if row["verdict"] in {"missed", "none"} else run + row["has_activity"]
    assert run == streak["current_streak"] or len(days_from_first_activity(user, at)) > len(rows)
    neutral = {verdict.value for verdict in NEUTRAL}
    today = {"extended": {"active"}, "pending": {"pending"}, "protected": neutral}
    if streak["current_streak"]:
        assert rows[-1]["verdict"] in today[streak["status"]]
    consistency = user.step({"at": at, "do": "get_consistency"})
    assert consistency["bonus_active"] == streak["bonus_active"]


@given(lives(), st.lists(st.integers(0, 30), min_size=1, max_size=8), st.randoms(use_true_random=False))
@LAW
def test_law_13_undoing_and_redoing_is_no_profit(life: list[Step], numbers: list[int], order: Any) -> None:
    # Who is blocked undoes nothing.
    user, at = live([step for step in life if step["do"] != "block"]), life[-1]["at"]
    before = answers(user, at)
    live_ones = [
        one.entry.content.activity.activity_id
        for one in user.ledger.values()
        if isinstance(one.entry.content, ActivityRecorded) and not one.undone
    ]
    taken = [live_ones[number % len(live_ones)] for number in numbers] if live_ones else []
    undone = [name for name in dict.fromkeys(taken) if attempt(user, _about("undo", name, at)) != "undo_too_late"]
    assert answers(user, at)["streak"]["xp_total"] <= before["streak"]["xp_total"]
    for name in order.sample(undone, len(undone)):
        user.step(_about("redo", name, at))
        assert answers(user, at)["streak"]["xp_total"] <= before["streak"]["xp_total"]
    assert without_times(answers(user, at)) == without_times(before)


def _about(do: str, activity_id: str, at: str) -> Step:
    return {"at": at, "do": do, "activity_id": activity_id}


def parts(step: Step) -> bool:
    """Whether it brings a run along that the days before would belong to: as of a reset, no calendar tells of it."""
    days = sorted(date.fromisoformat(day) for day in step.get("active_days") or ())
    first = len(days) - step.get("current_streak", 0)
    before, run = days[:first], days[first:]
    # A day between them may be one that the zone never had.
    return bool(before) and (not run or run[0] - before[-1] <= timedelta(days=2))


def days_from_first_activity(user: PureUser, at: str) -> list[Any]:
    view = user.state(datetime.fromisoformat(at)).view
    return list(days_from(view.streak_started_on or view.today, view.today))


@given(lives())
@LAW
def test_law_9_the_ledger_leads_to_the_stored_state(life: list[Step]) -> None:
    user = live(life)
    entries = user.entries
    assert rebuild(entries, RULES) == user.streak
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


def test_nothing_is_known_of_a_user_without_a_ledger() -> None:
    assert rebuild([], RULES) is None
    assert PureUser(POLICY).state(datetime(2026, 3, 2, tzinfo=UTC)).view.days[-1].verdict == "none"
