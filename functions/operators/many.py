"""What operators and servers do for many users in one request, and how they find one: a result for each user.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import Field

from functions.http import parsing, runtime
from functions.http.accounts import account_of
from functions.http.dispatch import RequestContext, Route
from functions.http.receiving import BATCH_BYTES_MAX
from functions.http.rendering import answer, done_part, failed_part, query_response, refused_part
from functions.operators.giving import ExcuseBody, GrantBody
from functions.operators.looks import tell_lookup
from functions.operators.named_users import USERS_MAX, each, served_user
from functions.users.recording import BatchBody, Sent, no_key, recorded_for
from streak_core.commands import Asked
from streak_core.domain.commands import ExcuseDays, GrantFreezes
from streak_core.domain.days import rfc3339
from streak_core.domain.errors import FieldError, Malformed, NotTried, StreakError
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.telemetry import LogEvent, log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from firebase_admin import auth
    from flask import Response

    from streak_core.domain.commands import Command

_MS: Final = 1000

UserIds = Annotated[list[str], Field(min_length=1, max_length=USERS_MAX)]


class GrantsBody(GrantBody):
    """The same to each of these users, or what would come of it."""

    user_ids: UserIds
    validate_only: bool = False


class ExcusesBody(ExcuseBody):
    """The same to each of these users, or what would come of it."""

    user_ids: UserIds
    validate_only: bool = False


class EmailBody(parsing.Body):
    """Whom an operator looks for; an address stands in no URL, which front ends write down."""

    email: str


def find_users(context: RequestContext) -> Response:
    """GET /admin/users."""
    email, uid = (parsing.parameter(context.request, name) for name in ("email", "uid"))
    if (email is None) == (uid is None):
        raise Malformed(FieldError("email", "must be said, or else uid; not both"))
    account = account_of(runtime.config(), email=email, uid=uid)
    tell_lookup(context, "user_id" if email is None else "email_address", account)
    return query_response(context.request, _accounts(account))


def find_user_by_email(context: RequestContext) -> Response:
    """POST /admin/users:find."""
    sent = parsing.body(context.request, EmailBody)
    account = account_of(runtime.config(), email=sent.email)
    tell_lookup(context, "email_address", account)
    return answer(_accounts(account))


def grant_to_many(context: RequestContext) -> Response:
    """POST /admin/grants."""
    body = parsing.body(context.request, GrantsBody)
    command = GrantFreezes(count=body.count, over_cap=body.over_cap, reason=body.reason)
    return _done_for_many(context, command, body)


def excuse_many(context: RequestContext) -> Response:
    """POST /admin/excuses."""
    body = parsing.body(context.request, ExcusesBody)
    return _done_for_many(context, ExcuseDays(from_day=body.from_, until_day=body.until, reason=body.reason), body)


def record_for_many(context: RequestContext) -> Response:
    """POST /admin/activities:batch."""
    no_key(context.request)
    body = parsing.body(context.request, BatchBody, BATCH_BYTES_MAX)
    of_users: dict[str, list[int]] = {}
    for place, one in enumerate(body.activities):
        of_users.setdefault(_user_of(one), []).append(place)
    context = replace(context, actor=context.caller.actor)
    answered = each(lambda uid: _recorded_for(context, uid, _part_of(body, of_users[uid])), of_users)
    results: list[Sent] = [{}] * len(body.activities)
    for (uid, places), (told, _) in zip(of_users.items(), answered, strict=True):
        for place, one in zip(places, told, strict=True):
            results[place] = {"user_id": uid, **one}
    return answer({"results": results, "streaks": [streak for _, streak in answered if streak]})


def _part_of(body: BatchBody, places: Sequence[int]) -> BatchBody:
    """One user's part of it, as that user would send it."""
    sent = (body.activities[place] for place in places)
    own = [{name: value for name, value in one.items() if name != "user_id"} for one in sent]
    return body.model_copy(update={"activities": own})


def _recorded_for(context: RequestContext, uid: str, own: BatchBody) -> tuple[list[Sent], Any]:
    """What is answered of one user's, and the streak after them; None where the user can't be answered."""
    try:
        told, outcome = recorded_for(context, served_user(context, uid, "user_id"), own)
    except StreakError as refusal:
        return _to_all(refused_part(refusal), own), None
    except UnreadableStreakError as error:
        return _to_all(_unreadable(uid, error), own), None
    return told, outcome.streak


def _to_all(part: Sent, own: BatchBody) -> list[Sent]:
    """What is wrong with the user, told of each of theirs; of the first one alone where the batch ends with it."""
    rest = refused_part(NotTried()) if own.stop_at_refusal else part
    return [part, *[rest] * (len(own.activities) - 1)]


def _user_of(sent: Sent) -> str:
    """Whose it is; what is none that anybody can have is refused where it is used."""
    user_id = sent.get("user_id")
    return user_id if isinstance(user_id, str) else ""


def _done_for_many(context: RequestContext, command: Command, body: GrantsBody | ExcusesBody) -> Response:
    key, actor = parsing.idempotency_key(context.request), context.caller.actor
    if len(set(body.user_ids)) < len(body.user_ids):
        raise Malformed(FieldError("user_ids", "must name each user once"))
    command.check(runtime.policies())
    asked = Asked(command=command, key=key, actor=actor, is_trial=body.validate_only)
    results = each(lambda uid: {"user_id": uid, **_done_for(context, uid, asked)}, body.user_ids)
    return answer({"results": results, "validate_only": body.validate_only})


def _done_for(context: RequestContext, uid: str, asked: Asked) -> dict[str, Any]:
    try:
        user_id, actor = served_user(context, uid, "user_ids"), None if asked.is_trial else asked.actor
        with runtime.told_if_refused(user_id, asked.command, actor, context.now):
            return done_part(runtime.commands().answer(user_id, context.now, asked))
    except StreakError as refusal:
        return refused_part(refusal)
    except UnreadableStreakError as error:
        return _unreadable(uid, error)


def _unreadable(uid: str, error: UnreadableStreakError) -> Sent:
    """Who can't be read keeps no other from an answer, and is told and logged as it would be alone."""
    log(LogEvent.REQUEST_FAILED, "what is stored of one of many does not read", error=error, user_id=uid)
    return failed_part()


def _accounts(found: auth.UserRecord | None) -> dict[str, Any]:
    return {"users": [_account(found)] if found else []}


def _account(found: auth.UserRecord) -> dict[str, Any]:
    seen = found.user_metadata
    return {
        "user_id": found.uid,
        "email": found.email,
        "email_verified": found.email_verified,
        "disabled": found.disabled,
        "created_at": _moment(seen.creation_timestamp),
        "last_sign_in_at": _moment(seen.last_sign_in_timestamp),
    }


def _moment(since_1970_ms: int | None) -> str | None:
    return rfc3339(datetime.fromtimestamp(since_1970_ms / _MS, UTC)) if since_1970_ms else None


ROUTES: Final = (
    Route(method="GET", path="/users", handler=find_users, parameters=("email", "uid")),
    Route(method="POST", path="/users:find", handler=find_user_by_email),
    Route(method="POST", path="/grants", handler=grant_to_many),
    Route(method="POST", path="/excuses", handler=excuse_many),
    Route(method="POST", path="/activities:batch", handler=record_for_many),
)
