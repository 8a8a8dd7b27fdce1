"""Whether a request comes from the genuine app: Firebase App Check.

It must not know who the user is. A process loads it only where its configuration asks for it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import jwt
from firebase_admin import app_check

from functions.http.problems import AppCheckFailed, IdentityUnavailable

if TYPE_CHECKING:
    import firebase_admin
    from flask import Request

APP_CHECK_HEADER: Final = "X-Firebase-AppCheck"
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


def require_app(request: Request, app: firebase_admin.App) -> None:
    """Lets pass what an app of this project has sent. Raises `AppCheckFailed`, `IdentityUnavailable`."""
    token = request.headers.get(APP_CHECK_HEADER, "")
    if not _TOKEN.fullmatch(token):
        raise AppCheckFailed
    try:
        app_check.verify_token(token, app=app)
    except jwt.PyJWKClientConnectionError as error:
        raise IdentityUnavailable from error
    # The library stumbles over a signed token without an issuer: `AttributeError`.
    except (jwt.PyJWTError, ValueError, AttributeError, RecursionError) as error:
        raise AppCheckFailed from error
