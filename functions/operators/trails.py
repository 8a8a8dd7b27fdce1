"""What operators read of the audit trail: a user's, and that of what concerns everybody. Nothing here changes it.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from functions.http import parsing, runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.paging import numbered_cursor, page_token
from functions.http.rendering import query_response
from functions.operators.by_user import USER_PATH, for_user
from streak_core.domain.days import rfc3339
from streak_core.records.acts import EVERYBODY, user

if TYPE_CHECKING:
    from flask import Response

    from streak_core.records.acts import Party
    from streak_core.records.chain import Entry

_PAGE_SIZE: Final = 20
_OF_A_PAGE: Final = ("page_size", "page_token")
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
    size = parsing.page_size(context.request, _PAGE_SIZE)
    after = numbered_cursor(subject.id, _LISTING, parsing.parameter(context.request, "page_token"))
    page = runtime.trails().page(subject, size, after, context.now)
    place = (page.entries[-1].at if page.entries else context.now, str(page.after)) if page.after else None
    following = page_token(subject.id, _LISTING, place)
    entries = [told(one) for one in page.entries]
    return query_response(
        context.request, {"entries": entries, "missing": list(page.missing), "next_page_token": following}
    )


ROUTES: Final = (
    Route(method="GET", path="/audit", handler=list_audit_of_everybody, parameters=_OF_A_PAGE),
    Route(method="GET", path=f"{USER_PATH}/audit", handler=for_user(list_audit), parameters=_OF_A_PAGE),
)
