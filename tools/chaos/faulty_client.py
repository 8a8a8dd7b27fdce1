"""A real Firestore client on a real gRPC channel, on which each RPC meets the fault that a plan has for it.

It must not know what is asked, nor decide which fault it is.
"""

# ruff: noqa: ANN401 - calls, details and requests are gRPC's own, and it types none of them.

from __future__ import annotations

import contextlib
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final, assert_never

import grpc
from google.api_core import exceptions
from google.api_core.retry import Retry, if_exception_type
from google.cloud import firestore

from tools.chaos.faults import BEGIN, ROLLBACK, SLOW_SECONDS_MAX, Code, Fault, Mode, Plan, Site

# Calls are tried again by the client's own rules, but nobody waits for them here.
_WAIT_SECONDS: Final = 0.001
_READS: Final = ("batch_get_documents", "run_query", "run_aggregation_query")


def _quick(*errors: type[Exception]) -> Retry:
    return Retry(predicate=if_exception_type(*errors), initial=_WAIT_SECONDS, maximum=_WAIT_SECONDS)


_OVERLOADS: Final = (exceptions.ResourceExhausted, exceptions.ServiceUnavailable)
_AROUND: Final = _quick(*_OVERLOADS, exceptions.DeadlineExceeded, exceptions.InternalServerError)
_RETRIES: Final = {"commit": _quick(*_OVERLOADS), "begin_transaction": _AROUND, "rollback": _AROUND}


class InjectedError(grpc.aio.AioRpcError):  # type: ignore[misc]
    """An RPC that failed, as gRPC tells of it: the one such error that can be made from outside."""

    def __init__(self, code: Code) -> None:
        super().__init__(grpc.StatusCode[code], grpc.aio.Metadata(), grpc.aio.Metadata(), "injected")

    def result(self, timeout: float | None = None) -> Any:  # noqa: ARG002 - gRPC asks so
        """A call that failed raises when it is asked for its result."""
        raise self


class ProcessKilledError(BaseException):
    """The process that sent this RPC is no more; nothing of it goes on."""


def _cut(call: Any, messages: int, code: Code) -> Iterator[Any]:
    """A stream that ends in an error after some messages, should it have so many."""
    for passed, message in enumerate(call, 1):
        yield message
        if passed == messages:
            call.cancel()
            raise InjectedError(code)


class FaultInterceptor(
    grpc.UnaryUnaryClientInterceptor,  # type: ignore[misc]
    grpc.UnaryStreamClientInterceptor,  # type: ignore[misc]
):
    """What one device sends. `met` holds the faults it met, `sent` counts its RPCs."""

    def __init__(self, plan: Plan) -> None:
        self.met: list[tuple[Site, Fault]] = []
        self.sent: Counter[str] = Counter()
        # How many RPCs the process will live to send; None for ever.
        self.rpcs_until_killed: int | None = None
        self.lose: Callable[[], None] = lambda: None
        self._plan = plan
        self._step, self._device = 0, ""
        self._numbers: Counter[str] = Counter()
        self._late: Callable[[], Any] | None = None

    def begin(self, step: int, device: str) -> None:
        """From here on the RPCs are those of this step."""
        self._step, self._device = step, device
        self._numbers.clear()

    def deliver_late(self) -> None:
        """Lets a request arrive that was held back; whatever it leads to, nobody hears of it."""
        late, self._late = self._late, None
        if late:
            with contextlib.suppress(grpc.RpcError):
                late().result()

    def intercept_unary_unary(self, continuation: Any, details: Any, request: Any) -> Any:
        """Begins, commits, rolls back."""
        rpc = self._count(details)
        if self._late and rpc == ROLLBACK:
            # It would overtake the commit that is held back, and goes the same way.
            return continuation(details, request)
        self.deliver_late()
        return self._met(rpc, lambda: continuation(details, request), lambda call: call.result(), unfit=Mode.CUT)

    def intercept_unary_stream(self, continuation: Any, details: Any, request: Any) -> Any:
        """Reads and queries."""
        return self._met(self._count(details), lambda: continuation(details, request), list, unfit=Mode.LATE)

    def _met(self, rpc: str, call: Callable[[], Any], whole: Callable[[Any], object], *, unfit: Mode) -> Any:
        """What an RPC comes to under its fault; `whole` waits for all that the server does.

        Where a mode is not for this kind of RPC, its reply is lost.
        """
        self._numbers[rpc] += 1
        site = Site(self._step, self._device, rpc, self._numbers[rpc])
        fault = self._plan(site)
        if fault is None:
            return call()
        self.met.append((site, fault))
        mode = Mode.AFTER if fault.mode is unfit else fault.mode
        match mode:
            case Mode.SLOW:
                time.sleep(SLOW_SECONDS_MAX * fault.amount / 1000)
                return call()
            case Mode.CUT:
                return _cut(call(), fault.amount, fault.told)
            case Mode.LATE:
                self._late = call
            case Mode.AFTER | Mode.CONNECTION:
                # Should it fail by itself, it is that failure whose reply is lost.
                with contextlib.suppress(grpc.RpcError):
                    whole(call())
            case Mode.BEFORE:
                pass
            case never:
                assert_never(never)
        if mode is Mode.CONNECTION:
            self.lose()
        raise InjectedError(fault.told)

    def _count(self, details: Any) -> str:
        rpc: str = details.method.rsplit("/", 1)[1]
        if self.rpcs_until_killed is not None:
            self.rpcs_until_killed -= 1
            # Where it dies as it begins a transaction, it dies with that: of none the client tells an error of its own.
            if self.rpcs_until_killed < 0 and rpc != BEGIN:
                raise ProcessKilledError
        self.sent[rpc] += 1
        return rpc


