"""The project's pages: each can be found, each link leads somewhere, and README is short."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

import pytest

from emulator.places import ROOT

if TYPE_CHECKING:
    from pathlib import Path

DOCS: Final = ROOT / "docs"
README: Final = ROOT / "README.md"
PAGES: Final = tuple(sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "web" / "client" / "README.md"]))
README_LINES_MAX: Final = 120


def text_of(page: Path) -> str:
    """What a page says, without the examples in it."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def links(page: Path) -> list[str]:
    """What it leads to in the project."""
    found = re.findall(r"\]\(([^)\s]+)\)", text_of(page))
    return [one for one in found if not one.startswith(("https://", "mailto:"))]


@cache
def anchors(page: Path) -> set[str]:
    """Its headings, as GitHub names them in an address."""
    headings = re.findall(r"^#+ (.*)$", text_of(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(page: Path) -> None:
    for target in links(page):
        file, _, anchor = target.partition("#")
        linked = (page.parent / file).resolve() if file else page
        assert linked.exists(), target
        assert not anchor or anchor in anchors(linked), target


def test_the_index_leads_to_every_page_or_to_the_index_of_its_folder() -> None:
    linked = {(DOCS / one.partition("#")[0]).resolve() for one in links(DOCS / "README.md")}
    whole = {one for one in linked if one.is_dir()} | {
        one.parent for one in linked - {README} if one.name == "README.md"
    }
    missing = [page for page in PAGES if page not in linked and page.parent not in whole]
    assert missing == [DOCS / "README.md"]


def test_the_readme_is_short_and_sends_each_reader_to_their_page_in_one_line() -> None:
    lines = README.read_text(encoding="utf-8").splitlines()
    assert len(lines) <= README_LINES_MAX
    (line,) = [one for one in lines if "docs/apps/README.md" in one]
    assert {"docs/operations.md", "CONTRIBUTING.md", "docs/README.md"} <= set(re.findall(r"\]\(([^)]+)\)", line))
