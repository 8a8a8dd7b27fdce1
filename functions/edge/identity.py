"""Who asks: Firebase ID tokens for users and admins, OpenID Connect tokens for Cloud Scheduler.

It must not know routes or streaks. The user is who the token says, always.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import firebase_admin
from firebase_admin import auth, exceptions

from functions.edge.problems import Forbidden, IdentityUnavailable, Unauthenticated

if TYPE_CHECKING:
    from flask import Request
    from google.auth.transport.requests import Request as Transport

    from streak_core.config import Config

# Clients' and servers' clocks differ by a little; an expired token is not made much older by this.
CLOCK_SKEW_SECONDS: Final = 10
_GOOGLE_ISSUERS: Final = frozenset({"https://accounts.google.com", "accounts.google.com"})


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who sent a request."""

    user_id: str
    is_admin: bool = False


def authenticated_user(request: Request, config: Config) -> Caller:
    """The signed-in user. Raises `Unauthenticated`, `IdentityUnavailable`."""
    return _firebase_caller(_bearer(request), config)


def authenticated_operator(request: Request, config: Config) -> Caller:
    """Cloud Scheduler's service account, or an admin. Raises `Unauthenticated`, `Forbidden`, `IdentityUnavailable`."""
    token = _bearer(request)
    if _claimed_issuer(token) in _GOOGLE_ISSUERS:
        return _scheduler(token, config)
    caller = _firebase_caller(token, config)
    if not caller.is_admin:
        raise Forbidden
    return caller


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Unauthenticated
    return token.strip()


def _claimed_issuer(token: str) -> str | None:
    """What an unverified token says of its issuer; it only chooses which verification the token must pass."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return None
    issuer = claims.get("iss") if isinstance(claims, dict) else None
    return issuer if isinstance(issuer, str) else None


def _firebase_caller(token: str, config: Config) -> Caller:
    try:
        claims: dict[str, Any] = auth.verify_id_token(
            token, app=_firebase_app(config.project), clock_skew_seconds=CLOCK_SKEW_SECONDS
        )
    except auth.CertificateFetchError as error:
        raise IdentityUnavailable from error
    except (exceptions.FirebaseError, ValueError, RecursionError) as error:
        raise Unauthenticated from error
    return Caller(user_id=claims["uid"], is_admin=claims.get("admin") is True)


@lru_cache(maxsize=1)
def _firebase_app(project: str) -> firebase_admin.App:
    return firebase_admin.initialize_app(options={"projectId": project})


@lru_cache(maxsize=1)
def _transport() -> Transport:
    from google.auth.transport.requests import Request as Transport

    return Transport()


def _scheduler(token: str, config: Config) -> Caller:
    """Google's own verification; only the function that an operator may call loads it."""
    from google.auth import exceptions as google_exceptions
    from google.oauth2 import id_token

    if config.maintenance_service_account is None:
        raise Forbidden
    try:
        claims = id_token.verify_oauth2_token(
            token, _transport(), audience=config.maintenance_audience, clock_skew_in_seconds=CLOCK_SKEW_SECONDS
        )
    except google_exceptions.TransportError as error:
        raise IdentityUnavailable from error
    except (google_exceptions.GoogleAuthError, ValueError) as error:
        raise Unauthenticated from error
    if claims.get("email_verified") is not True or claims.get("email") != config.maintenance_service_account:
        raise Forbidden
    return Caller(user_id=claims["sub"])
