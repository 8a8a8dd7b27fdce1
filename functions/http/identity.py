"""Who asks: Firebase ID tokens of people, OpenID Connect tokens of Cloud Scheduler, monitoring and other servers.

It must not know routes or streaks. The user is who the token says, always.
"""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar

import firebase_admin
from firebase_admin import auth, exceptions

from functions.http.bounded_wait import BoundedWait
from functions.http.problems import Forbidden, IdentityUnavailable, RecentSignInRequired, Unauthenticated, WrongTenant
from functions.http.tokens import app_token, bearer_token
from streak_core.domain.actor import Actor, ActorKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Request
    from google.auth.transport import Response

    from functions.http.revocation import Standings
    from streak_core.config import Config, ServiceCaller

# Clients' and servers' clocks differ by a little; an expired token is not made much older by this.
CLOCK_SKEW_SECONDS: Final = 10
# Firebase's and Google's own answers take a fraction of a second; whoever waits for them holds a place. Firebase's
# library asks a second time by itself.
_ANSWER_SECONDS_MAX: Final = 3
_MAKING_APP: Final = threading.Lock()
# All that is asked of them for one request together, so that time is left for the database.
IN_TIME: Final = BoundedWait(5.0)
# How old a sign-in may be for what a stolen token must not do.
RECENT: Final = timedelta(minutes=5)
_GOOGLE_ISSUERS: Final = frozenset({"https://accounts.google.com", "accounts.google.com"})
# What google-auth says of a good token that came too late; it has no class of its own for it.
_EXPIRED: Final = "Token expired"

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who sent a request."""

    user_id: str
    # As what the caller may act for others; None where only for itself.
    actor: Actor | None = None
    # When a person signed in; None where the token does not say so. A token that is renewed says the same.
    signed_in_at: datetime | None = None

    @property
    def is_admin(self) -> bool:
        """Whether it is an admin."""
        return self.actor is not None and self.actor.kind is ActorKind.ADMIN

    @property
    def signature(self) -> str:
        """Who it is, in the lists of what was said for everybody: as in `admin:ada`."""
        return f"{self.actor.kind}:{self.actor.id}" if self.actor else self.user_id


class Account(NamedTuple):
    """A service account of Google."""

    user_id: str
    email: str


def authenticated_user(request: Request, config: Config) -> Caller:
    """The signed-in user of a genuine app.

    Raises `Unauthenticated`, `WrongTenant`, `AppCheckFailed`, `IdentityUnavailable`.
    """
    token, app = bearer_token(request), app_token(request)
    return _in_time(lambda: _user(token, app, config))


def authenticated_operator(request: Request, config: Config) -> Caller:
    """Cloud Scheduler's service account, or an admin. Raises `Unauthenticated`, `Forbidden`, `IdentityUnavailable`."""
    token = bearer_token(request)
    return _in_time(lambda: _operator(token, config))


def authenticated_actor(request: Request, config: Config) -> Caller:
    """Who may act for users: an admin, support, or a server that is trusted; each has an actor.

    Raises `Unauthenticated`, `Forbidden`, `WrongTenant`, `IdentityUnavailable`.
    """
    token = bearer_token(request)
    return _in_time(lambda: _actor(token, config))


def require_recent_sign_in(caller: Caller) -> None:
    """For what a stolen token must not do; a server signs in never. The clock is the server's own.

    Raises `RecentSignInRequired`.
    """
    if caller.actor is not None and caller.actor.kind is ActorKind.SERVER:
        return
    if caller.signed_in_at is None or datetime.now(UTC) - caller.signed_in_at > RECENT:
        raise RecentSignInRequired(RECENT // timedelta(seconds=1))


def anybody(_request: Request, _config: Config) -> Caller:
    """Whoever it is: no token is looked at."""
    return Caller(user_id="")


def is_observer(request: Request, config: Config) -> bool:
    """Whether monitoring's service account asks, or an admin. Raises `Unauthenticated`, `IdentityUnavailable`.

    A token is not needed; one that is sent must be valid.
    """
    if "Authorization" not in request.headers:
        return False
    token = bearer_token(request)
    return _in_time(lambda: _is_observer(token, config))


def _in_time(ask: Callable[[], T]) -> T:
    """What is answered of a token. Raises `IdentityUnavailable` where that takes too long."""
    try:
        return IN_TIME.result(ask)
    except TimeoutError as error:
        raise IdentityUnavailable from error


def _user(token: str, app: str | None, config: Config) -> Caller:
    if config.identity.checks_app:
        from functions.http.app_check import require_app

        require_app(app, firebase_app(config.project))
    return _firebase_caller(token, config)


def _operator(token: str, config: Config) -> Caller:
    if _claimed_issuer(token) in _GOOGLE_ISSUERS:
        return Caller(user_id=_only(token, config.scheduler).user_id)
    caller = _firebase_caller(token, config)
    if not caller.is_admin:
        raise Forbidden
    return caller


def _actor(token: str, config: Config) -> Caller:
    if _claimed_issuer(token) in _GOOGLE_ISSUERS:
        rules = config.identity
        server = _service_account(token, rules.trusted_callers, rules.trusted_audience)
        return Caller(user_id=server.user_id, actor=Actor(kind=ActorKind.SERVER, id=server.email))
    caller = _firebase_caller(token, config)
    if caller.actor is None:
        raise Forbidden
    return caller


def _only(token: str, caller: ServiceCaller) -> Account:
    accounts = frozenset() if caller.account is None else frozenset({caller.account})
    return _service_account(token, accounts, caller.audience)


def _is_observer(token: str, config: Config) -> bool:
    if _claimed_issuer(token) not in _GOOGLE_ISSUERS:
        return _firebase_caller(token, config).is_admin
    try:
        _only(token, config.monitoring)
    except Forbidden:
        return False
    return True


def _claimed_issuer(token: str) -> str | None:
    """What an unverified token says of its issuer; it only chooses which verification the token must pass."""
    return _claimed(token, "iss")


def _claimed(token: str, name: str) -> str | None:
    """A text that an unverified token says, which nobody may believe."""
    try:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, RecursionError):
        return None
    said = claims.get(name) if isinstance(claims, dict) else None
    return said if isinstance(said, str) else None


