"""Users of a database that a backup was read into: opened, counted, proved by what is in force there.

It must not know how that database came to be.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from streak_core.domain.rules import Rules
from streak_core.proving.page import ProvedPage, proved_page
from streak_core.proving.repository import ProofStore
from streak_core.store.amnesties import AmnestyStore
from streak_core.store.client import new_client
from streak_core.store.policies import PolicyStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.domain.rules import PolicyInTime


def opening(project: str, prefix: str) -> Callable[[str], AbstractContextManager[firestore.Client]]:
    """What opens a database of that project by its name."""

    @contextmanager
    def opened(database: str) -> Iterator[firestore.Client]:
        client = new_client(project, database, prefix)
        try:
            yield client
        finally:
            client.close()

    return opened


def counted(client: firestore.Client) -> int:
    """How many users have a streak. Raises `DatabaseUnavailable`."""
    return ProofStore(client).count()


def proving(first_policy: PolicyInTime) -> Callable[[firestore.Client, str, datetime], ProvedPage]:
    """What proves the users after an id; `first_policy` is number 0."""

    def proved(client: firestore.Client, after: str, now: datetime) -> ProvedPage:
        rules = Rules((first_policy, *PolicyStore(client).published()), AmnestyStore(client).declared())
        return proved_page(client, rules, after, now)

    return proved
