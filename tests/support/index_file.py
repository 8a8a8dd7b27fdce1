"""The file `firestore.indexes.json`, read strictly, and the emulator's word on which indexes queries used.

Must not know which indexes there should be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

import httpx
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from emulator.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Hashable

# Firestore's own limits, for a database.
COMPOSITES_MAX: Final = 200
OVERRIDES_MAX: Final = 200

NAME: Final = "__name__"

CollectionId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$")]
FieldPath = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z_0-9]*(\.[A-Za-z_][A-Za-z_0-9]*)*$")]
Scope = Literal["COLLECTION", "COLLECTION_GROUP"]
Order = Literal["ASCENDING", "DESCENDING"]


class _Strict(BaseModel):
    """Takes nothing that it does not know, and turns nothing into something else."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class _Ordered(_Strict):
    order: Order | None = None
    array_config: Literal["CONTAINS"] | None = Field(None, alias="arrayConfig")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        if (self.order is None) == (self.array_config is None):
            message = "either order or arrayConfig"
            raise ValueError(message)
        return self

    @property
    def mode(self) -> str:
        """How values are found: in an order, or within an array."""
        return self.order or f"ARRAY_{self.array_config}"


class IndexField(_Ordered):
    """One field of a composite index."""

    field_path: FieldPath = Field(alias="fieldPath")


class Composite(_Strict):
    """An index over several fields; those of one field are Firestore's own affair, or an override's."""

    collection_group: CollectionId = Field(alias="collectionGroup")
    query_scope: Scope = Field(alias="queryScope")
    fields: Annotated[tuple[IndexField, ...], Field(min_length=2, max_length=100)]

    @model_validator(mode="after")
    def _names_each_field_once(self) -> Self:
        _once("field", (one.field_path for one in self.fields))
        return self


class OverrideIndex(_Ordered):
    """An index over a single field that is to be there."""

    query_scope: Scope = Field(alias="queryScope")


class Override(_Strict):
    """The indexes of a single field in place of the automatic ones; none at all is an exemption."""

    collection_group: CollectionId = Field(alias="collectionGroup")
    field_path: FieldPath = Field(alias="fieldPath")
    # Whether documents are deleted once the moment in this field is past.
    ttl: bool = False
    indexes: Annotated[tuple[OverrideIndex, ...], Field(strict=False)]


class IndexFile(_Strict):
    """The whole file."""

    indexes: Annotated[tuple[Composite, ...], Field(max_length=COMPOSITES_MAX)]
    field_overrides: Annotated[tuple[Override, ...], Field(alias="fieldOverrides", max_length=OVERRIDES_MAX)]

    @model_validator(mode="after")
    def _says_each_thing_once(self) -> Self:
        _once("index", (shape(one) for one in self.indexes))
        _once("override", ((one.collection_group, one.field_path) for one in self.field_overrides))
        _once("end of life", (one.collection_group for one in self.field_overrides if one.ttl))
        return self

    def shapes(self) -> set[Shape]:
        """The composite indexes."""
        return {shape(one) for one in self.indexes}

    def mortal(self) -> set[tuple[str, str]]:
        """The fields that say when a document is deleted, with their collections."""
        return {(one.collection_group, one.field_path) for one in self.field_overrides if one.ttl}

    def exempt(self) -> set[tuple[str, str]]:
        """The fields without any index of their own, with their collections."""
        return {(one.collection_group, one.field_path) for one in self.field_overrides if not one.indexes}


# An index as collection, scope, and each field with its mode.
Shape = tuple[str, str, tuple[tuple[str, str], ...]]


def declared() -> IndexFile:
    """The project's own."""
    return IndexFile.model_validate_json((ROOT / "firestore.indexes.json").read_text(encoding="utf-8"))


def shape(index: Composite) -> Shape:
    """What an index is, whatever the order of its words."""
    fields = [(one.field_path, one.mode) for one in index.fields]
    return index.collection_group, index.query_scope, _without_last_name(fields)


def used(host: str, *projects: str) -> set[Shape]:
    """The indexes that the queries of these projects needed until now, beyond the automatic ones."""
    found: set[Shape] = set()
    # One for all: to make a client is to read every certificate of the machine.
    with httpx.Client(base_url=f"http://{host}/emulator/v1") as http:
        for project in projects:
            query = {"database": f"projects/{project}/databases/(default)"}
            answer = http.get(f"/projects/{project}:indexUsage", params=query).raise_for_status()
            found |= {_reported(one["index"]) for one in answer.json().get("reports", [])}
    return found


def undeclared(host: str, projects: Iterable[str]) -> set[Shape]:
    """The indexes that the queries of these projects needed until now, and that are not declared."""
    return used(host, *projects) - declared().shapes()


def _reported(index: dict[str, Any]) -> Shape:
    collection = index["name"].split("/collectionGroups/")[1].partition("/")[0]
    fields = [(one["fieldPath"], one.get("order") or f"ARRAY_{one['arrayConfig']}") for one in index["fields"]]
    return collection, index["queryScope"], _without_last_name(fields)


def _without_last_name(fields: list[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Every index ends with the document's name, in the order of the field before it; only another order is said."""
    *others, (last, order) = fields
    if last == NAME and others and others[-1][1] == order:
        return tuple(others)
    return tuple(fields)


def _once(what: str, keys: Iterable[Hashable]) -> None:
    doubled = [key for key, times in Counter(keys).items() if times > 1]
    if doubled:
        message = f"{what} named twice: {doubled}"
        raise ValueError(message)
