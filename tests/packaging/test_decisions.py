"""Decisions are numbered without a gap, dated, have a status, and stand in their index."""

from __future__ import annotations

import re
from typing import Final

import pytest

from emulator.places import ROOT

FOLDER: Final = ROOT / "docs" / "decisions"
PAGES: Final = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
_HEAD: Final = re.compile(
    r"# (?P<title>.+)\n\nDate: (?P<date>\d{4}-\d\d-\d\d)\n\n"
    r"Status: (?P<status>accepted|superseded by (?P<by>\d{4}))\n\n"
)


def test_they_are_numbered_in_a_row() -> None:
    assert [path.name[:5] for path in PAGES] == [f"{number:04d}-" for number in range(1, len(PAGES) + 1)]


@pytest.mark.parametrize("name", [path.name for path in PAGES])
def test_each_says_its_date_and_status_and_the_index_says_the_same(name: str) -> None:
    head = _HEAD.match((FOLDER / name).read_text(encoding="utf-8"))
    assert head, "begins with a title, Date: and Status:, each a paragraph"
    row = f"| {name[:4]} | [{head['title']}]({name}) | {head['date']} | {head['status']} |"
    assert row in (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    assert head["by"] is None or any(path.name.startswith(head["by"]) for path in PAGES)


def test_the_links_between_them_lead_somewhere() -> None:
    for path in FOLDER.glob("*.md"):
        for target in re.findall(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)", path.read_text(encoding="utf-8")):
            assert (FOLDER / target).resolve().is_file(), (path.name, target)
