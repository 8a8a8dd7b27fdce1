"""What a user is told where the policy changes: what is past stands, and nothing is stored without effect."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given

from streak_core.domain.challenges import is_done
from streak_core.domain.commands import ActivityRecorded, ActivityUndone, ChangeSettings, Command, RecordActivity
from streak_core.domain.errors import Malformed, StreakError
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.model import Streak
from streak_core.domain.policy import FlatXp
from streak_core.domain.replay import View
from streak_core.domain.rules import PolicyInTime, Rules
from testing.lives import dice, lives
from testing.pure_user import PureUser
from testing.rules_in_time import Published, drawn, policy_with, rules_of
from testing.steps import Step
from tests.support.living import attempt
from tests.support.shipped_policy import POLICY, RULES
from tests.support.thoroughness import examples

CHANGE: Final = date(2026, 6, 10)
DAY: Final = timedelta(days=1)
LONG_BEFORE: Final = datetime(2026, 1, 1, tzinfo=UTC)


def changing(numbers: dict[str, Any], before: dict[str, Any] | None = None) -> Rules:
    """The numbers before the change and from then on."""
    first = policy_with(before or {})
    return rules_of([Published(effective_from=CHANGE, at=LONG_BEFORE, numbers=numbers)], first)


def daily(rules: Rules, days: range, hour: int = 12, xp: int = 15) -> PureUser:
    """Active on each day (counted from the change) at that hour in UTC, with so much XP a day."""
    user = PureUser(rules)
    for day in days:
        moment = datetime.combine(CHANGE + day * DAY, datetime.min.time(), UTC) + timedelta(hours=hour)
        for number in range(xp // 15):
            user.step({"at": moment.isoformat(), **guide(f"{day}.{number}")})
    return user


def guide(name: str) -> Step:
    return {"do": "record", "activity_id": name, "activity_type": "study_guide_completed"}


def streak_on(user: PureUser, day: int, hour: int = 12) -> dict[str, Any]:
    moment = datetime.combine(CHANGE + day * DAY, datetime.min.time(), UTC) + timedelta(hours=hour)
    answer: dict[str, Any] = user.step({"at": moment.isoformat(), "do": "get_streak"})
    return answer


def test_freezes_that_become_cheaper_take_nobody_s_streak() -> None:
    user = daily(changing({"freezes.xp_per_freeze": 300}), range(-29, 0), xp=45)
    assert [streak_on(user, day)["current_streak"] for day in (-1, 0, 1)] == [29, 29, 29]
    assert [streak_on(user, day)["freezes_available"] for day in (-1, 0, 1)] == [2, 2, 1]


def test_freezes_that_are_held_stay_where_fewer_may_be_and_none_come_on_top() -> None:
    user = daily(changing({"freezes.held_max": 2}), range(-6, 0), xp=450)
    assert [streak_on(user, day)["freezes_available"] for day in (-1, 0)] == [5, 5]
    for number in range(40):
        user.step({"at": "2026-06-10T13:00:00Z", **guide(f"more{number}")})
    assert streak_on(user, 0, hour=14)["freezes_available"] == 5
    assert [streak_on(user, day)["freezes_available"] for day in (2, 4, 5)] == [4, 2, 1]
    for number in range(40):
        user.step({"at": "2026-06-15T13:00:00Z", **guide(f"then{number}")})
    assert streak_on(user, 5, hour=14)["freezes_available"] == 2


@pytest.mark.parametrize("hour", range(0, 24, 3))
@pytest.mark.parametrize(("before", "after"), [(4, 0), (0, 4), (12, 0), (0, 12)])
def test_who_is_active_every_night_keeps_the_streak_whenever_days_begin(before: int, after: int, hour: int) -> None:
    user = daily(changing({"days.day_start_hour": after}, {"days.day_start_hour": before}), range(-8, 9), hour=hour)
    rows = user.step({"at": "2026-06-18T23:59:00Z", "do": "get_calendar", "days": 16})
    assert {row["verdict"] for row in rows[:-1]} <= {"active", "travel"}
    assert sum(row["verdict"] == "travel" for row in rows) <= (after < before)
    assert streak_on(user, 8, hour=hour)["current_streak"] >= 16


def test_a_day_whose_end_is_taken_away_asks_for_nothing_and_one_that_is_longer_does() -> None:
    for after, verdict in ((0, "travel"), (8, "missed")):
        user = daily(changing({"days.day_start_hour": after}), range(-4, -1))
        rows = user.step({"at": "2026-06-10T12:00:00Z", "do": "get_calendar", "days": 2})
        assert rows[0]["verdict"] == verdict


def test_a_longer_window_takes_what_lies_in_the_tail_and_refuses_what_lies_before_it() -> None:
    shorter = {"activities.late_days_max": 7, "activities.undo_days_max": 7}
    known_late = Published(
        effective_from=CHANGE, at=datetime(2026, 6, 1, tzinfo=UTC), numbers={"activities.late_days_max": 30}
    )
    user = daily(rules_of([known_late], policy_with(shorter)), range(-30, 1))
    assert user.streak
    first_open = user.streak.checkpoint.next_day
    # The tail of the 1 June began in the week of the 25 May, and has stayed there since.
    assert first_open == date(2026, 5, 18)
    for day, takes in ((first_open, True), (first_open - DAY, False), (CHANGE - 31 * DAY, False)):
        xp_before = streak_on(user, 0, hour=13)["xp_total"]
        late = {"at": "2026-06-10T12:30:00Z", **guide(f"late{day}"), "occurred_at": f"{day}T12:00:00Z"}
        assert isinstance(attempt(user, late), dict) == takes
        assert streak_on(user, 0, hour=13)["xp_total"] == xp_before + 15 * takes
    too_early = {"at": "2026-06-09T12:30:00Z", **guide("early"), "occurred_at": "2026-06-01T12:00:00Z"}
    assert (
        attempt(daily(rules_of([known_late], policy_with(shorter)), range(-30, 0)), too_early)
        == "occurred_too_long_ago"
    )


def test_an_activity_is_priced_by_the_policy_of_its_day_however_late_it_comes() -> None:
    kinds = {**POLICY.activity_types, "song_sung": POLICY.activity_types["check_in"]}
    kinds["study_guide_completed"] = kinds["study_guide_completed"].model_copy(
        update={"xp": FlatXp(rule="flat", xp=40)}
    )
    del kinds["quiz_completed"]
    newer = PolicyInTime(
        number=1, effective_from=CHANGE, policy=policy_with({"activity_types": kinds}), published_at=LONG_BEFORE
    )
    user = PureUser(Rules((*RULES.policies, newer)))
    at, quiz = (
        "2026-06-10T12:00:00Z",
        {"activity_type": "quiz_completed", "metadata": {"difficulty": "easy", "score": 90}},
    )
    assert user.step({"at": at, **guide("new")})["xp_awarded"] == 40
    assert user.step({"at": at, **guide("old"), "occurred_at": "2026-06-09T12:00:00Z"})["xp_awarded"] == 15
    yesterday = {"at": at, "do": "record", "occurred_at": "2026-06-09T12:00:00Z"}
    assert user.step({**yesterday, "activity_id": "quiz", **quiz})["xp_awarded"] == 10
    assert attempt(user, {**yesterday, "activity_id": "q", **quiz, "occurred_at": at}) == Malformed.code
    assert attempt(user, {**yesterday, "activity_id": "s", "activity_type": "song_sung"}) == Malformed.code
    assert attempt(user, {**yesterday, "activity_id": "n", "activity_type": "known_to_none"}) == Malformed.code
    assert user.step({"at": at, "do": "record", "activity_id": "s", "activity_type": "song_sung"})["counted"]


def test_what_was_accepted_under_a_key_is_answered_again_whatever_the_policy_is_by_then() -> None:
    kinds = {"check_in": POLICY.activity_types["check_in"]}
    numbers = {"pause.days_max": 1, "rest.weekdays_max": 0, "freezes.plan_days_ahead_max": 0}
    newer = policy_with({**numbers, "activity_types": kinds})
    later = PolicyInTime(number=1, effective_from=CHANGE, policy=newer, published_at=LONG_BEFORE)
    user = daily(Rules((*RULES.policies, later)), range(-30, -1), xp=45)
    asked: list[Step] = [
        guide("a"),
        {"do": "pause", "from": "2026-06-20", "until": "2026-06-29", "key": "p"},
        {"do": "set_rest_weekdays", "weekdays": ["sunday"], "key": "r"},
        {"do": "plan_freeze", "date": "2026-06-12", "key": "f"},
        {"do": "check_in", "key": "c"},
        {"do": "reset", "key": "z"},
    ]
    first = [user.step({"at": "2026-06-09T12:00:00Z", **step}) for step in asked]
    seq = user.streak.seq if user.streak else 0
    again = [user.step({"at": "2026-06-10T12:00:00Z", **step}) for step in asked]
    told = [{name: value for name, value in one.items() if name != "streak"} for one in again]
    assert told == [{name: value for name, value in one.items() if name != "streak"} for one in first]
    assert user.streak
    assert user.streak.seq == seq


def test_who_was_served_before_a_longer_window_of_the_limit_is_served_in_it() -> None:
    user = daily(changing({"limits.window_seconds": 900}), range(-3, 0))
    assert user.step({"at": "2026-06-10T12:00:00Z", **guide("x")})["counted"]
    assert user.streak
    assert (user.streak.rate.seconds, user.streak.rate.accepted) == (900, 1)


@given(lives(steps_max=60), dice)
@examples(120)
def test_whatever_the_numbers_are_what_is_accepted_takes_effect_and_can_be_proved(
    life: list[Step], thrown: Random
) -> None:
    rules = rules_of(drawn(thrown, datetime.fromisoformat(life[0]["at"])))
    user = PureUser(rules)
    # What an operator takes away can leave less than an activity has brought, and XP is never below 0.
    for step in (one for one in life if one.get("amount", 0) >= 0):
        before, seen = user.streak, user.state(datetime.fromisoformat(step["at"])).view
        _answer(user, step)
        if user.streak is None or user.streak is before:
            continue
        entry, after = user.entries[-1], user.state(datetime.fromisoformat(step["at"])).view
        if not isinstance(entry.content, ActivityRecorded | ActivityUndone):
            continue
        activity = entry.content.activity
        sign = 1 if isinstance(entry.content, ActivityRecorded) else -1
        assert activity.day >= after.days[0].day
        assert after.xp_total == seen.xp_total + sign * activity.xp + rewards(user.streak, seen, after)
        if sign > 0 and activity.counted:
            assert after.by_day[activity.day].verdict == "active"
    assert rebuild(user.entries, rules) == user.streak


def rewards(streak: Streak, before: View, after: View) -> int:
    """The XP of challenges that a command completed, less that of those that it undid."""
    return sum(one.terms.xp * (is_done(one, after) - is_done(one, before)) for one in streak.settings.challenges)


def _answer(user: PureUser, step: Step) -> Any:
    try:
        return user.step(step)
    except StreakError as refused:
        return refused.code


@given(lives(steps_max=60), dice)
@examples(120)
def test_law_11_a_policy_changes_no_verdict_xp_freeze_or_length_of_a_day_before_it(
    life: list[Step], thrown: Random
) -> None:
    begins = datetime.fromisoformat(life[0]["at"])
    published = drawn(thrown, begins, most=1)
    change = published[0].effective_from
    # How much of the past can still change is another matter.
    numbers = {place: value for place, value in published[0].numbers.items() if not place.startswith("activities.")}
    rules = rules_of([replace(published[0], at=begins - timedelta(days=99), numbers=numbers)])
    plain, changed = PureUser(RULES), PureUser(rules)
    for step in life:
        # On every clock of the world it is not that day yet.
        if datetime.fromisoformat(step["at"]).date() > change - 2 * DAY:
            break
        assert _without_what_comes(_answer(plain, step)) == _without_what_comes(_answer(changed, step))
    for days in (0, 1, 3, 8):
        at = datetime.combine(change + days * DAY, datetime.min.time(), UTC) + timedelta(hours=thrown.randrange(24))
        rows = [user.step({"at": at.isoformat(), "do": "get_explain", "days": 20}) for user in (plain, changed)]
        past = [{row["date"]: row for row in one if row["date"] < str(change - DAY)} for one in rows]
        shared = past[0].keys() & past[1].keys()
        assert [past[0][day] for day in sorted(shared)] == [past[1][day] for day in sorted(shared)]


def _without_what_comes(answer: Any) -> Any:
    """An answer but for what it tells ahead, which the policy to come has its part in."""
    if not isinstance(answer, dict):
        return answer
    ahead = {"timeline", "timeline_until", "expires_at", "offers"}
    return {name: _without_what_comes(value) for name, value in answer.items() if name not in ahead}


@pytest.mark.parametrize("withdrawn", [False, True])
def test_what_a_policy_knows_that_is_to_come_is_known_and_what_a_withdrawn_one_knew_is_not(*, withdrawn: bool) -> None:
    types = {**POLICY.activity_types, "sleep": POLICY.activity_types["check_in"]}
    shipped, one = changing({"activity_types": types, "rest.weekdays_max": 4}).policies
    rules = Rules((shipped, replace(one, withdrawn_at=LONG_BEFORE if withdrawn else None)))
    commands: list[Command] = [
        RecordActivity(activity_id="a", activity_type="sleep", metadata={}),
        ChangeSettings(rest_weekdays=("monday", "tuesday", "friday", "sunday")),
    ]
    for command in commands:
        with pytest.raises(Malformed) if withdrawn else nullcontext():
            command.check(rules)


def test_a_gap_that_is_bridged_goes_by_the_policy_of_its_first_day_to_its_end() -> None:
    stricter = changing({"freezes.spend": "whole_gap", "freezes.streak_min": 3}, {"freezes.spend": "whole_gap"})
    user = daily(stricter, range(-3, -2), xp=0)
    at = {"at": "2026-06-07T12:00:00Z"}
    user.step({**at, "do": "check_in"})
    user.step({**at, "do": "grant_freezes", "count": 5, "reason": "asked for"})
    for day, verdict in ((0, "pending"), (1, "frozen"), (2, "frozen")):
        moment = datetime.combine(CHANGE + day * DAY, datetime.min.time(), UTC) + timedelta(hours=12)
        rows = user.step({"at": moment.isoformat(), "do": "get_calendar", "days": 3 + day})
        assert [row["verdict"] for row in rows[:3]] == ["frozen", "frozen", verdict]
    user.step({"at": "2026-06-13T12:00:00Z", "do": "check_in"})
    # The next one goes by the policy that is in force by then.
    assert streak_on(user, 4)["current_streak"] == 2
    assert streak_on(user, 5)["current_streak"] == 0
