"""The function `conversations`: what a user said to an assistant of the app, and what it said.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import functions_framework

from functions.http import kept, parsing
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.paging import PAGE_PARAMETERS, asked_page
from functions.http.record_forms import record_form
from functions.http.rendering import answer, given_again, query_response
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Request, Response

    from streak_core.records.conversation import Conversation, Message

_KIND: Final = "message"
_LISTING: Final = "conversations"


def add_message(context: RequestContext, session_id: str) -> Response:
    """POST /conversations/{session_id}/messages."""
    name = parsing.path_name(session_id, "session_id")
    said = parsing.body(context.request, record_form(_KIND)).model_dump(mode="json", exclude_none=True)
    key = parsing.idempotency_key(context.request)
    added = kept.conversations().add(context.user_id, name, said, context.now, key, context.actor)
    return given_again(answer(_message(name, added.message), 201), is_replayed=added.replayed)


def list_messages(context: RequestContext, session_id: str) -> Response:
    """GET /conversations/{session_id}/messages."""
    name, listing = parsing.path_name(session_id, "session_id"), f"{_LISTING}/{session_id}"
    asked = asked_page(context.request, context.user_id, listing)
    page = kept.conversations().messages(context.user_id, name, asked.size, asked.after_number, context.now)
    place = (page.messages[-1].at, str(page.after)) if page.after else None
    messages = [_message(name, one) for one in page.messages]
    following = asked.next_token(place)
    return query_response(context.request, {"messages": messages, "next_page_token": following})


def list_conversations(context: RequestContext) -> Response:
    """GET /conversations."""
    asked = asked_page(context.request, context.user_id, _LISTING)
    page = kept.conversations().all(context.user_id, asked.size, asked.after, context.now)
    conversations = [_conversation(name, one) for name, one in page.conversations.items()]
    following = asked.next_token(page.after)
    return query_response(context.request, {"conversations": conversations, "next_page_token": following})


def delete_conversation(context: RequestContext, session_id: str) -> Response:
    """DELETE /conversations/{session_id}."""
    parsing.no_body(context.request)
    name = parsing.path_name(session_id, "session_id")
    deleted_at = kept.conversations().delete(context.user_id, name, context.now, context.actor)
    return answer({"session_id": name, "deleted_at": rfc3339(deleted_at)})


def _message(session_id: str, message: Message) -> dict[str, Any]:
    fields = dict.fromkeys(kept.kinds().kinds[_KIND].fields) | dict(message.said)
    moments = {"at": rfc3339(message.at), "expires_at": rfc3339(message.expires_at)}
    return {"session_id": session_id, "seq": message.seq, **fields, **moments}


def _conversation(session_id: str, one: Conversation) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "messages": one.count,
        "started_at": rfc3339(one.started_at),
        "last_at": rfc3339(one.at),
        "expires_at": rfc3339(one.expires_at),
    }


FUNCTION: Final = Function(
    "conversations",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=list_conversations, parameters=PAGE_PARAMETERS),
        Route(method="DELETE", path="/<session_id>", handler=delete_conversation),
        Route(method="GET", path="/<session_id>/messages", handler=list_messages, parameters=PAGE_PARAMETERS),
        Route(method="POST", path="/<session_id>/messages", handler=add_message),
    ],
)


@functions_framework.http
def conversations(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
