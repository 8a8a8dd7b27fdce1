"""Who asks is looked at before what is sent: a refused token is answered while its body is still to come, or broken."""

from __future__ import annotations

import socket
import uuid
from typing import Final
from urllib.parse import urlsplit

import pytest

from emulator.token import unsigned_token

# Far less than it takes for a server that waits for the body.
SECONDS_MAX: Final = 20.0
HEADS: Final = {
    "a length of which nothing comes": b"Content-Length: 1000\r\n",
    "a length beyond what may be sent": b"Content-Length: 99999999999\r\n",
    "chunks of which none comes": b"Transfer-Encoding: chunked\r\n",
}


def first_line(url: str, authorization: str, head: bytes, body: bytes = b"") -> str:
    """How the answer begins to a request whose body is not sent to its end; the connection stays open meanwhile."""
    address = urlsplit(url)
    with socket.create_connection((address.hostname, address.port), timeout=SECONDS_MAX) as connection:
        lines = [b"POST /streak/activities HTTP/1.1", b"Host: x", b"Content-Type: application/json"]
        lines.append(f"Authorization: {authorization}".encode())
        connection.sendall(b"\r\n".join(lines) + b"\r\n" + head + b"\r\n" + body)
        return connection.makefile("rb").readline().decode()


@pytest.mark.parametrize("name", HEADS)
@pytest.mark.parametrize("authorization", ["Bearer nonsense", "", "Bearer a.b.c"])
def test_a_refused_token_is_answered_before_its_body_has_come(served: str, name: str, authorization: str) -> None:
    assert " 401 " in first_line(served, authorization, HEADS[name])


@pytest.mark.parametrize("body", [b"zz\r\n", b"-5\r\n\r\n", b"ffffffff\r\n" + b"x" * 200_000])
def test_a_refused_token_is_answered_whatever_its_body_is_like(served: str, body: bytes) -> None:
    assert " 401 " in first_line(served, "Bearer nonsense", HEADS["chunks of which none comes"], body)


@pytest.mark.parametrize(
    ("name", "status"),
    [("a length of which nothing comes", " 400 "), ("a length beyond what may be sent", " 413 ")],
)
def test_with_a_good_token_it_is_the_body_that_is_refused(served: str, name: str, status: str) -> None:
    good = f"Bearer {unsigned_token(f'user-{uuid.uuid4().hex}')}"
    assert status in first_line(served, good, HEADS[name])
