"""The glossary names what is there. Must not know what the terms mean."""

from __future__ import annotations

import re

from emulator.places import ROOT

TEXT = (ROOT / "docs" / "development" / "glossary.md").read_text(encoding="utf-8")
ROWS = [line.strip("| ").split(" | ") for line in TEXT.splitlines() if line.startswith("| ")]


def test_every_term_is_in_a_file_that_is_there() -> None:
    places = {place.strip("`") for _, _, place in ROWS if place != "where"}
    assert len(places) > 20
    assert {place for place in places if not (ROOT / place).exists()} == set()


def test_a_term_is_explained_once() -> None:
    terms = [term for cells in ROWS for term in re.split(r", | \(", cells[0]) if cells[0] != "term"]
    assert sorted(terms) == sorted(set(terms))
