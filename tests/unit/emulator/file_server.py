"""A stand-in for the web server that has the JAR, with its faults. Must not know who downloads."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(kw_only=True)
class FileServer:
    """Serves `content` at any path."""

    content: bytes
    ranges: bool = True
    length_told: bool = True
    status: HTTPStatus = HTTPStatus.OK
    # How many bytes each request is given before the connection closes; requests after these are given all.
    breaks_after_bytes: list[int] = field(default_factory=list)
    # The Range header of each request, None where there was none.
    ranges_asked: list[str | None] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/emulator.jar"

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Write one whole or broken answer."""
        asked = request.headers.get("Range")
        self.ranges_asked.append(asked)
        first = int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.ranges else 0
        body, total = self.content[first:], len(self.content)
        if first and not body:
            request.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        if self.status is not HTTPStatus.OK:
            request.send_error(self.status)
            return
        request.send_response(HTTPStatus.PARTIAL_CONTENT if first else HTTPStatus.OK)
        if first:
            request.send_header("Content-Range", f"bytes {first}-{total - 1}/{total}")
        if self.length_told:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body[: self.breaks_after_bytes.pop(0)] if self.breaks_after_bytes else body)


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: object) -> None:
        """Say nothing of a client that has read enough and left."""


@contextmanager
def serving(server: FileServer) -> Iterator[FileServer]:
    """Listen on a free port while entered."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            server.answer(self)

        def log_message(self, *_: object) -> None:
            pass

    with _Server(("127.0.0.1", 0), Handler) as http_server:
        server.port = http_server.server_address[1]
        threading.Thread(target=http_server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        yield server
        http_server.shutdown()
