"""Laws 10 and of offers (semantics 7 and 8): what is told ahead comes true, and what is offered is never refused."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.errors import StreakError
from streak_core.domain.policy import Policy
from testing.lives import lives
from testing.pure_user import PureUser
from testing.rules_in_time import Published, rules_of
from testing.steps import Step
from tests.support.living import live
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

LAW: Final = examples(90)
TOLD: Final = ("today", "status", "current_streak", "freezes_available")
WHOLE_GAP: Final = POLICY.model_copy(
    update={"freezes": POLICY.freezes.model_copy(update={"spend": "whole_gap", "at_start": 2, "streak_min": 2})}
)
policies: Final = st.sampled_from([POLICY, WHOLE_GAP])
# How far into what is told ahead an answer is asked for.
later: Final = st.lists(st.integers(0, 9 * 24 * 60 * 60), min_size=1, max_size=6)


def instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


@given(lives(), later, policies)
@LAW
def test_law_10_what_the_timeline_says_is_what_is_answered_later(
    life: list[Step], seconds: list[int], policy: Policy
) -> None:
    user = live(life, policy)
    now = user.step({"at": life[-1]["at"], "do": "get_streak"})
    timeline, until = now["timeline"], instant(now["timeline_until"])
    assert [now[name] for name in TOLD] == [timeline[0][name] for name in TOLD]
    begins = instant(timeline[0]["from"])
    moments = [*(begins + timedelta(seconds=one) for one in seconds), *(instant(one["from"]) for one in timeline)]
    for at in (*moments, until - timedelta(microseconds=1)):
        if begins <= at < until:
            answer = user.step({"at": at.isoformat(), "do": "get_streak"})
            told = [one for one in timeline if instant(one["from"]) <= at][-1]
            assert {name: answer[name] for name in TOLD} == {name: told[name] for name in TOLD}, at


@given(lives(), policies)
@LAW
def test_the_timeline_tells_each_label_once_and_holds_for_eight_streak_days(life: list[Step], policy: Policy) -> None:
    user = live(life, policy)
    now = user.step({"at": life[-1]["at"], "do": "get_streak"})
    labels, begins = ([one[name] for one in now["timeline"]] for name in ("today", "from"))
    assert labels == sorted(set(labels))
    assert [instant(one) for one in begins] == sorted(instant(one) for one in begins)
    assert instant(begins[-1]) < instant(now["timeline_until"])
    last = user.step({"at": now["timeline_until"], "do": "get_streak"})["today"]
    first = datetime.fromisoformat(now["today"])
    assert datetime.fromisoformat(last) >= first + timedelta(days=policy.timeline_days)


def take(user: PureUser, offer: dict[str, Any], at: str) -> None:
    """Does what is offered, after the activities that it needs."""
    for number in range(offer["needs"]):
        record = {"at": at, "do": "record", "activity_id": f"needed{number}", "activity_type": "check_in"}
        user.step(record)
    match offer["kind"]:
        case "freeze":
            user.step({"at": at, "do": "plan_freeze", "date": offer["day"]})
        case "repair":
            user.step({"at": at, "do": "repair"})
        case "redo":
            user.step({"at": at, "do": "redo", "activity_id": offer["activity_id"]})
        case "resume":
            user.step({"at": at, "do": "end_pause", "pause_id": offer["pause_id"]})
        case kind:
            pytest.fail(f"an offer of an unknown kind: {kind}")


@given(lives(), st.floats(0, 1), policies)
@LAW
def test_an_offer_is_accepted_up_to_its_end_alone_and_all_in_their_order(
    life: list[Step], when: float, policy: Policy
) -> None:
    user = live(life, policy)
    now = user.step({"at": life[-1]["at"], "do": "get_streak"})
    at = instant(now["timeline"][0]["from"])
    in_order = deepcopy(user)
    for offer in now["offers"]:
        alone, until = deepcopy(user), instant(offer["until"])
        assert at < until
        last = until - timedelta(microseconds=1)
        for moment in (at, at + (last - at) * when, last):
            later_user = deepcopy(user)
            take(later_user, offer, moment.isoformat())
        take(alone, offer, at.isoformat())
        after = alone.step({"at": at.isoformat(), "do": "get_streak"})
        assert after["current_streak"] == offer["current_streak_after"]
        take(in_order, offer, at.isoformat())


@given(lives())
@LAW
def test_offers_are_the_same_by_themselves_as_beside_the_streak(life: list[Step]) -> None:
    user, at = live(life), life[-1]["at"]
    assert user.step({"at": at, "do": "get_offers"}) == user.step({"at": at, "do": "get_streak"})["offers"]


def missed_one_day(*, automatic: bool, freezes: bool) -> PureUser:
    user = PureUser(POLICY)
    user.step({"at": "2026-03-02T09:00:00Z", "do": "set_auto_freeze", "on": automatic})
    for day in (2, 3):
        worth = {"activity_type": "flashcard_set_completed", "metadata": {"correct": 1_000 if freezes else 10}}
        user.step({"at": f"2026-03-0{day}T09:00:00Z", "do": "record", "activity_id": f"a{day}", **worth})
    return user


@pytest.mark.parametrize(
    ("automatic", "freezes", "kinds"),
    [(False, True, ["freeze"]), (False, False, ["repair"]), (True, False, ["repair"]), (True, True, [])],
)
def test_a_missed_day_is_offered_one_way_to_heal_and_a_bridged_one_none(
    automatic: bool, freezes: bool, kinds: list[str]
) -> None:
    user = missed_one_day(automatic=automatic, freezes=freezes)
    offers = user.step({"at": "2026-03-05T09:00:00Z", "do": "get_offers"})
    assert [one["kind"] for one in offers] == kinds
    # A day later there are two missed days, which nothing heals.
    if kinds:
        assert user.step({"at": "2026-03-06T09:00:00Z", "do": "get_offers"}) == []


def test_a_repair_that_its_own_activities_would_put_out_of_reach_is_not_offered() -> None:
    user = missed_one_day(automatic=True, freezes=False)
    user.step({"at": "2026-03-04T20:00:00Z", "do": "add_pause", "from": "2026-03-05", "until": "2026-04-20"})
    for day, kinds in [("2026-03-22T12:00:00Z", ["repair", "resume"]), ("2026-03-23T12:00:00Z", ["resume"])]:
        assert [one["kind"] for one in user.step({"at": day, "do": "get_offers"})] == kinds


def test_a_label_that_the_zone_left_out_is_not_told() -> None:
    midnight = POLICY.model_copy(update={"days": POLICY.days.model_copy(update={"day_start_hour": 0})})
    # At four in the morning, four hours of it were left.
    for policy, labels in [(POLICY, ["29", "30", "31"]), (midnight, ["29", "31", "01"])]:
        user = PureUser(policy)
        user.step({"at": "2011-12-28T20:00:00Z", "do": "set_time_zone", "time_zone": "Pacific/Apia"})
        told = user.step({"at": "2011-12-29T20:00:00Z", "do": "get_streak"})["timeline"]
        assert [one["today"][-2:] for one in told[:3]] == labels


def test_what_a_repair_needs_is_told_and_less_of_it_once_there_is_some_today() -> None:
    user = missed_one_day(automatic=True, freezes=False)
    for number, needs in enumerate([2, 1, 0]):
        [offer] = user.step({"at": "2026-03-05T09:00:00Z", "do": "get_offers"})
        assert (offer["needs"], offer["current_streak_after"]) == (needs, 3)
        record = {"do": "record", "activity_id": f"n{number}", "activity_type": "check_in"}
        user.step({"at": "2026-03-05T09:00:00Z", **record})


@pytest.mark.parametrize(("most", "until"), [(1, "2026-03-07T04:00:00Z"), (2, "2026-03-20T04:00:00Z")])
def test_what_can_be_done_anew_is_offered_until_a_policy_has_no_room_for_it(most: int, until: str) -> None:
    fewer = Published(
        effective_from=date(2026, 3, 7),
        at=datetime(2026, 1, 1, tzinfo=UTC),
        numbers={"limits.activities_per_day_max": most},
    )
    user, at = PureUser(rules_of([fewer])), "2026-03-05T09:00:00Z"
    for name in "ab":
        user.step({"at": at, "do": "record", "activity_id": name, "activity_type": "check_in"})
    user.step({"at": at, "do": "undo", "activity_id": "b"})
    [offer] = user.step({"at": at, "do": "get_offers"})
    assert (offer["kind"], offer["until"]) == ("redo", until)


@pytest.mark.parametrize(
    ("numbers", "until"),
    [
        ({"repair.activities_needed": 3}, "2026-03-05T04:00:00Z"),
        ({"repair.activities_needed": 1}, "2026-03-06T04:00:00Z"),
        # Nothing was repaired before that it could follow too soon.
        ({"repair.cooldown_days": 60}, "2026-03-06T04:00:00Z"),
        ({"repair.cooldown_days": 3}, "2026-03-06T04:00:00Z"),
    ],
)
@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_repair_is_offered_until_a_policy_would_refuse_it(
    numbers: dict[str, Any], until: str, *, is_replaced: bool
) -> None:
    other = Published(effective_from=date(2026, 3, 5), at=datetime(2026, 1, 1, tzinfo=UTC), numbers=numbers)
    user = PureUser(rules_of([other, replace(other, numbers={})] if is_replaced else [other]))
    user.step({"at": "2026-03-02T09:00:00Z", "do": "record", "activity_id": "a", "activity_type": "check_in"})
    user.step({"at": "2026-03-02T09:00:00Z", "do": "add_pause", "from": "2026-03-04", "until": "2026-03-04"})
    [offer, *_] = user.step({"at": "2026-03-04T09:00:00Z", "do": "get_offers"})
    assert (offer["kind"], offer["until"]) == ("repair", "2026-03-06T04:00:00Z" if is_replaced else until)


def test_a_repair_is_offered_until_a_policy_asks_for_more_time_since_the_last_one() -> None:
    longer = Published(
        effective_from=date(2026, 4, 6), at=datetime(2026, 1, 1, tzinfo=UTC), numbers={"repair.cooldown_days": 60}
    )
    user = missed_one_day(automatic=True, freezes=False)
    user.rules = rules_of([longer])
    for at, do in [
        *(("2026-03-05T09:00:00Z", "check_in"), ("2026-03-05T09:00:00Z", "record")),
        *(("2026-03-05T09:00:00Z", "repair"), ("2026-04-03T09:00:00Z", "check_in")),
        ("2026-04-05T05:00:00Z", "add_pause"),
    ]:
        more = {"activity_id": "b", "activity_type": "check_in", "from": "2026-04-05", "until": "2026-04-08"}
        user.step({"at": at, "do": do, **more})
    offers = user.step({"at": "2026-04-05T09:00:00Z", "do": "get_offers"})
    assert [(one["kind"], one["until"]) for one in offers][:1] == [("repair", "2026-04-06T04:00:00Z")]


def test_what_is_not_offered_is_refused() -> None:
    user = missed_one_day(automatic=True, freezes=False)
    with pytest.raises(StreakError, match="no_freeze_available"):
        user.step({"at": "2026-03-05T09:00:00Z", "do": "plan_freeze", "date": "2026-03-04"})
    with pytest.raises(StreakError, match="nothing_to_repair"):
        user.step({"at": "2026-03-06T09:00:00Z", "do": "repair"})
