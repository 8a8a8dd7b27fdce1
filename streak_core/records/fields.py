"""The fields that a kind of record can have, as validated, frozen data: of which type each is, and its bounds.

It must not know any kind, or how a field is judged in what is sent.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import SchemaError

Characters = Annotated[int, Field(ge=1, le=8_192)]


class Data(BaseModel):
    """What a file says: nothing that is not known, and nothing of another type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)


class _Field(Data):
    # Whether a record may leave it out.
    optional: bool = False


class TextField(_Field):
    """A text of so many characters, perhaps of a certain form."""

    type: Literal["text"]
    characters_min: Characters = 1
    characters_max: Characters
    # In UTF-8; without it only its characters count.
    bytes_max: int | None = Field(default=None, ge=1, le=8_192)
    pattern: str | None = None

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if self.characters_min > self.characters_max:
            message = "characters_min: more than characters_max"
            raise ValueError(message)
        if self.pattern is not None:
            # By what judges the texts, which takes fewer: in linear time there is no looking ahead or back.
            try:
                TypeAdapter(Annotated[str, Field(pattern=self.pattern)])
            except SchemaError as error:
                message = f"pattern: is no regular expression that can be used here: {_reason(error)}"
                raise ValueError(message) from error
        return self


class WholeField(_Field):
    """A whole number."""

    type: Literal["whole"]
    minimum: int = Field(ge=-(2**53 - 1))
    maximum: int = Field(le=2**53 - 1)

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        _check_order(self.minimum, self.maximum)
        return self


class NumberField(_Field):
    """A number, whole or not."""

    type: Literal["number"]
    minimum: Annotated[float, Field(strict=False, allow_inf_nan=False)]
    maximum: Annotated[float, Field(strict=False, allow_inf_nan=False)]

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        _check_order(self.minimum, self.maximum)
        return self


class FlagField(_Field):
    """True or false."""

    type: Literal["flag"]


class DateField(_Field):
    """A date such as 2026-03-02."""

    type: Literal["date"]


class MomentField(_Field):
    """An instant such as 2026-03-02T09:00:00Z."""

    type: Literal["moment"]


class ChoiceField(_Field):
    """One of some words."""

    type: Literal["choice"]
    values: tuple[Annotated[str, Field(min_length=1, max_length=64)], ...] = Field(
        min_length=1, max_length=256, strict=False
    )

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        if len(set(self.values)) < len(self.values):
            message = "values: each one once"
            raise ValueError(message)
        return self


class TextsField(_Field):
    """A list of texts."""

    type: Literal["texts"]
    items_max: int = Field(ge=1, le=256)
    characters_max: Characters


class ObjectField(_Field):
    """Any JSON object up to a size."""

    type: Literal["object"]
    bytes_max: int = Field(ge=2, le=8_192)


AnyField = Annotated[
    TextField | WholeField | NumberField | FlagField | DateField | MomentField | ChoiceField | TextsField | ObjectField,
    Field(discriminator="type"),
]


def _reason(error: SchemaError) -> str:
    """The part of the message that is about the expression."""
    return str(error).partition("error: ")[2].strip() or str(error)


def _check_order(minimum: float, maximum: float) -> None:
    if minimum > maximum:
        message = "minimum: more than maximum"
        raise ValueError(message)
