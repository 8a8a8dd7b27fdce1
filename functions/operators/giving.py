"""What only operators and servers do for a user: grant freezes and XP, excuse days, restore, block, hide.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import Field

from functions.http import parsing, runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.executing import carried_out
from functions.http.rendering import query_response
from functions.operators.by_user import USER_PATH, for_user
from streak_core.domain.commands import (
    BlockUser,
    ExcuseDays,
    GrantFreezes,
    GrantXp,
    HideFromLeaderboard,
    Restore,
    ShowOnLeaderboard,
    UnblockUser,
)
from streak_core.domain.commands.base import REASON_LENGTH_MAX

if TYPE_CHECKING:
    from flask import Response


class ReasonBody(parsing.Body):
    """Why; one that is left out is refused with a code of its own."""

    reason: str = ""


class WithdrawalBody(parsing.Body):
    """Why something that concerns everybody is withdrawn, for its trail; it may be left out."""

    reason: str = Field(default="", max_length=REASON_LENGTH_MAX)


class GrantBody(ReasonBody):
    """How many freezes, and whether they may go above the most that can be held."""

    count: int
    over_cap: bool = False


class ExcuseBody(ReasonBody):
    """The first and the last day."""

    from_: parsing.Day = Field(alias="from")
    until: parsing.Day


class RestorationBody(ReasonBody):
    """The missed day, or how many days the streak that is running has more, and when it began."""

    day: parsing.Day | None = None
    length: int | None = None
    started_on: parsing.Day | None = None


class XpBody(ReasonBody):
    """How many XP; less than 0 to take some away."""

    amount: int


class BlockBody(ReasonBody):
    """Until when; without it until it is lifted."""

    until: parsing.Instant | None = None


def grant_freezes(context: RequestContext) -> Response:
    """POST /admin/users/{uid}/grants."""
    body = parsing.body(context.request, GrantBody)
    return carried_out(context, GrantFreezes(count=body.count, over_cap=body.over_cap, reason=body.reason))


def excuse_days(context: RequestContext) -> Response:
    """POST /admin/users/{uid}/excuses."""
    body = parsing.body(context.request, ExcuseBody)
    return carried_out(context, ExcuseDays(from_day=body.from_, until_day=body.until, reason=body.reason))


def restore(context: RequestContext) -> Response:
    """POST /admin/users/{uid}/restorations."""
    body = parsing.body(context.request, RestorationBody)
    command = Restore(day=body.day, length=body.length, started_on=body.started_on, reason=body.reason)
    return carried_out(context, command)


def grant_xp(context: RequestContext) -> Response:
    """POST /admin/users/{uid}/xp."""
    body = parsing.body(context.request, XpBody)
    return carried_out(context, GrantXp(amount=body.amount, reason=body.reason))


def get_block(context: RequestContext) -> Response:
    """GET /admin/users/{uid}/block."""
    return query_response(context.request, runtime.queries().block(context.user_id, context.now))


def block(context: RequestContext) -> Response:
    """POST /admin/users/{uid}/block."""
    body = parsing.body(context.request, BlockBody)
    return carried_out(context, BlockUser(until=body.until, reason=body.reason))


def unblock(context: RequestContext) -> Response:
    """DELETE /admin/users/{uid}/block."""
    body = parsing.body_if_any(context.request, ReasonBody)
    return carried_out(context, UnblockUser(reason=body.reason))


def hide_from_leaderboard(context: RequestContext) -> Response:
    """PUT /admin/users/{uid}/leaderboard/hidden."""
    body = parsing.body(context.request, ReasonBody)
    return carried_out(context, HideFromLeaderboard(reason=body.reason))


def show_on_leaderboard(context: RequestContext) -> Response:
    """DELETE /admin/users/{uid}/leaderboard/hidden."""
    body = parsing.body_if_any(context.request, ReasonBody)
    return carried_out(context, ShowOnLeaderboard(reason=body.reason))


ROUTES: Final = (
    Route(method="POST", path=f"{USER_PATH}/grants", handler=for_user(grant_freezes)),
    Route(method="POST", path=f"{USER_PATH}/excuses", handler=for_user(excuse_days)),
    Route(method="POST", path=f"{USER_PATH}/restorations", handler=for_user(restore)),
    Route(method="POST", path=f"{USER_PATH}/xp", handler=for_user(grant_xp)),
    Route(method="GET", path=f"{USER_PATH}/block", handler=for_user(get_block)),
    Route(method="POST", path=f"{USER_PATH}/block", handler=for_user(block)),
    Route(method="DELETE", path=f"{USER_PATH}/block", handler=for_user(unblock)),
    Route(method="PUT", path=f"{USER_PATH}/leaderboard/hidden", handler=for_user(hide_from_leaderboard)),
    Route(method="DELETE", path=f"{USER_PATH}/leaderboard/hidden", handler=for_user(show_on_leaderboard)),
)
