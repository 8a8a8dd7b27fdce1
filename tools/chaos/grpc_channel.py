"""A gRPC channel whose connection can be lost: what is sent next goes over a new one.

It must not know what goes over it.
"""

# ruff: noqa: ANN401 - gRPC types neither its channels nor its calls.

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

import grpc


class Wire(grpc.Channel):  # type: ignore[misc]
    """Whatever was made from it keeps working, on the connection that there is when it is called."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self._channel = connect()

    def lose(self) -> None:
        """The connection is gone; there is a new one."""
        lost, self._channel = self._channel, self._connect()
        lost.close()

    def close(self) -> None:
        """Hangs up for good."""
        self._channel.close()

    def unary_unary(self, *args: Any, **more: Any) -> Any:
        """A call that looks for the connection when it is made."""
        return _Call(lambda: self._channel.unary_unary(*args, **more))

    def unary_stream(self, *args: Any, **more: Any) -> Any:
        """A call that looks for the connection when it is made."""
        return _Call(lambda: self._channel.unary_stream(*args, **more))

    def stream_unary(self, *args: Any, **more: Any) -> Any:
        """A call that looks for the connection when it is made."""
        return _Call(lambda: self._channel.stream_unary(*args, **more))

    def stream_stream(self, *args: Any, **more: Any) -> Any:
        """A call that looks for the connection when it is made."""
        return _Call(lambda: self._channel.stream_stream(*args, **more))

    def subscribe(self, *args: Any, **more: Any) -> None:
        """Hears of the connection there is now."""
        self._channel.subscribe(*args, **more)

    def unsubscribe(self, *args: Any) -> None:
        """Hears no more."""
        self._channel.unsubscribe(*args)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Call:
    """Made anew for each request."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __call__(self, *args: Any, **more: Any) -> Any:
        return self._make()(*args, **more)

    def with_call(self, *args: Any, **more: Any) -> Any:
        return self._make().with_call(*args, **more)

    def future(self, *args: Any, **more: Any) -> Any:
        return self._make().future(*args, **more)
