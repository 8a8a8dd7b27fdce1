"""What operators read of the audit trail: a user's, and that of what concerns everybody. Nothing here changes it.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from functions.http import runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.paging import PAGE_PARAMETERS, asked_page
from functions.http.rendering import query_response
from functions.operators.by_user import USER_PATH, for_user
from streak_core.domain.days import rfc3339
from streak_core.records.acts import EVERYBODY, user

if TYPE_CHECKING:
    from flask import Response

    from streak_core.records.acts import Party
    from streak_core.records.chain import Entry

_LISTING: Final = "audit"


def list_audit(context: RequestContext) -> Response:
    """GET /admin/users/{uid}/audit."""
    return _page(context, user(context.user_id))


def list_audit_of_everybody(context: RequestContext) -> Response:
    """GET /admin/audit."""
    return _page(context, EVERYBODY)


def told(entry: Entry) -> dict[str, Any]:
    """An entry as it is answered."""
    before = entry.previous_expires_at
    return {
        **entry.content,
        "at": rfc3339(entry.at),
        "expires_at": rfc3339(entry.expires_at),
        "previous_expires_at": rfc3339(before) if before else None,
        "hash": entry.hash,
    }


def _page(context: RequestContext, subject: Party) -> Response:
    asked = asked_page(context.request, subject.id, _LISTING)
    page = runtime.trails().page(subject, asked.size, asked.after_number, context.now)
    place = (page.entries[-1].at if page.entries else context.now, str(page.after)) if page.after else None
    following = asked.next_token(place)
    entries = [told(one) for one in page.entries]
    return query_response(
        context.request, {"entries": entries, "missing": list(page.missing), "next_page_token": following}
    )


ROUTES: Final = (
    Route(method="GET", path="/audit", handler=list_audit_of_everybody, parameters=PAGE_PARAMETERS),
    Route(method="GET", path=f"{USER_PATH}/audit", handler=for_user(list_audit), parameters=PAGE_PARAMETERS),
)
