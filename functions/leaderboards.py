"""The function `leaderboards`: who stands where, and a user's own seat, below a path of its own, `/leaderboard`.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework

from functions.http import kept, parsing, runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.executing import carried_out
from functions.http.identity import authenticated_user
from functions.http.rendering import query_response
from streak_core.boards.leaderboards import Asked
from streak_core.domain.boards import RankedBy, Span
from streak_core.domain.commands import JoinLeaderboard, LeaveLeaderboard
from streak_core.domain.commands.leaderboard import check_group
from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from flask import Request, Response

# Of all days; the others are spans.
_ALL: Final = "all"
_CURRENT: Final = "current"
_LAST: Final = "last"
_SEAT: Final = "leaderboard"


class SeatBody(parsing.Body):
    """The name that others see, and a group of the app's."""

    name: str
    group: str | None = None


def join_leaderboard(context: RequestContext) -> Response:
    """PUT /leaderboard/me."""
    body = parsing.body(context.request, SeatBody)
    return carried_out(context, JoinLeaderboard(board_name=body.name, group=body.group))


def get_seat(context: RequestContext) -> Response:
    """GET /leaderboard/me."""
    return query_response(context.request, runtime.queries().seat(context.user_id, context.now))


def leave_leaderboard(context: RequestContext) -> Response:
    """DELETE /leaderboard/me."""
    parsing.no_body(context.request)
    return carried_out(context, LeaveLeaderboard())


def get_leaderboard(context: RequestContext, span: str, by: str) -> Response:
    """GET /leaderboards/{span}/{by}."""
    asked = _asked(context.request, span, by)
    return query_response(context.request, kept.leaderboards().board(context.user_id, context.now, asked))


def _asked(request: Request, span: str, by: str) -> Asked:
    """Which board is asked for. Raises `Malformed` for one that there is not."""
    _one_of("span", span, (*Span, _ALL))
    _one_of("by", by, tuple(RankedBy))
    which = parsing.parameter(request, "period")
    which = _CURRENT if which is None else which
    # All days have no others before them.
    _one_of("period", which, (_CURRENT,) if span == _ALL else (_CURRENT, _LAST))
    group = parsing.parameter(request, "group")
    if group is not None:
        check_group(group)
    return Asked(span=None if span == _ALL else Span(span), by=RankedBy(by), group=group, is_last=which == _LAST)


def _one_of(field: str, text: str, known: tuple[str, ...]) -> None:
    if text not in known:
        raise Malformed(FieldError(field, f"must be {' or '.join(known)}"))


# What there is for a user, too, where somebody acts for them.
SEAT: Final = (
    Route(method="PUT", path="/me", handler=join_leaderboard, below=_SEAT),
    Route(method="GET", path="/me", handler=get_seat, below=_SEAT),
    Route(method="DELETE", path="/me", handler=leave_leaderboard, below=_SEAT),
)
FUNCTION: Final = Function(
    "leaderboards",
    authenticated_user,
    [
        *SEAT,
        Route(method="GET", path="/<span>/<by>", handler=get_leaderboard, parameters=("group", "period")),
    ],
)


@functions_framework.http
def leaderboards(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
