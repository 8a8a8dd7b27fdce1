"""A stand-in of Firestore's admin API over real gRPC that keeps the contract of exports. Must not know who asks."""

from __future__ import annotations

import re
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import grpc
from google.cloud import firestore_admin_v1
from google.longrunning.operations_pb2 import GetOperationRequest, Operation  # type: ignore[import-untyped]
from google.rpc.code_pb2 import Code  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Without point-in-time recovery, as far back as a snapshot may lie.
_SNAPSHOT_AGE_MAX: Final = timedelta(hours=1)
_NAME: Final = re.compile(r"projects/[a-z][a-z0-9-]+/databases/(\(default\)|[a-z][a-z0-9-]+)")
_PLACE: Final = re.compile(r"gs://[a-z0-9][a-z0-9._-]+/\S+")
_EXPORT: Final = "/google.firestore.admin.v1.FirestoreAdmin/ExportDocuments"
_LOOK: Final = "/google.longrunning.Operations/GetOperation"


@dataclass
class StandInExport:
    """An export that was asked for, and how far it is; a test moves it on."""

    request: firestore_admin_v1.ExportDocumentsRequest
    is_done: bool = False
    documents: int = 0
    failure: int = 0


class StandInAdmin(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Keeps exports by the names of their operations, and refuses what Google refuses."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.exports: dict[str, StandInExport] = {}
        self.clock = clock
        # What it answers instead of an export; nothing where that is None.
        self.refusal: grpc.StatusCode | None = None

    def service(self, details: Any) -> Any:
        if details.method == _EXPORT:
            request = firestore_admin_v1.ExportDocumentsRequest
            return grpc.unary_unary_rpc_method_handler(
                self.begin, request_deserializer=request.deserialize, response_serializer=Operation.SerializeToString
            )
        if details.method == _LOOK:
            return grpc.unary_unary_rpc_method_handler(
                self.look,
                request_deserializer=GetOperationRequest.FromString,
                response_serializer=Operation.SerializeToString,
            )
        return None

    def begin(self, request: firestore_admin_v1.ExportDocumentsRequest, context: Any) -> Any:
        if self.refusal is not None:
            context.abort(self.refusal, "refused")
        if wrong := self._wrong(request):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, wrong)
        name = f"{request.name}/operations/export{len(self.exports) + 1}"
        self.exports[name] = StandInExport(request)
        return self._operation(name)

    def look(self, request: Any, context: Any) -> Any:
        if request.name not in self.exports:
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no such operation")
        return self._operation(request.name)

    def _wrong(self, request: firestore_admin_v1.ExportDocumentsRequest) -> str | None:
        if not _NAME.fullmatch(request.name):
            return "name is not that of a database"
        if not _PLACE.fullmatch(request.output_uri_prefix):
            return "output_uri_prefix is no place in a bucket"
        if any(one.request.output_uri_prefix == request.output_uri_prefix for one in self.exports.values()):
            return "output_uri_prefix: there is an export already"
        at = request.snapshot_time
        if at is None or at.second or at.microsecond:
            return "snapshot_time is no whole minute"
        if not self.clock() - _SNAPSHOT_AGE_MAX <= at <= self.clock():
            return "snapshot_time is not within the last hour"
        return None

    def _operation(self, name: str) -> Any:
        export = self.exports[name]
        done = {"completed_work": export.documents, "estimated_work": export.documents}
        told = firestore_admin_v1.ExportDocumentsMetadata(
            snapshot_time=export.request.snapshot_time,
            output_uri_prefix=export.request.output_uri_prefix,
            progress_documents=done,
            progress_bytes={"completed_work": 100 * export.documents},
        )
        operation = Operation(name=name, done=export.is_done)
        operation.metadata.Pack(firestore_admin_v1.ExportDocumentsMetadata.pb(told))
        if export.failure:
            operation.error.code = export.failure
            operation.error.message = Code.Name(export.failure)
        elif export.is_done:
            answer = firestore_admin_v1.ExportDocumentsResponse(output_uri_prefix=export.request.output_uri_prefix)
            operation.response.Pack(firestore_admin_v1.ExportDocumentsResponse.pb(answer))
        return operation


@contextmanager
def listening_admin(admin: StandInAdmin) -> Iterator[str]:
    """Serves it; gives the address."""
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([admin])
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.stop(None)
