"""Whether a request comes from the genuine app: Firebase App Check.

It must not know who the user is. A process loads it only where its configuration asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import jwt
from firebase_admin import app_check

from functions.http.problems import AppCheckFailed, IdentityUnavailable

if TYPE_CHECKING:
    import firebase_admin


def require_app(token: str | None, app: firebase_admin.App) -> None:
    """Lets pass the token of an app of this project. Raises `AppCheckFailed`, `IdentityUnavailable`.

    The library asks for keys one call at a time, for half a minute each, and neither can be chosen: whoever calls this
    must not wait for it without a bound.
    """
    if token is None:
        raise AppCheckFailed
    try:
        app_check.verify_token(token, app=app)
    except jwt.PyJWKClientConnectionError as error:
        raise IdentityUnavailable from error
    # The library stumbles over a signed token without an issuer: `AttributeError`.
    except (jwt.PyJWTError, ValueError, AttributeError, RecursionError) as error:
        raise AppCheckFailed from error
