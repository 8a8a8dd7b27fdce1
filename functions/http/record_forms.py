"""The form of a record in a body, made of what the kinds of this deployment say. Must not know what is recorded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field, TypeAdapter, ValidationError, create_model

from functions.http import kept, parsing
from functions.http.wording import in_our_words
from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Request

# How a query says them, and in no other way.
_FLAGS: Final = {"true": True, "false": False}


@cache
def record_form(kind: str) -> type[parsing.Body]:
    """That of a kind; made once, since making one takes milliseconds."""
    from streak_core.records.forms import Readers, form_of

    readers = Readers(day=parsing.day, instant=parsing.instant)
    return form_of(kind, kept.kinds().kinds[kind], parsing.Body, readers)


@cache
def records_form(kind: str, name: str, most: int) -> type[parsing.Body]:
    """That of a body with one to so many of a kind, under that name."""
    one: Any = record_form(kind)
    fields: dict[str, Any] = {name: (Annotated[list[one], Field(min_length=1, max_length=most)], ...)}
    return create_model(f"{name.title()}Body", __base__=parsing.Body, **fields)


@cache
def wrapped_record_form(kind: str, name: str) -> type[parsing.Body]:
    """That of a body with one of a kind under that name, so that no field of it meets another name."""
    fields: dict[str, Any] = {name: (record_form(kind), ...)}
    return create_model(f"{name.title()}Body", __base__=parsing.Body, **fields)


def record_filter(request: Request, kinds: Mapping[str, str]) -> dict[str, Any]:
    """What a query wants of fields of these kinds. Raises `Malformed` for what no record could say."""
    wanted, errors = {}, []
    for name, kind in kinds.items():
        text = parsing.parameter(request, name)
        if text is None:
            continue
        field = record_form(kind).model_fields[name]
        form: Any = Annotated[field.annotation, field]
        is_flag = kept.kinds().kinds[kind].fields[name].type == "flag"
        try:
            said = _FLAGS.get(text, text) if is_flag else text
            wanted[name] = TypeAdapter[Any](form).validate_python(said, strict=True)
        except ValidationError as error:
            errors += [FieldError(name, in_our_words(one)) for one in error.errors(include_url=False)[:1]]
    if errors:
        raise Malformed(*errors)
    return wanted
