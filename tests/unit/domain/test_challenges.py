"""Challenges (semantics 15): what counts, what is given once for it and taken back, joining and leaving."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.challenges import is_done
from streak_core.domain.days import week_start
from streak_core.domain.errors import Conflict
from streak_core.domain.events import EventKind
from streak_core.domain.joined import Joined, Terms
from streak_core.domain.replay import replay
from streak_core.domain.rules import always
from streak_core.policy_response import policy_response
from testing.pure_user import PureUser
from testing.rules_in_time import ACHIEVEMENTS, CHALLENGES, Published, policy_with, rules_of
from tests.support.in_march import accepted, at, did, refused, streak
from tests.support.living import is_proved
from tests.support.thoroughness import examples

Json = dict[str, Any]
MARCH: Final = {"from": "2026-03-02", "until": "2026-03-31"}
GUIDES: Final[Json] = {**MARCH, "categories": ["guide"], "target": 2, "reward": {"xp": 100}}
LATE: Final = {"do": "record", "activity_type": "study_guide_completed"}
QUIZ: Final = {"do": "record", "activity_type": "quiz_completed", "metadata": {"difficulty": "easy", "score": 90}}


def offering(**challenges: Json) -> PureUser:
    return PureUser(policy_with({CHALLENGES: challenges}))


def join(user: PureUser, day: int, name: str = "guides", hour: int = 8) -> None:
    user.step({"at": at(day, hour), "do": "join_challenge", "challenge": name})


def leave(user: PureUser, day: int, name: str = "guides", hour: int = 21) -> None:
    user.step({"at": at(day, hour), "do": "leave_challenge", "challenge": name})


def listed(user: PureUser, day: int, month: int = 3) -> dict[str, Json]:
    rows = user.step({"at": at(day, 22, month), "do": "get_challenges"})
    return {row["challenge"]: row for row in rows}


def stands(user: PureUser, day: int, name: str = "guides") -> tuple[int, bool, int]:
    row = listed(user, day)[name]
    return row["progress"], row["completed"], streak(user, day, 22)["xp_total"]


def completed(user: PureUser) -> list[Json]:
    return [dict(one.details) for one in user.events.values() if one.kind is EventKind.CHALLENGE_COMPLETED]


def test_with_the_activity_that_completes_it_what_it_gives_is_the_users_once() -> None:
    user = offering(guides=GUIDES)
    join(user, 2)
    did(user, 2)
    assert stands(user, 2) == (1, False, 15)
    did(user, 3)
    assert stands(user, 3) == (2, True, 130)
    assert completed(user) == [{"challenge": "guides", "xp": 100, "freezes": 0}]
    did(user, 4)
    assert stands(user, 4) == (3, True, 145)
    assert len(completed(user)) == 1
    assert is_proved(user)


def test_an_undo_takes_back_what_it_undoes_and_a_redo_gives_it_again() -> None:
    user = offering(guides=GUIDES)
    join(user, 2)
    did(user, 2)
    did(user, 3)
    user.step({"at": at(3, 10), "do": "undo", "activity_id": "a2"})
    assert stands(user, 3) == (1, False, 15)
    user.step({"at": at(3, 11), "do": "redo", "activity_id": "a2"})
    assert stands(user, 3) == (2, True, 130)
    # Whoever is told of it gives something for it, perhaps: it is one event, however often it is undone and done anew.
    assert len(completed(user)) == 1
    assert is_proved(user)


def test_freezes_are_given_up_to_as_many_as_can_be_held() -> None:
    user = offering(guides={**GUIDES, "reward": {"freezes": 7}})
    join(user, 2)
    did(user, 2)
    did(user, 3)
    assert streak(user, 3)["freezes_available"] == 5
    assert [one.details for one in user.events.values() if one.kind is EventKind.FREEZE_EARNED] == [
        {"earned": 5, "freezes_available": 5}
    ]


def test_xp_that_it_gives_earn_a_freeze_as_any_do() -> None:
    user = offering(guides={**GUIDES, "target": 1, "reward": {"xp": 485}})
    join(user, 2)
    did(user, 2)
    assert (streak(user, 2)["xp_total"], streak(user, 2)["freezes_available"]) == (500, 1)


@pytest.mark.parametrize(
    ("terms", "count"),
    [
        ({"categories": ["quiz"]}, 1),
        ({"activity_types": ["quiz_completed", "study_guide_completed"]}, 3),
        ({"activity_types": ["check_in"]}, 1),
        ({"any_activity": True}, 4),
        ({"any_activity": True, "from": "2026-03-03"}, 1),
        ({"any_activity": True, "until": "2026-03-02"}, 3),
    ],
)
def test_counted_activities_of_its_days_and_kinds_count(terms: Json, count: int) -> None:
    user = offering(one={**MARCH, "target": 9, "reward": {"xp": 1}, **terms})
    join(user, 2, "one")
    did(user, 2)
    user.step({**QUIZ, "at": at(2), "activity_id": "quiz"})
    user.step({**QUIZ, "at": at(2), "activity_id": "failed", "metadata": {"difficulty": "easy", "score": 59}})
    user.step({"at": at(2, 12), "do": "check_in"})
    did(user, 3)
    assert user.streak
    key = user.streak.settings.challenges[0].key
    assert sum(record.challenges.get(key, 0) for record in user.streak.tail.values()) == count


def test_what_was_recorded_before_joining_does_not_count_and_what_is_late_does() -> None:
    user = offering(guides=GUIDES)
    did(user, 2)
    join(user, 3)
    user.step({"at": at(3, 9), "do": "undo", "activity_id": "a2"})
    user.step({"at": at(3, 10), "do": "redo", "activity_id": "a2"})
    assert stands(user, 3)[0] == 0
    did(user, 5, name="late", occurred_at=at(2, 12))
    assert stands(user, 5)[0] == 1


def test_it_counts_on_when_its_days_are_decided_for_good() -> None:
    user = offering(
        long={"from": "2026-03-02", "until": "2026-05-31", "any_activity": True, "target": 50, "reward": {"freezes": 1}}
    )
    join(user, 2, "long")
    for day in range(2, 32):
        did(user, day)
    for day in range(1, 21):
        user.step(
            {"do": "record", "activity_type": "study_guide_completed", "at": at(day, month=4), "activity_id": f"b{day}"}
        )
    assert user.streak
    assert user.streak.checkpoint.challenges == {"1": 35}
    assert user.streak.checkpoint.next_day == week_start(date(2026, 4, 6))
    assert completed(user) == [{"challenge": "long", "xp": 0, "freezes": 1}]
    assert listed(user, 20, 4)["long"]["progress"] == 50
    assert is_proved(user)


def test_an_activity_that_the_first_zone_moves_counts_for_the_days_where_it_is_then() -> None:
    user = offering(guides={**GUIDES, "until": "2026-03-02"})
    join(user, 2)
    did(user, 2, hour=20)
    assert stands(user, 2)[0] == 1
    user.step({"at": at(2, 21), "do": "set_time_zone", "time_zone": "Asia/Tokyo"})
    # There it was five in the morning of the third.
    assert listed(user, 2)["guides"]["progress"] == 0
    assert is_proved(user)


def test_who_leaves_begins_anew_and_what_is_done_can_not_be_left() -> None:
    user = offering(guides=GUIDES)
    join(user, 2)
    did(user, 2)
    leave(user, 2)
    assert (listed(user, 2)["guides"]["joined"], listed(user, 2)["guides"]["progress"]) == (False, 0)
    assert user.streak
    assert user.streak.tail[date(2026, 3, 2)].challenges == {}
    join(user, 3)
    did(user, 3)
    assert stands(user, 3)[0] == 1
    did(user, 4)
    assert refused(user, at=at(4, 10), do="leave_challenge", challenge="guides") == "challenge_completed"
    assert is_proved(user)


def test_leaving_takes_along_what_is_decided_for_good_and_leaves_what_others_have() -> None:
    user = offering(
        long={"from": "2026-03-02", "until": "2026-05-31", "any_activity": True, "target": 90, "reward": {"xp": 1}},
        other={"from": "2026-03-02", "until": "2026-05-31", "any_activity": True, "target": 90, "reward": {"xp": 1}},
    )
    join(user, 2, "long")
    join(user, 2, "other")
    for day in (2, 3, 28, 29):
        did(user, day)
    assert user.streak
    assert user.streak.checkpoint.challenges == {"1": 2, "2": 2}
    leave(user, 29, "long")
    assert user.streak.checkpoint.challenges == {"2": 2}
    assert [listed(user, 29)[name]["progress"] for name in ("long", "other")] == [0, 4]


def test_joining_and_leaving_twice_is_doing_it_once() -> None:
    user = offering(guides=GUIDES)
    for _ in range(2):
        join(user, 2)
    assert len(user.ledger) == 1
    for _ in range(2):
        leave(user, 2)
    assert len(user.ledger) == 2


def test_five_are_joined_at_a_time_and_those_that_are_over_are_none_of_them() -> None:
    days = {"any_activity": True, "target": 1, "reward": {"xp": 1}, "from": "2026-03-02"}
    many = {f"c{number}": {**days, "until": "2026-03-20"} for number in range(5)}
    user = offering(short={**days, "until": "2026-03-02"}, **many)
    join(user, 2, "short")
    for number in range(4):
        join(user, 2, f"c{number}")
    sixth = {"do": "join_challenge", "challenge": "c4"}
    assert refused(user, at=at(2, 9), **sixth) == "too_many_challenges"
    assert accepted(user, at=at(3, 9), **sixth)
    assert refused(user, at=at(4, 9), do="join_challenge", challenge="short") == "challenge_is_over"
    assert refused(user, at=at(4, 9), do="join_challenge", challenge="long") == "challenge_not_found"


def test_one_can_be_joined_until_its_last_day_is_over() -> None:
    user = offering(guides=GUIDES)
    join(user, 31, hour=23)
    other = offering(guides=GUIDES)
    over = {"do": "join_challenge", "challenge": "guides", "at": at(1, 9, month=4)}
    assert refused(other, **over) == "challenge_is_over"
    assert listed(user, 31)["guides"]["joined"]
    assert listed(other, 1, 4) == {}


def test_it_stays_as_it_was_joined_whatever_later_policies_say() -> None:
    harder = {CHALLENGES: {"guides": {**GUIDES, "target": 9}}}
    later = Published(effective_from=date(2026, 3, 4), at=datetime(2026, 3, 1, tzinfo=UTC), numbers=harder)
    user = PureUser(rules_of([later], policy_with({CHALLENGES: {"guides": GUIDES}})))
    join(user, 3)
    did(user, 4)
    did(user, 5)
    assert listed(user, 5)["guides"]["target"] == 2
    assert stands(user, 5)[1]


@pytest.mark.parametrize(("since", "is_another"), [("2026-03-02", False), ("2026-03-11", True)])
def test_what_was_done_is_not_done_again_where_a_later_policy_has_it_for_longer(
    since: str, *, is_another: bool
) -> None:
    longer = {CHALLENGES: {"guides": {**GUIDES, "from": since}}}
    later = Published(effective_from=date(2026, 3, 8), at=datetime(2026, 3, 1, tzinfo=UTC), numbers=longer)
    user = PureUser(rules_of([later], policy_with({CHALLENGES: {"guides": {**GUIDES, "until": "2026-03-10"}}})))
    join(user, 3)
    did(user, 4)
    did(user, 5)
    assert stands(user, 5)[1]
    if is_another:
        join(user, 11)
    else:
        assert refused(user, at=at(11, 8), do="join_challenge", challenge="guides") == "challenge_completed"
    assert is_proved(user)


def renewed(since: str) -> PureUser:
    """Who has done half of a challenge that is over, and has joined what a later policy offers under its name."""
    longer = {CHALLENGES: {"guides": {**GUIDES, "from": since}}}
    later = Published(effective_from=date(2026, 3, 8), at=datetime(2026, 3, 1, tzinfo=UTC), numbers=longer)
    user = PureUser(rules_of([later], policy_with({CHALLENGES: {"guides": {**GUIDES, "until": "2026-03-10"}}})))
    join(user, 3)
    did(user, 4)
    join(user, 12)
    return user


@pytest.mark.parametrize(("since", "rewards"), [("2026-03-10", 1), ("2026-03-11", 2)])
def test_late_activities_complete_no_two_of_a_name_that_have_a_day_in_common(since: str, rewards: int) -> None:
    user = renewed(since)
    for hour in (9, 10):
        user.step({**LATE, "at": at(12, hour), "occurred_at": at(10, hour), "activity_id": f"late{hour}"})
        user.step({**LATE, "at": at(12, hour), "activity_id": f"now{hour}"})
    assert len(completed(user)) == rewards
    assert streak(user, 12, 22)["xp_total"] == 5 * 15 + rewards * 100
    assert is_proved(user)


@pytest.mark.parametrize(("since", "rewards"), [("2026-03-10", 1), ("2026-03-11", 2)])
def test_a_redo_completes_no_two_of_a_name_that_have_a_day_in_common_either(since: str, rewards: int) -> None:
    user = renewed(since)
    assert len(joined(user)) == rewards
    user.step({"at": at(12, 9), "do": "undo", "activity_id": "a4"})
    user.step({"at": at(12, 10), "do": "redo", "activity_id": "a4"})
    user.step({**LATE, "at": at(12, 11), "occurred_at": at(9, 11), "activity_id": "late"})
    assert len(completed(user)) == rewards - 1
    assert is_proved(user)


def joined(user: PureUser) -> tuple[Joined, ...]:
    assert user.streak
    return user.streak.settings.challenges


@pytest.mark.parametrize(("since", "is_another"), [("2026-03-10", False), ("2026-03-11", True)])
def test_what_was_done_is_not_done_again_when_no_day_of_it_can_change_any_more_either(
    since: str, *, is_another: bool
) -> None:
    longer = {CHALLENGES: {"guides": {**GUIDES, "from": since, "until": "2026-05-31"}}}
    later = Published(effective_from=date(2026, 4, 20), at=datetime(2026, 3, 1, tzinfo=UTC), numbers=longer)
    user = PureUser(rules_of([later], policy_with({CHALLENGES: {"guides": {**GUIDES, "until": "2026-03-10"}}})))
    join(user, 3)
    did(user, 4)
    did(user, 5)
    user.step({"do": "record", "activity_type": "study_guide_completed", "at": at(19, month=4), "activity_id": "later"})
    assert user.streak
    assert user.streak.settings.challenges == ()
    assert user.streak.checkpoint.rewarded == {"guides": date(2026, 3, 10)}
    joining = {"do": "join_challenge", "challenge": "guides", "at": at(21, 8, month=4)}
    if is_another:
        assert accepted(user, **joining)
    else:
        assert refused(user, **joining) == "challenge_completed"
    assert is_proved(user)


def test_what_was_rewarded_is_remembered_as_long_as_a_challenge_may_have_a_day_of_it_and_no_longer() -> None:
    user = offering(guides={**GUIDES, "until": "2026-03-08"}, other={**GUIDES, "until": "2026-03-08", "target": 9})
    join(user, 2)
    join(user, 2, "other")
    did(user, 2)
    did(user, 3)
    for month in (4, 5, 6):
        user.step({"do": "check_in", "at": at(1, month=month)})
        assert user.streak
        assert user.streak.checkpoint.rewarded == {"guides": date(2026, 3, 8)}
    user.step({"do": "check_in", "at": at(30, month=6)})
    assert user.streak
    assert user.streak.checkpoint.rewarded == {}
    assert is_proved(user)


@examples(60)
@given(
    windows=st.lists(st.tuples(st.integers(0, 40), st.integers(1, 60)), min_size=2, max_size=4),
    gaps=st.lists(st.tuples(st.integers(1, 20), st.none() | st.integers(0, 14)), min_size=6, max_size=12),
)
def test_a_day_is_of_one_challenge_of_a_name_that_is_rewarded_whatever_policies_make_of_it(
    windows: list[tuple[int, int]], gaps: list[tuple[int, int | None]]
) -> None:
    begins = date(2026, 3, 2)
    published = []
    for number, (since, days) in enumerate(windows[1:], 1):
        effective = begins + timedelta(days=15 * number)
        first = effective - timedelta(days=since)
        offers = {"guides": {**GUIDES, "target": 1, **days_of(first, effective + timedelta(days=days - 1))}}
        at_moment = datetime(2026, 2, 1, number, tzinfo=UTC)
        published.append(Published(effective_from=effective, at=at_moment, numbers={CHALLENGES: offers}))
    first_offer = {"guides": {**GUIDES, "target": 1, **days_of(begins, begins + timedelta(days=windows[0][1] - 1))}}
    user = PureUser(rules_of(published, policy_with({CHALLENGES: first_offer})))
    done, day = dict[int, Terms](), begins
    for number, (gap, late) in enumerate(gaps):
        moment = datetime.combine(day, time(9), UTC).isoformat().replace("+00:00", "Z")
        with suppress(Conflict):
            user.step({"do": "join_challenge", "challenge": "guides", "at": moment})
        if late is None:
            user.step({"do": "check_in", "at": moment})
        else:
            lived = datetime.combine(day - timedelta(days=late), time(9), UTC).isoformat()
            user.step({**LATE, "at": moment, "occurred_at": lived, "activity_id": f"a{number}"})
        assert user.streak
        view = replay(user.streak, user.rules, datetime.combine(day, time(10), UTC))
        done |= {one.seq: one.terms for one in user.streak.settings.challenges if is_done(one, view)}
        day += timedelta(days=gap)
    rewarded = [done[seq] for seq in sorted(done)]
    assert all(later.from_day > earlier.until_day for earlier, later in pairwise(rewarded))


def days_of(first: date, last: date) -> Json:
    return {"from": first.isoformat(), "until": min(last, first + timedelta(days=91)).isoformat()}


def test_when_no_day_of_it_can_change_it_is_gone_and_what_it_gave_stays() -> None:
    user = offering(guides={**GUIDES, "until": "2026-03-08"})
    join(user, 2)
    did(user, 2)
    did(user, 3)
    did(user, 16)
    assert listed(user, 16)["guides"]["completed"]
    user.step({"do": "record", "activity_type": "study_guide_completed", "at": at(1, month=4), "activity_id": "later"})
    assert user.streak
    assert (user.streak.settings.challenges, user.streak.checkpoint.challenges) == ((), {})
    assert listed(user, 1, 4) == {}
    assert user.streak.checkpoint.xp_total == 130
    assert is_proved(user)


def test_an_achievement_by_xp_comes_of_what_a_challenge_gives() -> None:
    user = PureUser(
        policy_with(
            {
                CHALLENGES: {"guides": {**GUIDES, "target": 1}},
                ACHIEVEMENTS: {"hundred": {"by": "xp", "target": 100}},
            }
        )
    )
    join(user, 2)
    did(user, 2)
    kinds = [one.kind.value for one in user.caused]
    assert kinds[-2:] == ["challenge_completed", "achievement_unlocked"]


def test_an_app_is_told_what_each_asks_for_and_gives() -> None:
    policy = policy_with({CHALLENGES: {"guides": GUIDES}})
    [shown] = policy_response(always(policy), date(2026, 3, 2))["challenges"]
    assert shown == {**GUIDES, "challenge": "guides", "activity_types": [], "reward": {"xp": 100, "freezes": 0}}
