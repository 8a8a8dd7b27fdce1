"""The one rule of a name that other users see: what it may be made of, and as what it is kept.

It must not know where a name is shown, nor whose it is. Scripts are told by the names that Unicode gives to characters,
since the standard library has no others: what it misses are letters of one script alone that look like those of another
one (es, o, er, all of them Cyrillic), and scripts whose names begin with one word (OLD ITALIC, OLD PERSIAN). What is
not assigned yet is told by the Unicode of the Python that runs.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAME_LENGTH_MAX: Final = 32
# As many as scripts of India put on one letter; what climbs out of its line has dozens.
MARKS_MAX: Final = 3
# As many digits, with whatever else than letters between them, as are no telephone number.
DIGITS_MAX: Final = 6

# What is composed gets shorter by this at most.
_SENT_LENGTH_MAX: Final = 8 * NAME_LENGTH_MAX
# They say whether a sign is drawn as a picture; keyboards send them, and nobody sees them.
_PRESENTATION: Final = dict.fromkeys(map(ord, "\ufe0e\ufe0f"))
# Drawn as nothing, though not of a category that says so: fillers, blanks and selectors.
_INVISIBLE: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U0001d159\U000e0100-\U000e01ef]"
)
# Where they show is a matter of their neighbours, of which the standard library does not know how they join.
_JOINERS: Final = frozenset("\u200c\u200d")
_EMAIL: Final = re.compile(r"[^\s@]@[^\s@]")
_LINK: Final = re.compile(r"://|www\.|[^\s.@/]\.[^\W\d_]{2}|\d+\.\d+\.\d+\.\d+", re.IGNORECASE)
_PHONE: Final = re.compile(rf"(?:\d[\W_]*){{{DIGITS_MAX + 1}}}")
# Names of hosts are divided by it as well (UTS 46), and by its halfwidth form.
_FULL_STOP: Final = "\u3002"
# By words of a character's name: letters that are drawn as capitals or as signs, or stand in a circle or a square that
# is no form of a plain one; marks that surround a letter, or strike it out; and ticks.
_LOOK_ALIKE: Final = re.compile(
    r"\b(?:SMALL CAPITAL|CLICK|CIRCLED.* (?:DIGIT|NUMBER|LETTER)|SQUARED.* LETTER)\b|^COMBINING .*(?:ENCLOSING|OVERLAY)"
)
_TICK: Final = re.compile(r"\bCHECK\b")

_LATIN: Final = "LATIN"
_HAN: Final = "CJK"
# Those that are written together; Latin letters look like none of theirs ("highly restrictive" of Unicode's UTS 39).
_TOGETHER: Final = (
    frozenset({_LATIN, _HAN, "HIRAGANA", "KATAKANA"}),
    frozenset({_LATIN, _HAN, "HANGUL"}),
    frozenset({_LATIN, _HAN, "BOPOMOFO"}),
)
# By the first word of a character's name, where that is not its script; None is of no script.
_OTHERWISE: Final = {"COMBINING": None, "MODIFIER": None, "IDEOGRAPHIC": _HAN, "EXTENDED": "ARABIC"}
_OF_A_SCRIPT: Final = ("L", "M", "Nd")


class NameNotAllowed(Malformed):
    """A name that others would see can't be taken; `errors` names the field and says why."""

    code = "name_not_allowed"
    message = "Other users would see this name, and it can't be one; `errors` says why. Choose another one."


def display_name(text: str, field: str = "name") -> str:
    """The name as it is kept and shown: composed (NFC), without spaces around it or several in a row.

    What comes out stays as it is when it is sent again. Raises `NameNotAllowed`, which names `field`.
    """
    if len(text) > _SENT_LENGTH_MAX:
        raise NameNotAllowed(FieldError(field, _TOO_LONG))
    name = _tidy(text)
    refusal = next((why for is_so, why in _RULES if is_so(name)), None)
    if refusal is not None:
        raise NameNotAllowed(FieldError(field, refusal))
    return name


def _tidy(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.translate(_PRESENTATION))
    spaced = "".join(" " if unicodedata.category(one) == "Zs" else one for one in composed)
    return " ".join(part for part in spaced.split(" ") if part)


def _is_too_long(name: str) -> bool:
    return len(name) > NAME_LENGTH_MAX


