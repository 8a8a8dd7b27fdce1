"""A real Firestore client whose RPCs are written down as they leave, and fail where a test wants them to."""

from __future__ import annotations

from typing import Any

import grpc
from google.cloud import firestore


class Recorder(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
):
    """Keeps (method, request) of each RPC in order; `before` and `after` hold what fails next, and None passes."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []
        self.before: dict[str, list[Exception | None]] = {}
        # The server has acted when one of these is raised: only the reply is lost.
        self.after: dict[str, list[Exception | None]] = {}

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        method = self._keep(details, request)
        call = continuation(details, request)
        if self.after.get(method) and (failure := self.after[method].pop(0)):
            call.result()
            raise failure
        return call

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        self._keep(details, request)
        return continuation(details, request)

    def _keep(self, details: Any, request: Any) -> str:
        method: str = details.method.rsplit("/", 1)[1]
        self.calls.append((method, request))
        failure = self.before[method].pop(0) if self.before.get(method) else None
        if failure:
            raise failure
        return method

    def methods(self) -> list[str]:
        return [method for method, _ in self.calls]

    def documents_read(self) -> list[list[str]]:
        """For each BatchGet, the documents it asked for, without the project."""
        return [
            [name.split("/documents/")[1] for name in request.documents]
            for method, request in self.calls
            if method == "BatchGetDocuments"
        ]

    def documents_written(self) -> list[str]:
        names = []
        for method, request in self.calls:
            if method == "Commit":
                names += [(one.update.name or one.delete).split("/documents/")[1] for one in request.writes]
        return names


class RecordedClient(firestore.Client):
    """Against the emulator, through a recorder."""

    def __init__(self, project: str, recorder: Recorder) -> None:
        super().__init__(project=project)
        self._recorder = recorder

    def _emulator_channel(self, transport: Any) -> Any:
        channel = super()._emulator_channel(transport)  # type: ignore[no-untyped-call]
        return grpc.intercept_channel(channel, self._recorder)
