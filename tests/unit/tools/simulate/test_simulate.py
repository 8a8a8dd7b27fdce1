"""The command: what it refuses, what it prints and what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.thoroughness import sample
from tests.unit.tools.simulate.studies import study
from tools.simulate.__main__ import SIZES, main
from tools.simulate.page import page

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--users", "0"], "'0': Input should be greater than or equal to 1"),
        (["--users", "1.5"], "'1.5': Input should be a multiple of 1"),
        (["--users", "many"], "'many': Input should be a valid number"),
        (["--users", "nan"], "'nan': Input should be"),
        (["--users"], "expected at least one argument"),
        (["--due-share", "1.1"], "'1.1': Input should be less than or equal to 1"),
        (["--due-share", "-0.1"], "'-0.1': Input should be greater than or equal to 0"),
        (["--date", "2026-02-30"], "'2026-02-30': Input should be a valid date"),
        (["--date", "1999-12-31"], "'1999-12-31': Input should be greater than or equal to 2000-01-01"),
        (["--users-per-second-instance", "0"], "'0': Input should be greater than or equal to 0.000001"),
        (["--max-instances", "0"], "'0': Input should be greater than or equal to 1"),
        (["--tasks-per-instance", "2.5"], "'2.5': Input should be a valid integer"),
        (["--nonsense"], "unrecognized arguments"),
    ],
)
def test_wrong_use_is_told_and_ends_with_two(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    sample(
        [
            ["--users", "1"],
            ["--users", "1e11"],
            ["--users", "1000", "--due-share", "0"],
            ["--users", "1000", "--due-share", "1"],
            ["--users", "1000", "--date", "2026-03-29"],
            ["--users", "1e8", "--max-instances", "3", "--tasks-per-instance", "5"],
            ["--users", "1e8", "--users-per-second-instance", "0.001"],
        ]
    ),
)
def test_every_allowed_value_gives_tables_and_advice(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "**A day**" in printed
    assert "**What to choose" in printed
    assert "nan" not in printed


def test_what_is_written_is_what_is_printed_and_only_where_it_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    # Which the other tests are about, and takes seconds.
    monkeypatch.setattr("tools.simulate.__main__.page", lambda _, sizes: f"of {sizes}\n")
    monkeypatch.chdir(tmp_path)
    for more, written in (([], []), (["--write", str(tmp_path)], ["scale.md"])):
        assert main(["--users", "1000000", *more]) == 0
        assert capsys.readouterr().out == "of (1000000,)\n\n"
        assert [path.name for path in tmp_path.iterdir()] == written
    assert (tmp_path / "scale.md").read_text(encoding="utf-8") == "of (1000000,)\n"


def test_the_page_in_docs_is_what_the_command_writes() -> None:
    written = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    assert written == page(study(), SIZES), "run: python -m tools.simulate --write docs"
