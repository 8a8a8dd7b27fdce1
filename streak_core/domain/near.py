"""What somebody may have meant who sent a name that is not known.

It must not know what the names are of.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

# A slip, a plural, another way to write words in one; not merely a word that shares letters.
_ALIKE_MIN: Final = 0.75


def did_you_mean(sent: str, known: Iterable[str]) -> str:
    """What a message ends with: the known name that is nearest, or nothing where none is near."""
    plain = {_plain(name): name for name in known}
    found = difflib.get_close_matches(_plain(sent), plain, n=1, cutoff=_ALIKE_MIN)
    return f"; did you mean {plain[found[0]]}?" if found else ""


def _plain(name: str) -> str:
    """Without what is written in one way here and in another there."""
    return "".join(character for character in name.casefold() if character not in " _-")
