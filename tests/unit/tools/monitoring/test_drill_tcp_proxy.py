"""The proxy before the database carries everything, late where it is slow, and nothing while it is cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from emulator.port import HOST
from tools.monitoring.drill.environment import trouble
from tools.monitoring.drill.tcp_proxy import TcpProxy

LARGE = b"x" * 300_000


@pytest.fixture
def echo() -> Iterator[str]:
    """The address of a server that says what it hears, until it hears the end."""
    with socket.create_server((HOST, 0)) as server:
        threading.Thread(target=serve, args=[server], daemon=True).start()
        yield f"{HOST}:{server.getsockname()[1]}"


def serve(server: socket.socket) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        threading.Thread(target=answer, args=[connection], daemon=True).start()


def answer(connection: socket.socket) -> None:
    with connection:
        try:
            while heard := connection.recv(65_536):
                connection.sendall(heard)
        except OSError:
            return


def connected(proxy: TcpProxy) -> socket.socket:
    host, _, port = proxy.address.partition(":")
    return socket.create_connection((host, int(port)), timeout=20)


def said(connection: socket.socket, text: bytes) -> bytes:
    connection.sendall(text)
    found = b""
    while len(found) < len(text) and (piece := connection.recv(65_536)):
        found += piece
    return found


def is_closed(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"x")
        return connection.recv(1) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def test_it_carries_everything_both_ways(echo: str) -> None:
    with TcpProxy(echo) as proxy, connected(proxy) as first, connected(proxy) as second:
        assert said(first, LARGE) == LARGE
        assert said(second, b"a") == b"a"


def test_while_it_is_cut_nothing_comes_through_and_then_everything_again(echo: str) -> None:
    with TcpProxy(echo) as proxy, connected(proxy) as before:
        assert said(before, b"a") == b"a"
        with trouble(proxy):
            assert is_closed(before)
            with connected(proxy) as during:
                assert is_closed(during)
        with connected(proxy) as after:
            assert said(after, b"a") == b"a"


def test_a_slow_proxy_is_mended_whatever_happens(echo: str) -> None:
    with TcpProxy(echo) as proxy:
        with pytest.raises(RuntimeError) as failed, trouble(proxy, delay_seconds=0.05):
            fail_slowly(proxy)
        assert failed.value.args == (b"a", 0.05)
        assert proxy.delay_seconds == 0


def fail_slowly(proxy: TcpProxy) -> None:
    """Says what it heard, and that the line is slow."""
    with connected(proxy) as slow:
        raise RuntimeError(said(slow, b"a"), proxy.delay_seconds)


def test_whoever_is_not_there_is_not_reached() -> None:
    with socket.socket() as gone:
        # The port is taken, so that nobody else gets it, and nobody listens.
        gone.bind((HOST, 0))
        with TcpProxy(f"{HOST}:{gone.getsockname()[1]}") as proxy, connected(proxy) as connection:
            assert is_closed(connection)
