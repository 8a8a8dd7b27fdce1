"""Policies in time: which one is in force on a label, from when on it is known, and how far back tails reach for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.days import DayStarts, ZoneLine, ZoneSpan, zone_day, zone_starts_at
from streak_core.domain.policy import parse_policy
from streak_core.domain.rules import KNOWN_AFTER, Amnesty, Rules, always
from testing.drawing import ZONES
from testing.lives import zones
from testing.rules_in_time import Published, policy_with, rules_of
from tests.support.shipped_policy import POLICY, RULES, TEXT
from tests.support.thoroughness import examples, sample

CHANGE: Final = date(2026, 6, 10)
PUBLISHED: Final = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY: Final = timedelta(days=1)
MICROSECOND: Final = timedelta(microseconds=1)

hours = st.integers(0, 12)
changes = st.dates(date(2000, 1, 5), date(2037, 12, 25))


def then(numbers: dict[str, Any], since: date = CHANGE, at: datetime = PUBLISHED) -> Published:
    return Published(effective_from=since, at=at, numbers=numbers)


def test_a_policy_is_in_force_from_its_label_on_and_number_0_before_all() -> None:
    rules = rules_of([then({"freezes.held_max": 2}), then({"freezes.held_max": 3}, CHANGE + 2 * DAY)])
    held = [rules.on(CHANGE + days * DAY).freezes.held_max for days in range(-1, 3)]
    assert held == [5, 2, 2, 3]
    assert [rules.in_force(CHANGE + days * DAY).number for days in range(-1, 3)] == [0, 1, 1, 2]
    following = [rules.after(CHANGE + days * DAY) for days in (-1, 0, 2)]
    assert [one and one.number for one in following] == [1, 2, None]


def test_of_two_policies_of_one_label_the_one_published_last_holds_and_the_order_of_labels_is_that_of_time() -> None:
    rules = rules_of([then({"freezes.held_max": 2}), then({"freezes.held_max": 3})])
    assert rules.on(CHANGE).freezes.held_max == 3
    rules = rules_of([then({"freezes.held_max": 2}, CHANGE + DAY), then({"freezes.held_max": 3})])
    assert [rules.on(CHANGE + days * DAY).freezes.held_max for days in range(2)] == [3, 2]


def test_a_policy_counts_once_every_process_has_read_it_and_a_withdrawn_one_until_they_have_read_that() -> None:
    published = rules_of([then({"activities.late_days_max": 30})])
    known_from, withdrawn_at = PUBLISHED + KNOWN_AFTER, PUBLISHED + DAY
    assert published.known_at(known_from) is published
    before = published.known_at(known_from - MICROSECOND)
    assert [one.number for one in before.policies] == [0]
    assert before is published.known_at(PUBLISHED)
    withdrawn = Rules((published.policies[0], replace(published.policies[1], withdrawn_at=withdrawn_at)))
    moments = [known_from - MICROSECOND, known_from, withdrawn_at, withdrawn_at + KNOWN_AFTER]
    assert [len(withdrawn.known_at(at).policies) for at in moments] == [1, 2, 2, 1]
    assert withdrawn.standing == RULES
    assert published.standing is published
    assert RULES.known_at(PUBLISHED) is RULES


def test_a_tail_is_as_long_as_any_policy_needs_that_is_in_force_or_to_come() -> None:
    grows = rules_of([then({"activities.late_days_max": 30})])
    assert [grows.days_back_max(CHANGE + days * DAY) for days in (-9, -1, 0, 9)] == [30, 30, 30, 30]
    shrinks = rules_of([then({"activities.late_days_max": 7, "activities.undo_days_max": 3})])
    assert [shrinks.days_back_max(CHANGE + days * DAY) for days in (-9, -1, 0, 9)] == [14, 14, 7, 7]
    # The 10th is a Wednesday: 7 days back lies the 3rd, in the week of the 1st.
    assert shrinks.tail_start(CHANGE) == date(2026, 6, 1)
    assert shrinks.tail_start(CHANGE - DAY) == date(2026, 5, 25)


def test_a_policy_that_another_one_of_its_label_takes_the_place_of_makes_no_tail_longer() -> None:
    rules = rules_of([then({"activities.late_days_max": 30}), then({"activities.late_days_max": 14})])
    assert [rules.days_back_max(CHANGE + days * DAY) for days in (-1, 0)] == [14, 14]


@pytest.mark.parametrize(("back", "beyond"), [(16, -1), (15, 0), (8, 0), (7, 1)])
def test_a_shorter_window_is_over_when_it_comes_into_force_or_by_its_own_length(back: int, beyond: int) -> None:
    rules = rules_of([then({"activities.late_days_max": 7})])
    day, today = CHANGE - back * DAY, CHANGE - 9 * DAY
    assert rules.first_beyond(day, today, lambda policy: policy.activities.late_days_max) == CHANGE + beyond * DAY


@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 60)), max_size=4), st.integers(-70, 20), st.integers(0, 60)
)
def test_the_label_on_which_a_tail_leaves_a_day_behind_is_the_first_such_label(
    lengths: list[tuple[int, int]], back: int, today: int
) -> None:
    rules = rules_of([then({"activities.late_days_max": n}, CHANGE + days * DAY) for days, n in lengths])
    first, day = CHANGE + today * DAY, CHANGE + back * DAY
    label = first
    while rules.tail_start(label) <= day:
        label += DAY
    assert rules.leaves_tail_on(day, first) == label
    label = first
    while (label - day).days <= rules.on(label).activities.late_days_max:
        label += DAY
    assert rules.first_beyond(day, first, lambda policy: policy.activities.late_days_max) == label


def test_windows_of_a_policy_excuse_from_its_own_days_and_what_is_declared_from_all() -> None:
    window = '[[protected_windows]]\nfrom = 2026-06-01T00:00:00Z\nuntil = 2026-06-20T00:00:00Z\nreason = "outage"\n'
    declared = Amnesty(amnesty_id="a", from_instant=PUBLISHED, until=PUBLISHED + DAY, reason="outage")
    with_window = parse_policy(TEXT + "\n" + window)
    rules = Rules(
        (*RULES.policies, replace(always(with_window).policies[0], number=1, effective_from=CHANGE)), (declared,)
    )
    assert rules.amnesties_on(CHANGE - DAY) == (declared,)
    assert [one.reason for one in rules.amnesties_on(CHANGE)] == ["outage", "outage"]
    assert RULES.amnesties_on(CHANGE) == ()


def test_each_change_of_the_amnesties_has_its_moment_and_one_that_is_not_there_has_none() -> None:
    kept = Amnesty(
        amnesty_id="a", from_instant=PUBLISHED, until=PUBLISHED + DAY, reason="r", number=1, declared_at=PUBLISHED
    )
    withdrawn = replace(kept, amnesty_id="b", number=2, withdrawn_number=3, withdrawn_at=PUBLISHED + DAY)
    rules = Rules(RULES.policies, (kept, withdrawn))
    assert [rules.changed_at(number) for number in (1, 2, 3, 4)] == [PUBLISHED, PUBLISHED, PUBLISHED + DAY, None]


@given(changes, hours, hours)
@examples(60)
def test_where_the_hour_changes_each_instant_has_one_label_in_every_zone(change: date, before: int, after: int) -> None:
    starts = DayStarts(((date.min, before), (change, after)))
    for name in sample(ZONES):
        for day in (change + days * DAY for days in range(-2, 3)):
            begun = zone_starts_at(name, day, starts.on(day))
            assert zone_day(name, begun, starts) >= day
            assert zone_day(name, begun - MICROSECOND, starts) < day
            assert begun <= zone_starts_at(name, day + DAY, starts.on(day + DAY))


@given(zones, changes, hours, hours)
@examples(300)
def test_where_the_hour_changes_labels_never_go_backward(name: str, change: date, before: int, after: int) -> None:
    starts = DayStarts(((date.min, before), (change, after)))
    line = ZoneLine((ZoneSpan(from_instant=None, time_zone=name, floor=None),), starts)
    begins = datetime.combine(change - 2 * DAY, datetime.min.time(), UTC)
    instants = [begins + timedelta(minutes=20 * n) for n in range(4 * 72)]
    labels = [line.label(instant) for instant in instants]
    assert labels == sorted(labels)
    for instant, label in zip(instants, labels, strict=True):
        assert line.starts_at(label) <= instant < line.ends_at(label)


@pytest.mark.parametrize(("before", "after", "length"), [(4, 0, 20), (0, 4, 28), (12, 0, 12), (0, 12, 36), (4, 4, 24)])
def test_the_day_before_is_longer_or_shorter_by_the_difference_and_no_other_one(
    before: int, after: int, length: int
) -> None:
    line = ZoneLine(
        (ZoneSpan(from_instant=None, time_zone="Asia/Tokyo", floor=None),),
        rules_of([then({"days.day_start_hour": after})], policy_with({"days.day_start_hour": before})).day_starts,
    )
    lengths = [line.ends_at(day) - line.starts_at(day) for day in (CHANGE + days * DAY for days in range(-3, 3))]
    assert [one / timedelta(hours=1) for one in lengths] == [24, 24, length, 24, 24, 24]
    assert line.day_starts.days_cut_short == ({CHANGE - DAY} if after < before else set())


def test_a_policy_of_which_nothing_is_said_is_the_shipped_one() -> None:
    assert policy_with({}) == POLICY
    assert policy_with({"timeline_days": 3}).timeline_days == 3


def test_rules_have_a_fingerprint_of_all_that_they_say() -> None:
    (first,) = RULES.policies
    assert Rules((replace(first, text="# the same"),)).fingerprint == always(POLICY).fingerprint
    withdrawn = replace(first, number=1, withdrawn_at=PUBLISHED)
    others = [
        RULES,
        Rules((first, replace(first, number=1))),
        Rules((first, withdrawn)),
        Rules((first, replace(withdrawn, effective_from=PUBLISHED.date()))),
    ]
    assert len({one.fingerprint for one in others}) == len(others)
