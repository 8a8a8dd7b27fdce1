"""The kinds that a route of ours keeps, and what the route needs of each: a file without that is refused.

It must not know the file, or how a record is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from streak_core.records.acts import APP, DETAILS_BYTES_MAX, NAME_CHARACTERS_MAX, ActStatus

LOG: Final = "log"
PROFILE: Final = "profile"
MESSAGE: Final = "message"
USAGE: Final = "usage"
IDEA: Final = "idea"
IDEA_MARK: Final = "idea_mark"
REFINEMENT: Final = "refinement"


@dataclass(frozen=True, kw_only=True)
class OwnField:
    """What a route reads a field as."""

    # Of which types it may be in a file: whatever of them is chosen, the route reads it alike.
    types: frozenset[str]
    # Whether the route goes by it: then no record may leave it out.
    is_needed: bool = False
    # All the words that the route knows, where it does.
    words: frozenset[str] | None = None
    # How much of it the route keeps; None where it keeps whatever a file allows.
    characters_max: int | None = None
    bytes_max: int | None = None


@dataclass(frozen=True, kw_only=True)
class OwnKind:
    """What a route needs of its kind."""

    fields: Mapping[str, OwnField]
    # What the answer has besides, which no field of an app's own may be called.
    answered: frozenset[str] = frozenset()
    # The field by which reports count it, whose words are kept in counters.
    counted: str | None = None
    # Whether a record has an end, after which it is deleted.
    is_mortal: bool = False
    # How many there can be in one place; None where nothing bounds them.
    count_max: int | None = None


_WORDS: Final = frozenset({"text", "choice"})
_TEXT: Final = OwnField(types=_WORDS)
_NEEDED: Final = OwnField(types=_WORDS, is_needed=True)
_TEXTS: Final = OwnField(types=frozenset({"texts"}))
_NUMBER: Final = OwnField(types=frozenset({"whole", "number"}))
_OBJECT: Final = OwnField(types=frozenset({"object"}))
# What a trail keeps of a name, and of details.
_NAME: Final = OwnField(types=_WORDS, is_needed=True, characters_max=NAME_CHARACTERS_MAX)
# What is noted stands behind a word of ours.
_ACTION: Final = replace(_NAME, characters_max=NAME_CHARACTERS_MAX - len(APP))
_DETAILS: Final = OwnField(types=frozenset({"object"}), bytes_max=DETAILS_BYTES_MAX)
_STATUS: Final = OwnField(types=frozenset({"choice"}), is_needed=True, words=frozenset(ActStatus))
_OF_AN_IDEA: Final = frozenset({"idea_id", "at", "updated_at", "refinement_count", "refinements"})
OWN_KINDS: Final[Mapping[str, OwnKind]] = {
    LOG: OwnKind(
        fields={"action": _ACTION, "entity_type": _NAME, "entity_id": _NAME, "status": _STATUS, "details": _DETAILS},
        counted="action",
    ),
    PROFILE: OwnKind(
        fields={
            "date_of_birth": OwnField(types=frozenset({"date"})),
            "phone_number": _TEXT,
            "street_address": _TEXT,
            "landmark": _TEXT,
            "city": _TEXT,
            "state": _TEXT,
            "postal_code": _TEXT,
            "country": _TEXT,
        },
        answered=frozenset({"formatted_address", "complete", "missing"}),
    ),
    MESSAGE: OwnKind(
        fields={
            "role": _NEEDED,
            "content": _NEEDED,
            "intent": _TEXT,
            "response_time_ms": _NUMBER,
            "project_id": _TEXT,
            "context": _OBJECT,
        },
        answered=frozenset({"session_id", "seq", "at", "expires_at"}),
        counted="intent",
        is_mortal=True,
        # All of a conversation are deleted with one commit.
        count_max=400,
    ),
    USAGE: OwnKind(
        fields={"feature": _NEEDED, "duration_seconds": _NUMBER, "metadata": _OBJECT},
        counted="feature",
        is_mortal=True,
    ),
    IDEA: OwnKind(
        fields={
            "title": _NEEDED,
            "description": _TEXT,
            "category": _NEEDED,
            "tech_stack": _TEXTS,
            "features": _TEXTS,
            "complexity": _TEXT,
            "estimated_duration": _TEXT,
            "prompt": _TEXT,
            "model": _TEXT,
            "project_id": _TEXT,
        },
        answered=_OF_AN_IDEA | {"selected", "rating"},
        counted="category",
        # A filter looks through all of a user's.
        count_max=500,
    ),
    IDEA_MARK: OwnKind(fields={"selected": OwnField(types=frozenset({"flag"})), "rating": _TEXT}, answered=_OF_AN_IDEA),
    # All of an idea are in its document.
    REFINEMENT: OwnKind(
        fields={"prompt": _NEEDED, "result": _TEXT, "model": _TEXT},
        answered=frozenset({"number", "at"}),
        count_max=20,
    ),
}
