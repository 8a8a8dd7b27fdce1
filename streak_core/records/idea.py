"""An idea that was made for a user: what was sent of it, what the user thinks of it, and how it was refined; as stored.

It must not know HTTP, what an idea says, or how documents are read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self

from streak_core.domain.errors import Conflict, NotFound
from streak_core.records.acts import json_text
from streak_core.records.homes import SCHEMA_VERSION, reading_record
from streak_core.store.documents import Document, plain_utc

# What is so until the user says otherwise.
NEVER_MARKED: Final[Mapping[str, Any]] = {"selected": False}
_AT: Final = "at"


class IdeaNotFound(NotFound):
    """There is no such idea."""

    code = "idea_not_found"
    message = "This user has no idea of that id. GET /ideas lists them."


class TooManyIdeas(Conflict):
    """A user has as many ideas as there can be."""

    code = "too_many_ideas"
    message = "There are {most} ideas, as many as a user can have. DELETE /ideas/{{idea_id}} makes room."


class TooManyRefinements(Conflict):
    """An idea was refined as often as one can be."""

    code = "too_many_refinements"
    message = "This idea was refined {most} times, as often as one can be. Make another one of what came of it."


@dataclass(frozen=True, kw_only=True)
class Refinement:
    """One step of refining: its number, from 1 on, and what was sent of it."""

    # By which whoever tries to add it again finds out that it is there.
    refinement_id: str
    number: int
    at: datetime
    said: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Idea:
    """One idea. Moments are in UTC."""

    idea_id: str
    at: datetime
    updated_at: datetime
    said: Mapping[str, Any]
    # What the user thinks of it; what is not there was never said.
    marks: Mapping[str, Any]
    refinements: Sequence[Refinement] = ()

    def fits(self, wanted: Mapping[str, Any]) -> bool:
        """Whether it says all of that; one that nobody has selected is not selected."""
        said = {**self.said, **NEVER_MARKED, **self.marks}
        return all(said.get(name) == value for name, value in wanted.items())

    def marked(self, marks: Mapping[str, Any], now: datetime) -> Self:
        """The idea with what the user thinks of it now; what is sent as None is gone. Itself where nothing changes."""
        merged = {name: value for name, value in {**self.marks, **marks}.items() if value is not None}
        return self if merged == self.marks else replace(self, marks=merged, updated_at=max(now, self.updated_at))

    def refined(self, said: Mapping[str, Any], now: datetime, refinement_id: str, count_max: int) -> Self:
        """The idea refined once more. Raises `TooManyRefinements`."""
        if len(self.refinements) >= count_max:
            raise TooManyRefinements(most=count_max)
        at = max(now, self.updated_at)
        more = Refinement(refinement_id=refinement_id, number=len(self.refinements) + 1, at=at, said=said)
        return replace(self, refinements=(*self.refinements, more), updated_at=at)

    def refinement(self, refinement_id: str) -> Refinement | None:
        """The refinement of that id."""
        return next((one for one in self.refinements if one.refinement_id == refinement_id), None)

    def document(self) -> Document:
        """It as it is stored: what is the app's own as texts, so that no field of it can be indexed."""
        refinements = [
            {"id": one.refinement_id, "at": one.at.isoformat(), "said": dict(one.said)} for one in self.refinements
        ]
        return {
            "schema_version": SCHEMA_VERSION,
            _AT: self.at,
            "updated_at": self.updated_at,
            "idea": json_text(self.said),
            "marks": json_text(self.marks),
            "refinements": json_text(refinements),
        }


def idea_of(idea_id: str, document: Mapping[str, Any]) -> Idea:
    """The idea of a document. Raises `IdeaNotFound` where there is none, and `RecordsUnreadable`."""
    if not document:
        raise IdeaNotFound
    with reading_record(document):
        refinements = [
            Refinement(
                refinement_id=str(one["id"]),
                number=number,
                at=datetime.fromisoformat(one["at"]),
                said=dict(one["said"]),
            )
            for number, one in enumerate(json.loads(document["refinements"]), start=1)
        ]
        return Idea(
            idea_id=idea_id,
            at=plain_utc(document[_AT]),
            updated_at=plain_utc(document["updated_at"]),
            said=dict(json.loads(document["idea"])),
            marks=dict(json.loads(document["marks"])),
            refinements=tuple(refinements),
        )
