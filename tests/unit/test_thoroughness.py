"""The quick profile looks at less, the full one at everything, and no property test escapes the choice."""

from __future__ import annotations

import ast
from typing import Final

from hypothesis import HealthCheck

from emulator.places import ROOT
from tests.support.thoroughness import EXAMPLES_MIN, ONE_IN, examples, is_full, sample

# The first defines it. The second has as many cases as the contract has operations, always the same ones.
BY_THEMSELVES: Final = {"tests/support/thoroughness.py", "tests/e2e/test_schemathesis.py"}


def test_the_full_profile_has_every_example_and_the_quick_one_a_share_of_them() -> None:
    for full in (1, EXAMPLES_MIN, 150, 400):
        quick = min(full, max(full // ONE_IN, EXAMPLES_MIN))
        assert examples(full).max_examples == (full if is_full() else quick)
    assert list(sample(range(100))) == list(range(0, 100, 1 if is_full() else ONE_IN))


def test_what_is_suppressed_is_added_to_what_always_is() -> None:
    plain, more = examples(100), examples(100, suppressed=[HealthCheck.function_scoped_fixture])
    assert set(plain.suppress_health_check) == {HealthCheck.too_slow}
    assert set(more.suppress_health_check) == {HealthCheck.too_slow, HealthCheck.function_scoped_fixture}
    assert plain.deadline is None


def test_every_number_of_examples_is_said_through_it() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py")}
    by_hand = {
        path.relative_to(ROOT).as_posix()
        for path, text in texts.items()
        if "max_examples" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.keyword) and node.arg == "max_examples"
    }
    assert by_hand == BY_THEMSELVES
