"""The rule of the names on shared pictures: what of a text is drawn, and how large. Must not know what it is drawn on.

A name may be any text that a user sends. What is left of it has nothing but what the shipped font can draw, so that no
name breaks a picture or another text beside it.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FONT_FILE: Final = Path(__file__).parent / "font" / "DejaVuSans-Bold.subset.ttf"
WIDTHS_FILE: Final = FONT_FILE.with_name("widths.txt")
# Letters with their marks, the sign of what is left out included.
LETTERS_MAX: Final = 40
# As many as any language puts on a letter; those of "zalgo" are dozens.
_MARKS_MAX: Final = 2
_LEFT_OUT: Final = "…"


def drawn(name: str) -> str:
    """What is drawn of a name; empty where nothing is. Drawn again, it stays as it is."""
    letters: list[str] = []
    for character in _of_the_font(name[: 64 * LETTERS_MAX]):
        if character.isspace():
            if letters and letters[-1] != " ":
                letters.append(" ")
        elif _is_mark(character):
            if letters and letters[-1] != " " and len(letters[-1]) <= _MARKS_MAX:
                letters[-1] += character
        else:
            letters.append(character)
    if letters and letters[-1] == " ":
        letters.pop()
    if len(letters) > LETTERS_MAX:
        letters = [*letters[: LETTERS_MAX - 1], _LEFT_OUT]
    return "".join(_of_the_font("".join(letters)))


def width(text: str) -> float:
    """How wide a drawn text is at most, in sizes of the font."""
    return sum(widths()[character] for character in text) / 100


@lru_cache(maxsize=1)
def widths() -> dict[str, int]:
    """Every character that the font has, with its width in hundredths of the size of the font."""
    found: dict[str, int] = {}
    for line in WIDTHS_FILE.read_text(encoding="ascii").splitlines():
        first, *each = line.split()
        found |= {chr(int(first, 16) + number): int(one) for number, one in enumerate(each)}
    return found


def _of_the_font(text: str) -> Iterator[str]:
    """The spaces and the signs of a text that the font has, composed where it has them so."""
    for composed in unicodedata.normalize("NFC", text):
        for character in composed if composed in widths() else unicodedata.normalize("NFD", composed):
            if character.isspace() or (character in widths() and _is_sign(character)):
                yield character


def _is_sign(character: str) -> bool:
    """Whether it is itself drawn: no control, no format (such as those of direction), nothing without a meaning."""
    return not unicodedata.category(character).startswith(("C", "Z"))


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
