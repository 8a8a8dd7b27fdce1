"""The bare client: the same public calls as the product's, with documents made beforehand, and nothing around them.

It must not know streaks. What it costs is the least that anything with these calls can cost.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partialmethod
from typing import Any

from google.cloud import firestore


@dataclass(frozen=True, kw_only=True)
class PreparedWrite:
    """One write: the call that makes it, the path of the document below the database, and what is handed over."""

    call: str
    path: str
    data: Sequence[Any] = ()
    more: Mapping[str, Any] = field(default_factory=dict)
    # Whether the document must be as it was read.
    is_versioned: bool = False


Prepared = Sequence[PreparedWrite]


class KeepingTransaction(firestore.Transaction):
    """A transaction that keeps what is called."""

    def __init__(self, client: firestore.Client, kept: list[PreparedWrite], max_attempts: int) -> None:
        super().__init__(client, max_attempts=max_attempts)
        self._kept = kept

    def _keep(self, call: str, reference: firestore.DocumentReference, *data: object, **more: object) -> None:
        kept = {name: value for name, value in more.items() if name != "option"}
        is_versioned = more.get("option") is not None
        write = PreparedWrite(call=call, path=reference.path, data=data, more=kept, is_versioned=is_versioned)
        self._kept.append(write)
        getattr(super(), call)(reference, *data, **more)

    create = partialmethod(_keep, "create")
    set = partialmethod(_keep, "set")
    update = partialmethod(_keep, "update")
    delete = partialmethod(_keep, "delete")


class KeepingClient(firestore.Client):
    """A client whose transactions are kept, in the order in which they were begun."""

    def __init__(self, project: str) -> None:
        super().__init__(project=project)
        self.kept: list[list[PreparedWrite]] = []
        self._lock = threading.Lock()

    def transaction(self, max_attempts: int = 1, read_only: bool = False) -> KeepingTransaction:  # noqa: ARG002, FBT001, FBT002
        """A transaction, to be kept; the bench has none that only reads."""
        writes: list[PreparedWrite] = []
        with self._lock:
            self.kept.append(writes)
        return KeepingTransaction(self, writes, max_attempts)


def moved(writes: Prepared, before: str, after: str) -> Prepared:
    """The same writes, of the document `after` and of those below it."""
    return [replace(one, path=one.path.replace(before, after, 1)) for one in writes]


def send(client: firestore.Client, writes: Prepared, versions: Mapping[str, datetime | None]) -> None:
    """One transaction; `versions` are those of the documents that were read, by their paths."""

    @firestore.transactional
    def write_once(transaction: firestore.Transaction) -> None:
        for one in writes:
            more = dict(one.more)
            if one.is_versioned:
                more["option"] = client.write_option(last_update_time=versions[one.path])
            getattr(transaction, one.call)(client.document(one.path), *one.data, **more)

    write_once(client.transaction(max_attempts=1))
