"""A gRPC channel whose connection can be lost: what is sent next goes over a new one.

It must not know what goes over it.
"""

# ruff: noqa: ANN401 - gRPC types neither its channels nor its calls.

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class ReconnectingChannel:
    """Whatever was made from it keeps working, on the connection that there is when it is called."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._channel = connect()

    def lose(self) -> None:
        """The connection is gone; there is a new one."""
        lost, self._channel = self._channel, self._connect()
        lost.close()

    def __getattr__(self, name: str) -> Any:
        """The kinds of calls are made anew for each request; everything else is the connection's own."""
        if name not in {"unary_unary", "unary_stream", "stream_unary", "stream_stream"}:
            return getattr(self._channel, name)
        return lambda *args, **more: _Call(lambda: getattr(self._channel, name)(*args, **more))


class _Call:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __call__(self, *args: Any, **more: Any) -> Any:
        return self._make()(*args, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)
