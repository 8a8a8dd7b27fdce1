"""What a token looks like, and where a request carries one.

It must not know what a token says, or whether it is good.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from functions.http.problems import Unauthenticated

if TYPE_CHECKING:
    from flask import Request

APP_CHECK_HEADER: Final = "X-Firebase-AppCheck"
# The Auth emulator signs nothing: there the last part is empty.
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")


def bearer_token(request: Request) -> str:
    """The token of whoever asks. Raises `Unauthenticated` where there is none, or what can't be one."""
    header = request.headers.get("Authorization", "").strip()
    if not header:
        raise Unauthenticated("missing")
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not _TOKEN.fullmatch(token.strip()):
        raise Unauthenticated("malformed")
    return token.strip()


def app_token(request: Request) -> str | None:
    """The token of the app that it is sent from; None where there is none, or what can't be one."""
    token = request.headers.get(APP_CHECK_HEADER, "")
    return token if _TOKEN.fullmatch(token) else None
