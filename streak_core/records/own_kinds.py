"""The kinds that a route of ours keeps, and what the route needs of each: a file without that is refused.

It must not know the file, or how a record is kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

LOG: Final = "log"
PROFILE: Final = "profile"
MESSAGE: Final = "message"
USAGE: Final = "usage"
IDEA: Final = "idea"
IDEA_MARK: Final = "idea_mark"
REFINEMENT: Final = "refinement"


@dataclass(frozen=True, kw_only=True)
class OwnKind:
    """What a route needs of its kind."""

    fields: frozenset[str]
    # What the answer has besides, which no field of an app's own may be called.
    answered: frozenset[str] = frozenset()
    # The field by which reports count it, whose words are kept in counters.
    counted: str | None = None
    # Whether a record has an end, after which it is deleted.
    is_mortal: bool = False
    # How many there can be in one place; None where nothing bounds them.
    count_max: int | None = None


_OF_AN_IDEA: Final = frozenset({"idea_id", "at", "updated_at", "refinement_count", "refinements"})
OWN_KINDS: Final[Mapping[str, OwnKind]] = {
    LOG: OwnKind(fields=frozenset({"action", "entity_type", "entity_id", "status", "details"}), counted="action"),
    PROFILE: OwnKind(
        fields=frozenset(
            {
                "date_of_birth",
                "phone_number",
                "street_address",
                "landmark",
                "city",
                "state",
                "postal_code",
                "country",
            }
        ),
        answered=frozenset({"formatted_address", "complete", "missing"}),
    ),
    MESSAGE: OwnKind(
        fields=frozenset({"role", "content", "intent", "response_time_ms", "project_id", "context"}),
        answered=frozenset({"session_id", "seq", "at", "expires_at"}),
        counted="intent",
        is_mortal=True,
        # All of a conversation are deleted with one commit.
        count_max=400,
    ),
    USAGE: OwnKind(fields=frozenset({"feature", "duration_seconds", "metadata"}), counted="feature", is_mortal=True),
    IDEA: OwnKind(
        fields=frozenset(
            {
                "title",
                "description",
                "category",
                "tech_stack",
                "features",
                "complexity",
                "estimated_duration",
                "prompt",
                "model",
                "project_id",
            }
        ),
        answered=_OF_AN_IDEA | {"selected", "rating"},
        counted="category",
        # A filter looks through all of a user's.
        count_max=500,
    ),
    IDEA_MARK: OwnKind(fields=frozenset({"selected", "rating"}), answered=_OF_AN_IDEA),
    # All of an idea are in its document.
    REFINEMENT: OwnKind(
        fields=frozenset({"prompt", "result", "model"}), answered=frozenset({"number", "at"}), count_max=20
    ),
}
