"""A real Firestore client on the emulator, all RPCs through interceptors. Must not know what they do with them."""

from __future__ import annotations

from typing import Any

import grpc
from google.cloud import firestore


class InterceptedClient(firestore.Client):
    """The first interceptor hears of an RPC first."""

    def __init__(self, project: str, *interceptors: Any) -> None:
        super().__init__(project=project)
        self._interceptors = interceptors

    def _emulator_channel(self, transport: Any) -> Any:
        channel = super()._emulator_channel(transport)  # type: ignore[no-untyped-call]
        return grpc.intercept_channel(channel, *self._interceptors)
