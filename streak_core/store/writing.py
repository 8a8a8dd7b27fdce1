"""The one way to write: an atomic, write-only `@firestore.transactional` body of preconditioned writes.

It must not read: what the writes build on was read before, and the preconditions say whether it still holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from google.api_core import exceptions
from google.cloud import firestore
from google.cloud.firestore_v1.types import CommitRequest, Write

from streak_core.store import encoding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.cloud.firestore_v1._helpers import WriteOption
    from google.cloud.firestore_v1.base_document import BaseDocumentReference as Reference

# What was read before no longer holds, or the outcome of a commit is unknown: read again and decide again.
_CONFLICTS = (
    exceptions.Aborted,
    exceptions.AlreadyExists,
    exceptions.FailedPrecondition,
    exceptions.NotFound,
    exceptions.ServiceUnavailable,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.Unknown,
    exceptions.ResourceExhausted,
    exceptions.RetryError,
)


# Firestore cannot keep up, or cannot be reached: the same again, but later.
_OVERLOADS = (exceptions.ServiceUnavailable, exceptions.ResourceExhausted, exceptions.RetryError)


class ConflictError(Exception):
    """The commit did not take effect, or it is not known whether it did."""


class OverloadError(ConflictError):
    """Firestore did not take the commit, and would not take another one sooner."""


class WriteOnlyTransaction(firestore.Transaction):
    """A transaction that reads nothing, so that nothing has to be begun: its one RPC is the commit.

    Firestore applies the writes of a commit all or none, and checks their preconditions, with or without a begun
    transaction. A begun one costs a round trip more, and a lock that outlives a process which dies in between.
    """

    def create(self, reference: Reference, document_data: dict[str, Any]) -> None:
        """A document that must not be there yet."""
        self._add_write_pbs([encoding.new_document(_path(reference), document_data)])

    def set(self, reference: Reference, document_data: dict[str, Any], merge: bool | list[str] = False) -> None:  # noqa: FBT001, FBT002 - the client's signature
        """A document, whatever is there; merged into it by the client's own rules where that is asked."""
        if merge is not False:
            super().set(reference, document_data, merge)
        else:
            self._add_write_pbs([encoding.whole_document(_path(reference), document_data)])

    def update(self, reference: Reference, field_updates: dict[str, Any], option: WriteOption | None = None) -> None:
        """Some fields of a document that must be there, and as it was where the option says so."""
        write = encoding.changed_fields(_path(reference), field_updates)
        (option or self._client.write_option(exists=True)).modify_write(write)
        self._add_write_pbs([write])

    def _begin(self, retry_id: bytes | None = None) -> None:
        """Nothing is sent; an empty id is, in the commit, no id."""
        del retry_id
        self._id = b""  # type: ignore[assignment]  # the client gives it no type

    def _commit(self) -> list[Any]:
        """One commit of what was gathered, as it is: the client would wrap and unwrap each write once more."""
        request = CommitRequest.pb(CommitRequest(database=self._client._database_string))  # noqa: SLF001 - as the client
        request.writes.extend(Write.pb(write) for write in self._write_pbs)
        answer = self._client._firestore_api.commit(  # noqa: SLF001
            request=CommitRequest.wrap(request),
            metadata=self._client._rpc_metadata,  # noqa: SLF001
        )
        self._clean_up()
        self.write_results = answer.write_results
        self.commit_time = answer.commit_time
        return list(self.write_results)

    def _rollback(self) -> None:
        """Nothing was begun."""
        self._clean_up()


def _path(reference: Reference) -> str:
    """The whole name of a document, as messages want it."""
    path: str = reference._document_path  # noqa: SLF001 - it is public nowhere
    return path


def commit(client: firestore.Client, write: Callable[[firestore.Transaction], None]) -> None:
    """Runs `write` in one transaction, once. Raises `ConflictError` when the caller should read and decide again."""
    # A decorated function keeps the id of the transaction that it retries: decorated anew, no thread sees another's.
    write_once = firestore.transactional(write)
    transaction = WriteOnlyTransaction(client, max_attempts=1)
    try:
        write_once(transaction)
    except (exceptions.GoogleAPICallError, exceptions.RetryError, ValueError) as error:
        # What failed first may hide behind the client's own ValueError.
        conflict = next((one for one in _chain(error) if isinstance(one, _CONFLICTS)), None)
        if conflict is None:
            raise
        kind = OverloadError if isinstance(conflict, _OVERLOADS) else ConflictError
        raise kind(type(conflict).__name__) from error


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and everything that led to it."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
