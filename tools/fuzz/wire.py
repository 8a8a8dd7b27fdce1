"""Requests as the very bytes that are sent, also those that no HTTP client would send, and what comes back.

It must not know what is asked or what should be answered.
"""

from __future__ import annotations

import http.client
import socket
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlsplit

import httpx

ANSWER_SECONDS_MAX: Final = 30.0

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One request. Texts are sent byte by byte as Latin-1, so that they can hold any byte."""

    method: str
    # The path and the query, as they stand in the first line.
    target: str
    headers: Headers = ()
    body: bytes = b""

    @property
    def path(self) -> str:
        """The target without its query, and without the host of an absolute one."""
        path = self.target.partition("?")[0].partition("#")[0]
        return path if path.startswith("/") else urlsplit(path).path

    def with_header(self, name: str, value: str | None) -> Sent:
        """The same with one header more, which takes the place of those of its name; None takes them away."""
        kept = [one for one in self.headers if one[0].lower() != name.lower()]
        return replace(self, headers=(*kept, *([] if value is None else [(name, value)])))

    def with_body(self, body: bytes) -> Sent:
        """The same with this body and its length."""
        return replace(self, body=body).with_header("Content-Length", str(len(body)))

    @property
    def raw(self) -> bytes:
        """All of it."""
        lines = [f"{self.method} {self.target} HTTP/1.1", *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + self.body


def exchange(
    url: str, raw: bytes, *, method: str = "GET", seconds: float = ANSWER_SECONDS_MAX
) -> httpx.Response | None:
    """What is answered to these bytes, after which nothing more comes; None when the server hangs up without a word.

    `method` is that of the request. Raises `OSError` and `http.client.HTTPException` for what is no answer.
    """
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=seconds) as connection:
        # The server may have answered and hung up before it had read all.
        with suppress(OSError):
            connection.sendall(raw)
            connection.shutdown(socket.SHUT_WR)
        response = http.client.HTTPResponse(connection, method=method)
        try:
            response.begin()
            content = response.read()
        except http.client.RemoteDisconnected:
            return None
        return httpx.Response(response.status, headers=response.getheaders(), content=content)
