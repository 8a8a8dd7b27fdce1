"""Brings users along from another system, up to a hundred in one request, each by itself.

It must not know how a streak is judged; each user is a command like any other.
"""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BeforeValidator, Field

from functions.http import parsing, runtime
from functions.http.problems import problem_content
from functions.http.rendering import answer
from functions.operators.named_users import USERS_MAX, each, served_user
from streak_core.domain.commands import OpenUser
from streak_core.domain.commands.base import check_reason
from streak_core.domain.errors import FieldError, Malformed, StreakError, Unavailable
from streak_core.domain.imported import Numbers
from streak_core.domain.refusals import UserExists
from streak_core.store.unreadable import UnreadableStreakError

if TYPE_CHECKING:
    from flask import Response

    from functions.http.dispatch import RequestContext

# A hundred users with the days of a year, or one with those of ten years, several times over.
BODY_BYTES_MAX: Final = 1024 * 1024

Json = dict[str, Any]


def _day_or_instant(sent: object) -> date:
    return parsing.instant(sent) if isinstance(sent, str) and "T" in sent.upper() else parsing.day(sent)


class ImportBody(parsing.Body):
    """Users, each of whom is read by itself."""

    users: Annotated[list[Json], Field(min_length=1, max_length=USERS_MAX)]
    reason: str = ""
    validate_only: bool = False


class ImportedUser(parsing.Body):
    """How somebody stood in another system."""

    user_id: str
    time_zone: Annotated[str, Field(max_length=64)]
    as_of: Annotated[datetime | date, BeforeValidator(_day_or_instant)] | None = None
    current_streak: int
    longest_streak: int
    last_active_date: parsing.Day | None = None
    freezes: int = 0
    xp_total: int = 0
    active_days: list[parsing.Day] | None = None

    def command(self, reason: str) -> OpenUser:
        """What brings the user along."""
        numbers = Numbers(
            current_streak=self.current_streak,
            longest_streak=self.longest_streak,
            last_active_date=self.last_active_date,
            freezes=self.freezes,
            xp_total=self.xp_total,
            active_days=None if self.active_days is None else tuple(sorted(self.active_days)),
        )
        return OpenUser(time_zone=self.time_zone, as_of=self.as_of, numbers=numbers, reason=reason)


def import_users(context: RequestContext) -> Response:
    """POST /import."""
    body = parsing.body(context.request, ImportBody, BODY_BYTES_MAX)
    check_reason(body.reason)
    named = Counter(one.get("user_id") for one in body.users if isinstance(one.get("user_id"), str))
    doubled = {user_id for user_id, times in named.items() if times > 1}
    results = each(lambda one: _result(context, body, one, doubled), body.users)
    counts = Counter(one["result"] for one in results)
    return answer({**{kind: counts[kind] for kind in RESULTS}, "results": results})


RESULTS: Final = ("imported", "already_there", "refused", "unavailable")


def _result(context: RequestContext, body: ImportBody, sent: Json, doubled: set[Any]) -> Json:
    user_id = sent.get("user_id") if isinstance(sent.get("user_id"), str) else None
    try:
        if user_id in doubled:
            raise Malformed(FieldError("user_id", "stands in this request more than once"))
        return {"user_id": user_id, **_brought(context, body, parsing.part(sent, ImportedUser))}
    except Unavailable as unavailable:
        return {"user_id": user_id, "result": "unavailable", "problem": problem_content(unavailable)}
    except StreakError as refused:
        return {"user_id": user_id, "result": "refused", "problem": problem_content(refused)}


def _brought(context: RequestContext, body: ImportBody, user: ImportedUser) -> Json:
    user_id, command = served_user(context, user.user_id, "user_id"), user.command(body.reason)
    commands = runtime.commands()
    try:
        if body.validate_only:
            outcome = commands.validate(user_id, context.now, command, context.caller.actor)
        else:
            with runtime.told_if_refused(user_id, command, context.caller.actor, context.now):
                outcome = commands.execute(user_id, context.now, command, actor=context.caller.actor)
    except Unavailable:
        raise
    except UnreadableStreakError:
        # Whatever it is, something is stored of this user.
        raise UserExists from None
    result = "already_there" if outcome.replayed else "imported"
    return {"result": result, "streak": outcome.response["streak"], "events": outcome.response["events"]}
