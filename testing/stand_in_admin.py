"""A stand-in of Firestore's admin API over real gRPC: exports, imports, databases. Must not know who asks."""

from __future__ import annotations

import re
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import grpc
from google.cloud import firestore_admin_v1
from google.cloud.firestore_admin_v1.types import Database
from google.cloud.firestore_admin_v1.types import firestore_admin as requests
from google.longrunning.operations_pb2 import GetOperationRequest, Operation  # type: ignore[import-untyped]
from google.rpc.code_pb2 import Code  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Without point-in-time recovery, as far back as a snapshot may lie.
_SNAPSHOT_AGE_MAX: Final = timedelta(hours=1)
_NAME: Final = re.compile(r"projects/[a-z][a-z0-9-]+/databases/(\(default\)|[a-z][a-z0-9-]+)")
_PLACE: Final = re.compile(r"gs://[a-z0-9][a-z0-9._-]+/\S+")


@dataclass
class StandInExport:
    """An export that was asked for, and how far it is; a test moves it on."""

    request: requests.ExportDocumentsRequest
    is_done: bool = False
    documents: int = 0
    failure: int = 0


@dataclass
class StandInImport:
    """A reading in of an export, as above."""

    request: requests.ImportDocumentsRequest
    is_done: bool = False
    documents: int = 0
    failure: int = 0


class StandInAdmin(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Keeps exports and imports by the names of their operations, and databases; refuses what Google refuses."""

    def __init__(self, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.exports: dict[str, StandInExport] = {}
        self.imports: dict[str, StandInImport] = {}
        # By their full names, and whether each is made already; what a test has not named is there from the beginning.
        self.databases: dict[str, bool] = {}
        self.makes_at_once = True
        self.clock = clock
        # What it answers instead of an export; nothing where that is None.
        self.refusal: grpc.StatusCode | None = None

    def service(self, details: Any) -> Any:
        method = details.method.rpartition("/")[2]
        known: dict[str, tuple[Any, Any]] = {
            "ExportDocuments": (requests.ExportDocumentsRequest.deserialize, self.begin),
            "ImportDocuments": (requests.ImportDocumentsRequest.deserialize, self.read_in),
            "ListDatabases": (requests.ListDatabasesRequest.deserialize, self.listed),
            "GetDatabase": (requests.GetDatabaseRequest.deserialize, self.found),
            "CreateDatabase": (requests.CreateDatabaseRequest.deserialize, self.create),
            "DeleteDatabase": (requests.DeleteDatabaseRequest.deserialize, self.delete),
            "GetOperation": (GetOperationRequest.FromString, self.look),
        }
        if method not in known:
            return None
        read, answer = known[method]
        return grpc.unary_unary_rpc_method_handler(
            answer, request_deserializer=read, response_serializer=lambda one: one.SerializeToString()
        )

    def listed(self, request: Any, _: Any) -> Any:
        names = [name for name, made in self.databases.items() if made and name.startswith(f"{request.parent}/")]
        found = [Database(name=name) for name in names]
        return requests.ListDatabasesResponse.pb(requests.ListDatabasesResponse(databases=found))

    def found(self, request: Any, context: Any) -> Any:
        # Those that this stand-in was never asked to make are there, but for what is named as one to verify in.
        is_there = self.databases.get(request.name, "/verify-" not in request.name)
        if not is_there:
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no such database")
        found = Database(name=request.name, location_id="europe-west1")
        return Database.pb(found)

    def create(self, request: requests.CreateDatabaseRequest, context: Any) -> Any:
        name = f"{request.parent}/databases/{request.database_id}"
        if (
            not _NAME.fullmatch(name)
            or not request.database.location_id
            or request.database.type_ != Database.DatabaseType.FIRESTORE_NATIVE
        ):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "database_id, location_id or type is missing or wrong")
        if name in self.databases:
            context.abort(grpc.StatusCode.ALREADY_EXISTS, "there is such a database")
        self.databases[name] = self.makes_at_once
        return Operation(name=f"{name}/operations/create", done=False)

    def delete(self, request: Any, context: Any) -> Any:
        if not self.databases.pop(request.name, False):
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no such database")
        return Operation(name=f"{request.name}/operations/delete", done=True)

    def read_in(self, request: requests.ImportDocumentsRequest, context: Any) -> Any:
        if not self.databases.get(request.name):
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no such database")
        exports = [one for one in self.exports.values() if one.is_done and not one.failure]
        written = [one.request for one in exports if one.request.output_uri_prefix == request.input_uri_prefix]
        if not written or list(written[0].collection_ids) != list(request.collection_ids):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "input_uri_prefix: there is no such export")
        name = f"{request.name}/operations/import{len(self.imports) + 1}"
        self.imports[name] = StandInImport(request)
        return self._operation(name)

    def begin(self, request: requests.ExportDocumentsRequest, context: Any) -> Any:
        if self.refusal is not None:
            context.abort(self.refusal, "refused")
        if wrong := self._wrong(request):
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, wrong)
        name = f"{request.name}/operations/export{len(self.exports) + 1}"
        self.exports[name] = StandInExport(request)
        return self._operation(name)

    def look(self, request: Any, context: Any) -> Any:
        if request.name not in self.exports | self.imports:
            context.abort(grpc.StatusCode.NOT_FOUND, "there is no such operation")
        return self._operation(request.name)

    def _wrong(self, request: requests.ExportDocumentsRequest) -> str | None:
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
        one = (self.exports | self.imports)[name]
        done = {"completed_work": one.documents, "estimated_work": one.documents}
        progress = {"progress_documents": done, "progress_bytes": {"completed_work": 100 * one.documents}}
        told: Any
        if isinstance(one, StandInImport):
            told = firestore_admin_v1.ImportDocumentsMetadata(input_uri_prefix=one.request.input_uri_prefix, **progress)
        else:
            place = {"output_uri_prefix": one.request.output_uri_prefix}
            told = firestore_admin_v1.ExportDocumentsMetadata(
                snapshot_time=one.request.snapshot_time, **place, **progress
            )
        operation = Operation(name=name, done=one.is_done)
        operation.metadata.Pack(type(told).pb(told))
        if one.failure:
            operation.error.code = one.failure
            operation.error.message = Code.Name(one.failure)
        elif one.is_done and isinstance(one, StandInExport):
            answer = firestore_admin_v1.ExportDocumentsResponse(output_uri_prefix=one.request.output_uri_prefix)
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
