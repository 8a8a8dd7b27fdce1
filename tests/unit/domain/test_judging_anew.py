"""Amnesty (semantics 9 and law 12): what it excuses, whenever it is declared, and what it leaves when withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final

import pytest

from streak_core.domain.commands import ActivityRecorded
from streak_core.domain.events import EventKind
from streak_core.domain.judging_anew import is_outdated, judged_anew, rebuild
from streak_core.domain.rules import Rules, always
from testing.amnesties import with_declared, with_withdrawn
from testing.pure_user import PureUser
from testing.rules_in_time import Published, policy_with, rules_of
from testing.steps import Step
from tests.support.living import attempt
from tests.support.shipped_policy import RULES

if TYPE_CHECKING:
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.model import Streak

FIRST: Final = date(2026, 6, 1)
DAY: Final = timedelta(days=1)


def moment(day: int, hour: int = 12) -> datetime:
    """An hour of a day, counted from the first."""
    return datetime.combine(FIRST + day * DAY, datetime.min.time(), UTC) + timedelta(hours=hour)


def active(user: PureUser, *days: int) -> PureUser:
    for day in days:
        at = moment(day).isoformat()
        user.step({"at": at, "do": "record", "activity_id": f"d{day}", "activity_type": "study_guide_completed"})
    return user


def streak(user: PureUser, day: int, hour: int = 13) -> dict[str, Any]:
    answer: dict[str, Any] = user.step({"at": moment(day, hour).isoformat(), "do": "get_streak"})
    return answer


def verdicts(user: PureUser, day: int, count: int) -> list[str]:
    at = moment(day, 13).isoformat()
    return [row["verdict"] for row in user.step({"at": at, "do": "get_calendar", "days": count})]


def outage(rules: Rules, day: int, at: datetime) -> Rules:
    """An hour of that day is excused."""
    return with_declared(rules, moment(day, 9), moment(day, 10), at)


def kinds(user: PureUser) -> list[tuple[str, date]]:
    return sorted((event.kind.value, event.day) for event in user.events.values() if "started" not in event.kind)


@pytest.mark.parametrize("job_runs", [False, True])
def test_who_was_settled_as_broken_has_the_streak_back_at_once_and_is_told_so_and_due_again(*, job_runs: bool) -> None:
    user = active(PureUser(RULES), *range(5))
    user.maintenance(moment(6))
    assert streak(user, 6)["current_streak"] == 0
    assert ("streak_broken", FIRST + 5 * DAY) in kinds(user)
    user.rules = outage(RULES, 5, moment(6, 12))
    assert streak(user, 6)["current_streak"] == 5
    assert streak(user, 6)["expires_at"] is not None
    assert verdicts(user, 6, 3) == ["active", "amnesty", "pending"]
    if job_runs:
        user.maintenance(moment(6, 13))
        assert user.streak
        assert user.streak.amnesties == 1
    active(user, 6)
    restored = next(event for event in user.events.values() if event.kind is EventKind.STREAK_RESTORED)
    assert (restored.day, restored.details["length"], restored.at) == (FIRST + 5 * DAY, 5, moment(6, 12))
    assert streak(user, 6)["current_streak"] == 6
    assert rebuild(user.entries, user.rules) == user.streak


@pytest.mark.parametrize("weeks", [1, 3, 8])
def test_a_day_that_is_decided_heals_too_however_late_it_is_declared(weeks: int) -> None:
    days = 7 * weeks
    user = active(PureUser(RULES), *range(5), *range(6, 6 + days))
    last = 5 + days
    assert streak(user, last)["current_streak"] == days
    assert user.streak
    assert (user.streak.checkpoint.next_day > FIRST + 5 * DAY) == (weeks > 1)
    user.rules = outage(RULES, 5, moment(last, 14))
    assert is_outdated(user.streak, user.rules) == (weeks > 1)
    answer = streak(user, last, hour=14)
    assert (answer["current_streak"], answer["longest_streak"]) == (days + 5, days + 5)
    assert verdicts(user, last, days + 6)[4:7] == ["active", "amnesty", "active"]
    user.maintenance(moment(last, 15))
    assert ("streak_restored", FIRST + 5 * DAY) in kinds(user)
    assert user.decided.get(FIRST + 5 * DAY, None) is None or user.decided[FIRST + 5 * DAY].verdict == "amnesty"
    active(user, last + 1)
    assert streak(user, last + 1)["current_streak"] == days + 6
    assert rebuild(user.entries, user.rules) == user.streak


@pytest.mark.parametrize(
    ("weeks", "verdict", "told"), [(0, "missed", "streak_broken"), (4, "frozen", "freeze_applied")]
)
def test_what_a_withdrawn_amnesty_has_excused_stays_excused_and_what_it_would_have_excused_is_not(
    weeks: int, verdict: str, told: str
) -> None:
    user = active(PureUser(RULES), *range(5), *range(6, 7 + 7 * weeks))
    last = 6 + 7 * weeks
    user.rules = with_declared(RULES, moment(5, 9), moment(last + 9, 9), moment(last, 14))
    assert streak(user, last + 1)["current_streak"] == 6 + 7 * weeks
    user.rules = with_withdrawn(user.rules, "1", moment(last + 2))
    assert streak(user, last + 2)["current_streak"] == 6 + 7 * weeks
    assert verdicts(user, last + 4, 4) == ["amnesty", "amnesty", verdict, "pending"]
    user.maintenance(moment(last + 4))
    assert (told, FIRST + (last + 3) * DAY) in kinds(user)
    active(user, last + 4)
    assert rebuild(user.entries, user.rules) == user.streak


def test_an_hour_of_a_day_that_is_decided_heals_it_also_where_a_withdrawn_policy_would_begin_days_earlier() -> None:
    rules = rules_of([Published(effective_from=FIRST + 7 * DAY, at=moment(1), numbers={"days.day_start_hour": 0})])
    *others, midnight = rules.policies
    rules = replace(rules, policies=(*others, replace(midnight, withdrawn_at=moment(2))))
    user = active(PureUser(rules), *range(13), *range(14, 29))
    assert user.streak
    assert user.streak.checkpoint.next_day == FIRST + 14 * DAY
    user.rules = with_declared(rules, moment(14, 1), moment(14, 2), moment(28, 13))
    assert verdicts(user, 28, 16)[:2] == ["amnesty", "active"]
    assert streak(user, 28)["current_streak"] == 28


def test_an_amnesty_that_is_withdrawn_before_it_begins_was_never_there() -> None:
    user = active(PureUser(RULES), *range(5))
    user.rules = with_declared(RULES, moment(6), moment(9), moment(4, 13))
    assert streak(user, 4)["expires_at"] == moment(6, 4).isoformat().replace("+00:00", "Z")
    promised = streak(user, 5)
    user.rules = with_withdrawn(user.rules, "1", moment(5, 13))
    assert streak(user, 5, hour=14)["current_streak"] == promised["current_streak"]
    assert verdicts(user, 8, 4) == ["missed", "missed", "missed", "pending"]


def test_freezes_spent_on_an_excused_day_come_back_and_are_told() -> None:
    user = PureUser(RULES)
    for number in range(40):
        at = moment(number // 10).isoformat()
        user.step({"at": at, "do": "record", "activity_id": f"x{number}", "activity_type": "study_guide_completed"})
    user.maintenance(moment(5))
    assert streak(user, 5)["freezes_available"] == 0
    user.rules = outage(RULES, 4, moment(5, 12))
    assert streak(user, 5)["freezes_available"] == 1
    user.maintenance(moment(5, 13))
    assert ("freeze_refunded", FIRST + 4 * DAY) in kinds(user)
    assert verdicts(user, 6, 2) == ["frozen", "pending"]


def test_a_repair_that_an_amnesty_made_needless_is_given_back() -> None:
    user = active(PureUser(RULES), *range(5))
    user.step({"at": moment(6).isoformat(), "do": "check_in"})
    active(user, 6)
    user.step({"at": moment(6).isoformat(), "do": "repair"})
    active(user, 7, 8)
    user.step({"at": moment(10).isoformat(), "do": "check_in"})
    active(user, 10)
    repair: Step = {"at": moment(10, 13).isoformat(), "do": "repair"}
    assert attempt(user, repair) == "repair_on_cooldown"
    user.rules = outage(RULES, 5, moment(10, 13))
    assert isinstance(attempt(user, repair), dict)


def test_what_was_declared_and_does_not_touch_the_user_changes_nothing_that_is_told() -> None:
    user = active(PureUser(RULES), *range(5))
    user.maintenance(moment(6))
    before = kinds(user)
    for begins in (-30, 30):
        user.rules = outage(user.rules, begins, moment(6, 13))
    user.maintenance(moment(6, 14))
    assert kinds(user) == before
    assert streak(user, 6)["current_streak"] == 0


def test_milestones_are_told_once_of_a_run_that_an_amnesty_joined_and_at_the_command_that_passes_them() -> None:
    user = active(PureUser(RULES), *range(7), *range(8, 12))
    user.rules = outage(RULES, 7, moment(12, 9))
    told = [event.details["length"] for event in user.events.values() if event.kind is EventKind.MILESTONE_REACHED]
    active(user, *range(12, 40))
    told = [event.details["length"] for event in user.events.values() if event.kind is EventKind.MILESTONE_REACHED]
    assert sorted(told) == sorted(set(told))
    assert rebuild(user.entries, user.rules) == user.streak


def test_a_process_that_does_not_know_the_newest_amnesty_leaves_what_is_decided_as_it_is() -> None:
    user = active(PureUser(RULES), *range(5), *range(6, 40))
    older, newer = RULES, outage(RULES, 5, moment(39, 13))
    user.rules = newer
    active(user, 40)
    assert streak(user, 40)["current_streak"] == 40
    user.rules = older
    active(user, 41)
    assert streak(user, 41)["current_streak"] == 41
    user.rules = newer
    active(user, 42)
    assert streak(user, 42)["current_streak"] == 42
    assert rebuild(user.entries, newer) == user.streak


class Counted(ActivityRecorded):
    """An activity that notes each time when it is carried out."""

    __slots__ = ()

    times: ClassVar[list[int]] = []

    def apply(self, streak: Streak, entry: LedgerEntry, rules: Rules) -> Streak:
        self.times.append(entry.seq)
        return super().apply(streak, entry, rules)


def counted(entry: LedgerEntry) -> LedgerEntry:
    content = entry.content
    assert isinstance(content, ActivityRecorded)
    return replace(entry, content=Counted(activity=content.activity, sent=content.sent, zone=content.zone))


def test_each_late_amnesty_costs_the_same_however_many_there_were() -> None:
    missed, user = (5, 7, 9, 11), PureUser(RULES)
    active(user, *(day for day in range(40) if day not in missed))
    for number, day in enumerate(missed):
        user.rules = outage(user.rules, day, moment(40 + number, 9))
        assert user.streak
        assert is_outdated(user.streak, user.rules)
        active(user, 40 + number)
    Counted.times.clear()
    assert rebuild(map(counted, user.entries), user.rules) == user.streak
    # Once as it was lived, and for each amnesty once without it and once with it.
    assert len(Counted.times) <= len(user.entries) * (1 + 2 * len(missed))


def test_law_12_a_freeze_that_the_broken_streak_left_is_not_spent_on_the_one_that_an_amnesty_gave_back() -> None:
    user = PureUser(RULES)
    for number in range(40):
        at = moment(number // 10).isoformat()
        user.step({"at": at, "do": "record", "activity_id": f"x{number}", "activity_type": "study_guide_completed"})
    user.step({"at": moment(3).isoformat(), "do": "set_auto_freeze", "on": False})
    user.step({"at": moment(5).isoformat(), "do": "set_auto_freeze", "on": True})
    before = streak(user, 7)
    assert (before["current_streak"], before["freezes_available"]) == (0, 1)
    user.rules = outage(RULES, 4, moment(7, 12))
    after = streak(user, 7)
    assert (after["current_streak"], after["freezes_available"]) == (0, 1)
    assert verdicts(user, 7, 4) == ["amnesty", "missed", "missed", "pending"]


@pytest.mark.parametrize(("length", "freezes"), [(2, 0), (3, 2), (4, 2)])
def test_law_12_where_gaps_are_bridged_whole_an_amnesty_within_one_costs_no_freeze_more(
    length: int, freezes: int
) -> None:
    rules = always(policy_with({"freezes.spend": "whole_gap", "freezes.xp_per_freeze": 45}))
    user = active(PureUser(rules), *range(6))
    after = 6 + length
    assert streak(user, after)["freezes_available"] == freezes
    user.rules = outage(rules, 7, moment(after, 12))
    told = streak(user, after)
    assert told["freezes_available"] == max(freezes, 2 - (length - 1))
    assert told["current_streak"] == (6 if length == 2 else 0)


def test_law_12_the_grace_of_a_flight_is_used_up_on_an_excused_day_as_on_any_other() -> None:
    user, excused = PureUser(RULES), PureUser(outage(RULES, 5, moment(0)))
    for one in (user, excused):
        one.step({"at": moment(0).isoformat(), "do": "set_time_zone", "time_zone": "America/New_York"})
        active(one, *range(5))
        one.step({"at": moment(6, 3).isoformat(), "do": "set_time_zone", "time_zone": "Asia/Tokyo"})
        active(one, 6)
    assert user.state(moment(6, 13)).view.walk.last_grace == excused.state(moment(6, 13)).view.walk.last_grace


def test_a_freeze_that_xp_given_on_a_bridged_day_earned_does_not_keep_an_amnesty_from_leaving_it_bridged() -> None:
    user = active(PureUser(RULES), 1)
    user.step({"at": moment(1).isoformat(), "do": "grant_freezes", "count": 2, "reason": "asked for"})
    user.step({"at": moment(2).isoformat(), "do": "grant_xp", "amount": 600, "reason": "asked for"})
    active(user, 4)
    before = streak(user, 4)
    user.rules = outage(user.rules, -3, moment(4))
    assert streak(user, 4) == before
    assert verdicts(user, 4, 3) == ["frozen", "frozen", "active"]


def test_a_ledger_leads_to_the_days_that_it_has_decided_as_if_an_amnesty_had_always_been() -> None:
    user = active(PureUser(RULES), *range(5), 6, 60)
    for rules, verdict in ((RULES, "missed"), (outage(RULES, 5, moment(61)), "amnesty")):
        decided = {one.day: one.verdict.value for one in judged_anew(user.entries, rules)[1]}
        assert (decided[FIRST + 4 * DAY], decided[FIRST + 5 * DAY]) == ("active", verdict)
