"""The function `streak`: everything one user does and asks about the streak itself.

Handlers authenticate (the edge has done so), parse, call and render; they decide nothing.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

import functions_framework
from pydantic import Field

from functions.http import parsing, runtime
from functions.http.dispatch import Asked, Function, Route
from functions.http.identity import authenticated_user
from functions.http.paging import page_place, page_token
from functions.http.rendering import command_answer, question_answer
from streak_core.domain.commands import catalogue
from streak_core.domain.commands.protect import PauseStreak
from streak_core.domain.commands.record import RecordActivity
from streak_core.domain.commands.settings import ChangeSettings
from streak_core.domain.errors import FieldError, Malformed

if TYPE_CHECKING:
    from flask import Request, Response

    from streak_core.domain.commands.catalogue import Command

_PAGE_SIZE: Final = 20
_EXPLAINED_DAYS: Final = 14

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class ActivityBody(parsing.Body):
    """What a user did."""

    activity_type: Annotated[str, Field(max_length=64)]
    metadata: dict[str, Any] = Field(default_factory=dict)
    occurred_at: parsing.Instant | None = None
    activity_id: parsing.PlainId | None = None


class FreezeBody(parsing.Body):
    """The day that a freeze is planned for."""

    date: parsing.Day


class PauseBody(parsing.Body):
    """The first and the last day of a pause."""

    from_: parsing.Day = Field(alias="from")
    until: parsing.Day


class SettingsBody(parsing.Body):
    """The settings to change; what is absent stays."""

    time_zone: Annotated[str, Field(max_length=64)] | None = None
    auto_freeze: bool | None = None
    rest_weekdays: list[Weekday] | None = None


def get_streak(asked: Asked) -> Response:
    """GET /streak."""
    return question_answer(asked.request, runtime.questions().streak(asked.user_id, asked.now))


def record_activity(asked: Asked) -> Response:
    """POST /streak/activities."""
    body = parsing.body(asked.request, ActivityBody)
    wish = RecordActivity(
        activity_id=_activity_id(body, parsing.idempotency_key(asked.request)),
        activity_type=body.activity_type,
        metadata=body.metadata,
        occurred_at=body.occurred_at,
    )
    return _carried_out(asked, catalogue.record(wish), status=201)


def list_activities(asked: Asked) -> Response:
    """GET /streak/activities."""
    size = parsing.query(asked.request, "page_size", parsing.PAGE_SIZE, _PAGE_SIZE)
    after = page_place(asked.user_id, "activities", parsing.parameter(asked.request, "page_token"))
    page = runtime.questions().activities(asked.user_id, size, after)
    following = page_token(asked.user_id, "activities", page.after)
    return question_answer(asked.request, {"activities": page.items, "next_page_token": following})


def undo_activity(asked: Asked, activity_id: str) -> Response:
    """DELETE /streak/activities/{id}."""
    parsing.body(asked.request, parsing.NoBody)
    return _carried_out(asked, catalogue.undo(parsing.path_id(activity_id)))


def check_in(asked: Asked) -> Response:
    """POST /streak/update."""
    parsing.body(asked.request, parsing.NoBody)
    return command_answer(runtime.service().check_in(asked.user_id, asked.now), status=201)


def reset(asked: Asked) -> Response:
    """POST /streak/reset."""
    parsing.body(asked.request, parsing.NoBody)
    return _carried_out(asked, catalogue.reset(parsing.idempotency_key(asked.request)))


def plan_freeze(asked: Asked) -> Response:
    """POST /streak/freezes."""
    body = parsing.body(asked.request, FreezeBody)
    return _carried_out(asked, catalogue.plan_freeze(body.date, parsing.idempotency_key(asked.request)))


def unplan_freeze(asked: Asked, date: str) -> Response:
    """DELETE /streak/freezes/{date}."""
    parsing.body(asked.request, parsing.NoBody)
    return _carried_out(asked, catalogue.unplan_freeze(parsing.path_day(date), parsing.idempotency_key(asked.request)))


def repair(asked: Asked) -> Response:
    """POST /streak/repair."""
    parsing.body(asked.request, parsing.NoBody)
    return _carried_out(asked, catalogue.repair(parsing.idempotency_key(asked.request)))


def pause(asked: Asked) -> Response:
    """PUT /streak/pause."""
    body = parsing.body(asked.request, PauseBody)
    wish = PauseStreak(from_day=body.from_, until_day=body.until)
    return _carried_out(asked, catalogue.pause(wish, parsing.idempotency_key(asked.request)))


def resume(asked: Asked) -> Response:
    """DELETE /streak/pause."""
    parsing.body(asked.request, parsing.NoBody)
    return _carried_out(asked, catalogue.resume(parsing.idempotency_key(asked.request)))


def get_settings(asked: Asked) -> Response:
    """GET /streak/settings."""
    return question_answer(asked.request, runtime.questions().settings(asked.user_id, asked.now))


def change_settings(asked: Asked) -> Response:
    """PATCH /streak/settings."""
    body = parsing.body(asked.request, SettingsBody)
    weekdays = None if body.rest_weekdays is None else tuple(body.rest_weekdays)
    wish = ChangeSettings(time_zone=body.time_zone, auto_freeze=body.auto_freeze, rest_weekdays=weekdays)
    return _carried_out(asked, catalogue.change_settings(wish, parsing.idempotency_key(asked.request)))


def explain(asked: Asked) -> Response:
    """GET /streak/explain."""
    days = parsing.query(asked.request, "days", parsing.CALENDAR_DAYS, _EXPLAINED_DAYS)
    return question_answer(asked.request, runtime.questions().explain(asked.user_id, asked.now, days))


def list_events(asked: Asked) -> Response:
    """GET /streak/events."""
    size = parsing.query(asked.request, "page_size", parsing.PAGE_SIZE, _PAGE_SIZE)
    after = page_place(asked.user_id, "events", parsing.parameter(asked.request, "page_token"))
    page = runtime.questions().events(asked.user_id, asked.now, size, after)
    following = page_token(asked.user_id, "events", page.after)
    return question_answer(asked.request, {"events": page.items, "next_page_token": following})


def _carried_out(asked: Asked, command: Command, status: int = 200) -> Response:
    return command_answer(runtime.service().execute(asked.user_id, asked.now, command), status)


def _activity_id(body: ActivityBody, key: str | None) -> str:
    """The client's id, from the header or the body, else a new one."""
    if key and body.activity_id and key != body.activity_id:
        raise Malformed(FieldError("activity_id", "differs from the Idempotency-Key header"))
    return key or body.activity_id or str(uuid.uuid4())


FUNCTION: Final = Function(
    "streak",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=get_streak),
        Route(method="POST", path="/activities", handler=record_activity),
        Route(method="GET", path="/activities", handler=list_activities),
        Route(method="DELETE", path="/activities/<activity_id>", handler=undo_activity),
        Route(method="POST", path="/update", handler=check_in),
        Route(method="POST", path="/reset", handler=reset),
        Route(method="POST", path="/freezes", handler=plan_freeze),
        Route(method="DELETE", path="/freezes/<date>", handler=unplan_freeze),
        Route(method="POST", path="/repair", handler=repair),
        Route(method="PUT", path="/pause", handler=pause),
        Route(method="DELETE", path="/pause", handler=resume),
        Route(method="GET", path="/settings", handler=get_settings),
        Route(method="PATCH", path="/settings", handler=change_settings),
        Route(method="GET", path="/explain", handler=explain),
        Route(method="GET", path="/events", handler=list_events),
    ],
)


@functions_framework.http
def streak(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
