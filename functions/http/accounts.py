"""Looks a user up in Firebase Auth by what an operator knows: the e-mail address, or the id.

It must not know streaks. Only the function that operators call loads it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firebase_admin import auth, exceptions
from google.auth.exceptions import GoogleAuthError

from functions.http.identity import IN_TIME, firebase_app
from functions.http.problems import IdentityUnavailable
from streak_core.channels.auth_client import auth_client
from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from streak_core.config import Config


def account_of(config: Config, *, email: str | None = None, uid: str | None = None) -> auth.UserRecord | None:
    """The account of that address, else of that id; None where there is none.

    Raises `Malformed` for what is no address or id, `IdentityUnavailable`.
    """
    name, said = ("uid", uid) if email is None else ("email", email)
    try:
        return IN_TIME.result(lambda: _asked(config, name, said))
    except auth.UserNotFoundError:
        return None
    except ValueError as error:
        raise Malformed(FieldError(name, "is none that an account can have")) from error
    except (TimeoutError, exceptions.FirebaseError, GoogleAuthError) as error:
        raise IdentityUnavailable from error


def _asked(config: Config, name: str, said: str | None) -> auth.UserRecord:
    client = auth_client(firebase_app(config.project), config.identity.tenant)
    return client.get_user(said) if name == "uid" else client.get_user_by_email(said)
