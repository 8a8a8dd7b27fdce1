"""What people type wrong they are told in a sentence, by every tool, and never by the name of a function of ours."""

from __future__ import annotations

import argparse
from collections.abc import Callable

import pytest

from tools.arguments import whole_number
from tools.bench.__main__ import main as bench
from tools.chaos.__main__ import main as chaos
from tools.chaos.soak import main as soak
from tools.fuzz.__main__ import main as fuzz


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("007", 7), ("50000", 50_000)])
def test_a_whole_number_of_one_or_more_is_taken(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "1e3", "", " 1", "x", "٣", "²"])
def test_anything_else_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="must be a whole number of 1 or more"):
        whole_number(text)


@pytest.mark.parametrize(
    ("main", "arguments", "told"),
    [
        (chaos, ["--faults", "0"], "argument --faults: '0': must be a whole number of 1 or more"),
        (soak, ["--seconds", "0"], "argument --seconds: '0': must be a whole number of 1 or more"),
        (fuzz, ["--requests", "0"], "argument --requests: '0': must be a whole number of 1 or more"),
        (bench, ["limits"], "argument FIGURE: 'limits': must be one of first_design, limit, memory"),
    ],
)
def test_a_tool_that_would_try_nothing_is_not_started(
    main: Callable[[list[str]], int], arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert told in said
    assert "invalid" not in said
