"""What operators do with amnesties: declare, withdraw, list, and look at how far those they concern are judged anew.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from pydantic import Field

from functions.http import parsing, runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.rendering import answer, query_response
from functions.operators.giving import WithdrawalBody
from streak_core.amnesties import Declaring
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Response

    from streak_core.amnesties import Judging
    from streak_core.domain.rules import Amnesty


class AmnestyBody(parsing.Body):
    """From when until when everybody is excused, and why; a reason that is left out has a refusal of its own."""

    from_: parsing.Instant = Field(alias="from")
    until: parsing.Instant
    reason: str = ""


def declare_amnesty(context: RequestContext) -> Response:
    """POST /admin/amnesties."""
    sent = parsing.body(context.request, AmnestyBody)
    declaring = Declaring(from_instant=sent.from_, until=sent.until, by=context.caller.signature, reason=sent.reason)
    amnesties = runtime.amnesties(context.caller.actor)
    with runtime.act_told_if_refused(context.caller.actor, "declare_amnesty", "amnesty", context.now):
        one = amnesties.declare(declaring, context.now)
    # This process has changed what it holds.
    runtime.rules_in_time().forget()
    return answer({**_amnesty(one), "may_concern": amnesties.count(one)}, HTTPStatus.ACCEPTED)


def list_amnesties(context: RequestContext) -> Response:
    """GET /admin/amnesties."""
    return query_response(context.request, {"amnesties": [_amnesty(one) for one in runtime.amnesties().all()]})


def get_amnesty(context: RequestContext, amnesty_id: str) -> Response:
    """GET /admin/amnesties/{amnesty_id}."""
    amnesties = runtime.amnesties()
    one = amnesties.find(amnesty_id)
    return query_response(context.request, {**_amnesty(one), "judged_anew": _judging(amnesties.judging(one))})


def withdraw_amnesty(context: RequestContext, amnesty_id: str) -> Response:
    """DELETE /admin/amnesties/{amnesty_id}."""
    sent = parsing.body_if_any(context.request, WithdrawalBody)
    amnesties = runtime.amnesties(context.caller.actor)
    with runtime.act_told_if_refused(context.caller.actor, "withdraw_amnesty", "amnesty", context.now):
        one = amnesties.withdraw(amnesty_id, context.caller.signature, context.now, sent.reason)
    runtime.rules_in_time().forget()
    return answer(_amnesty(one))


def _amnesty(one: Amnesty) -> dict[str, Any]:
    return {
        "id": one.amnesty_id,
        "from": rfc3339(one.from_instant),
        "until": rfc3339(one.until),
        "reason": one.reason,
        "by": one.by,
        "declared_at": rfc3339(one.declared_at) if one.declared_at else None,
        "withdrawn_at": rfc3339(one.withdrawn_at) if one.withdrawn_at else None,
    }


def _judging(judging: Judging) -> dict[str, Any]:
    return {"state": judging.state.value, "users": judging.counts.users_processed, "errors": judging.counts.errors}


ROUTES: Final = (
    Route(method="POST", path="/amnesties", handler=declare_amnesty),
    Route(method="GET", path="/amnesties", handler=list_amnesties),
    Route(method="GET", path="/amnesties/<amnesty_id>", handler=get_amnesty),
    Route(method="DELETE", path="/amnesties/<amnesty_id>", handler=withdraw_amnesty),
)
