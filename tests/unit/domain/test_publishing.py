"""Whether a policy may be published or withdrawn at a moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from streak_core.domain.publishing import (
    PolicyHasBegun,
    TailsTooShort,
    TooSoon,
    check_publishable,
    check_withdrawable,
    earliest_beginning,
    held_since,
    latest_label,
)
from streak_core.domain.rules import KNOWN_AFTER, PolicyInTime, Rules
from testing.rules_in_time import Published, policy_with, rules_of
from tests.support.shipped_policy import POLICY, RULES

# A Monday; in UTC+14 it is Monday, 23:00.
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PATIENT = {"activities.late_days_max": 30}


def patient(effective_from: date, at: datetime) -> Published:
    return Published(effective_from=effective_from, at=at, numbers=PATIENT)


@pytest.mark.parametrize(
    ("at", "latest"),
    [
        ("2026-03-02T09:00:00Z", "2026-03-02"),
        # UTC+14 is the first to begin a day, at its hour of beginning.
        ("2026-03-02T13:59:59Z", "2026-03-02"),
        ("2026-03-02T14:00:00Z", "2026-03-03"),
    ],
)
def test_the_latest_label_is_that_of_the_zone_which_is_ahead_of_all(at: str, latest: str) -> None:
    assert latest_label(RULES, datetime.fromisoformat(at)) == date.fromisoformat(latest)


def test_the_latest_label_goes_by_the_hour_at_which_days_begin() -> None:
    rules = Rules((replace(RULES.policies[0], policy=policy_with({"days.day_start_hour": 0})),))
    assert latest_label(rules, datetime(2026, 3, 2, 10, tzinfo=UTC)) == date(2026, 3, 3)


def test_a_policy_begins_two_days_after_the_latest_label_and_not_a_day_sooner() -> None:
    earliest = earliest_beginning(RULES, NOW)
    assert earliest == date(2026, 3, 4)
    check_publishable(RULES, earliest, POLICY, NOW)
    with pytest.raises(TooSoon, match="2026-03-04"):
        check_publishable(RULES, earliest - timedelta(days=1), POLICY, NOW)


def test_a_more_patient_policy_begins_when_what_is_kept_has_grown_and_not_a_day_sooner() -> None:
    # Kept of everybody from the Monday that is 14 days or more ago; 30 days after it so many can be served.
    assert held_since(RULES, NOW) == date(2026, 2, 16)
    check_publishable(RULES, date(2026, 3, 18), policy_with(PATIENT), NOW)
    with pytest.raises(TailsTooShort, match="2026-03-18"):
        check_publishable(RULES, date(2026, 3, 17), policy_with(PATIENT), NOW)


def test_what_can_be_undone_needs_as_much_to_be_kept_as_what_may_be_late() -> None:
    with pytest.raises(TailsTooShort):
        check_publishable(RULES, date(2026, 3, 17), policy_with({"activities.undo_days_max": 30}), NOW)


def test_what_grows_since_a_policy_was_published_serves_the_next_one() -> None:
    rules = rules_of([patient(date(2026, 3, 18), NOW)])
    soon = NOW + timedelta(days=7)
    assert held_since(rules, soon) == date(2026, 2, 16)
    check_publishable(rules, date(2026, 3, 18), policy_with(PATIENT), soon)
    # It is not as if tails had always been as long as that policy needs them.
    with pytest.raises(TailsTooShort):
        check_publishable(rules, date(2026, 3, 17), policy_with(PATIENT), soon)


def test_a_policy_that_is_withdrawn_leaves_tails_as_short_as_they_were() -> None:
    (first, one) = rules_of([patient(date(2026, 4, 20), NOW)]).policies
    withdrawn = Rules((first, replace(one, withdrawn_at=NOW + timedelta(days=1))))
    assert held_since(withdrawn, NOW + timedelta(days=14)) == date(2026, 3, 2)


def test_a_policy_can_be_withdrawn_until_it_begins_somewhere_before_everybody_knows_that() -> None:
    rules = rules_of([Published(effective_from=date(2026, 3, 10), at=NOW, numbers={})])
    begins = datetime(2026, 3, 9, 14, tzinfo=UTC)
    one = rules.policies[1]
    check_withdrawable(rules, one, begins - KNOWN_AFTER - timedelta(seconds=1))
    with pytest.raises(PolicyHasBegun, match="Policy 1 is in force from 2026-03-10 on"):
        check_withdrawable(rules, one, begins - KNOWN_AFTER)


def test_a_policy_published_for_the_earliest_label_counts_before_any_zone_has_it() -> None:
    one = PolicyInTime(number=1, effective_from=earliest_beginning(RULES, NOW), policy=POLICY, published_at=NOW)
    rules = Rules((*RULES.policies, one))
    counts = NOW + KNOWN_AFTER
    assert one.is_known(counts)
    assert latest_label(rules, counts) < one.effective_from
