"""What a process needs once: its configuration, and the core on top of the store, made when first used.

It must not connect to anything at import.
"""

from __future__ import annotations

import os
from functools import lru_cache

from streak_core.config import Config, load_config
from streak_core.maintenance import Maintenance
from streak_core.questions import StreakQuestions
from streak_core.service import StreakService
from streak_core.store import DueStore, UserStore, firestore_client


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
    """The nightly job."""
    return Maintenance(DueStore(firestore_client(config().project, config().database)), config().policy)
