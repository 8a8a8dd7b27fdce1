"""Law 9 and with it all rules: the core answers as the plain day-by-day model does, whatever a life brings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.places import ROOT
from streak_core.domain.errors import StreakError
from streak_core.domain.events import EventKind
from testing.amnesties import changed, excused, since_last_change
from testing.drawing import WORTH
from testing.lives import dice, lives
from testing.pure_user import PureUser
from testing.reference.answers import as_told
from testing.reference.policy import CATEGORY_OF, Refused
from testing.reference.user import ReferenceUser
from testing.rules_in_time import Published, drawn, rules_of
from testing.scenarios import difference
from testing.steps import QueryStep, Step
from tests.support.living import is_proved
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples

if TYPE_CHECKING:
    from random import Random

_OFTEN = (QueryStep.STREAK, QueryStep.ACHIEVEMENTS, QueryStep.CHALLENGES, QueryStep.SEAT)
_NOW_AND_THEN = (QueryStep.CALENDAR, QueryStep.CONSISTENCY, QueryStep.EXPLAIN, QueryStep.PAUSES)


# In parts, with lives of their own each: as one it would be the longest test, and all other workers would wait for it.
@pytest.mark.parametrize("_part", range(4))
@given(life=lives())
@examples(60)
def test_a_life_is_answered_as_the_model_answers_it(_part: int, life: list[Step]) -> None:
    model, user = ReferenceUser(), PureUser(POLICY)
    for number, step in enumerate(life):
        _both(user, model, number, step)


@pytest.mark.parametrize("_part", range(2))
@given(
    life=lives(),
    changes=st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3 * 24 * 60)), max_size=4),
    chance=dice,
)
@examples(45)
def test_a_life_under_policies_in_time_and_amnesties_is_answered_as_the_model_answers_it(
    _part: int, life: list[Step], changes: list[tuple[int, int]], chance: Random
) -> None:
    published = drawn(chance, datetime.fromisoformat(life[0]["at"]), most=4)
    model, user = ReferenceUser(), PureUser(rules_of(published))
    for one in published:
        model.publish(one.effective_from, one.at, one.numbers, one.withdrawn_at)
    for number, step in enumerate(life):
        for place, minutes in changes:
            if place == number:
                at = since_last_change(user.rules, datetime.fromisoformat(step["at"]) - timedelta(minutes=minutes))
                user.rules = changed(chance, user.rules, at)
                model.excuse(excused(user.rules))
        _both(user, model, number, step)
    assert is_proved(user)


def test_no_day_of_a_gap_is_decided_before_it_is_known_whether_freezes_bridge_it() -> None:
    guide = {"do": "record", "activity_type": "study_guide_completed", "metadata": {}}
    whole = {"freezes.spend": "whole_gap"}
    published = [Published(effective_from=date(2026, 3, 9), at=datetime(2026, 3, 1, tzinfo=UTC), numbers=whole)]
    model, user = ReferenceUser(), PureUser(rules_of(published))
    model.publish(published[0].effective_from, published[0].at, whole, None)
    life: list[Step] = [
        {"at": "2026-03-13T10:00:00+00:00", "activity_id": "a", **guide},
        {"at": "2026-03-13T10:01:00+00:00", "do": "grant_freezes", "count": 1, "reason": "sorry"},
        # Saturday is missed, and from Sunday on nothing is asked for, far beyond what may still change.
        {"at": "2026-03-14T10:00:00+00:00", "do": "pause", "from": "2026-03-15", "until": "2026-04-20"},
        {"at": "2026-04-21T10:00:00+00:00", "do": "set_auto_freeze", "on": False},
    ]
    for number, step in enumerate(life):
        _both(user, model, number, step)
    assert user.streak
    assert user.streak.checkpoint.next_day == model.history.decided_before == date(2026, 3, 9)
    ask = {"at": "2026-04-22T10:00:00+00:00", "do": "get_calendar", "days": 60}
    verdicts = {one["date"]: one["verdict"] for one in user.step(ask)}
    assert (verdicts["2026-03-14"], verdicts["2026-04-21"]) == ("missed", "missed")
    assert difference(as_told(model.step(ask)), user.step(ask)) is None


def _both(user: PureUser, model: ReferenceUser, number: int, step: Step) -> None:
    """Lets both take a step, and asks both."""
    assert _try(user, step) == _try(model, step), f"step {number}: {step}"
    unlocked = [
        one.details["achievement"] for one in user.events.values() if one.kind is EventKind.ACHIEVEMENT_UNLOCKED
    ]
    assert unlocked == model.history.unlocked, f"step {number}: {step}"
    completed = [one.details["challenge"] for one in user.events.values() if one.kind is EventKind.CHALLENGE_COMPLETED]
    assert completed == [name for name, _ in model.history.completed], f"step {number}: {step}"
    for question in (*_OFTEN, *(_NOW_AND_THEN if number % 5 == 0 else ())):
        # The tail is never shorter than fourteen days under the shipped policy; where it is, less is told.
        ask = {"at": step["at"], "do": question.value, "days": 14 if question is QueryStep.EXPLAIN else 35}
        answer = user.step(ask)
        got = answer["pauses"] if question is QueryStep.PAUSES else answer
        expected = as_told(model.step(ask))
        if question is QueryStep.EXPLAIN:
            assert got
            expected = expected[-len(got) :]
        assert difference(expected, got) is None, f"{question} after step {number}: {step}"


def test_the_model_the_lives_and_the_page_of_the_rules_know_every_activity_type() -> None:
    page = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    for kind, rules in POLICY.activity_types.items():
        assert CATEGORY_OF[kind] == rules.category
        assert kind in {lived for lived, _ in WORTH}
        assert f"| `{kind}` | {rules.category or 'none'} |" in page
    assert CATEGORY_OF.keys() == POLICY.activity_types.keys()


def _try(user: Any, step: Step) -> Any:
    """The code of a refusal, or the activity that is answered, if one is."""
    try:
        answer = user.step(step)
    except (StreakError, Refused) as refused:
        return refused.code
    return answer if step["do"] == "record" else (answer or {}).get("activity")
