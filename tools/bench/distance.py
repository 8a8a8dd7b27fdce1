"""A real client that stands a little away from its database: each call waits before it leaves.

It must not know what the calls are for. The emulator answers from the same machine, which no deployed database does.
"""

# ruff: noqa: ANN401 - what passes is the RPC library's own, whatever it is.

from __future__ import annotations

import time
from typing import Any

import grpc
from google.cloud import firestore


class _Wait(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
):
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        time.sleep(self._seconds)
        return continuation(details, request)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        time.sleep(self._seconds)
        return continuation(details, request)


class DistantClient(firestore.Client):
    """Against the emulator, each call so many seconds later."""

    def __init__(self, project: str, seconds: float) -> None:
        super().__init__(project=project)
        self._distance = _Wait(seconds)

    def _emulator_channel(self, transport: Any) -> Any:
        channel = super()._emulator_channel(transport)  # type: ignore[no-untyped-call]
        return grpc.intercept_channel(channel, self._distance)
