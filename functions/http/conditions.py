"""The condition of a command: that what it changes is still what the client has read (`If-Match`, RFC 9110).

It must not know what is changed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.http.rendering import content_tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request


def as_it_was_read(request: Request) -> Callable[[object], bool] | None:
    """Tells of a content whether the client names its tag; None where it names no tags at all.

    Whoever compresses an answer on its way makes its tag a weak one, so that one is taken as well as a strong one.
    """
    if "If-Match" not in request.headers:
        return None
    return lambda content: request.if_match.contains_weak(content_tag(content))
