"""An app's own words of notices are read with the configuration, or the process does not start."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from streak_core.config.own_files import notice_texts

if TYPE_CHECKING:
    from pathlib import Path

OWN = '[fr.milestone]\ntitle = "{length} jours !"\nbody = "Bravo."\n'


def test_a_file_that_reads_is_taken_and_without_one_the_shipped_one_is(tmp_path: Path) -> None:
    file, wrong = tmp_path / "texts.toml", list[str]()
    file.write_text(OWN)
    assert notice_texts({"STREAK_NOTICE_TEXTS_FILE": str(file)}, wrong) == OWN
    assert notice_texts({}, wrong) is None
    assert wrong == []


@pytest.mark.parametrize("content", [b"x", b"\xff", OWN.replace("length", "days").encode()])
def test_one_that_does_not_is_refused_by_the_name_of_the_variable(tmp_path: Path, content: bytes) -> None:
    file, wrong = tmp_path / "texts.toml", list[str]()
    file.write_bytes(content)
    assert notice_texts({"STREAK_NOTICE_TEXTS_FILE": str(file)}, wrong) is None
    assert notice_texts({"STREAK_NOTICE_TEXTS_FILE": str(tmp_path / "none")}, wrong) is None
    assert [one.partition(":")[0] for one in wrong] == ["STREAK_NOTICE_TEXTS_FILE"] * 2
