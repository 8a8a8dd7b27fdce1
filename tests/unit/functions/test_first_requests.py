"""The first requests of a process come at once: each is met by the same app of Firebase, and none by a refusal."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING, Final

import firebase_admin
import pytest

from functions.http import identity

if TYPE_CHECKING:
    from collections.abc import Iterator

THREADS: Final = 16


@pytest.fixture
def eager() -> Iterator[None]:
    """Threads that take turns at every chance."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("eager")
def test_one_app_is_made_however_many_ask_for_it_at_once() -> None:
    for _ in range(100):
        identity._made_app.cache_clear()
        start = Barrier(THREADS)

        def first(_: int, start: Barrier = start) -> firebase_admin.App:
            start.wait()
            return identity.firebase_app("demo-first")

        with ThreadPoolExecutor(THREADS) as pool:
            made = set(pool.map(first, range(THREADS)))
        assert len(made) == 1
        firebase_admin.delete_app(made.pop())
    identity._made_app.cache_clear()
