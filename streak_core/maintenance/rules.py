"""How a run goes about its work: the bounds of its pages, batches, threads and time.

It must not know where the numbers come from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Users read by one query, and written by one commit.
PAGE_USERS_MAX: Final = 300
BATCH_USERS_MAX: Final = 200
THREADS: Final = 8
# Cloud Scheduler waits for half an hour at most; five minutes are left for ending in order.
DEADLINE_SECONDS: Final = 1500.0


@dataclass(frozen=True, kw_only=True)
class Rules:
    """The bounds of a run; by configuration."""

    threads: int = THREADS
    page_users: int = PAGE_USERS_MAX
    batch_users: int = BATCH_USERS_MAX
    deadline_seconds: float = DEADLINE_SECONDS
    # Whether writes follow 500/50/5; the emulator has no such limit.
    is_paced: bool = True
