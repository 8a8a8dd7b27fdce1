"""What operators look at of a user's records that has no route of the user's own: quotas, and what features were used.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from functions.http import kept, runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.paging import PAGE_PARAMETERS, asked_page
from functions.http.rendering import query_response
from functions.operators.by_user import USER_PATH, for_user
from functions.operators.looks import told
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Response

    from streak_core.records.quotas import UsedUp
    from streak_core.records.usage import SentEvents

_KIND: Final = "usage"


def get_quotas(context: RequestContext) -> Response:
    """GET /admin/users/{uid}/quotas."""
    quotas, found = kept.quotas(), runtime.trails().read(context.user_id, [])
    used = [_used_up(one) for one in quotas.used_up(found, context.now)]
    held, held_max = quotas.ideas_held(found)
    return query_response(context.request, {"quotas": used, "ideas": {"count": held, "count_max": held_max}})


def list_usage(context: RequestContext) -> Response:
    """GET /admin/users/{uid}/usage."""
    asked = asked_page(context.request, context.user_id, _KIND)
    page = kept.usage().page(context.user_id, asked.size, asked.after, context.now)
    following = asked.next_token(page.after)
    return query_response(context.request, {"usage": [_sent(one) for one in page.sent], "next_page_token": following})


def _used_up(one: UsedUp) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "day": one.used.day.isoformat(),
        "ends_at": rfc3339(one.ends_at),
        "count": one.used.count,
        "count_max": one.quota.count_a_day,
        "bytes": one.used.size_bytes,
        "bytes_max": one.quota.bytes_a_day,
    }


def _sent(one: SentEvents) -> dict[str, Any]:
    fields = dict.fromkeys(kept.kinds().kinds[_KIND].fields)
    return {"at": rfc3339(one.at), "events": [fields | dict(event) for event in one.events]}


ROUTES: Final = (
    Route(method="GET", path=f"{USER_PATH}/quotas", handler=for_user(get_quotas)),
    Route(
        method="GET",
        path=f"{USER_PATH}/usage",
        handler=for_user(told(list_usage, _KIND)),
        parameters=PAGE_PARAMETERS,
    ),
)
