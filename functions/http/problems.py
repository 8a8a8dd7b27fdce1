"""The one place that maps errors to HTTP: every error is `application/problem+json` (RFC 9457) with a stable code.

It must not know what led to an error.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from functions.http.quotas import quota_headers
from streak_core.domain import errors
from streak_core.domain.refusals import Blocked, RateLimited

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug.exceptions import HTTPException

# The code of what should not happen.
INTERNAL_ERROR: Final = "internal_error"

_TITLES: Final[Mapping[int, str]] = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    410: "Gone",
    412: "Precondition failed",
    413: "Content too large",
    415: "Unsupported media type",
    422: "Unprocessable content",
    424: "Failed dependency",
    429: "Too many requests",
    500: "Internal error",
    503: "Unavailable",
}

# The members of a problem.
Problem = dict[str, Any]

_KINDS: Final[Mapping[type[errors.StreakError], int]] = {
    errors.Unprocessable: 422,
    errors.Conflict: 409,
    errors.NotFound: 404,
    errors.NotAllowed: 403,
    errors.Gone: 410,
    errors.PreconditionFailed: 412,
    errors.NotTried: 424,
    errors.Limited: 429,
    errors.Unavailable: 503,
}


class EdgeError(errors.StreakError):
    """The request was refused before it reached the core. `reason` is what the log says of it, if it says anything."""

    status = 400
    headers: Mapping[str, str] = {}
    reason: str | None = None


class Unauthenticated(EdgeError):
    """There is no ID token, or it is not good: `reason` says which, to the log alone."""

    status, code, headers = 401, "unauthenticated", {"WWW-Authenticate": "Bearer"}
    message = "A valid ID token is needed: Authorization: Bearer <token>."

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason


class WrongTenant(Unauthenticated):
    """Somebody else's user, who may have the same id as one of ours."""

    code = "wrong_tenant"
    message = "The ID token is of another tenant than the one whose users are users here."

    def __init__(self) -> None:
        super().__init__("tenant")


class AppCheckFailed(EdgeError):
    """It is not shown that the genuine app asks."""

    status, code, headers = 401, "app_check_failed", {"WWW-Authenticate": "Bearer"}
    message = "Only the app itself may call: a valid App Check token is needed."
    reason = "app_check"


