"""An app's own kinds of records are read with the configuration, or the process does not start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streak_core.config.own_files import kinds_text
from streak_core.records.kinds import shipped_kinds_text

if TYPE_CHECKING:
    from pathlib import Path

MORE = '[kinds.log.fields.lesson]\ntype = "whole"\nminimum = 1\nmaximum = 9\noptional = true\n'


def test_a_file_that_reads_is_taken_and_without_one_the_shipped_one_is(tmp_path: Path) -> None:
    file, wrong = tmp_path / "records.toml", list[str]()
    file.write_text(shipped_kinds_text() + MORE)
    assert kinds_text({"STREAK_RECORDS_FILE": str(file)}, wrong) == file.read_text()
    assert kinds_text({}, wrong) is None
    assert wrong == []


@pytest.mark.parametrize("content", [b"x", b"\xff", MORE.encode()])
def test_one_that_does_not_is_refused_by_the_name_of_the_variable(tmp_path: Path, content: bytes) -> None:
    file, wrong = tmp_path / "records.toml", list[str]()
    file.write_bytes(content)
    assert kinds_text({"STREAK_RECORDS_FILE": str(file)}, wrong) is None
    assert kinds_text({"STREAK_RECORDS_FILE": str(tmp_path / "none")}, wrong) is None
    assert [one.partition(":")[0] for one in wrong] == ["STREAK_RECORDS_FILE"] * 2
