"""The bare client: the same public calls as the product's, with documents made beforehand, and nothing around them.

It must not know streaks. What it costs is the least that anything with these calls can cost.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from google.cloud import firestore


@dataclass(frozen=True, kw_only=True)
class PreparedWrite:
    """One write: the call that makes it, the path of the document below the database, and what is handed over."""

    call: str
    path: str
    data: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    # Whether the document must be as it was read.
    is_versioned: bool = False


Prepared = Sequence[PreparedWrite]


class KeepingTransaction(firestore.Transaction):
    """A transaction that keeps what is called."""

    def __init__(self, client: firestore.Client, kept: list[PreparedWrite], max_attempts: int) -> None:
        super().__init__(client, max_attempts=max_attempts)
        self._kept = kept

    def create(self, reference: Any, document_data: dict[str, Any]) -> None:  # noqa: ANN401 - the client's own
        """A document that must not be there yet."""
        self._kept.append(PreparedWrite(call="create", path=reference.path, data=document_data))
        super().create(reference, document_data)

    def set(self, reference: Any, document_data: dict[str, Any], merge: Any = False) -> None:  # noqa: ANN401, FBT002
        """A document, whatever is there."""
        kept = PreparedWrite(call="set", path=reference.path, data=document_data, more={"merge": merge})
        self._kept.append(kept)
        super().set(reference, document_data, merge)

    def update(self, reference: Any, field_updates: dict[str, Any], option: Any = None) -> None:  # noqa: ANN401
        """Some fields of a document that must be there."""
        is_versioned = option is not None
        write = PreparedWrite(call="update", path=reference.path, data=field_updates, is_versioned=is_versioned)
        self._kept.append(write)
        super().update(reference, field_updates, option)

    def delete(self, reference: Any, option: Any = None) -> None:  # noqa: ANN401
        """A document, if it is there."""
        self._kept.append(PreparedWrite(call="delete", path=reference.path))
        super().delete(reference, option)


class KeepingClient(firestore.Client):
    """A client whose transactions are kept, in the order in which they were begun."""

    def __init__(self, project: str) -> None:
        super().__init__(project=project)
        self.kept: list[list[PreparedWrite]] = []
        self._lock = threading.Lock()

    def transaction(self, max_attempts: int = 1, read_only: bool = False) -> KeepingTransaction:  # noqa: FBT001, FBT002
        """A transaction, to be kept; the bench has none that only reads."""
        del read_only
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
            reference, more = client.document(one.path), dict(one.more)
            if one.is_versioned:
                more["option"] = client.write_option(last_update_time=versions[one.path])
            if one.call == "delete":
                transaction.delete(reference)
            else:
                getattr(transaction, one.call)(reference, one.data, **more)

    write_once(client.transaction(max_attempts=1))
