"""Achievements (semantics 14): what earns each, once for ever, and what is earned without a word."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given

from streak_core.domain.events import EventKind
from streak_core.domain.judging_anew import judged_anew, rebuild
from streak_core.domain.rules import always
from streak_core.policy_response import policy_response
from testing.amnesties import with_declared
from testing.lives import lives
from testing.pure_user import PureUser
from testing.rules_in_time import ACHIEVEMENTS, NUMBERS, Published, policy_with, rules_of
from tests.support.in_march import at, did, streak
from tests.support.living import attempt, is_proved
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from streak_core.domain.events import Event
    from streak_core.domain.policy import Policy
    from testing.steps import Step

Json = dict[str, Any]
GUIDE: Final = {"do": "record", "activity_type": "study_guide_completed"}


def offering(**achievements: Json) -> PureUser:
    """A user to whom these have always been offered."""
    return PureUser(policy_with({ACHIEVEMENTS: achievements}))


def unlocked(user: PureUser) -> list[Event]:
    return [event for event in user.events.values() if event.kind is EventKind.ACHIEVEMENT_UNLOCKED]


def listed(user: PureUser, day: int, hour: int = 20, month: int = 3) -> dict[str, Json]:
    rows = user.step({"at": at(day, hour, month), "do": "get_achievements"})
    return {row["achievement"]: row for row in rows}


def week(user: PureUser, monday: int) -> None:
    """All categories of a week, on its Monday."""
    for kind, metadata in [
        ("study_guide_completed", {}),
        ("quiz_completed", {"difficulty": "hard", "score": 90}),
        ("flashcard_set_completed", {"correct": 20}),
        ("evaluation_completed", {"grade": 8}),
    ]:
        step = {"do": "record", "activity_type": kind, "metadata": metadata, "activity_id": f"{kind}{monday}"}
        user.step({**step, "at": at(monday)})


def test_each_is_earned_by_the_activity_that_brings_it_and_not_before() -> None:
    user = offering(
        three={"by": "streak", "target": 3},
        xp={"by": "xp", "target": 45},
        more_xp={"by": "xp", "target": 46},
        some={"by": "activities", "target": 3},
        days={"by": "active_days", "target": 3},
    )
    did(user, 2)
    did(user, 3)
    assert {row["progress"] for row in listed(user, 3).values()} == {2, 30}
    assert (unlocked(user), {row["earned_at"] for row in listed(user, 3).values()}) == ([], {None})
    did(user, 4)
    assert [(event.event_id, event.day, event.details) for event in user.caused if "unlocked" in event.kind] == [
        (f"achievement_unlocked.{name}", date(2026, 3, 4), {"achievement": name})
        for name in ("three", "xp", "some", "days")
    ]
    rows = listed(user, 4)
    assert rows.pop("more_xp")["earned_at"] is None
    assert {row["earned_at"] for row in rows.values()} == {"2026-03-04T09:00:00Z"}
    assert is_proved(user)


def test_consistent_weeks_in_a_row_are_counted_with_the_one_that_runs() -> None:
    user = offering(two={"by": "consistent_weeks", "target": 2}, three={"by": "consistent_weeks", "target": 3})
    week(user, 2)
    assert unlocked(user) == []
    week(user, 9)
    assert [event.details["achievement"] for event in unlocked(user)] == ["two"]
    assert listed(user, 9)["three"]["progress"] == 2


def test_what_is_earned_stays_whatever_is_undone_and_is_told_once() -> None:
    user = offering(two={"by": "streak", "target": 2})
    did(user, 2)
    did(user, 3)
    user.step({"at": at(3, 10), "do": "undo", "activity_id": "a3"})
    row = listed(user, 3)["two"]
    assert (row["progress"], row["earned_at"]) == (1, "2026-03-03T09:00:00Z")
    user.step({"at": at(3, 11), "do": "redo", "activity_id": "a3"})
    did(user, 4)
    [event] = unlocked(user)
    assert event.at == datetime(2026, 3, 3, 9, tzinfo=UTC)
    assert is_proved(user)


def test_a_late_activity_earns_what_it_brings() -> None:
    user = offering(three={"by": "streak", "target": 3})
    did(user, 2)
    did(user, 4)
    did(user, 5, name="late", occurred_at=at(3))
    assert [(event.day, event.at.day) for event in unlocked(user)] == [(date(2026, 3, 3), 5)]
    assert streak(user, 5)["current_streak"] == 3


@pytest.mark.parametrize(("last", "is_earned"), [(4, False), (5, True), (6, True)])
def test_a_comeback_is_a_day_after_so_many_without_in_which_the_streak_had_ended(last: int, *, is_earned: bool) -> None:
    user = offering(back={"by": "comeback", "days_away": 2})
    did(user, 2)
    did(user, last)
    assert bool(unlocked(user)) is is_earned
    assert listed(user, last)["back"]["progress"] == int(is_earned)


def test_whose_streak_never_ended_did_not_come_back() -> None:
    user = offering(back={"by": "comeback", "days_away": 2})
    did(user, 2)
    user.step({"at": at(2, 10), "do": "pause", "from": "2026-03-03", "until": "2026-03-20"})
    did(user, 21)
    assert (unlocked(user), streak(user, 21)["current_streak"]) == ([], 2)


def test_who_comes_back_after_all_of_it_was_decided_for_good_did_come_back() -> None:
    user = offering(back={"by": "comeback", "days_away": 60})
    did(user, 2)
    user.step({"at": at(30, month=4), "do": "set_auto_freeze", "on": False})
    assert user.streak
    assert user.streak.checkpoint.next_day > date(2026, 3, 30)
    user.step({**GUIDE, "at": at(3, month=5), "activity_id": "again"})
    assert [event.details["achievement"] for event in unlocked(user)] == ["back"]


@pytest.mark.parametrize(("day", "is_earned"), [(2, False), (3, True), (4, False)])
def test_a_day_of_the_year_is_kept_on_that_day_alone_also_late(day: int, *, is_earned: bool) -> None:
    user = offering(bells={"by": "day_of_year", "days": ["12-31", "03-03"]})
    did(user, 6, occurred_at=at(day))
    assert bool(unlocked(user)) is is_earned
    row = listed(user, 6)["bells"]
    assert (row["target"], row["progress"], row["days"]) == (1, int(is_earned), ["12-31", "03-03"])


def test_what_was_reached_before_it_was_offered_is_earned_without_a_word() -> None:
    begins = date(2026, 3, 6)
    later = Published(
        effective_from=begins,
        at=datetime(2026, 3, 3, tzinfo=UTC),
        numbers={ACHIEVEMENTS: {"two": {"by": "streak", "target": 2}, "five": {"by": "streak", "target": 5}}},
    )
    user = PureUser(rules_of([later]))
    for day in (2, 3, 4, 5):
        did(user, day)
    assert listed(user, 5) == {}
    # As soon as it is in force, and the same once the next command has written it down.
    since = {"two": "2026-03-06T04:00:00Z", "five": None}
    assert {name: row["earned_at"] for name, row in listed(user, 6, 8).items()} == since
    did(user, 6)
    assert {name: row["earned_at"] for name, row in listed(user, 6).items()} == {
        "two": "2026-03-06T04:00:00Z",
        "five": "2026-03-06T09:00:00Z",
    }
    assert [event.details["achievement"] for event in unlocked(user)] == ["five"]
    assert is_proved(user)


def test_what_was_earned_stays_when_it_is_no_longer_offered_or_asks_for_more() -> None:
    first = policy_with({ACHIEVEMENTS: {"one": {"by": "streak", "target": 1}, "two": {"by": "streak", "target": 2}}})
    more = {ACHIEVEMENTS: {"two": {"by": "streak", "target": 200}}}
    later = Published(effective_from=date(2026, 3, 4), at=datetime(2026, 3, 1, tzinfo=UTC), numbers=more)
    user = PureUser(rules_of([later], first))
    did(user, 2)
    did(user, 3)
    rows = listed(user, 4)
    assert [(name, row["target"], row["offered"]) for name, row in rows.items()] == [
        ("two", 200, True),
        ("one", 1, False),
    ]
    assert (rows["one"]["earned_at"], rows["two"]["earned_at"]) == ("2026-03-02T09:00:00Z", "2026-03-03T09:00:00Z")


def test_what_no_policy_knows_any_more_is_not_listed() -> None:
    user = offering(one={"by": "streak", "target": 1})
    did(user, 2)
    user.rules = always(policy_with({}))
    assert listed(user, 2) == {}
    assert user.streak
    assert list(user.streak.earned) == ["one"]


def test_an_app_is_told_what_each_asks_for() -> None:
    offered: dict[str, Json] = {
        "back": {"by": "comeback", "days_away": 9},
        "bells": {"by": "day_of_year", "days": ["12-31"]},
        "rich": {"by": "xp", "target": 5},
    }
    shown = policy_response(offering(**offered).rules, date(2026, 3, 2))["achievements"]
    assert shown == [{"achievement": name, "target": 1, **one} for name, one in offered.items()]


def test_who_comes_along_and_whose_run_is_lengthened_are_told_nothing() -> None:
    user = offering(year={"by": "streak", "target": 300}, longer={"by": "streak", "target": 310})
    opened = {"do": "open", "time_zone": "UTC", "current_streak": 300, "longest_streak": 300, "xp_total": 0}
    user.step({**opened, "at": at(3), "last_active_date": "2026-03-02", "freezes": 0})
    assert (unlocked(user), listed(user, 3)["year"]["earned_at"]) == ([], "2026-03-03T09:00:00Z")
    user.step({"at": at(3, 10), "do": "restore", "length": 10, "reason": "lost"})
    assert (unlocked(user), listed(user, 3)["longer"]["earned_at"]) == ([], "2026-03-03T10:00:00Z")
    assert is_proved(user)


def test_what_an_operator_gives_is_told_as_theirs() -> None:
    user = offering(rich={"by": "xp", "target": 100})
    did(user, 2)
    user.step({"at": at(2, 10), "do": "grant_xp", "amount": 85, "reason": "sorry"})
    assert [event.details for event in unlocked(user)] == [{"achievement": "rich", "by": "support"}]


def test_what_is_judged_anew_stays_earned_and_what_comes_of_it_is_not_told() -> None:
    policy = policy_with({ACHIEVEMENTS: {"two": {"by": "streak", "target": 2}, "four": {"by": "streak", "target": 4}}})
    user = PureUser(policy)
    for day in (2, 3, 5, 6):
        did(user, day)
    user.step({**GUIDE, "at": at(27), "activity_id": "long after"})
    before = dict(user.streak.earned) if user.streak else {}
    begins, declared = datetime(2026, 3, 4, 9, tzinfo=UTC), datetime(2026, 3, 28, tzinfo=UTC)
    user.rules = with_declared(user.rules, begins, begins.replace(hour=10), declared)
    did(user, 28)
    assert user.streak
    assert user.streak.earned == {**before, "four": datetime(2026, 3, 27, 9, tzinfo=UTC)}
    assert [event.details["achievement"] for event in unlocked(user)] == ["two"]
    anew, _ = judged_anew(user.entries, user.rules)
    assert anew
    assert anew.earned == user.streak.earned
    assert rebuild(user.entries, user.rules) == user.streak


def all_offered() -> Policy:
    offered = {name: one for drawn in NUMBERS[ACHIEVEMENTS] for name, one in drawn.items()}
    return policy_with({ACHIEVEMENTS: offered})


@given(life=lives())
@examples(20)
def test_through_any_life_nothing_earned_is_lost_or_told_again_and_the_ledger_proves_it(life: list[Step]) -> None:
    user, told = PureUser(all_offered()), 0
    for step in life:
        before = dict(user.streak.earned) if user.streak else {}
        entries = len(user.ledger)
        attempt(user, step)
        earned = user.streak.earned if user.streak else {}
        assert {name: earned.get(name) for name in before} == before
        caused = user.caused if len(user.ledger) > entries else ()
        new = {str(event.details["achievement"]): event.at for event in caused if "unlocked" in event.kind}
        told += len(new)
        assert new.items() <= earned.items() - before.items()
        rows = user.step({"at": step["at"], "do": "get_achievements"})
        assert all(row["earned_at"] for row in rows if row["progress"] >= row["target"])
    assert len(unlocked(user)) == told
    assert is_proved(user)
