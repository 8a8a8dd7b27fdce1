"""Where letters to a user go: the address of their account in Firebase, where it is known to be theirs.

It must not know what is sent. No address is stored, or taken from a request.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from firebase_admin import auth, exceptions
from google.auth.exceptions import GoogleAuthError

from streak_core.channels.auth_client import auth_client
from streak_core.channels.smtp import MailUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    import firebase_admin

    from streak_core.channels.smtp import AddressOf


def addresses(app: firebase_admin.App, tenant: str | None) -> AddressOf:
    """The addresses of the users of a Firebase project, or of one tenant of it."""
    return partial(address_of, lambda user_id: auth_client(app, tenant).get_user(user_id))


def address_of(get_user: Callable[[str], auth.UserRecord], user_id: str) -> str | None:
    """The address that a user has shown to be theirs; None where there is none. Raises `MailUnavailable`."""
    try:
        user = get_user(user_id)
    except (auth.UserNotFoundError, ValueError):
        # Nobody there, or whom a server of the app's own names.
        return None
    except (exceptions.FirebaseError, GoogleAuthError) as error:
        raise MailUnavailable from error
    return user.email if user.email_verified and not user.disabled else None
