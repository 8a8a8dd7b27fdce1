"""A ledger proves a user across changes of the policy, also those that were published and withdrawn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.events import EventKind
from streak_core.domain.rules import KNOWN_AFTER, Rules, always
from testing.lives import dice, lives
from testing.pure_user import PureUser
from testing.rules_in_time import drawn, policy_with, rules_of
from testing.steps import Step
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples
from tests.unit.proving.lived import check_leads_to_what_is_stored, lived

runs_at = st.lists(st.tuples(st.integers(0, 60), st.integers(-3_000, 100_000)), max_size=6)


def some_withdrawn(rules: Rules, thrown: Random) -> Rules:
    """The rules with some policies withdrawn, each between its publication and the last moment at which that goes."""
    policies = []
    for one in rules.policies:
        if one.published_at is None or thrown.random() < 2 / 3:
            policies.append(one)
            continue
        last = datetime.combine(one.effective_from, datetime.min.time(), one.published_at.tzinfo) - timedelta(hours=12)
        withdrawn_at = one.published_at + (last - KNOWN_AFTER - one.published_at) * thrown.random()
        policies.append(replace(one, withdrawn_at=withdrawn_at))
    return Rules(tuple(policies))


def test_a_gap_that_a_job_with_a_fast_clock_gave_up_too_early_is_told_of_no_more() -> None:
    rules = always(policy_with({"freezes.spend": "whole_gap", "freezes.at_start": 1}))
    user, guide = PureUser(rules), {"do": "record", "activity_type": "study_guide_completed"}
    user.step({"at": "2026-03-02T12:00:00Z", "activity_id": "a", **guide})
    # By this clock two days are missed, and one freeze does not bridge both.
    user.step({"at": "2026-03-05T12:00:00Z", "do": "maintenance"})
    assert "2026-03-03.streak_broken" in user.events
    user.step({"at": "2026-03-04T12:00:00Z", "activity_id": "b", **guide})
    assert user.step({"at": "2026-03-04T12:00:00Z", "do": "get_streak"})["current_streak"] == 2
    told = {event.kind for event in user.events.values()}
    assert told.isdisjoint({EventKind.STREAK_BROKEN, EventKind.FREEZE_REFUNDED})


@given(lives(steps_max=60), runs_at, dice)
@examples(80)
def test_a_ledger_leads_to_what_is_stored_whatever_was_published_or_withdrawn_meanwhile(
    life: list[Step], runs: list[tuple[int, int]], thrown: Random
) -> None:
    rules = some_withdrawn(rules_of(drawn(thrown, datetime.fromisoformat(life[0]["at"])), POLICY), thrown)
    user = PureUser(rules)
    check_leads_to_what_is_stored(user, lived(user, life, runs))
