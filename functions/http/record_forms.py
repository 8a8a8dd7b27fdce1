"""The form of a record in a body, made of what the kinds of this deployment say. Must not know what is recorded."""

from __future__ import annotations

from functools import cache

from functions.http import parsing, runtime


@cache
def record_form(kind: str) -> type[parsing.Body]:
    """That of a kind; made once, since making one takes milliseconds."""
    from streak_core.records.forms import Readers, form_of

    readers = Readers(day=parsing.day, instant=parsing.instant)
    return form_of(kind, runtime.kinds().kinds[kind], parsing.Body, readers)
