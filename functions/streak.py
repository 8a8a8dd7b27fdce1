"""The function `streak`: everything one user does and asks about the streak itself.

Handlers authenticate (the edge has done so), parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import functions_framework
from pydantic import Field

from functions.http import parsing, runtime
from functions.http.conditions import as_it_was_read
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.executing import carried_out
from functions.http.identity import authenticated_user, require_recent_sign_in
from functions.http.paging import PAGE_PARAMETERS, asked_page
from functions.http.rendering import erasure_response, lines_response, query_response
from functions.users.recording import ZoneName, record_activities, record_activity
from streak_core.domain.commands import (
    ChangeSettings,
    CheckIn,
    PauseStreak,
    PlanFreeze,
    RedoActivity,
    RepairStreak,
    ResetStreak,
    ResumeStreak,
    TakeResetBack,
    UndoActivity,
    UnplanFreeze,
)
from streak_core.domain.commands.settings import Weekday

if TYPE_CHECKING:
    from flask import Request, Response

_EXPLAINED_DAYS: Final = 14


class CheckInBody(parsing.Body):
    """Where the user is; nothing at all is fine, too."""

    time_zone: ZoneName | None = None


class FreezeBody(parsing.Body):
    """The day that a freeze is planned for."""

    date: parsing.Day


class PauseBody(parsing.Body):
    """The first and the last day of a pause."""

    from_: parsing.Day = Field(alias="from")
    until: parsing.Day


class SettingsBody(parsing.Body):
    """The settings to change; what is absent stays."""

    time_zone: ZoneName | None = None
    time_zone_since: parsing.Instant | None = None
    auto_freeze: bool | None = None
    rest_weekdays: list[Weekday] | None = None


def get_streak(context: RequestContext) -> Response:
    """GET /streak."""
    streak = runtime.queries().streak(context.user_id, context.now)
    # What is told ahead begins now, whenever it is asked.
    since_now = {**streak, "timeline": [{**streak["timeline"][0], "from": ""}, *streak["timeline"][1:]]}
    return query_response(context.request, streak, same=since_now)


def list_activities(context: RequestContext) -> Response:
    """GET /streak/activities."""
    asked = asked_page(context.request, context.user_id, "activities")
    page = runtime.queries().activities(context.user_id, asked.size, asked.after)
    following = asked.next_token(page.after)
    return query_response(context.request, {"activities": page.items, "next_page_token": following})


def undo_activity(context: RequestContext, activity_id: str) -> Response:
    """DELETE /streak/activities/{id}."""
    parsing.no_body(context.request)
    return carried_out(context, UndoActivity(activity_id=parsing.path_id(activity_id)))


def redo_activity(context: RequestContext, activity_id: str) -> Response:
    """POST /streak/activities/{id}/redo."""
    parsing.no_body(context.request)
    return carried_out(context, RedoActivity(activity_id=parsing.path_id(activity_id)))


def check_in(context: RequestContext) -> Response:
    """POST /streak/update."""
    body = parsing.body_if_any(context.request, CheckInBody)
    key = parsing.idempotency_key(context.request)
    return carried_out(context, CheckIn(time_zone=body.time_zone, key=key), status=201)


def reset_streak(context: RequestContext) -> Response:
    """POST /streak/reset."""
    parsing.no_body(context.request)
    return carried_out(context, ResetStreak())


def take_reset_back(context: RequestContext) -> Response:
    """DELETE /streak/reset."""
    parsing.no_body(context.request)
    return carried_out(context, TakeResetBack())


def get_offers(context: RequestContext) -> Response:
    """GET /streak/offers."""
    return query_response(context.request, runtime.queries().offers(context.user_id, context.now))


def plan_freeze(context: RequestContext) -> Response:
    """POST /streak/freezes."""
    body = parsing.body(context.request, FreezeBody)
    return carried_out(context, PlanFreeze(day=body.date))


def unplan_freeze(context: RequestContext, date: str) -> Response:
    """DELETE /streak/freezes/{date}."""
    parsing.no_body(context.request)
    return carried_out(context, UnplanFreeze(day=parsing.path_day(date)))


def repair_streak(context: RequestContext) -> Response:
    """POST /streak/repair."""
    parsing.no_body(context.request)
    return carried_out(context, RepairStreak())


def pause_streak(context: RequestContext) -> Response:
    """PUT /streak/pause."""
    body = parsing.body(context.request, PauseBody)
    command = PauseStreak(from_day=body.from_, until_day=body.until)
    return carried_out(context, command)


def add_pause(context: RequestContext) -> Response:
    """POST /streak/pauses."""
    body = parsing.body(context.request, PauseBody)
    return carried_out(context, PauseStreak(from_day=body.from_, until_day=body.until), status=201)


def list_pauses(context: RequestContext) -> Response:
    """GET /streak/pauses."""
    return query_response(context.request, runtime.queries().pauses(context.user_id, context.now))


def end_pause(context: RequestContext, pause_id: str) -> Response:
    """DELETE /streak/pauses/{id}."""
    parsing.no_body(context.request)
    return carried_out(context, ResumeStreak(pause_id=pause_id))


def resume_streak(context: RequestContext) -> Response:
    """DELETE /streak/pause."""
    parsing.no_body(context.request)
    return carried_out(context, ResumeStreak())


def get_settings(context: RequestContext) -> Response:
    """GET /streak/settings."""
    return query_response(context.request, runtime.queries().settings(context.user_id, context.now))


def change_settings(context: RequestContext) -> Response:
    """PATCH /streak/settings."""
    body = parsing.body(context.request, SettingsBody)
    weekdays = None if body.rest_weekdays is None else tuple(body.rest_weekdays)
    command = ChangeSettings(
        time_zone=body.time_zone,
        time_zone_since=body.time_zone_since,
        auto_freeze=body.auto_freeze,
        rest_weekdays=weekdays,
    )
    return carried_out(context, command, only_if=as_it_was_read(context.request))


def explain_days(context: RequestContext) -> Response:
    """GET /streak/explain."""
    days = parsing.query(context.request, "days", parsing.CALENDAR_DAYS, _EXPLAINED_DAYS)
    return query_response(context.request, runtime.queries().explain(context.user_id, context.now, days))


def list_events(context: RequestContext) -> Response:
    """GET /streak/events."""
    asked = asked_page(context.request, context.user_id, "events")
    page = runtime.queries().events(context.user_id, context.now, asked.size, asked.after)
    following = asked.next_token(page.after)
    return query_response(context.request, {"events": page.items, "next_page_token": following})


def export_streak(context: RequestContext) -> Response:
    """GET /streak/export."""
    # It is told in the trail, which is a write.
    runtime.write_gate().check(context.user_id, is_question=False)
    return lines_response(runtime.rights(context.actor).export(context.user_id), "streak.ndjson")


def erase_streak(context: RequestContext) -> Response:
    """DELETE /streak."""
    with runtime.act_told_if_refused(context.actor, "erase", "user", context.now, context.user_id):
        require_recent_sign_in(context.caller)
        parsing.no_body(context.request)
        return erasure_response(runtime.rights(context.actor).erase(context.user_id))


FUNCTION: Final = Function(
    "streak",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=get_streak),
        Route(method="DELETE", path="/", handler=erase_streak),
        Route(method="GET", path="/export", handler=export_streak),
        Route(method="GET", path="/offers", handler=get_offers),
        Route(method="POST", path="/activities", handler=record_activity),
        Route(method="POST", path="/activities:batch", handler=record_activities),
        Route(method="GET", path="/activities", handler=list_activities, parameters=PAGE_PARAMETERS),
        Route(method="DELETE", path="/activities/<activity_id>", handler=undo_activity),
        Route(method="POST", path="/activities/<activity_id>/redo", handler=redo_activity),
        Route(method="POST", path="/update", handler=check_in),
        Route(method="POST", path="/reset", handler=reset_streak),
        Route(method="DELETE", path="/reset", handler=take_reset_back),
        Route(method="POST", path="/freezes", handler=plan_freeze),
        Route(method="DELETE", path="/freezes/<date>", handler=unplan_freeze),
        Route(method="POST", path="/repair", handler=repair_streak),
        Route(method="POST", path="/pauses", handler=add_pause),
        Route(method="GET", path="/pauses", handler=list_pauses),
        Route(method="DELETE", path="/pauses/<pause_id>", handler=end_pause),
        Route(method="PUT", path="/pause", handler=pause_streak),
        Route(method="DELETE", path="/pause", handler=resume_streak),
        Route(method="GET", path="/settings", handler=get_settings),
        Route(method="PATCH", path="/settings", handler=change_settings),
        Route(method="GET", path="/explain", handler=explain_days, parameters=("days",)),
        Route(method="GET", path="/events", handler=list_events, parameters=PAGE_PARAMETERS),
    ],
)


@functions_framework.http
def streak(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
