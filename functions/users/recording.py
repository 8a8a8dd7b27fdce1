"""Recording what a user did: one activity, or many at once, of which each is answered as if it came alone.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final

from pydantic import Field

from functions.http import parsing, runtime
from functions.http.executing import carried_out
from functions.http.receiving import BATCH_BYTES_MAX
from functions.http.rendering import answer, counted, recorded_part
from streak_core.batches import ACTIVITIES_MAX, ActivityBatch, BatchOutcome
from streak_core.domain.commands import RecordActivity
from streak_core.domain.errors import FieldError, Malformed, StreakError

if TYPE_CHECKING:
    from flask import Request, Response

    from functions.http.dispatch import RequestContext

_KEY: Final = "Idempotency-Key"

ZoneName = Annotated[str, Field(max_length=64)]
Sent = dict[str, Any]


class ActivityBody(parsing.Body):
    """What a user did."""

    elsewhere: ClassVar[str] = "what an activity type takes, such as a score, stands in metadata"

    activity_type: Annotated[str, Field(max_length=64)]
    metadata: dict[str, Any] = Field(default_factory=dict)
    occurred_at: parsing.Instant | None = None
    time_zone: ZoneName | None = None
    activity_id: parsing.PlainId | None = None


class BatchBody(parsing.Body):
    """What a user did; each one is read by itself."""

    activities: Annotated[list[Sent], Field(min_length=1, max_length=ACTIVITIES_MAX)]
    stop_at_refusal: bool = False


def record_activity(context: RequestContext) -> Response:
    """POST /streak/activities."""
    body = parsing.body(context.request, ActivityBody)
    activity_id = _activity_id(body, parsing.idempotency_key(context.request))
    command = RecordActivity(activity_id=activity_id, **body.model_dump(exclude={"activity_id"}))
    return carried_out(context, command, status=201)


def record_activities(context: RequestContext) -> Response:
    """POST /streak/activities:batch."""
    no_key(context.request)
    body = parsing.body(context.request, BatchBody, BATCH_BYTES_MAX)
    results, outcome = recorded_for(context, context.user_id, body)
    return counted(answer({"results": results, "streak": outcome.streak}), outcome.quota)


def recorded_for(context: RequestContext, user_id: str, body: BatchBody) -> tuple[list[Sent], BatchOutcome]:
    """What each activity of a user is answered, in their order, and what came of all of them."""
    batch = ActivityBatch(
        runtime.commands(), user_id, context.now, [_read(one) for one in body.activities], context.actor
    )
    outcome = batch.run(stop_at_refusal=body.stop_at_refusal)
    refusals = [one for one in outcome.results if isinstance(one, StreakError)]
    runtime.tell_refused(user_id, RecordActivity.name, refusals, context.actor, context.now)
    return [recorded_part(one) for one in outcome.results], outcome


def no_key(request: Request) -> None:
    """Raises `Malformed` for the key of a whole batch: each of it has a name of its own."""
    if _KEY in request.headers:
        raise Malformed(FieldError(_KEY, "names a single command; give each activity an activity_id instead"))


def _read(sent: Sent) -> RecordActivity | Malformed:
    try:
        body = parsing.part(sent, ActivityBody)
    except Malformed as refusal:
        return refusal
    return RecordActivity(activity_id=_activity_id(body, None), **body.model_dump(exclude={"activity_id"}))


def _activity_id(body: ActivityBody, key: str | None) -> str:
    """The client's id, from the header or the body, else a new one."""
    if key and body.activity_id and key != body.activity_id:
        raise Malformed(FieldError("activity_id", "differs from the Idempotency-Key header"))
    return key or body.activity_id or str(uuid.uuid4())
