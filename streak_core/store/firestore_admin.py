"""Firestore's admin API: asks for an export as of a moment, and how far it is.

It must not know when one is due. The client is imported where it is used: one function alone needs it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from google.api_core import exceptions

from streak_core.domain.errors import Unavailable
from streak_core.store.failures import GOOGLES
from streak_core.store.observing import log_failure

if TYPE_CHECKING:
    from datetime import datetime

    from google.cloud.firestore_admin_v1 import (
        ExportDocumentsMetadata,
        FirestoreAdminClient,
        ImportDocumentsMetadata,
    )

SECONDS_MAX: Final = 20.0


class BackupUnavailable(Unavailable):
    """Google does not take the export, or does not say how far it is."""

    code = "backup_unavailable"
    message = (
        "Firestore's admin API does not answer or refuses the export, which the log says, or BACKUP_BUCKET names no "
        "bucket. Try again."
    )
    retry_after_seconds = 60


@dataclass(frozen=True, kw_only=True)
class ExportProgress:
    """How far an operation is, and what it has written; `failure` is the name of the gRPC status it ended with."""

    is_done: bool
    failure: str | None = None
    documents: int = 0
    size_bytes: int = 0


@dataclass(frozen=True, kw_only=True)
class Exported:
    """The database that exports are of, the bucket that they go to, and who answers for Google in its place."""

    project: str
    database: str
    bucket: str
    emulator_host: str | None = None
    # Of these alone, wherever they stand; none for all.
    collections: Sequence[str] = ()

    @property
    def name(self) -> str:
        """The database, as Google names it."""
        return f"projects/{self.project}/databases/{self.database}"


class FirestoreAdmin:
    """The exports of one database."""

    def __init__(self, exported: Exported) -> None:
        """Connects to nothing yet."""
        self._name = exported.name
        self._collections = list(exported.collections)
        self._bucket = exported.bucket
        self._client = admin_client(exported.emulator_host)

    def begin(self, snapshot_time: datetime, name: str) -> str:
        """Asks for an export of everything as of a whole minute, below that name; answers the operation's name.

        Raises `BackupUnavailable`.
        """
        from google.cloud.firestore_admin_v1 import ExportDocumentsRequest

        request = ExportDocumentsRequest(
            name=self._name,
            collection_ids=self._collections,
            output_uri_prefix=f"gs://{self._bucket}/{name}",
            snapshot_time=snapshot_time,
        )
        with asking("firestore.export_documents"):
            # Not tried again: nobody could say whether it was begun twice.
            begun = self._client.export_documents(request, timeout=SECONDS_MAX, retry=None)
            return str(begun.operation.name)

    def look(self, operation: str) -> ExportProgress:
        """How far an operation is; one that Google does not know has failed. Raises `BackupUnavailable`."""
        from google.cloud.firestore_admin_v1 import ExportDocumentsMetadata

        return looked_up(self._client, operation, ExportDocumentsMetadata())


def looked_up(
    client: FirestoreAdminClient, operation: str, told: ExportDocumentsMetadata | ImportDocumentsMetadata
) -> ExportProgress:
    """How far an operation is, told in such words; one that Google does not know has failed.

    Raises `BackupUnavailable`.
    """
    from google.longrunning.operations_pb2 import GetOperationRequest  # type: ignore[import-untyped]
    from google.rpc.code_pb2 import Code  # type: ignore[import-untyped]

    with asking("firestore.get_operation"):
        try:
            found = client.get_operation(GetOperationRequest(name=operation), timeout=SECONDS_MAX)
        except exceptions.NotFound:
            return ExportProgress(is_done=True, failure="NOT_FOUND")
    found.metadata.Unpack(type(told).pb(told))
    return ExportProgress(
        is_done=found.done,
        failure=Code.Name(found.error.code) if found.HasField("error") else None,
        documents=told.progress_documents.completed_work,
        size_bytes=told.progress_bytes.completed_work,
    )


def admin_client(emulator_host: str | None) -> FirestoreAdminClient:
    """The client of Google's API, or of the stand-in that the configuration names."""
    from google.cloud.firestore_admin_v1 import FirestoreAdminClient

    if emulator_host is None:
        return FirestoreAdminClient()
    import grpc
    from google.cloud.firestore_admin_v1.services.firestore_admin.transports import FirestoreAdminGrpcTransport

    return FirestoreAdminClient(transport=FirestoreAdminGrpcTransport(channel=grpc.insecure_channel(emulator_host)))


@contextmanager
def asking(operation: str) -> Iterator[None]:
    """For the library's own call and nothing else. Raises `BackupUnavailable`."""
    try:
        yield
    except GOOGLES as error:
        log_failure(operation, error)
        raise BackupUnavailable from error
