"""Rules of Firestore as text: our lines among those of another app, and what a release of them would come to.

Must not know how rules are released.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tools.deploy.errors import WrongUse

FILE: Final = "firestore.rules"
# The first and the last of our lines; what stands between them is ours, whatever it says.
_OURS: Final = re.compile(r"^[ \t]*// unbroken: begin\b.*?^[ \t]*// unbroken: end[^\n]*\n", re.MULTILINE | re.DOTALL)
_DOCUMENTS: Final = re.compile(r"match\s+/databases/\{\w+\}/documents\s*\{")
_COLLECTIONS: Final = re.compile(r"(match /)(streaks|months|events|notices)(?=/)")
_COMMENTS: Final = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)
_MATCH: Final = re.compile(r"match\s+/((?:[^{}\s]|\{[^{}]*\})+)\s*\{")
_ALLOWED: Final = re.compile(r"allow\b[^;:]*(?::\s*if\s+([^;]*))?;")
# What a new database of Firebase is given: it lets nobody in.
_LOCKED: Final = "match/{document=**}{allowread,write:iffalse;}"
_LINES_BEFORE: Final = 3


class Standing(StrEnum):
    """What is released, as seen from us."""

    NOTHING = "nothing is released"
    LOCKED = "nobody is let in, as in a new database"
    # Ours alone, or ours among those of another app.
    OURS = "our lines are there"
    FOREIGN = "they are another app's"


@dataclass(frozen=True, kw_only=True)
class Opening:
    """A rule outside of our lines that reaches our documents, too."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}"


def with_prefix(text: str, prefix: str) -> str:
    """The rules, or our lines of them, for collections whose names have a prefix."""
    return _COLLECTIONS.sub(rf"\g<1>{prefix}\g<2>", text)


def snippet(text: str) -> str:
    """Our lines, as they are put into the rules of another app. Raises `WrongUse` where the file has none."""
    found = _OURS.search(text)
    if found is None:
        message = f"{FILE} has lost its lines `// unbroken: begin` and `… end`; take the file as it was shipped"
        raise WrongUse(message)
    return found[0]


def standing(released: str | None) -> Standing:
    """What is released is whose."""
    if released is None:
        return Standing.NOTHING
    if _OURS.search(released):
        return Standing.OURS
    body = re.sub(r"\s+", "", _without_comments(released))
    return Standing.LOCKED if re.fullmatch(rf".*/documents\{{{re.escape(_LOCKED)}\}}\}}", body) else Standing.FOREIGN


def planned(released: str | None, ours: str) -> str:
    """What is released next: our file, or what is there with our lines brought up to date. For what is not foreign."""
    if released is None or standing(released) is not Standing.OURS:
        return ours
    return _OURS.sub(lambda _: snippet(ours), released, count=1)


def merged(released: str, ours: str) -> str:
    """The rules of another app with our lines as its first. Raises `WrongUse` where they have no place."""
    places = list(_DOCUMENTS.finditer(_without_comments(released)))
    if len(places) != 1:
        message = (
            f"the released rules have {len(places)} times `match /databases/{{database}}/documents {{`: no place "
            "for ours is certain; put the lines that `make adopt` prints in by hand"
        )
        raise WrongUse(message)
    end = places[0].end()
    return f"{released[:end]}\n{snippet(ours).rstrip()}\n{released[end:].lstrip(chr(10))}"


def openings(released: str, prefix: str) -> tuple[Opening, ...]:
    """Rules of others that reach our documents: what one rule allows is allowed, whatever ours say."""
    text = _without_comments(_OURS.sub(lambda found: "\n" * found[0].count("\n"), released))
    documents = _DOCUMENTS.search(text)
    if documents is None:
        return ()
    found = []
    for one in _MATCH.finditer(text, documents.end()):
        inside = text[documents.end() : one.start()]
        if inside.count("{") == inside.count("}") and _reaches(one[1], prefix) and _lets_in(text, one.end()):
            found.append(Opening(line=text[: one.start()].count("\n") + 1, text=one[0].strip()))
    return tuple(found)


def difference(before: str | None, after: str) -> str:
    """What changes, line by line; empty where nothing does."""
    old, new = (before or "").splitlines(), after.splitlines()
    return "\n".join(difflib.unified_diff(old, new, "released", "planned", lineterm="", n=_LINES_BEFORE))


def _without_comments(text: str) -> str:
    """As long as before, so that places stay."""
    return _COMMENTS.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _reaches(path: str, prefix: str) -> bool:
    """Whether a path among the documents fits a user's, or one below it."""
    first, *rest = path.split("/")
    if first.startswith("{"):
        return first.endswith("=**}") or bool(rest)
    return first == f"{prefix}streaks"


def _lets_in(text: str, start: int) -> bool:
    """Whether anything in the block that begins there says more than `if false`."""
    depth, end = 1, start
    while depth and end < len(text):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        end += 1
    return any((condition or "").strip() != "false" for condition in _ALLOWED.findall(text[start:end]))
