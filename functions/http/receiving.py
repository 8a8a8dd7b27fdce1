"""Receives the body of a request to its end, within its bounds of size and time. It must not know what is in it.

The server below has a time-out for a piece of a body and none for the whole, and it reads many pieces in one call: only
ending the receiving from another thread stops a body that drips.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from io import BytesIO
from socket import SHUT_RD
from typing import TYPE_CHECKING, Final

from gunicorn.http.errors import ParseException  # type: ignore[import-untyped]  # it carries no types
from werkzeug.exceptions import ClientDisconnected

from functions.http.bounded_wait import BoundedWait
from functions.http.problems import BodyBroken, ContentTooLarge

if TYPE_CHECKING:
    from socket import socket

    from flask import Request

BODY_BYTES_MAX: Final = 32 * 1024
# Of what holds hundreds of activities.
BATCH_BYTES_MAX: Final = 512 * 1024
# How long the next piece of a body may be on its way.
_PIECE_SECONDS_MAX: Final = 5.0
# And the whole of it.
_WHOLE: Final = BoundedWait(8.0)
# Of a body that is too large, so much is read and forgotten before the answer.
_LET_GO_BYTES_MAX: Final = 4 * 1024 * 1024
# What a server below us raises, when it is read, for a body that is not sent as its headers say.
BROKEN_BODY: Final = (ParseException, ClientDisconnected, OSError)


def received(request: Request, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """The body, of which no more is kept than may be sent. Raises `BodyBroken`, `ContentTooLarge`."""
    with _in_time(request):
        if (request.content_length or 0) > bytes_max:
            _let_go(request)
            raise ContentTooLarge(bytes_max)
        raw = bytearray()
        try:
            while len(raw) <= bytes_max and (piece := request.stream.read(bytes_max + 1 - len(raw))):
                raw += piece
        except BROKEN_BODY as error:
            raise BodyBroken from error
        # The server does not say that a body broke off; what is left may still be JSON.
        if len(raw) < (request.content_length or 0):
            raise BodyBroken
        if len(raw) > bytes_max:
            _let_go(request)
            raise ContentTooLarge(bytes_max)
        return bytes(raw)


def leave_unread(request: Request) -> None:
    """Leaves the rest of a body to the server, which lets go of it within seconds once the answer is sent.

    The framework would read it to its end before the answer, into memory at once, and fail where it is broken.
    """
    request.stream = BytesIO()


def _in_time(request: Request) -> AbstractContextManager[None]:
    """Ends the receiving of a body that takes too long, however little of it comes however often."""
    connection = request.environ.get("gunicorn.socket")
    has_body = request.content_length or "Transfer-Encoding" in request.headers
    if connection is None or not has_body:
        return nullcontext()
    connection.settimeout(_PIECE_SECONDS_MAX)
    return _WHOLE.otherwise(partial(_hang_up, connection))


def _hang_up(connection: socket) -> None:
    with suppress(OSError):
        connection.shutdown(SHUT_RD)


def _let_go(request: Request) -> None:
    """Reads some more of a body that is refused: a connection that is closed on unread bytes may lose the answer."""
    left = _LET_GO_BYTES_MAX
    with suppress(*BROKEN_BODY):
        while left > 0 and (piece := request.stream.read(min(left, BODY_BYTES_MAX))):
            left -= len(piece)
