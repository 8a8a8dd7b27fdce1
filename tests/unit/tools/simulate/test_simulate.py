"""The command: what it refuses, what it prints and what it writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.tools.simulate.studies import study
from tools.simulate.__main__ import SIZES, main
from tools.simulate.page import page

ROOT = Path(__file__).parents[4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--users", "0"], "'0' is not a whole number from 1"),
        (["--users", "1.5"], "'1.5' is not a whole number from 1"),
        (["--users", "many"], "'many' is not a whole number from 1"),
        (["--users", "nan"], "'nan' is not a whole number from 1"),
        (["--users"], "expected at least one argument"),
        (["--due-share", "1.1"], "'1.1' is not a number from 0 to 1"),
        (["--due-share", "-0.1"], "'-0.1' is not a number from 0 to 1"),
        (["--active-share", "x"], "'x' is not a number from 0 to 1"),
        (["--date", "2026-02-30"], "'2026-02-30' is not a date from 2000 to 2037"),
        (["--date", "1999-12-31"], "'1999-12-31' is not a date from 2000 to 2037"),
        (["--daily-at", "25:00"], "'25:00' is not a time of day"),
        (["--users-per-second-instance", "0"], "'0' is not a number from 1e-06"),
        (["--max-instances", "0"], "'0' is not a whole number from 1 to 1000"),
        (["--tasks-per-instance", "2.5"], "'2.5' is not a whole number from 1 to 1000"),
        (["--deadline-seconds", "3601"], "'3601' is not a number from 1 to 3600"),
        (["--memory-gib", "inf"], "'inf' is not a number from 1e-06"),
        (["--headroom", "-1"], "'-1' is not a number from 1e-06"),
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


@pytest.mark.parametrize("option", ["--population", "--prices"])
def test_a_data_file_that_is_wrong_is_told_and_ends_with_two(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([option, str(tmp_path / "missing.toml")]) == 2
    assert capsys.readouterr().err.startswith("error: missing.toml ")


def test_a_folder_that_can_not_be_written_is_told_and_ends_with_two(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["--users", "1000", "--write", str(tmp_path / "file")]) == 2
    assert "can't be written" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["--users", "1"],
        ["--users", "1e11"],
        ["--users", "1000", "--due-share", "0"],
        ["--users", "1000", "--due-share", "1", "--deadline-seconds", "1"],
        ["--users", "1000", "--date", "2026-03-29", "--daily-at", "23:59"],
        ["--users", "1e8", "--max-instances", "3", "--tasks-per-instance", "5", "--headroom", "0.1"],
        ["--users", "1e8", "--users-per-second-instance", "0.001"],
    ],
)
def test_every_allowed_value_gives_tables_and_advice(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "**A day**" in printed
    assert "Schedule" in printed
    assert "nan" not in printed


def test_what_is_written_is_what_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--users", "1000000", "--write", str(tmp_path)]) == 0
    assert capsys.readouterr().out == (tmp_path / "scale.md").read_text(encoding="utf-8") + "\n"


def test_the_page_in_docs_is_what_the_command_writes() -> None:
    written = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    assert written == page(study(), SIZES), "run: python -m tools.simulate --write docs"
