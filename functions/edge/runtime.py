"""What a process needs once: its configuration, and the core on top of the store, made when first used.

It must not connect to anything at import.
"""

from __future__ import annotations

import os
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from streak_core.config import Config, load_config
from streak_core.questions import StreakQuestions
from streak_core.service import StreakService
from streak_core.store.client import firestore_client
from streak_core.store.users import UserStore

if TYPE_CHECKING:
    from streak_core.answers import Json
    from streak_core.maintenance.run import Maintenance

# Set when the process is told to end.
STOPPING: Final = threading.Event()


@lru_cache(maxsize=1)
def config() -> Config:
    """The configuration. Raises `ConfigError`; main.py asks at import, so that no process starts with a wrong one."""
    return load_config(os.environ)


@lru_cache(maxsize=1)
def _users() -> UserStore:
    return UserStore(firestore_client(config().project, config().database), config().policy)


def service() -> StreakService:
    """What changes a streak."""
    return StreakService(_users(), config().policy)


def questions() -> StreakQuestions:
    """What is asked about a streak."""
    return StreakQuestions(_users(), config().policy)


def maintenance() -> Maintenance:
    """The maintenance job; only its own function loads it."""
    from streak_core.maintenance.run import Maintenance
    from streak_core.store.due import DueStore
    from streak_core.store.runs import RunStore

    client = firestore_client(config().project, config().database)
    return Maintenance(
        DueStore(client), RunStore(client), config().policy, rules=config().maintenance_rules, stopping=STOPPING
    )


def fan_out(run_id: str) -> Json | None:
    """Enqueues one task a shard where that is configured; None where this call is to do it all."""
    queue = config().maintenance_queue
    if queue is None:
        return None
    from google.cloud import tasks_v2

    from streak_core.maintenance.fanout import fan_out as enqueue

    client = tasks_v2.CloudTasksClient()
    return maintenance().fan_out(run_id, lambda named: enqueue(client, queue, named))
