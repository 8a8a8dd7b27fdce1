"""The function `records`: records of the kinds that an app has declared by itself.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import functions_framework

from functions.http import kept, parsing
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.paging import PAGE_PARAMETERS, asked_page
from functions.http.record_forms import wrapped_record_form
from functions.http.rendering import answer, given_again, query_response
from streak_core.domain.days import rfc3339
from streak_core.records.acts import PartyKind

if TYPE_CHECKING:
    from flask import Request, Response

    from streak_core.records.app_record import AppRecord

_RECORD: Final = "record"


class RecordBody(parsing.Body):
    """A record, whatever its kind has; so that no field of it meets another name."""

    record: dict[str, Any]


def add_record(context: RequestContext, kind: str) -> Response:
    """POST /records/{kind}."""
    sent, records = parsing.body(context.request, RecordBody).model_dump(), kept.app_records()
    records.kind(context.user_id, kind)
    form = wrapped_record_form(kind, _RECORD)
    said = parsing.part(sent, form).model_dump(mode="json", exclude_none=True)[_RECORD]
    key = parsing.idempotency_key(context.request)
    record, is_replayed = records.add(context.user_id, kind, said, context.now, key, context.actor)
    return given_again(answer(_told(record), 201), is_replayed=is_replayed)


def list_records(context: RequestContext, kind: str) -> Response:
    """GET /records/{kind}."""
    records, listing = kept.app_records(), f"records/{kind}"
    records.kind(context.user_id, kind)
    asked = asked_page(context.request, context.user_id, listing)
    page = records.page(context.user_id, kind, asked.size, asked.after, context.now)
    following = asked.next_token(page.after)
    content = {"records": [_told(one) for one in page.records], "next_page_token": following}
    return query_response(context.request, content)


def delete_record(context: RequestContext, kind: str, record_id: str) -> Response:
    """DELETE /records/{kind}/{record_id}."""
    parsing.no_body(context.request)
    name = parsing.path_name(record_id, "record_id")
    kept.app_records().delete(context.user_id, kind, name, context.now, context.actor)
    return answer({"record_id": name})


def _told(record: AppRecord) -> dict[str, Any]:
    fields = dict.fromkeys(kept.kinds().kinds[record.kind].fields)
    end = record.expires_at
    moments = {"at": rfc3339(record.at), "expires_at": rfc3339(end) if end else None}
    of_whom = {"by": (record.by or PartyKind.USER).value}
    return {
        "record_id": record.record_id,
        "kind": record.kind,
        "record": {**fields, **record.said},
        **of_whom,
        **moments,
    }


FUNCTION: Final = Function(
    "records",
    authenticated_user,
    [
        Route(method="GET", path="/<kind>", handler=list_records, parameters=PAGE_PARAMETERS),
        Route(method="POST", path="/<kind>", handler=add_record),
        Route(method="DELETE", path="/<kind>/<record_id>", handler=delete_record),
    ],
)


@functions_framework.http
def records(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
