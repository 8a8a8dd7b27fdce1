"""By whose sign-in the work that goes on here is done, and of when it is. It must not know tokens, or what is done.

A request sets it once at its door; what sets none, as jobs and tools do, acts for nobody's sign-in.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Final

# What is taken of a token that does not say when its user signed in: no sign-in is older.
UNKNOWN: Final = datetime.min.replace(tzinfo=UTC)
_SIGN_IN: Final[ContextVar[tuple[str, datetime] | None]] = ContextVar("streak_sign_in", default=None)


@contextmanager
def signed_in(user_id: str, at: datetime | None) -> Iterator[None]:
    """What is done here is asked for by that user, who signed in at that moment (timezone-aware)."""
    token = _SIGN_IN.set((user_id, at or UNKNOWN))
    try:
        yield
    finally:
        _SIGN_IN.reset(token)


def sign_in_of(user_id: str) -> datetime | None:
    """When the user signed in who asks for something of their own; None where others ask, or a job."""
    found = _SIGN_IN.get()
    return found[1] if found and found[0] == user_id else None
