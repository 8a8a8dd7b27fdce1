"""Law 9 and with it all rules: the core answers as the plain day-by-day model does, whatever a life brings."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from emulator.places import ROOT
from streak_core.domain.errors import StreakError
from testing.drawing import WORTH
from testing.lives import lives
from testing.model import CATEGORY_OF, ModelUser, Refused
from testing.pure_user import PureUser
from testing.scenarios import as_json, difference
from testing.steps import Step
from tests.support.shipped_policy import POLICY
from tests.support.thoroughness import examples


@given(lives())
@examples(400)
def test_a_life_is_answered_as_the_model_answers_it(life: list[Step]) -> None:
    model, user = ModelUser(), PureUser(POLICY)
    for number, step in enumerate(life):
        assert _try(user, step) == _try(model, step), f"step {number}: {step}"
        for ask in _questions(number, step):
            assert difference(as_json(model.step(ask)), user.step(ask)) is None, f"after step {number}: {step}"


def test_the_model_the_lives_and_the_page_of_the_rules_know_every_activity_type() -> None:
    page = (ROOT / "docs" / "semantics.md").read_text(encoding="utf-8")
    for kind, rules in POLICY.activity_types.items():
        assert CATEGORY_OF[kind] == rules.category
        assert kind in {lived for lived, _ in WORTH}
        assert f"| `{kind}` | {rules.category or 'none'} |" in page
    assert CATEGORY_OF.keys() == POLICY.activity_types.keys()


def _questions(number: int, step: Step) -> list[Step]:
    asked = [{"at": step["at"], "do": "get_streak"}]
    if number % 5 == 0:
        asked += [{"at": step["at"], "do": "get_calendar", "days": 35}, {"at": step["at"], "do": "get_consistency"}]
    return asked


def _try(user: Any, step: Step) -> str | None:
    """The code of a refusal, or None."""
    try:
        user.step(step)
    except StreakError as refused:
        return refused.code
    except Refused as refused:
        return refused.code
    return None
