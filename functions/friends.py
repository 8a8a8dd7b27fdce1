"""The function `friends`: friend streaks, the invitations that begin one, and blocking.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import functions_framework
from pydantic import AfterValidator, Field

from functions.http import kept, parsing
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.rendering import answer, given_again, query_response
from streak_core.domain.days import rfc3339
from streak_core.domain.display_names import display_name
from streak_core.friends.codes import NO_CODE, SENT_MAX, code_of, shown

if TYPE_CHECKING:
    from flask import Request, Response

    from streak_core.friends.friendships import Friend
    from streak_core.friends.invitations import Invitation
    from streak_core.friends.pairs import Block

# Of a name as it is sent; how long one may be is said by the rule of names.
_NAME_SENT_MAX: Final = 10_000


def _code(text: str) -> str:
    code = code_of(text)
    if code is None:
        message = "must be the 12 letters and digits of an invitation, such as 7KQM-2XWA-9T4C"
        raise ValueError(message)
    return code


class InvitationBody(parsing.Body):
    """By which name the user is known to whoever accepts."""

    name: Annotated[str, Field(max_length=_NAME_SENT_MAX)]


class FriendBody(parsing.Body):
    """The code of an invitation, and by which name the user is known to whoever has made it."""

    code: Annotated[str, Field(max_length=SENT_MAX), AfterValidator(_code)]
    name: Annotated[str, Field(max_length=_NAME_SENT_MAX)]


def invite_friend(context: RequestContext) -> Response:
    """POST /friends/invitations."""
    body = parsing.body(context.request, InvitationBody)
    key = parsing.idempotency_key(context.request)
    made, is_replayed = kept.invitations().invite(context.user_id, display_name(body.name), context.now, key)
    return given_again(answer(_invitation(made), 201), is_replayed=is_replayed)


def list_invitations(context: RequestContext) -> Response:
    """GET /friends/invitations."""
    found = kept.invitations().own(context.user_id, context.now)
    return query_response(context.request, {"invitations": [_invitation(one) for one in found]})


def withdraw_invitation(context: RequestContext, code: str) -> Response:
    """DELETE /friends/invitations/{code}."""
    parsing.no_body(context.request)
    known = code_of(code) or NO_CODE
    kept.invitations().withdraw(context.user_id, known, context.now)
    return answer({"code": shown(known)})


def accept_invitation(context: RequestContext) -> Response:
    """POST /friends."""
    from streak_core.friends.accepting import Accepted

    body = parsing.body(context.request, FriendBody)
    key = parsing.idempotency_key(context.request)
    accepted = Accepted(code=body.code, name=display_name(body.name))
    friend_id, is_replayed = kept.accepting().accept(context.user_id, accepted, context.now, key)
    friend = kept.friendships().one(context.user_id, friend_id, context.now)
    return given_again(answer(_friend(friend), 201), is_replayed=is_replayed)


def list_friends(context: RequestContext) -> Response:
    """GET /friends."""
    found = kept.friendships().all(context.user_id, context.now)
    return query_response(context.request, {"friends": [_friend(one) for one in found]})


def end_friend(context: RequestContext, friend_id: str) -> Response:
    """DELETE /friends/{friend_id}."""
    parsing.no_body(context.request)
    kept.friendships().end(context.user_id, friend_id, context.now)
    return answer({"friend_id": friend_id})


def block_friend(context: RequestContext, friend_id: str) -> Response:
    """PUT /friends/blocks/{friend_id}."""
    parsing.no_body(context.request)
    return answer(_block(kept.friendships().block(context.user_id, friend_id, context.now)))


def list_blocks(context: RequestContext) -> Response:
    """GET /friends/blocks."""
    found = kept.friendships().blocks(context.user_id)
    return query_response(context.request, {"blocks": [_block(one) for one in found]})


def unblock_friend(context: RequestContext, friend_id: str) -> Response:
    """DELETE /friends/blocks/{friend_id}."""
    parsing.no_body(context.request)
    kept.friendships().unblock(context.user_id, friend_id, context.now)
    return answer({"friend_id": friend_id})


def _invitation(made: Invitation) -> dict[str, Any]:
    return {
        "code": shown(made.code),
        "name": made.name,
        "created_at": rfc3339(made.at),
        "expires_at": rfc3339(made.expires_at),
    }


def _friend(friend: Friend) -> dict[str, Any]:
    return {
        "friend_id": friend.friend_id,
        "name": friend.name,
        "own_name": friend.own_name,
        "kept_today": friend.kept_today,
        "friend_streak": friend.streak and friend.streak.count,
        "longest_friend_streak": friend.streak and friend.streak.longest,
        "since": rfc3339(friend.since),
    }


def _block(block: Block) -> dict[str, Any]:
    return {"friend_id": block.friend_id, "name": block.name, "blocked_at": rfc3339(block.at)}


FUNCTION: Final = Function(
    "friends",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=list_friends),
        Route(method="POST", path="/", handler=accept_invitation),
        Route(method="GET", path="/invitations", handler=list_invitations),
        Route(method="POST", path="/invitations", handler=invite_friend),
        Route(method="DELETE", path="/invitations/<code>", handler=withdraw_invitation),
        Route(method="GET", path="/blocks", handler=list_blocks),
        Route(method="PUT", path="/blocks/<friend_id>", handler=block_friend),
        Route(method="DELETE", path="/blocks/<friend_id>", handler=unblock_friend),
        Route(method="DELETE", path="/<friend_id>", handler=end_friend),
    ],
)


@functions_framework.http
def friends(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
