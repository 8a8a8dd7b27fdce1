"""How many requests of one user a process answers at a time: one who asks for more must not slow the others down.

It must not know what is asked. Nobody waits here: whoever comes when the places are taken is refused at once.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from streak_core.domain.errors import UserBusy

# An app that opens asks a handful of questions at once, and sends what was done offline two or three at a time.
QUESTIONS_MAX: Final = 8
COMMANDS_MAX: Final = 4


class TooManyAtOnce(UserBusy):
    """The user's own requests have taken all of its places; nothing is wrong with the service."""


class AtOnce:
    """The requests that are being answered, by user."""

    def __init__(self, requests_max: int) -> None:
        """At most so many of each user."""
        self._requests_max = requests_max
        self._lock = threading.Lock()
        self._answering: Counter[str] = Counter()

    @contextmanager
    def one_of(self, user_id: str) -> Iterator[None]:
        """Takes a place among the user's own. Raises `TooManyAtOnce` where none is left."""
        with self._lock:
            if self._answering[user_id] >= self._requests_max:
                raise TooManyAtOnce
            self._answering[user_id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._answering[user_id] -= 1
                if not self._answering[user_id]:
                    del self._answering[user_id]
