"""A Firestore over real gRPC that refuses whatever it is asked. Must not know what is tested."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from typing import Any

import grpc

from emulator.port import HOST


class Refusing(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Answers every call with one status; remembers each with the seconds that its caller would still have waited."""

    def __init__(self, status: grpc.StatusCode) -> None:
        self._status = status
        self.calls: list[tuple[str, float]] = []

    def service(self, details: Any) -> Any:
        def refuse(_request: bytes, context: grpc.ServicerContext) -> Iterator[bytes]:
            self.calls.append((details.method.rsplit("/", 1)[1], context.time_remaining()))
            context.abort(self._status, "no")
            yield b""

        return grpc.unary_stream_rpc_method_handler(refuse)


@contextmanager
def refusing(status: grpc.StatusCode) -> Iterator[tuple[str, Refusing]]:
    """Its address, and what it remembers."""
    handler = Refusing(status)
    server = grpc.server(futures.ThreadPoolExecutor(2))
    server.add_generic_rpc_handlers([handler])
    port = server.add_insecure_port(f"{HOST}:0")
    server.start()
    try:
        yield f"{HOST}:{port}", handler
    finally:
        server.stop(None)
