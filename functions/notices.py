"""The function `notices`: what the user who asks is told of without asking.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import functions_framework
from pydantic import Field

from functions.http import notice_services, parsing, runtime
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.executing import carried_out
from functions.http.identity import authenticated_user
from functions.http.paging import PAGE_PARAMETERS, asked_page
from functions.http.rendering import answer, query_response
from streak_core.domain.commands import ChooseNotices
from streak_core.domain.devices import Device, Platform
from streak_core.domain.errors import FieldError, Malformed
from streak_core.domain.notices import Channel

if TYPE_CHECKING:
    from flask import Request, Response

Channels = list[Literal["inbox", "push", "email"]] | None


class ChannelsBody(parsing.Body):
    """The channels of each kind that is to have others; what is absent stays."""

    reminder: Channels = None
    freeze_used: Channels = None
    last_freeze_used: Channels = None
    streak_broken: Channels = None
    streak_restored: Channels = None
    milestone: Channels = None
    bonus_earned: Channels = None
    achievement_unlocked: Channels = None
    challenge_completed: Channels = None


class QuietHoursBody(parsing.Body):
    """Local times; the same twice is at no time."""

    from_: str = Field(alias="from")
    until: str


class PreferencesBody(parsing.Body):
    """What is to be chosen otherwise; what is absent stays."""

    channels: ChannelsBody | None = None
    quiet_hours: QuietHoursBody | None = None
    remind_at: str | None = None
    language: str | None = None


class ReadBody(parsing.Body):
    """Up to which notice all were read: its moment."""

    up_to: parsing.Instant


class DeviceBody(parsing.Body):
    """Where messages to a device go."""

    token: str
    platform: Literal["android", "ios", "web"]


def list_notices(context: RequestContext) -> Response:
    """GET /notices."""
    asked = asked_page(context.request, context.user_id, "notices")
    page = notice_services.inbox().page(context.user_id, context.now, asked.size, asked.after)
    following = asked.next_token(page.after)
    content = {"notices": page.items, "unread": page.unread, "next_page_token": following}
    return query_response(context.request, content)


def read_notices(context: RequestContext) -> Response:
    """POST /notices/read."""
    body = parsing.body(context.request, ReadBody)
    return answer({"unread": notice_services.inbox().read(context.user_id, context.now, body.up_to)})


def get_preferences(context: RequestContext) -> Response:
    """GET /notices/preferences."""
    return query_response(context.request, runtime.queries().preferences(context.user_id, context.now))


def choose_notices(context: RequestContext) -> Response:
    """PATCH /notices/preferences."""
    body = parsing.body(context.request, PreferencesBody)
    quiet = body.quiet_hours
    command = ChooseNotices(
        channels=chosen_channels(body.channels) if body.channels else None,
        quiet_hours=(quiet.from_, quiet.until) if quiet else None,
        remind_at=body.remind_at,
        language=body.language,
    )
    return carried_out(context, command)


def chosen_channels(body: ChannelsBody) -> dict[str, list[str]]:
    """The channels of each kind. Raises `Malformed` for one that this deployment does not have."""
    chosen: dict[str, list[str]] = body.model_dump(exclude_none=True)
    if runtime.config().mail is None:
        wrong = [kind for kind, channels in chosen.items() if Channel.EMAIL in channels]
        if wrong:
            raise Malformed(
                *(FieldError(f"channels.{kind}", "email is not sent here: no mail server") for kind in wrong)
            )
    return chosen


def register_device(context: RequestContext, device_id: str) -> Response:
    """PUT /notices/devices/{device_id}."""
    body = parsing.body(context.request, DeviceBody)
    platform = Platform(body.platform)
    device = Device(device_id=device_id, address=body.token, platform=platform, registered_at=context.now)
    return answer(notice_services.notices().register(context.user_id, device))


def take_device_away(context: RequestContext, device_id: str) -> Response:
    """DELETE /notices/devices/{device_id}."""
    parsing.no_body(context.request)
    return answer(notice_services.notices().take_away(context.user_id, device_id))


PREFERENCES: Final = (
    Route(method="GET", path="/preferences", handler=get_preferences),
    Route(method="PATCH", path="/preferences", handler=choose_notices),
)
FUNCTION: Final = Function(
    "notices",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=list_notices, parameters=PAGE_PARAMETERS),
        Route(method="POST", path="/read", handler=read_notices),
        *PREFERENCES,
        Route(method="PUT", path="/devices/<device_id>", handler=register_device),
        Route(method="DELETE", path="/devices/<device_id>", handler=take_device_away),
    ],
)


@functions_framework.http
def notices(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
