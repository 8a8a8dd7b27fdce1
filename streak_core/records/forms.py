"""A kind of record as a pydantic form, so that what is sent is judged whole and each wrong field is named.

It must not know any single kind, or how a refusal is rendered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, assert_never

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, create_model

from streak_core.records.acts import json_text
from streak_core.records.fields import (
    AnyField,
    ChoiceField,
    DateField,
    FlagField,
    MomentField,
    NumberField,
    ObjectField,
    TextField,
    TextsField,
    WholeField,
)
from streak_core.records.kinds import Kind

B = TypeVar("B", bound=BaseModel)


class Readers(NamedTuple):
    """How a day and an instant are read, as everywhere else in what is sent. Both raise `ValueError`."""

    day: Any
    instant: Any


def form_of(name: str, kind: Kind, base: type[B], readers: Readers) -> type[B]:
    """The form of a kind of that name, made on top of a body."""
    fields: dict[str, Any] = {}
    for field_name, field in kind.fields.items():
        of_type = _type_of(field, readers)
        fields[field_name] = (of_type | None, None) if field.optional else (of_type, ...)
    return create_model(f"{name.title().replace('_', '')}Record", __base__=base, **fields)


def _type_of(field: AnyField, readers: Readers) -> Any:  # noqa: ANN401, PLR0911 - a type for each kind of field
    match field:
        case TextField():
            length = Field(min_length=field.characters_min, max_length=field.characters_max, pattern=field.pattern)
            return (
                Annotated[str, length, AfterValidator(_Short(field.bytes_max))]
                if field.bytes_max
                else Annotated[str, length]
            )
        case WholeField():
            return Annotated[int, Field(ge=field.minimum, le=field.maximum)]
        case NumberField():
            return Annotated[float, Field(ge=field.minimum, le=field.maximum)]
        case FlagField():
            return bool
        case DateField():
            return Annotated[date, BeforeValidator(readers.day)]
        case MomentField():
            return Annotated[datetime, BeforeValidator(readers.instant)]
        case ChoiceField():
            return Literal[field.values]
        case TextsField():
            one = Annotated[str, Field(min_length=1, max_length=field.characters_max)]
            return Annotated[list[one], Field(max_length=field.items_max)]
        case ObjectField():
            return Annotated[dict[str, Any], AfterValidator(_Sized(field.bytes_max))]
        case _:
            assert_never(field)


class _Short:
    """Refuses a text that is longer in UTF-8."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max

    def __call__(self, found: str) -> str:
        """The text. Raises `ValueError`."""
        if (size := len(found.encode(errors="replace"))) > self._bytes_max:
            message = f"must have at most {self._bytes_max} bytes in UTF-8, and has {size}"
            raise ValueError(message)
        return found


class _Sized:
    """Refuses an object that is longer, as the JSON that is kept of it."""

    def __init__(self, bytes_max: int) -> None:
        self._bytes_max = bytes_max

    def __call__(self, found: Mapping[str, Any]) -> Mapping[str, Any]:
        """The object. Raises `ValueError`."""
        if (size := len(json_text(found).encode(errors="replace"))) > self._bytes_max:
            message = f"must have at most {self._bytes_max} bytes as JSON, and has {size}"
            raise ValueError(message)
        return found
