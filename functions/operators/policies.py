"""The policies in time, for admins: publish one, look at all of them, withdraw one that has not begun.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from functions.http import parsing, runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.rendering import answer, query_response
from functions.operators.giving import WithdrawalBody
from streak_core.domain.publishing import PolicyNotFound
from streak_core.policies import Publishing
from streak_core.policy_response import listed_policy, whole_policy

if TYPE_CHECKING:
    from flask import Response

_NUMBER: Final = re.compile(r"\d{1,9}", re.ASCII)


class PolicyBody(parsing.Body):
    """A policy file, the first day that it is in force on, and why."""

    effective_from: parsing.Day
    toml: str
    # One that is left out is refused with a code of its own.
    reason: str = ""


def publish_policy(context: RequestContext) -> Response:
    """POST /admin/policies."""
    body = parsing.body(context.request, PolicyBody)
    publishing = Publishing(
        effective_from=body.effective_from, text=body.toml, by=context.caller.signature, reason=body.reason
    )
    with runtime.act_told_if_refused(context.caller.actor, "publish_policy", "policy", context.now):
        one, rules = runtime.policies_administration(context.caller.actor).publish(publishing, context.now)
    runtime.rules_in_time().forget()
    return answer(listed_policy(one, rules, context.now), HTTPStatus.CREATED)


def list_policies(context: RequestContext) -> Response:
    """GET /admin/policies."""
    rules = runtime.policies_administration().rules()
    listed = [listed_policy(one, rules, context.now) for one in rules.policies]
    return query_response(context.request, {"policies": listed})


def show_policy(context: RequestContext, number: str) -> Response:
    """GET /admin/policies/{number}."""
    one, rules = runtime.policies_administration().find(_path_number(number))
    return query_response(context.request, whole_policy(one, rules, context.now))


def withdraw_policy(context: RequestContext, number: str) -> Response:
    """DELETE /admin/policies/{number}."""
    sent = parsing.body_if_any(context.request, WithdrawalBody)
    policies = runtime.policies_administration(context.caller.actor)
    with runtime.act_told_if_refused(context.caller.actor, "withdraw_policy", "policy", context.now):
        one, rules = policies.withdraw(_path_number(number), context.now, sent.reason)
    runtime.rules_in_time().forget()
    return answer(listed_policy(one, rules, context.now))


def _path_number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise PolicyNotFound
    return int(text)


ROUTES: Final = (
    Route(method="POST", path="/policies", handler=publish_policy),
    Route(method="GET", path="/policies", handler=list_policies),
    Route(method="GET", path="/policies/<number>", handler=show_policy),
    Route(method="DELETE", path="/policies/<number>", handler=withdraw_policy),
)
