"""The client over a server's moods. Must not know the functions."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import pytest

from emulator.client import Client, Refused, UnreachableError
from emulator.errors import SetupError
from emulator.port import free_port

GOOD: Final = (200, b'{"fine": true}')
BUSY: Final = (503, b"{}")
# The connection is closed without an answer.
GONE: Final = (0, b"")

Reply = tuple[int, bytes]


class Moody:
    """Gives one reply after the other, on kept connections, and remembers what it was asked."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, dict[str, str], bytes]] = []

    def reply(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("Content-Length", 0)))
        self.asked.append((f"{request.command} {request.path}", dict(request.headers), body))
        status, content = self.replies.pop(0)
        if (status, content) == GONE:
            request.close_connection = True
            return
        request.send_response(status)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)


@contextmanager
def served(moody: Moody) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            moody.reply(self)

        do_POST = do_GET  # noqa: N815  (the base class's names)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def test_a_command_carries_its_moment_its_key_and_its_body() -> None:
    moody = Moody(GOOD)
    at = datetime.fromisoformat("2026-03-02T09:00:00+01:00")
    with served(moody) as url, Client(url, "ada") as client:
        answer = client.ask("POST", "/streak/activities", at=at, body={"a": 1}, key="k")
    assert (answer.content, answer.replayed) == ({"fine": True}, False)
    line, headers, body = moody.asked[0]
    assert line == "POST /streak/activities"
    assert headers["X-Simulated-Time"] == "2026-03-02T08:00:00Z"
    assert headers["Idempotency-Key"] == "k"
    assert headers["Authorization"].startswith("Bearer ")
    assert json.loads(body) == {"a": 1}


def test_without_them_it_carries_none() -> None:
    moody = Moody(GOOD)
    with served(moody) as url, Client(url, "ada") as client:
        client.ask("GET", "/streak")
    assert not {"X-Simulated-Time", "Idempotency-Key", "Content-Type"} & moody.asked[0][1].keys()


@pytest.mark.parametrize("moods", [[GOOD, GONE, GOOD], [BUSY, GOOD, GOOD], [GONE, BUSY, GONE, GOOD, GOOD]])
def test_lost_connections_and_busy_moments_are_tried_again(moods: list[Reply]) -> None:
    moody = Moody(*moods)
    with served(moody) as url, Client(url, "ada") as client:
        assert [client.ask("GET", "/streak").content for _ in range(2)] == [{"fine": True}] * 2
    assert moody.replies == []


def test_it_waits_longer_each_time_and_does_not_try_for_ever() -> None:
    waited: list[float] = []
    with (
        served(Moody(*[BUSY] * 10)) as url,
        Client(url, "ada", sleep=waited.append) as client,
        pytest.raises(SetupError, match="did not answer GET /streak in 6 attempts"),
    ):
        client.ask("GET", "/streak")
    assert waited == pytest.approx([0, 0, 0.1, 0.3, 0.7, 1.5])


def test_a_refusal_says_what_is_wrong_with_which_field() -> None:
    problem = {"code": "invalid_request", "detail": "wrong", "errors": [{"field": "date", "message": "is none"}]}
    moody = Moody((422, json.dumps(problem).encode()))
    with served(moody) as url, Client(url, "ada") as client, pytest.raises(Refused) as refused:
        client.ask("GET", "/streak")
    assert (refused.value.status, refused.value.code, refused.value.detail) == (
        422,
        "invalid_request",
        "date: is none",
    )


@pytest.mark.parametrize("reply", [(200, b"<html>"), (404, b"<html>"), (200, b"[]"), (500, b"{}")])
def test_what_is_not_ours_or_out_of_order_is_told(reply: Reply) -> None:
    with (
        served(Moody(reply)) as url,
        Client(url, "ada") as client,
        pytest.raises(SetupError, match="is not Unbroken, or is out of order"),
    ):
        client.ask("GET", "/streak")


def test_where_nobody_listens_that_is_told() -> None:
    with Client(f"http://127.0.0.1:{free_port()}", "ada") as client, pytest.raises(UnreachableError):
        client.ask("GET", "/streak")
