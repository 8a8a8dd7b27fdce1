"""Work in several threads, of which so little is begun ahead that nothing grows with its amount.

It must not know what is done.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")

# Pieces begun ahead of the one that is awaited, for each thread.
AHEAD: Final = 4


def in_threads(work: Iterable[Callable[[], T]], threads: int, stopping: threading.Event) -> Generator[T]:
    """What each piece answers, in their order. Left early, it sets `stopping` and waits for what is under way."""
    pool = ThreadPoolExecutor(threads, thread_name_prefix="piece")
    begun: deque[Future[T]] = deque()
    try:
        for piece in work:
            begun.append(pool.submit(piece))
            if len(begun) >= threads * AHEAD:
                yield begun.popleft().result()
        while begun:
            yield begun.popleft().result()
    except BaseException:
        stopping.set()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