class ReconnectingChannel:
    """Whatever was made from it keeps working, on the connection that there is when it is called."""

    def __init__(self, connect: Callable[[], Any]) -> None:
        self._connect = connect
        self.current = connect()

    def lose(self) -> None:
        """The connection is gone; there is a new one."""
        lost, self.current = self.current, self._connect()
        lost.close()

    def __getattr__(self, name: str) -> Any:
        """The kinds of calls are made anew for each request; everything else is the connection's own."""
        if name not in {"unary_unary", "unary_stream", "stream_unary", "stream_stream"}:
            return getattr(self.current, name)
        return lambda *args, **more: _Call(lambda: getattr(self.current, name)(*args, **more))


class _Call:
    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make

    def __call__(self, *args: Any, **more: Any) -> Any:
        return self._make()(*args, **more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


class FaultyClient(firestore.Client):
    """Against the emulator, through an interceptor; each device has its own, and loses its connection alone."""

    def __init__(self, project: str, interceptor: FaultInterceptor) -> None:
        super().__init__(project=project)
        self._interceptor = interceptor
        self._channel: ReconnectingChannel | None = None

    def hang_up(self) -> None:
        """Closes the connection for good."""
        if self._channel:
            self._channel.close()

    def _emulator_channel(self, transport: Any) -> Any:
        self._channel = ReconnectingChannel(lambda: super(FaultyClient, self)._emulator_channel(transport))  # type: ignore[no-untyped-call]
        self._interceptor.lose = self._channel.lose
        return grpc.intercept_channel(self._channel, self._interceptor)

    @property
    def _firestore_api(self) -> Any:
        is_new = self._firestore_api_internal is None
        api = super()._firestore_api
        if is_new:
            for name in _READS:
                setattr(api, name, _impatient(getattr(api, name)))
            for name, retry in _RETRIES.items():
                setattr(api, name, partial(getattr(api, name), retry=retry))
        return api


@contextlib.contextmanager
def process(
    project: str, interceptor: FaultInterceptor, step: int, name: str, rpcs_until_killed: int | None = None
) -> Iterator[FaultyClient]:
    """The client of a process that lives for one call, or for so many RPCs of it."""
    client = FaultyClient(project, interceptor)
    interceptor.begin(step, name)
    interceptor.rpcs_until_killed = rpcs_until_killed
    try:
        yield client
    finally:
        if rpcs_until_killed is None:
            interceptor.deliver_late()
        client.hang_up()


def _impatient(read: Callable[..., Any]) -> Callable[..., Any]:
    """The same read, tried again as often, with waits that are next to nothing."""

    def reads(*args: Any, retry: Any, **more: Any) -> Any:
        return read(*args, retry=retry.with_delay(initial=_WAIT_SECONDS, maximum=_WAIT_SECONDS), **more)

    return reads
