"""How answers leave: JSON, entity tags for questions, and what browsers of allowed origins may read.

It must not know what an answer says.
"""

from __future__ import annotations

import hashlib
import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from flask import Response

from functions.http import runtime
from functions.http.problems import Problem, internal_content, problem_content, retry_after_seconds
from functions.http.quotas import quota_headers
from streak_core.domain.days import rfc3339
from streak_core.domain.errors import StreakError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flask import Request

    from functions.http.dispatch import RequestContext
    from streak_core.commands import Outcome
    from streak_core.config import Config
    from streak_core.domain.rate_limit import Quota
    from streak_core.rights import Erasure
    from streak_core.shares import Share
    from streak_core.sharing.snapshot import Snapshot
    from streak_core.versions import Versioned

# Those of tracing are sent by what watches over an app, without a word of the app's own.
_SENT_HEADERS: Final = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Firebase-AppCheck, X-Simulated-Time, "
    "traceparent, baggage, sentry-trace"
)
_READ_HEADERS: Final = "ETag, Idempotent-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id"
# A page that this machine serves, or an app in its web view.
_LOCAL_ORIGIN: Final = re.compile(r"(https?|capacitor|ionic|tauri)://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
_PREFLIGHT_SECONDS: Final = "3600"
# How long a picture that was revoked may still be seen where somebody keeps it.
PUBLIC_SECONDS: Final = 300
_NOTHING_RUNS: Final = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'"


def answer(content: Mapping[str, Any], status: int = 200) -> Response:
    """A JSON answer that nobody keeps."""
    response = Response(json.dumps(content), status=status, content_type="application/json")
    response.headers["Cache-Control"] = "no-store"
    return response


def query_response(request: Request, content: Mapping[str, Any], same: object = None) -> Response:
    """A JSON answer with the tag of its content; 304 where the client has the same.

    `same` is what tells whether two answers say the same, where not all of the content does; their tag is a weak one.
    """
    response = answer(content)
    tag = _tag_of(response.get_data()) if same is None else content_tag(same)
    return _tagged(request, response, tag, is_weak=same is not None)


def table_response(request: Request, text: str, name: str) -> Response:
    """Comma-separated values to be kept under a name, with the tag of their content; 304 where the client has them."""
    response = Response(text, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return _tagged(request, response, _tag_of(response.get_data()))


def _tagged(request: Request, response: Response, tag: str, *, is_weak: bool = False) -> Response:
    response.headers["Cache-Control"] = "private, no-cache"
    if request.if_none_match.contains_weak(tag):
        response = _empty(304, {"Cache-Control": "private, no-cache"})
    response.set_etag(tag, weak=is_weak)
    return response


def versioned_response(
    request: Request, asked: Sequence[object], version: Callable[[], str], ask: Callable[[], Versioned[Any]]
) -> Response:
    """A JSON answer with the tag of what it is made of; 304 where that is the client's, which is found out first.

    `asked` is what else the content depends on: the question with its parameters, and the release that answers.
    """
    kept = {"Cache-Control": "private, no-cache"}
    if request.if_none_match and request.if_none_match.contains_weak(found := content_tag([*asked, version()])):
        response = _empty(304, kept)
    else:
        answered = ask()
        response, found = answer(answered.content), content_tag([*asked, answered.version])
        response.headers.update(kept)
    response.set_etag(found)
    return response


def public_response(
    context: RequestContext, share: Share, content_type: str, drawn: Callable[[Snapshot], bytes]
) -> Response:
    """What everybody may see and keep for a while, but not past its end; 304 where that is what the client has.

    It is made only where it is sent: the tag is that of what it is made of and by whom. Nothing in it may run or load.
    """
    tag = content_tag([share.share_id, content_type, runtime.release()])
    left = int((share.expires_at - context.now).total_seconds())
    if context.request.if_none_match.contains_weak(tag):
        response = _empty(304, {})
    else:
        response = Response(drawn(share.snapshot), content_type=content_type)
        response.headers["Content-Security-Policy"] = _NOTHING_RUNS
        response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = f"public, max-age={min(PUBLIC_SECONDS, left)}"
    response.set_etag(tag)
    return response


def content_tag(content: object) -> str:
    """What tells a content from any other."""
    return _tag_of(json.dumps(content).encode())


def _tag_of(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()[:32]


def command_response(outcome: Outcome, status: int = 200) -> Response:
    """The answer to a command; it says when it is the first answer given again, and what the limit leaves the user.

    Settings that it tells have the tag that they have where they are asked for: the next change is made of them.
    """
    response = counted(answer(outcome.response, status), outcome.quota)
    if "settings" in outcome.response:
        response.set_etag(content_tag(outcome.response["settings"]))
    return given_again(response, is_replayed=outcome.replayed)


def given_again(response: Response, *, is_replayed: bool) -> Response:
    """The answer, saying so where it is the first one given again."""
    if is_replayed:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def counted(response: Response, quota: Quota | None) -> Response:
    """The answer, saying what the limit leaves the user where anything was counted."""
    response.headers.update(quota_headers(quota))
    return response


def lines_response(lines: Iterable[Mapping[str, Any]], file_name: str) -> Response:
    """An answer of a line of JSON each, sent as they come; of a failure on the way nothing but its end tells."""
    response = Response((f"{json.dumps(line)}\n" for line in lines), content_type="application/x-ndjson")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def erasure_response(erasure: Erasure) -> Response:
    """What has become of an erasing; 202 where it is not finished."""
    content = {"erased_at": rfc3339(erasure.erased_at), "finished": erasure.is_finished}
    return answer(content, HTTPStatus.OK if erasure.is_finished else HTTPStatus.ACCEPTED)


def recorded_part(result: Outcome | StreakError) -> dict[str, Any]:
    """The answer to an activity as a part of that to many: the streak is told once, as it is after all of them."""
    if isinstance(result, StreakError):
        return refused_part(result)
    told = {name: value for name, value in result.response.items() if name != "streak"}
    return {"status": HTTPStatus.CREATED.value, "replayed": result.replayed, **told}


def done_part(outcome: Outcome) -> dict[str, Any]:
    """The answer to a command as a part of that to many."""
    return {"status": HTTPStatus.OK.value, "replayed": outcome.replayed, **outcome.response}


def refused_part(refusal: StreakError) -> dict[str, Any]:
    """A refusal as a part of the answer to many, with what alone is said in `Retry-After`."""
    part, seconds = _problem_part(problem_content(refusal)), retry_after_seconds(refusal)
    return part if seconds is None else {**part, "retry_after_seconds": seconds}


def failed_part() -> dict[str, Any]:
    """What should not happen, and has happened to a part of many."""
    return _problem_part(internal_content())


def preflight(allowed: Iterable[str]) -> Response:
    """The answer to OPTIONS: which methods a path knows, and what browsers may send."""
    methods = ", ".join(allowed)
    headers = {
        "Allow": methods,
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": _SENT_HEADERS,
        "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
    }
    return _empty(204, headers)


def share(request: Request, response: Response, config: Config) -> Response:
    """Lets browsers of an allowed origin read the answer, and those of others not."""
    origin = request.headers.get("Origin")
    response.vary.add("Origin")
    if origin and _may_call(origin, config):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = _READ_HEADERS
    else:
        response.headers.pop("Access-Control-Allow-Methods", None)
        response.headers.pop("Access-Control-Allow-Headers", None)
        response.headers.pop("Access-Control-Max-Age", None)
    return response


def _problem_part(said: Problem) -> dict[str, Any]:
    return {"status": said["status"], "problem": said}


def _may_call(origin: str, config: Config) -> bool:
    """Whether pages of an origin may read answers: those that are named; where none is, local ones to an emulator."""
    if config.is_emulated and not config.cors_origins:
        return _LOCAL_ORIGIN.fullmatch(origin) is not None
    return origin in config.cors_origins or "*" in config.cors_origins


def _empty(status: int, headers: Mapping[str, str]) -> Response:
    """An answer without a body, which therefore has no content type either."""
    response = Response(status=status, headers=dict(headers))
    del response.headers["Content-Type"]
    return response
