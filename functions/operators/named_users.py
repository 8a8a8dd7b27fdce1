"""The users that an operator names, one in a path or many in a body, and how many of them are served at a time.

It must not know what is done for them.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TYPE_CHECKING, Final, TypeVar

from functions.http import runtime
from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from functions.http.dispatch import RequestContext

# Of one request.
USERS_MAX: Final = 100
_AT_A_TIME: Final = 8
# What Firebase gives as a uid, and what else a token could name; nothing that would be invisible where it is read.
_UID: Final = re.compile(r"[^\x00-\x20\x7f-\xa0/]{1,128}")

T = TypeVar("T")
R = TypeVar("R")


def checked_user_id(uid: str, field: str = "uid") -> str:
    """The user that is named. Raises `Malformed`, with the field, for what no user can have as an id."""
    try:
        uid.encode()
    except UnicodeEncodeError:
        uid = ""
    if not _UID.fullmatch(uid):
        raise Malformed(FieldError(field, "must be a user's id: 1 to 128 characters without spaces or slashes"))
    return uid


def served_user(context: RequestContext, uid: str, field: str = "uid") -> str:
    """The user that is named. Raises as `checked_user_id`, and `Restoring` while the user's documents are restored."""
    user_id = checked_user_id(uid, field)
    runtime.write_gate().check(user_id, is_question=context.is_question)
    return user_id


def each(work: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """What comes of each, some of them at a time, as a part of the request that asked."""
    with ThreadPoolExecutor(_AT_A_TIME) as threads:
        # Each in a copy of the context: how long the request may wait, and what it has cost, holds for all of them.
        begun = [threads.submit(copy_context().run, work, one) for one in things]
        return [one.result() for one in begun]
