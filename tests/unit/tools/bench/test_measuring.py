"""How figures are made of what was measured."""

from __future__ import annotations

import pytest

from tools.bench.bare import PreparedWrite, moved
from tools.bench.measuring import Goal, Side, at_least, at_most, in_turn, ratio
from tools.bench.report import number


def test_sides_are_measured_in_turn_and_the_first_rounds_are_not_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[tuple[str, int] | None] = []
    # Of all that a run of tests holds, it would take seconds.
    monkeypatch.setattr("gc.collect", lambda: called.append(None))

    def side(name: str, factor: float) -> object:
        def once(number: int) -> float:
            called.append((name, number))
            return factor * number

        return once

    found = in_turn(2, side("a", 1), side("b", 10), unmeasured=1)  # type: ignore[arg-type]
    assert called[1::2] == [("a", -1), ("b", -1), ("a", 0), ("b", 0), ("a", 1), ("b", 1)]
    assert set(called[::2]) == {None}
    assert found == [(0, 1), (0, 10)]


def test_a_ratio_is_the_median_of_the_rounds_quotients_not_the_quotient_of_medians() -> None:
    # The second round was busy: both sides took three times as long, and nothing is to be said of it.
    found = ratio("x", Side(label="a", unit="s", values=[1, 3, 1.2]), Side(label="b", unit="s", values=[2, 6, 2]))
    assert found.value == 0.5
    assert found.spread == (0.5, 0.6)
    assert found.as_json()["is_met"] is None


@pytest.mark.parametrize(
    ("goal", "value", "is_met"),
    [(at_least(2), 2, True), (at_least(2), 1.99, False), (at_most(2), 2, True), (at_most(2), 2.01, False)],
)
def test_a_goal_is_met_at_its_very_value(goal: Goal, value: float, *, is_met: bool) -> None:
    assert goal.is_met(value) is is_met


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (3, "3"), (0.523, "0.52"), (12.34, "12.3"), (1234.6, "1,235")])
def test_numbers_have_as_many_decimals_as_say_something(value: float, text: str) -> None:
    assert number(value) == text


def test_what_is_sent_again_for_another_user_is_below_that_user() -> None:
    kept = [PreparedWrite(call="create", path="streaks/ada/ledger/ada", data=[{"n": 1}], is_versioned=True)]
    (found,) = moved(kept, "ada", "bob")
    assert found == PreparedWrite(call="create", path="streaks/bob/ledger/ada", data=[{"n": 1}], is_versioned=True)