class RecentSignInRequired(EdgeError):
    """The user signed in too long ago for what is asked; the header says so as RFC 9470 does."""

    status, code = 401, "recent_sign_in_required"
    message = (
        "This needs a sign-in of the last {minutes} minutes. Have the user sign in again, and send it with the new ID "
        "token; one that was only renewed still tells the old sign-in."
    )

    def __init__(self, seconds: int) -> None:
        super().__init__(minutes=seconds // 60)
        challenge = f'Bearer error="insufficient_user_authentication", max_age="{seconds}"'
        self.headers = {"WWW-Authenticate": challenge}


class Forbidden(EdgeError):
    """It is known who asks, and that is not enough."""

    status, code = 403, "forbidden"
    message = "This identity may not do that."
    reason = "forbidden"


class NoSuchRoute(EdgeError):
    """No route of the function has the path."""

    status, code = 404, "not_found"
    message = (
        "There is nothing at this path. Paths begin right after the host, with a function's own name such as /streak "
        "or /calendar, and no prefix or version stands before it; openapi.yaml lists them."
    )


class BodyBroken(EdgeError):
    """A body broke off, took too long, or came in pieces that are none."""

    status, code = 400, "bad_request"
    message = "The body could not be read to its end: it is not sent as its headers say."


class ContentTooLarge(EdgeError):
    """A body is larger than the route takes."""

    status, code = 413, "content_too_large"
    message = "The body is larger than {kib} KiB."

    def __init__(self, bytes_max: int) -> None:
        super().__init__(kib=bytes_max // 1024)


class UnsupportedMediaType(EdgeError):
    """A body is of another kind, or encoded."""

    status, code = 415, "unsupported_media_type"
    message = (
        "A body must be JSON and say so, with Content-Type: application/json, and come without a Content-Encoding."
    )


class MethodNotAllowed(EdgeError):
    """The path has routes, and none for the method; `allowed` are those."""

    status, code = 405, "method_not_allowed"
    message = "This path does not know that method; it knows {allowed}."

    def __init__(self, allowed: list[str]) -> None:
        super().__init__(allowed=", ".join(allowed))
        self.headers = {"Allow": ", ".join(allowed)}


class IdentityUnavailable(errors.Unavailable):
    """Firebase or Google does not say in time what a token is worth."""

    code = "identity_unavailable"
    message = "Who sent the request can't be checked now; try again."


class ConfigurationWrong(errors.Unavailable):
    """The process has started for its health alone."""

    code = "configuration_wrong"
    message = (
        "This deployment is configured wrongly and serves nothing until that is mended; `errors` names each variable."
    )
    # Only another deployment mends it.
    retry_after_seconds = 60

    def __init__(self, wrong: Iterable[str]) -> None:
        told = (line.partition(": ") for line in wrong)
        self.errors = tuple(errors.FieldError(variable, message) for variable, _, message in told)
        super().__init__()


class DatabaseSilent(errors.DatabaseUnavailable):
    """As `DatabaseUnavailable`; it also names the database, and when it was asked."""

    def __init__(self, *, database: str, timestamp: str | None) -> None:
        self.members = {"database": database, "timestamp": timestamp}
        super().__init__()


def problem(error: errors.StreakError) -> Response:
    """The answer to a refusal."""
    headers = dict(error.headers) if isinstance(error, EdgeError) else {}
    if (seconds := retry_after_seconds(error)) is not None:
        headers["Retry-After"] = str(seconds)
    if isinstance(error, RateLimited):
        headers |= quota_headers(error.quota)
    return _response(problem_content(error), headers)


def retry_after_seconds(error: errors.StreakError) -> int | None:
    """After how long the same may succeed; None where waiting does not help."""
    return error.retry_after_seconds if isinstance(error, errors.Unavailable | errors.Limited) else None


def problem_content(error: errors.StreakError) -> Problem:
    """What is said of a refusal, which may be a part of an answer."""
    if isinstance(error, EdgeError):
        status = error.status
    else:
        status = next(status for kind, status in _KINDS.items() if isinstance(error, kind))
    more: Problem = {}
    if isinstance(error, errors.Malformed | ConfigurationWrong):
        more["errors"] = [{"field": one.field, "message": one.message} for one in error.errors]
    if isinstance(error, Blocked):
        more["until"] = error.until
    if isinstance(error, DatabaseSilent):
        more |= error.members
    return {**_content(status, error.code, error.detail), **more}


def framework_problem(error: HTTPException) -> Response:
    """The answer to what the framework itself refuses, in the same form."""
    status = error.code or 500
    headers = {}
    allowed = getattr(error, "valid_methods", None)
    if allowed:
        headers["Allow"] = ", ".join(sorted(allowed))
    code = _TITLES.get(status, "error").lower().replace(" ", "_")
    return _response(_content(status, code, _TITLES.get(status, "The request was refused")), headers)


def internal_problem() -> Response:
    """The answer to what should not happen; it says nothing of the inside."""
    return _response(internal_content(), {})


def internal_content() -> Problem:
    """What is said of what should not happen, which may be a part of an answer."""
    return _content(500, INTERNAL_ERROR, "Something went wrong here; it has been logged.")


def _content(status: int, code: str, detail: str) -> Problem:
    title = _TITLES.get(status, "Error")
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "code": code}


def _response(content: Problem, headers: Mapping[str, str]) -> Response:
    response = Response(json.dumps(content), status=content["status"], content_type="application/problem+json")
    response.headers.update(headers)
    response.headers["Cache-Control"] = "no-store"
    return response
