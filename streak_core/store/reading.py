"""The ways to read: each is one call of the client's, observed, bounded, and with Google's errors mapped.

It must not know what a document means: what it finds is read into types outside of these calls.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type

from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.deadlines import seconds_left
from streak_core.store.failures import database_errors
from streak_core.store.observing import Call, log_failure, observed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from google.cloud import firestore
    from google.cloud.firestore_v1.base_document import DocumentSnapshot

    # A document as read, which may not be there.
    Snapshot = DocumentSnapshot[Any]

# Where a page ends: the moment and the id of its last item.
Cursor = tuple[datetime, str]

# The longest that one read takes, with all its tries, whoever waits for it.
READ_SECONDS_MAX: float = 8.0

_RETRY: Final = Retry(
    predicate=if_exception_type(
        exceptions.ServiceUnavailable, exceptions.InternalServerError, exceptions.ResourceExhausted
    ),
    initial=0.1,
    maximum=1.0,
    multiplier=2.0,
)


def read_options() -> dict[str, Any]:
    """How long a read may take. Raises `DatabaseUnavailable` where the time of the request is used up.

    The last try may begin when the time for trying ends; so a try gets half of the time, and trying the other half.
    """
    half = seconds_left(READ_SECONDS_MAX) / 2
    if half <= 0:
        raise DatabaseUnavailable
    return {"timeout": half, "retry": _RETRY.with_timeout(half)}


@contextmanager
def _reading(operation: str, reads: int) -> Iterator[Call]:
    """For the library's own call and nothing else. Raises `DatabaseUnavailable`."""
    with observed(operation, reads=reads) as call:
        try:
            with database_errors():
                yield call
        except DatabaseUnavailable as error:
            log_failure(operation, error)
            raise


def read_all(
    client: firestore.Client, refs: Sequence[firestore.DocumentReference], fields: Sequence[str] | None = None
) -> list[Snapshot]:
    """Those documents, in any order, in one BatchGet; also those that are not there. Raises `DatabaseUnavailable`."""
    options = read_options()
    with _reading("firestore.batch_get", len(refs)):
        return list(client.get_all(list(refs), field_paths=fields, **options))


def read_one(ref: firestore.DocumentReference) -> Snapshot:
    """One document, also if it is not there. Raises `DatabaseUnavailable`."""
    options = read_options()
    with _reading("firestore.batch_get", 1):
        found: Snapshot = ref.get(**options)
        return found


def read_page(query: firestore.Query, limit: int, as_of: datetime | None = None) -> list[Snapshot]:
    """The first documents of a query, as they are or were then. Raises `DatabaseUnavailable`."""
    options = read_options() | ({"read_time": as_of} if as_of else {})
    # A query that finds nothing is billed as one read.
    with _reading("firestore.query", 1) as call:
        # A stream that is resumed inside the client may answer more than the limit.
        found: list[Snapshot] = list(query.limit(limit).stream(**options))[:limit]
        call.reads = max(1, len(found))
    return found


def read_pages(
    query: firestore.Query | firestore.CollectionReference,
    size: int,
    by: Sequence[str] = (),
    as_of: datetime | None = None,
) -> Iterator[list[Snapshot]]:
    """All that a query finds, in pages of that many, in the order of these fields and then of names.

    A query that selects fields selects these, too. Each page is read as it is asked for: one that is short is the last.
    Raises `DatabaseUnavailable`.
    """
    ordered: Any = query
    for name in (*by, "__name__"):
        ordered = ordered.order_by(name)
    page = read_page(ordered, size, as_of)
    while page:
        yield page
        if len(page) < size:
            return
        last = page[-1]
        after = {name: contents(last)[name] for name in by} | {"__name__": last.reference}
        page = read_page(ordered.start_after(after), size, as_of)


def listed_pages(collection: firestore.CollectionReference, size: int) -> Iterator[list[firestore.DocumentReference]]:
    """The documents of a collection in the order of their ids, also those of which only what is below is left.

    A listing names these, which no query does. Raises `DatabaseUnavailable`.
    """
    with database_errors():
        listed = iter(collection.list_documents(page_size=size, **read_options()))
    while page := _next_page(listed, size):
        yield page


def _next_page(listed: Iterator[firestore.DocumentReference], size: int) -> list[firestore.DocumentReference]:
    with database_errors():
        return list(islice(listed, size))


def list_collections(
    ref: firestore.DocumentReference, as_of: datetime | None = None
) -> list[firestore.CollectionReference]:
    """Every collection that there is or was then below a document, whoever made it. Raises `DatabaseUnavailable`."""
    options = read_options() | ({"read_time": as_of} if as_of else {})
    with _reading("firestore.list_collections", 1):
        return list(ref.collections(**options))


def count_documents(query: firestore.Query | firestore.CollectionReference) -> int:
    """How many documents a query finds, by one aggregation. Raises `DatabaseUnavailable`."""
    options = read_options()
    with _reading("firestore.aggregate", 1):
        found: Any = query.count().get(**options)
        return int(found[0][0].value)


def contents(snapshot: Snapshot) -> Mapping[str, Any]:
    """The fields of a document; empty where there is none."""
    return snapshot.to_dict() or {}
