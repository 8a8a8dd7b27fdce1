"""The function `ideas`: ideas that were made for a user, which they liked, and how they were refined.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import functions_framework

from functions.http import kept, parsing
from functions.http.dispatch import Function, RequestContext, Route
from functions.http.identity import authenticated_user
from functions.http.paging import PAGE_PARAMETERS, asked_page
from functions.http.record_forms import record_filter, record_form
from functions.http.rendering import answer, given_again, query_response
from streak_core.domain.days import rfc3339

if TYPE_CHECKING:
    from flask import Request, Response

    from streak_core.records.idea import Idea, Refinement

_KIND: Final = "idea"
_MARK: Final = "idea_mark"
_REFINEMENT: Final = "refinement"
_FILTERS: Final = {"category": _KIND, "complexity": _KIND, "selected": _MARK, "rating": _MARK}


def make_idea(context: RequestContext) -> Response:
    """POST /ideas."""
    said = parsing.body(context.request, record_form(_KIND)).model_dump(mode="json", exclude_none=True)
    key = parsing.idempotency_key(context.request)
    idea, is_replayed = kept.ideas().make(context.user_id, said, context.now, key, context.actor)
    return given_again(answer(_idea(idea), 201), is_replayed=is_replayed)


def list_ideas(context: RequestContext) -> Response:
    """GET /ideas."""
    wanted = record_filter(context.request, _FILTERS)
    listing = f"ideas{sorted(wanted.items())}"
    asked = asked_page(context.request, context.user_id, listing)
    page = kept.ideas().page(context.user_id, asked.size, asked.after, lambda one: one.fits(wanted))
    following = asked.next_token(page.after)
    return query_response(context.request, {"ideas": [_idea(one) for one in page.ideas], "next_page_token": following})


def get_idea(context: RequestContext, idea_id: str) -> Response:
    """GET /ideas/{idea_id}."""
    idea = kept.ideas().find(context.user_id, parsing.path_name(idea_id, "idea_id"))
    return query_response(context.request, _whole(idea))


def mark_idea(context: RequestContext, idea_id: str) -> Response:
    """PATCH /ideas/{idea_id}."""
    name = parsing.path_name(idea_id, "idea_id")
    marks = parsing.body(context.request, record_form(_MARK)).model_dump(mode="json", exclude_unset=True)
    return answer(_idea(kept.ideas().mark(context.user_id, name, marks, context.now, context.actor)))


def refine_idea(context: RequestContext, idea_id: str) -> Response:
    """POST /ideas/{idea_id}/refinements."""
    name = parsing.path_name(idea_id, "idea_id")
    said = parsing.body(context.request, record_form(_REFINEMENT)).model_dump(mode="json", exclude_none=True)
    key = parsing.idempotency_key(context.request)
    refined, is_replayed = kept.ideas().refine(context.user_id, name, said, context.now, key, context.actor)
    return given_again(answer(_refinement(refined), 201), is_replayed=is_replayed)


def delete_idea(context: RequestContext, idea_id: str) -> Response:
    """DELETE /ideas/{idea_id}."""
    parsing.no_body(context.request)
    name = parsing.path_name(idea_id, "idea_id")
    kept.ideas().delete(context.user_id, name, context.now, context.actor)
    return answer({"idea_id": name})


def _idea(idea: Idea) -> dict[str, Any]:
    from streak_core.records.idea import NEVER_MARKED

    kinds = kept.kinds().kinds
    fields = dict.fromkeys([*kinds[_KIND].fields, *kinds[_MARK].fields])
    moments = {"at": rfc3339(idea.at), "updated_at": rfc3339(idea.updated_at)}
    said = {**fields, **idea.said, **NEVER_MARKED, **idea.marks}
    return {"idea_id": idea.idea_id, **said, **moments, "refinement_count": len(idea.refinements)}


def _whole(idea: Idea) -> dict[str, Any]:
    return {**_idea(idea), "refinements": [_refinement(one) for one in idea.refinements]}


def _refinement(one: Refinement) -> dict[str, Any]:
    fields = dict.fromkeys(kept.kinds().kinds[_REFINEMENT].fields) | dict(one.said)
    return {"number": one.number, **fields, "at": rfc3339(one.at)}


FUNCTION: Final = Function(
    "ideas",
    authenticated_user,
    [
        Route(method="GET", path="/", handler=list_ideas, parameters=(*PAGE_PARAMETERS, *_FILTERS)),
        Route(method="POST", path="/", handler=make_idea),
        Route(method="GET", path="/<idea_id>", handler=get_idea),
        Route(method="PATCH", path="/<idea_id>", handler=mark_idea),
        Route(method="DELETE", path="/<idea_id>", handler=delete_idea),
        Route(method="POST", path="/<idea_id>/refinements", handler=refine_idea),
    ],
)


@functions_framework.http
def ideas(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
