"""How much of a kind is held in memory by what a test does. Must not know what is held."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def only_new_counted() -> Iterator[None]:
    """What is there already is looked at by nobody: of a whole test run it is millions, and seconds each time."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def held(*kinds: type) -> list[int]:
    """How many of each kind that were made since are held now."""
    gc.collect()
    there = gc.get_objects()
    return [sum(isinstance(one, kind) for one in there) for kind in kinds]
