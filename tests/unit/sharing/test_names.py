"""What is drawn of a name: nothing that is no sign, nothing that the font has not, and never more than fits."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from streak_core.sharing.names import FONT_FILE, LETTERS_MAX, drawn, width, widths
from tests.support.thoroughness import examples
from tests.unit.sharing.snapshots import NAMES


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Ada", "Ada"),
        ("  Ada \t Lovelace\n", "Ada Lovelace"),
        ("<b>&\"'", "<b>&\"'"),
        ("Jose\u0301", "José"),
        ("Αθηνά Мария Գոհար", "Αθηνά Мария Գոհար"),
        ("علي رضا", "علي رضا"),
        ("שָׁלוֹם", unicodedata.normalize("NFC", "שָׁלוֹם")),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("a\u200db\u200ec\ufeffd\x00e", "abcde"),
        ("Z\u0300\u0301\u0302\u0303", "Z\u0300\u0301"),
        ("\u0301Ada", "Ada"),
        ("a \u0301b", "a b"),
        ("😀", "😀"),
        ("Ada 🔥", "Ada"),
        ("李 Ada", "Ada"),
        ("李明", ""),
        ("\ud800", ""),
        ("\u2028", ""),
        ("", ""),
        ("x" * LETTERS_MAX, "x" * LETTERS_MAX),
        ("x" * (LETTERS_MAX + 1), "x" * (LETTERS_MAX - 1) + "…"),
        ("x" * 10_000, "x" * (LETTERS_MAX - 1) + "…"),
    ],
)
def test_what_is_drawn_of_a_name(name: str, expected: str) -> None:
    assert drawn(name) == expected


@examples(500)
@given(name=NAMES)
def test_of_any_text_only_signs_of_the_font_are_drawn_and_drawn_again_it_stays(name: str) -> None:
    found = drawn(name)
    assert set(found) <= widths().keys()
    assert not [one for one in found if one != " " and unicodedata.category(one)[0] in "CZ"]
    assert len([one for one in found if not unicodedata.category(one).startswith("M")]) <= LETTERS_MAX
    assert drawn(found) == found
    assert (width(found) > 0) is bool(found)


def test_the_shipped_font_is_small_and_its_licence_lies_beside_it() -> None:
    assert FONT_FILE.stat().st_size < 300_000
    assert "Bitstream Vera" in FONT_FILE.with_name("LICENSE.txt").read_text(encoding="utf-8")
