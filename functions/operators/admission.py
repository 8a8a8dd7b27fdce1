"""Lets in whom the table of roles lets in; that a person was refused an act is told to the audit trail.

It must not know what a route does. Reading is no act, and who has no role is nobody who acts: the log has that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from functions.http import runtime
from functions.http.problems import Forbidden
from functions.operators.named_users import checked_user_id
from functions.operators.roles import check_role
from streak_core.domain.errors import StreakError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from functions.http.dispatch import RequestContext, Route


def admit(context: RequestContext, route: Route, named: Mapping[str, str]) -> None:
    """Raises `Forbidden` unless the caller's role may use the route."""
    try:
        check_role(context.caller, route)
    except Forbidden:
        if not context.is_question:
            _tell(context, route, named.get("uid"))
        raise


def _tell(context: RequestContext, route: Route, uid: str | None) -> None:
    """The refusal is the answer, also where it can't be told: for no user, and while documents are restored."""
    from streak_core.records.acts import EVERYBODY, is_person, user
    from streak_core.records.told_acts import tell_forbidden

    actor = context.caller.actor
    if actor is None or not is_person(actor):
        return
    try:
        subject = EVERYBODY if uid is None else user(checked_user_id(uid))
        runtime.write_gate().check(None if uid is None else subject.id, is_question=False)
    except StreakError:
        return
    action = route.handler.__name__.removesuffix("_for_user")
    place = f"{route.method} {route.path}"
    tell_forbidden(runtime.trails(), subject, action, place, actor, context.now)
