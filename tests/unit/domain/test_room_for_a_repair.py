"""A repair is offered where the day has room for the activities that it needs, and not where it has none."""

from __future__ import annotations

from typing import Any, Final

import pytest

from testing.rules_in_time import policy_with
from tests.support.in_march import active_on, at, did

FAILED: Final[dict[str, Any]] = {"activity_type": "quiz_completed", "metadata": {"difficulty": "easy", "score": 59}}


@pytest.mark.parametrize(("most", "kinds"), [(3, ["repair"]), (2, [])])
def test_what_a_repair_needs_fits_into_the_day(most: int, kinds: list[str]) -> None:
    user = active_on(2, 3, policy=policy_with({"limits.activities_per_day_max": most}))
    # It does not count, and takes a place.
    did(user, 5, **FAILED)
    offered = user.step({"at": at(5, 10), "do": "get_offers"})
    assert [one["kind"] for one in offered] == kinds
    if kinds:
        did(user, 5, "b", 11)
        did(user, 5, "c", 12)
        assert user.step({"at": at(5, 13), "do": "repair"})["streak"]["current_streak"] == 3
