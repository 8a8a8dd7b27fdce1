"""Law 12 of any life: an amnesty only helps, whenever it is declared or withdrawn, and whoever judges by it first."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from hypothesis import given
from hypothesis import strategies as st

from streak_core.domain.judging_anew import judged_anew, settlement
from streak_core.domain.replay import replay
from testing.amnesties import changed, since_last_change, standing_ids, with_withdrawn
from testing.lives import dice, lives
from testing.pure_user import PureUser
from testing.steps import Step
from tests.support.living import attempt, is_proved
from tests.support.shipped_policy import RULES
from tests.support.thoroughness import examples

CHANGES: Final = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3 * 24 * 60)), min_size=1, max_size=4)


def stands(user: PureUser, at: datetime, *, without: bool = False) -> tuple[int, int, int]:
    """Streak, longest and freezes, or those that the same commands lead to where nothing was ever declared."""
    rules = user.rules.without_amnesties if without else user.rules
    state = judged_anew(user.entries, rules)[0] if without else user.state(at).streak
    if state is None:
        return (0, 0, 0)
    view = replay(state, rules, at)
    return (view.current_streak, view.longest_streak, view.freezes_available)


def no_less(before: tuple[int, ...], after: tuple[int, ...]) -> bool:
    return all(one <= other for one, other in zip(before, after, strict=True))


@given(lives(), CHANGES, dice)
@examples(80)
def test_law_12_an_amnesty_only_helps_whenever_it_is_declared_or_withdrawn(
    life: list[Step], changes: list[tuple[int, int]], chance: Random
) -> None:
    user, with_jobs = PureUser(RULES), PureUser(RULES)
    for number, step in enumerate(life):
        for place, minutes in changes:
            if place == number:
                at = since_last_change(user.rules, datetime.fromisoformat(step["at"]) - timedelta(minutes=minutes))
                before = stands(user, at)
                user.rules = with_jobs.rules = changed(chance, user.rules, at)
                assert no_less(before, stands(user, at))
                if minutes % 2:
                    with_jobs.maintenance(at + timedelta(minutes=minutes))
        assert attempt(user, step) == attempt(with_jobs, step)
        now = datetime.fromisoformat(step["at"])
        assert no_less(stands(user, now, without=True), stands(user, now))
    assert is_proved(user)
    assert is_proved(with_jobs)
    # Whatever was excused by now stays so, though all of it is withdrawn.
    last = user.state(datetime.fromisoformat(life[-1]["at"])).view.now
    before = stands(user, last)
    for amnesty_id in standing_ids(user.rules):
        user.rules = with_withdrawn(user.rules, amnesty_id, last)
    assert no_less(before, stands(user, last))


@given(lives(), CHANGES, dice, st.integers(0, 40 * 24 * 60))
@examples(60)
def test_law_12_what_is_judged_by_a_run_is_what_was_answered_before_it(
    life: list[Step], changes: list[tuple[int, int]], chance: Random, later: int
) -> None:
    user = PureUser(RULES)
    for number, step in enumerate(life):
        for place, minutes in changes:
            if place == number:
                at = since_last_change(user.rules, datetime.fromisoformat(step["at"]) - timedelta(minutes=minutes))
                user.rules = changed(chance, user.rules, at)
        attempt(user, step)
    if user.streak is None:
        return
    at = datetime.fromisoformat(life[-1]["at"]) + timedelta(minutes=later)
    user.rules = changed(chance, user.rules, at)
    asked: list[Step] = [
        {"at": at.isoformat(), "do": "get_streak"},
        {"at": at.isoformat(), "do": "get_calendar", "days": 90},
        {"at": at.isoformat(), "do": "get_consistency"},
    ]
    before = [user.step(one) for one in asked]
    user.maintenance(at)
    assert [user.step(one) for one in asked] == before
    assert user.streak.amnesties == user.rules.revision
    again = settlement(user.streak, user.settled_through, user.rules, at, lambda: user.entries)
    assert again.events == ()
    assert again.judged_anew is None
    anew = judged_anew(user.entries, user.rules)[0]
    assert anew is not None
    assert replace(anew, told=user.streak.told, rate=user.streak.rate) == user.streak