def _has_control(name: str) -> bool:
    """Also ends of lines, what turns the direction of writing, and what has no meaning, or none for everybody."""
    return any(unicodedata.category(one) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for one in name)


def _has_invisible(name: str) -> bool:
    return bool(_INVISIBLE.search(name))


def _has_marks(name: str) -> bool:
    """Whether a mark stands on nothing, or too many on one letter."""
    run = MARKS_MAX
    for one in name:
        run = run + 1 if unicodedata.category(one).startswith("M") else MARKS_MAX if one == " " else 0
        if run > MARKS_MAX:
            return True
    return False


def _is_styled(name: str) -> bool:
    """Whether a letter or a digit is in a costume: bold, circled, struck out, wide, raised, or drawn as a sign.

    Korean ones are plain in both forms.
    """
    return any(_is_costume(one) for one in name)


@lru_cache(maxsize=1024)
def _is_costume(character: str) -> bool:
    if _LOOK_ALIKE.search(unicodedata.name(character, "")):
        return True
    plain = unicodedata.normalize("NFKC", character)
    if plain == character or unicodedata.name(character, "").startswith("HANGUL LETTER"):
        return False
    return any(one.isalnum() for one in plain)


def _has_tick(name: str) -> bool:
    return any(
        _TICK.search(unicodedata.name(one, "")) for one in name if unicodedata.category(one).startswith(("S", "P"))
    )


def _mixes_scripts(name: str) -> bool:
    scripts = frozenset(_scripts(name))
    return len(scripts) > 1 and not any(scripts <= together for together in _TOGETHER)


def _scripts(name: str) -> Iterator[str]:
    for one in name:
        if unicodedata.category(one).startswith(_OF_A_SCRIPT) and not ("0" <= one <= "9"):
            script = _script(one)
            if script is not None:
                yield script


@lru_cache(maxsize=1024)
def _script(character: str) -> str | None:
    # ARABIC-INDIC DIGIT TWO, KATAKANA-HIRAGANA PROLONGED SOUND MARK.
    first = re.split(r"[ -]", unicodedata.name(character, ""), maxsplit=1)[0]
    return _OTHERWISE.get(first, first)


def _says_nothing(name: str) -> bool:
    """Whether there is no letter, no digit and no picture in it."""
    return not any(one.isalnum() or unicodedata.category(one) == "So" for one in name)


def _is_email(name: str) -> bool:
    return bool(_EMAIL.search(_compared(name)))


def _is_link(name: str) -> bool:
    return bool(_LINK.search(_compared(name)))


def _is_phone(name: str) -> bool:
    return bool(_PHONE.search(_compared(name)))


def _compared(name: str) -> str:
    """With signs that are wide, or otherwise shaped, as what they are read as."""
    return unicodedata.normalize("NFKC", name).replace(_FULL_STOP, ".")


_TOO_LONG: Final = f"must have at most {NAME_LENGTH_MAX} characters"
# In the order in which they are tried: what comes first makes what comes after it hard to see.
_RULES: Final[tuple[tuple[Callable[[str], bool], str], ...]] = (
    (lambda name: not name, f"must have 1 to {NAME_LENGTH_MAX} characters, spaces around it not counted"),
    (_is_too_long, _TOO_LONG),
    (
        lambda name: not _JOINERS.isdisjoint(name),
        "must not join characters (U+200C, U+200D): write a space, and pictures made of several next to each other",
    ),
    (_has_control, "must have no control characters, line breaks, marks of direction or characters without a meaning"),
    (_has_invisible, "must have no character that nobody sees"),
    (
        _has_marks,
        f"must have at most {MARKS_MAX} accents or marks on a letter, and none on a space or at the beginning",
    ),
    (
        _is_styled,
        "must be written in plain letters and digits, not in bold, circled, struck-out or other look-alike ones",
    ),
    (_has_tick, "must have no tick, which others would take for a sign that somebody has checked who it is"),
    (_mixes_scripts, "must be written in one script, such as Latin or Cyrillic, or in scripts that belong together"),
    (_says_nothing, "must have a letter, a digit or a picture"),
    (_is_email, "must be no e-mail address"),
    (_is_link, "must look like no link: write a space behind a full stop"),
    (_is_phone, f"must look like no telephone number: at most {DIGITS_MAX} digits without a letter between them"),
)
