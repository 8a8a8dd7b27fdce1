"""Work in several threads, of which so little is begun ahead that nothing grows with its amount.

It must not know what is done.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

# Pieces begun ahead of the one that is awaited, for each thread.
_AHEAD: Final = 2


class StoppedError(Exception):
    """It is to end, before all is done."""


def side_by_side(work: Iterable[Callable[[], T]], threads: int, stopping: threading.Event) -> Iterator[T]:
    """What each piece answers, in their order. Left early, it sets `stopping` and waits for what is begun."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="piece")
    begun: deque[Future[T]] = deque()
    try:
        for piece in work:
            begun.append(pool.submit(piece))
            if len(begun) >= threads * _AHEAD:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    except BaseException:
        stopping.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
