"""What tests that deploy have alike: one of them at a time, and before all others. Must not know what is deployed."""

from __future__ import annotations

import fcntl
from typing import TYPE_CHECKING

import pytest

from emulator.places import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They come first, so that they are one worker's: another that had some of them would wait for the lock."""
    items.sort(key=lambda item: "deploying" not in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="module")
def deploying() -> Iterator[None]:
    """All workers have one `build/bundle`, which each deployment makes anew: one worker at a time deploys."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "deploying").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
