"""The function `reminders`: Cloud Scheduler's call every five minutes, Cloud Tasks' one a shard or notice; webhooks.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import functions_framework
from pydantic import Field

from functions.http import jobs, parsing, runtime
from functions.http.dispatch import ActsFor, Function, Limits, RequestContext, Route
from functions.http.identity import authenticated_operator, firebase_app
from functions.http.rendering import answer
from functions.http.runs import RUN_PARAMETERS, run_id_of, run_response, shard_of
from functions.http.shutdown import EndListener
from functions.http.triggers import DOCUMENT, user_of_written
from streak_core.domain.days import rfc3339
from streak_core.maintenance.report import logged_if_it_fails
from streak_core.telemetry import LogEvent

if TYPE_CHECKING:
    from flask import Request, Response

_END: Final = EndListener(runtime.STOPPING)

UserId = Annotated[str, Field(min_length=1)]


class SendingBody(parsing.Body):
    """The notice that a task is for."""

    user_id: UserId
    notice_id: parsing.PlainId


class TellingBody(parsing.Body):
    """The user whose events are to be told."""

    user_id: UserId


def run_reminders(context: RequestContext) -> Response:
    """POST /reminders."""
    run_id, shard = run_id_of(context), shard_of(context)
    with logged_if_it_fails(run_id, shard, LogEvent.REMINDERS_FAILED):
        runtime.schema_gate().check()
        runtime.write_gate().check(None, is_question=False)
        _END.listen()
        try:
            return run_response(jobs.remind(run_id, context.now, shard))
        finally:
            # What no trigger and no task has done; also where nobody can be reminded.
            if shard is None:
                jobs.run_webhooks(run_id, context.now)


def send_notice(context: RequestContext) -> Response:
    """POST /reminders/send."""
    body = parsing.body(context.request, SendingBody)
    runtime.schema_gate().check()
    runtime.write_gate().check(body.user_id, is_question=False)
    sender = jobs.notice_sender(firebase_app)
    return answer({"status": sender.send(body.user_id, body.notice_id, context.now).value})


def tell_webhooks(context: RequestContext) -> Response:
    """POST /reminders/webhooks."""
    return _told(context, parsing.body(context.request, TellingBody).user_id)


def outbox_written(context: RequestContext) -> Response:
    """POST /reminders/webhooks/written."""
    return _told(context, user_of_written(context.request.headers.get(DOCUMENT, "")))


def _told(context: RequestContext, user_id: str) -> Response:
    runtime.schema_gate().check()
    runtime.write_gate().check(user_id, is_question=False)
    due = jobs.tell_webhooks(user_id, context.now)
    return answer({"due_at": rfc3339(due) if due else None})


FUNCTION: Final = Function(
    "reminders",
    authenticated_operator,
    [
        Route(method="POST", path="/", handler=run_reminders, parameters=RUN_PARAMETERS),
        Route(method="POST", path="/send", handler=send_notice),
        Route(method="POST", path="/webhooks", handler=tell_webhooks),
        Route(method="POST", path="/webhooks/written", handler=outbox_written),
    ],
    Limits(acts_for=ActsFor.ALL_USERS, wait_seconds_max=None, commands_max=None),
)


@functions_framework.http
def reminders(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
