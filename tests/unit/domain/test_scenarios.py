"""The scenario tables, played on the pure core."""

from __future__ import annotations

from typing import Any

import pytest

from streak_core.domain.errors import StreakError
from testing.pure_user import PureUser
from testing.scenarios import TABLES, difference, steps_of
from tests.support.shipped_policy import POLICY


@pytest.mark.parametrize("name", TABLES)
def test_the_pure_core_answers_as_the_table_says(name: str) -> None:
    user = PureUser(POLICY)
    for number, step in enumerate(steps_of(TABLES[name])):
        assert _difference(user, step) is None, f"step {number}: {step['do']} at {step['at']}"


def _difference(user: PureUser, step: dict[str, Any]) -> str | None:
    try:
        got = user.step(step)
    except StreakError as refused:
        return difference(step.get("expect_refused"), refused.code)
    if "expect_refused" in step:
        return f"expected refusal {step['expect_refused']}, got {got}"
    return difference(step["expect"], got) if "expect" in step else None
