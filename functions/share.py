"""The function `share`: pictures of a streak that users make, list and revoke, and that everybody can see.

Handlers parse, call and render; they decide nothing. What draws is loaded by whoever asks for a picture.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Final

import functions_framework
from pydantic import Field

from functions.http import parsing, runtime
from functions.http.dispatch import Function, Limits, RequestContext, Route
from functions.http.identity import Caller, anybody, authenticated_user
from functions.http.rendering import answer, given_again, public_response, query_response
from streak_core.domain.days import rfc3339
from streak_core.sharing.refusals import ShareNotFound

if TYPE_CHECKING:
    from flask import Request, Response

    from streak_core.config import Config
    from streak_core.shares import Share
    from streak_core.sharing.snapshot import Snapshot

_QUESTIONS: Final = frozenset({"GET", "HEAD"})
# Right below the function's own path, which may stand in front.
_PUBLIC: Final = re.compile(r"(?:/share/|/(?!share(?:/|$)))[^/]+")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
NAME_MAX: Final = 10_000


class ShareBody(parsing.Body):
    """Whose name the picture shows, if anybody's, and in which language it speaks."""

    name: Annotated[str, Field(max_length=NAME_MAX)] = ""
    language: Annotated[str, Field(pattern="^(en|de)$")] = "en"


def whoever_asks(request: Request, config: Config) -> Caller:
    """Anybody, where a single picture is looked at; else the signed-in user. Raises as `authenticated_user` does."""
    is_public = request.method in _QUESTIONS and _PUBLIC.fullmatch(request.path)
    return anybody(request, config) if is_public else authenticated_user(request, config)


def make_share(context: RequestContext) -> Response:
    """POST /share."""
    from streak_core.shares import Wanted
    from streak_core.sharing.snapshot import Language

    body = parsing.body_if_any(context.request, ShareBody)
    key = parsing.idempotency_key(context.request)
    wanted = Wanted(name=body.name, language=Language(body.language))
    made, is_replayed = runtime.shares().make(context.user_id, context.now, wanted, key)
    return given_again(answer(_told(context, made), 201), is_replayed=is_replayed)


def list_shares(context: RequestContext) -> Response:
    """GET /share."""
    found = runtime.shares().own(context.user_id, context.now)
    return query_response(context.request, {"shares": [_told(context, one) for one in found]})


def revoke_share(context: RequestContext, share_id: str) -> Response:
    """DELETE /share/{share_id}."""
    parsing.no_body(context.request)
    ended = runtime.shares().revoke(context.user_id, context.now, share_id)
    return answer({"share_id": share_id, "revoked_at": rfc3339(ended)})


def get_share_page(context: RequestContext, share_id: str) -> Response:
    """GET /share/{share_id}."""
    from streak_core.sharing.page import html

    def page(snapshot: Snapshot) -> bytes:
        return html(snapshot, _url(context, share_id))

    return public_response(context, _shown(context, share_id), "text/html; charset=utf-8", page)


def get_share_svg(context: RequestContext, share_id: str) -> Response:
    """GET /share/{share_id}.svg."""
    from streak_core.sharing.picture import svg

    return public_response(context, _shown(context, share_id), "image/svg+xml", svg)


def get_share_png(context: RequestContext, share_id: str) -> Response:
    """GET /share/{share_id}.png."""
    from streak_core.sharing.picture import svg
    from streak_core.sharing.raster import png

    return public_response(context, _shown(context, share_id), "image/png", lambda shown: png(svg(shown)))


def _shown(context: RequestContext, share_id: str) -> Share:
    return runtime.shares().find(_share_id(share_id), context.now)


def _share_id(text: str) -> str:
    """An id in a path. Raises `ShareNotFound` for what is none."""
    if not _ID.fullmatch(text):
        raise ShareNotFound
    return text


def _url(context: RequestContext, share_id: str) -> str:
    """Where everybody finds the page: at the site that is configured, or on an emulator where the request was sent to.

    Who asks chooses the host that a request names, and caches keep what was answered: without a site a function that is
    deployed does not start.
    """
    site = runtime.config().public_url or f"http://{context.request.host}"
    return f"{site}/share/{share_id}"


def _told(context: RequestContext, share: Share) -> dict[str, Any]:
    url, shown = _url(context, share.share_id), share.snapshot
    return {
        "share_id": share.share_id,
        "url": url,
        "png_url": f"{url}.png",
        "svg_url": f"{url}.svg",
        "created_at": rfc3339(share.created_at),
        "expires_at": rfc3339(share.expires_at),
        "name": shown.name or None,
        "language": shown.language.value,
        "current_streak": shown.current_streak,
        "longest_streak": shown.longest_streak,
    }


FUNCTION: Final = Function(
    "share",
    whoever_asks,
    [
        Route(method="POST", path="/", handler=make_share),
        Route(method="GET", path="/", handler=list_shares),
        Route(method="DELETE", path="/<share_id>", handler=revoke_share),
        Route(method="GET", path="/<share_id>.png", handler=get_share_png),
        Route(method="GET", path="/<share_id>.svg", handler=get_share_svg),
        Route(method="GET", path="/<share_id>", handler=get_share_page),
    ],
    # Nobody in particular asks for a picture.
    Limits(questions_max=None),
)


@functions_framework.http
def share(request: Request) -> Response:
    """The entry point."""
    return FUNCTION.handle(request)
