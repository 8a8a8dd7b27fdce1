"""A stand-in of an app's server that is told what happened. Must not know what is said."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from ssl import SSLContext


@dataclass(frozen=True)
class Received:
    """One message as it came."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class StandInEndpoint:
    """Keeps messages; answers with the statuses that are listed, then with 204. With None it never ends its answer."""

    statuses: list[int | None] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    # Ends what has no end.
    stopped: threading.Event = field(default_factory=threading.Event)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """One request."""
        body = request.rfile.read(int(request.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.append(Received(request.path, headers, body))
        status = self.statuses.pop(0) if self.statuses else 204
        if status is None:
            request.wfile.write(b"HTTP/1.1 ")
            while not self.stopped.wait(0.02):
                request.wfile.write(b"2")
            return
        request.send_response(status)
        # Followed by nobody, also where it leads back here.
        request.send_header("Location", "/elsewhere")
        request.send_header("Content-Length", "0")
        request.end_headers()


@contextmanager
def listening(endpoint: StandInEndpoint, tls: SSLContext | None = None) -> Iterator[int]:
    """Has it listen on this machine meanwhile; answers the port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            endpoint.answer(self)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield server.server_port
        finally:
            endpoint.stopped.set()
            server.shutdown()
            thread.join()
