"""The codes of invitations: short enough to be read out, and too many to be guessed. Must not know who invites whom."""

from __future__ import annotations

import re
import secrets
from typing import Final

# Crockford's base 32: no letter in it is taken for another one, or for a digit.
_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# 60 bits: see decision 62 for how many guesses anybody has.
LENGTH: Final = 12
_GROUP: Final = 4
_AS_MEANT: Final = str.maketrans("OIL", "011")
_CODE: Final = re.compile(rf"[{_ALPHABET}]{{{LENGTH}}}")
_BETWEEN: Final = re.compile(r"[\s-]+", re.ASCII)
# What no invitation has, for what was sent and is no code.
NO_CODE: Final = "none"
# What is sent for a code has at most so many characters.
SENT_MAX: Final = 64


def new_code() -> str:
    """A code that nobody knows."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """A code as people read it: in groups of four."""
    return "-".join(code[start : start + _GROUP] for start in range(0, LENGTH, _GROUP))


def code_of(text: str) -> str | None:
    """The code that somebody has typed, in whichever case and groups; None for what can be none."""
    code = _BETWEEN.sub("", text).upper().translate(_AS_MEANT)
    # There are letters elsewhere of which the capital is one of ours.
    return code if text.isascii() and _CODE.fullmatch(code) else None