def _firebase_caller(token: str, config: Config) -> Caller:
    app = firebase_app(config.project)
    try:
        claims: dict[str, Any] = auth.verify_id_token(token, app=app, clock_skew_seconds=CLOCK_SKEW_SECONDS)
        # Half a character is no text: nothing could be stored under such a name.
        claims["uid"].encode()
    except auth.CertificateFetchError as error:
        raise IdentityUnavailable from error
    except auth.ExpiredIdTokenError as error:
        raise Unauthenticated("expired") from error
    except (exceptions.FirebaseError, ValueError, RecursionError) as error:
        raise Unauthenticated(
            "project" if _claimed(token, "aud") not in {None, config.project} else "invalid"
        ) from error
    # What the Auth emulator issues, the library takes for ever.
    until = _moment(claims.get("exp"))
    if until and datetime.now(UTC) - until > timedelta(seconds=CLOCK_SKEW_SECONDS):
        raise Unauthenticated("expired")
    # Two tenants give the same id to two people.
    if _tenant(claims) != config.identity.tenant:
        raise WrongTenant
    if config.identity.checks_revoked:
        standing = _standings(config.project, config.identity.tenant).of(claims["uid"])
        if not standing.holds(claims["iat"]):
            raise Unauthenticated("invalid")
    return Caller(user_id=claims["uid"], actor=_claimed_role(claims), signed_in_at=_moment(claims.get("auth_time")))


def _moment(seconds: object) -> datetime | None:
    """The moment of a Unix time, and of nothing else."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if type(seconds) is int else None
    except (ValueError, OverflowError, OSError):
        return None


def _claimed_role(claims: dict[str, Any]) -> Actor | None:
    """The most that the claims of a person allow."""
    for kind in (ActorKind.ADMIN, ActorKind.SUPPORT):
        if claims.get(kind.value) is True:
            return Actor(kind=kind, id=claims["uid"])
    return None


def _tenant(claims: dict[str, Any]) -> str | None:
    sign_in = claims.get("firebase")
    tenant: str | None = sign_in.get("tenant") if isinstance(sign_in, dict) else None
    return tenant


def firebase_app(project: str) -> firebase_admin.App:
    """The Firebase project that users are of, as this process knows it."""
    # The first requests of a process come at once, and a second app of the same name is an error.
    with _MAKING_APP:
        return _made_app(project)


@lru_cache(maxsize=1)
def _made_app(project: str) -> firebase_admin.App:
    return firebase_admin.initialize_app(options={"projectId": project, "httpTimeout": _ANSWER_SECONDS_MAX})


@lru_cache(maxsize=1)
def _standings(project: str, tenant: str | None) -> Standings:
    from functions.http.revocation import standings_of

    return standings_of(firebase_app(project), tenant)


@lru_cache(maxsize=1)
def _transport() -> Callable[..., Response]:
    """Keeps Google's keys as long as Google says: a token, whoever sends it, must not cost a request each time."""
    from cachecontrol import CacheControl
    from google.auth.transport.requests import Request as Transport
    from requests import Session

    return partial(Transport(session=CacheControl(Session())), timeout=_ANSWER_SECONDS_MAX)


def _service_account(token: str, accounts: frozenset[str], audience: str | None) -> Account:
    """Google's own verification; only a function that service accounts may call loads it."""
    from google.auth import exceptions as google_exceptions
    from google.oauth2 import id_token

    # Without an audience Google's verification would not look at the token's own.
    if not accounts or audience is None:
        raise Forbidden
    try:
        claims = id_token.verify_oauth2_token(
            token, _transport(), audience=audience, clock_skew_in_seconds=CLOCK_SKEW_SECONDS
        )
    except google_exceptions.TransportError as error:
        raise IdentityUnavailable from error
    except (google_exceptions.GoogleAuthError, ValueError) as error:
        raise Unauthenticated("expired" if str(error).startswith(_EXPIRED) else "invalid") from error
    if claims.get("email_verified") is not True or claims.get("email") not in accounts:
        raise Forbidden
    return Account(user_id=claims["sub"], email=claims["email"])
