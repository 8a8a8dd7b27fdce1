"""The form of a record in a body, made of what the kinds of this deployment say. Must not know what is recorded."""

from __future__ import annotations

from functools import cache
from typing import Annotated, Any

from pydantic import Field, create_model

from functions.http import parsing, runtime


@cache
def record_form(kind: str) -> type[parsing.Body]:
    """That of a kind; made once, since making one takes milliseconds."""
    from streak_core.records.forms import Readers, form_of

    readers = Readers(day=parsing.day, instant=parsing.instant)
    return form_of(kind, runtime.kinds().kinds[kind], parsing.Body, readers)


@cache
def records_form(kind: str, name: str, most: int) -> type[parsing.Body]:
    """That of a body with one to so many of a kind, under that name."""
    one: Any = record_form(kind)
    fields: dict[str, Any] = {name: (Annotated[list[one], Field(min_length=1, max_length=most)], ...)}
    return create_model(f"{name.title()}Body", __base__=parsing.Body, **fields)
