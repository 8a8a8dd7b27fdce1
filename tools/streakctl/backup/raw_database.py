"""A database as messages: read in ranges as of one moment, written whole, by Google's generated client.

It must not know what a document means. The client for applications would decode each value, which not every value
survives, and reads no documents of which the collection is not named.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.cloud.firestore_v1.types import Cursor, Document, StructuredQuery, Value, Write

from streak_core.store.failures import database_errors
from tools.streakctl.backup.encoding import Message, message, path_of
from tools.streakctl.database import EMULATOR

T = TypeVar("T")

PAGE_DOCUMENTS: Final = 300
_KEYS_A_PAGE: Final = 1_000
_SECONDS_MAX: Final = 60.0
_TRIED_SECONDS_MAX: Final = 300.0
_AGAIN: Final = Retry(
    predicate=if_exception_type(
        exceptions.ServiceUnavailable,
        exceptions.InternalServerError,
        exceptions.ResourceExhausted,
        exceptions.DeadlineExceeded,
        exceptions.Aborted,
    ),
    timeout=_TRIED_SECONDS_MAX,
)
_ZERO: Final = "\0"
_BY_NAME: Final = StructuredQuery.FieldReference(field_path="__name__")
_ASCENDING: Final = [StructuredQuery.Order(field=_BY_NAME, direction=StructuredQuery.Direction.ASCENDING)]
_Operator = StructuredQuery.FieldFilter.Operator


@dataclass(frozen=True, kw_only=True)
class Span:
    """Documents of a collection and all below them, from one id on and before another one; None is without an end."""

    collection: str
    begin: str | None = None
    end: str | None = None

    def holds(self, path: str) -> bool:
        """Whether a document of that path lies in it."""
        collection, _, rest = path.partition("/")
        # As Firestore orders ids: by their bytes.
        document_id = rest.partition("/")[0].encode()
        is_begun = self.begin is None or self.begin.encode() <= document_id
        return collection == self.collection and is_begun and (self.end is None or document_id < self.end.encode())


class RawDatabase:
    """One database; several threads may use it. Everything raises `DatabaseUnavailable`, and what else Google says."""

    def __init__(self, project: str, database: str) -> None:
        """Connects to nothing yet."""
        self.name = f"projects/{project}/databases/{database}"
        self._root = f"{self.name}/documents"
        emulator = os.environ.get(EMULATOR)
        self._metadata = [("google-cloud-resource-prefix", self.name)]
        if emulator:
            self._metadata.append(("authorization", "Bearer owner"))
            channel = grpc.insecure_channel(emulator)
            self._api = FirestoreClient(transport=FirestoreGrpcTransport(host=emulator, channel=channel))
        else:
            self._api = FirestoreClient()

    def collections(self, moment: datetime | None = None) -> list[str]:
        """The ids of the collections that stand at the top."""
        request = {"parent": self._root, "read_time": moment}
        return sorted(self._call(lambda **how: list(self._api.list_collection_ids(request=request, **how))))

    def ids(self, collection: str, moment: datetime) -> Iterator[str]:
        """The ids of the documents that are there, in their order."""
        keys = StructuredQuery.Projection(fields=[_BY_NAME])
        after: str | None = None
        while True:
            query = StructuredQuery(
                select=keys,
                from_=[StructuredQuery.CollectionSelector(collection_id=collection)],
                order_by=_ASCENDING,
                limit=_KEYS_A_PAGE,
                start_at=self._after(after),
            )
            page = self._run(query, moment)
            yield from (one.name.rpartition("/")[2] for one in page)
            if len(page) < _KEYS_A_PAGE:
                return
            after = page[-1].name

    def documents(self, span: Span, moment: datetime | None = None) -> Iterator[Message]:
        """All of a span in the order of their names, a page at a time."""
        after: str | None = None
        while True:
            query = StructuredQuery(
                from_=[StructuredQuery.CollectionSelector(all_descendants=True)],
                where=self._within(span),
                order_by=_ASCENDING,
                limit=PAGE_DOCUMENTS,
                start_at=self._after(after),
            )
            page = self._run(query, moment)
            yield from page
            if len(page) < PAGE_DOCUMENTS:
                return
            after = page[-1].name

    def write(self, documents: Sequence[Message]) -> None:
        """Writes them whole, whatever was there, all or nothing; doing it twice is doing it once."""
        self._commit([Write(update=Document.wrap(one)) for one in documents])

    def delete(self, paths: Sequence[str]) -> None:
        """Deletes them, whether they are there or not, all or nothing."""
        self._commit([Write(delete=f"{self._root}/{path}") for path in paths])

    def _commit(self, writes: Sequence[Write]) -> None:
        request = {"database": self.name, "writes": list(writes)}
        self._call(lambda **how: self._api.commit(request=request, **how))

    def _run(self, query: StructuredQuery, moment: datetime | None) -> list[Message]:
        request = {"parent": self._root, "structured_query": query, "read_time": moment}
        found = self._call(lambda **how: list(self._api.run_query(request=request, **how)))
        # The last answer may hold no document.
        return [message(one.document) for one in found if path_of(one.document.name)]

    def _call(self, call: Callable[..., T]) -> T:
        """One call with all that it answers, tried again as a whole: what it reads and writes twice is once."""

        def once() -> T:
            return call(metadata=self._metadata, retry=None, timeout=_SECONDS_MAX)

        with database_errors():
            return _AGAIN(once)()

    def _after(self, name: str | None) -> Cursor | None:
        return Cursor(values=[Value(reference_value=name)], before=False) if name else None

    def _within(self, span: Span) -> StructuredQuery.Filter:
        # The bounds of a whole collection are those by which Google's own tools delete one.
        first = f"{span.collection}/{span.begin or _ZERO}"
        last = f"{span.collection}/{span.end}" if span.end is not None else f"{span.collection}{_ZERO}/{_ZERO}"
        bounds = ((_Operator.GREATER_THAN_OR_EQUAL, first), (_Operator.LESS_THAN, last))
        filters = [self._compared(operator, path) for operator, path in bounds]
        return StructuredQuery.Filter(
            composite_filter=StructuredQuery.CompositeFilter(
                op=StructuredQuery.CompositeFilter.Operator.AND, filters=filters
            )
        )

    def _compared(self, operator: Any, path: str) -> StructuredQuery.Filter:  # noqa: ANN401 - an enum of protobuf's
        value = Value(reference_value=f"{self._root}/{path}")
        return StructuredQuery.Filter(
            field_filter=StructuredQuery.FieldFilter(field=_BY_NAME, op=operator, value=value)
        )
