"""Serves the sources of a package as any web server would. Must not know who loads them."""

from __future__ import annotations

import threading
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final, Self

if TYPE_CHECKING:
    from pathlib import Path

_EMPTY: Final = b"<!doctype html><title>app</title><link rel=icon href=data:,>"


class _Handler(SimpleHTTPRequestHandler):
    """An empty page at the root, and below it the package's folder."""

    def do_GET(self) -> None:
        """Answer the page or a file."""
        if self.path != "/":
            super().do_GET()
            return
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(_EMPTY)))
        self.end_headers()
        self.wfile.write(_EMPTY)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Pages:
    """The server of one origin, `url`."""

    def __init__(self, folder: Path) -> None:
        """Listens at once."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
