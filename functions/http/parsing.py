"""What was sent: JSON bodies, query parameters, paths and keys, read strictly into typed data.

It must not know what is done with it. What does not have the documented form is `Malformed`, field by field.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Final, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from functions.http.problems import UnsupportedMediaType
from functions.http.receiving import BODY_BYTES_MAX, received
from functions.http.wording import field_error, in_our_words
from streak_core.domain.entries import CHECK_IN_PREFIX
from streak_core.domain.errors import FieldError, Malformed, UnknownParameter
from streak_core.domain.refusals import ActivityNotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from flask import Request

FIRST_INSTANT: Final = datetime(1970, 1, 2, tzinfo=UTC)
LAST_INSTANT: Final = datetime(2200, 1, 1, tzinfo=UTC)

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE_NUMBER: Final = re.compile(r"\d{1,30}", re.ASCII)
_ID: Final = re.compile(r"[A-Za-z0-9._:~-]{1,128}")
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:~-]{0,127}")
_RESERVED_ID: Final = re.compile(r"\.{1,2}|__.*__")

# A body is read as it comes; nothing is ever unpacked, so that a small one can't become a large one.
_PLAIN_CODINGS: Final = frozenset({"", "identity"})
_NO_ZONE: Final = "has no zone: end it with Z for UTC, or with an offset such as +01:00"
_NO_BODY: Final = "a JSON body is needed, with Content-Type: application/json"
_PLAIN: Final = "must be 1 to 128 letters, digits or . _ : ~ -"
_OUT_OF_RANGE: Final = "must lie between 1970-01-02 and 2199-12-31"

T = TypeVar("T")
B = TypeVar("B", bound="Body")


def _plain_id(text: str) -> str:
    if not _ID.fullmatch(text) or _RESERVED_ID.fullmatch(text):
        raise ValueError(_PLAIN)
    if text.startswith(CHECK_IN_PREFIX):
        message = f"must not begin with {CHECK_IN_PREFIX}"
        raise ValueError(message)
    return text


def instant(sent: object) -> datetime:
    """The instant of an RFC 3339 text, and of nothing else that a lenient reader would take. Raises `ValueError`."""
    try:
        found = datetime.fromisoformat(sent.upper()) if isinstance(sent, str) and _RFC3339.fullmatch(sent) else None
    except ValueError:
        found = None
    if found is None:
        is_naive = isinstance(sent, str) and _RFC3339.fullmatch(f"{sent}Z")
        message = _NO_ZONE if is_naive else "must be an instant such as 2026-03-02T09:00:00Z"
        raise ValueError(message)
    if not FIRST_INSTANT <= found < LAST_INSTANT:
        raise ValueError(_OUT_OF_RANGE)
    return found


def day(sent: object) -> date:
    """The date of a text such as 2026-03-02. Raises `ValueError`."""
    try:
        found = date.fromisoformat(sent) if isinstance(sent, str) and _DATE.fullmatch(sent) else None
    except ValueError:
        found = None
    if found is None:
        message = "must be a date such as 2026-03-02"
        raise ValueError(message)
    if not FIRST_INSTANT.date() <= found < LAST_INSTANT.date():
        raise ValueError(_OUT_OF_RANGE)
    return found


Instant = Annotated[datetime, BeforeValidator(instant)]
Day = Annotated[date, BeforeValidator(day)]
PlainId = Annotated[str, AfterValidator(_plain_id)]
CALENDAR_DAYS: Final = TypeAdapter[int](Annotated[int, Field(ge=1, le=366)])


class Body(BaseModel):
    """A JSON object with exactly these fields."""

    # Built when one is first sent, so that a start does not pay for bodies that may never come.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, defer_build=True)
    # What is said of a field that is not known, and like none that is.
    elsewhere: ClassVar[str] = ""


class NoBody(Body):
    """For a command that needs nothing but its path: no body, or an empty object."""


def no_body(request: Request) -> None:
    """Checks that there is no body, or an empty object. Raises as `body` does."""
    body_if_any(request, NoBody)


def body_if_any(request: Request, form: type[B]) -> B:
    """The body as `form`, all of whose fields may be absent; no body is one without fields. Raises as `body` does."""
    raw = received(request)
    return _read(request, raw, form) if raw else form()


def body(request: Request, form: type[B], bytes_max: int = BODY_BYTES_MAX) -> B:
    """The body as `form`. Raises `BodyBroken`, `ContentTooLarge`, `UnsupportedMediaType`, `Malformed`."""
    raw = received(request, bytes_max)
    if not raw:
        raise Malformed(FieldError("", _NO_BODY))
    return _read(request, raw, form)


def part(sent: Mapping[str, Any], form: type[B]) -> B:
    """A part of a body as `form`, where each is to be judged by itself. Raises `Malformed`."""
    try:
        return form.model_validate(sent)
    except ValidationError as error:
        raise Malformed(*(field_error(one, form) for one in error.errors(include_url=False))) from error


def _read(request: Request, raw: bytes, form: type[B]) -> B:
    if request.mimetype != "application/json" or _coding(request) not in _PLAIN_CODINGS:
        raise UnsupportedMediaType
    _check_json(raw)
    try:
        return form.model_validate_json(raw)
    except ValidationError as error:
        raise Malformed(*(field_error(one, form) for one in error.errors(include_url=False))) from error


def check_parameters(request: Request, known: Collection[str]) -> None:
    """Raises `UnknownParameter`, which names each parameter of the query that is none of those, and those."""
    unknown = [name for name in request.args if name not in known]
    if unknown:
        message = f"is no parameter of this route; it knows {' and '.join(known) or 'none'}"
        raise UnknownParameter(*(FieldError(name, message) for name in unknown))


def query(request: Request, name: str, form: TypeAdapter[T], default: T) -> T:
    """A whole number of the query, or its default. Raises `Malformed`."""
    text = parameter(request, name)
    if text is None:
        return default
    if not _WHOLE_NUMBER.fullmatch(text):
        raise Malformed(FieldError(name, "must be a whole number"))
    try:
        return form.validate_python(int(text))
    except ValidationError as error:
        raise Malformed(FieldError(name, in_our_words(error.errors(include_url=False)[0]))) from error


def parameter(request: Request, name: str) -> str | None:
    """A parameter of the query as it was sent, if it was. Raises `Malformed` for one that stands twice."""
    found = request.args.getlist(name)
    if len(found) > 1:
        raise Malformed(FieldError(name, "stands twice"))
    return found[0] if found else None


def path_id(text: str) -> str:
    """The id of an activity in a path. Raises `ActivityNotFound` for one that no activity can have."""
    if not _ID.fullmatch(text) or _RESERVED_ID.fullmatch(text):
        raise ActivityNotFound
    return text


def path_name(text: str, field: str) -> str:
    """What an app calls a thing of its own, in a path. Raises `Malformed` for what can't be the name of one."""
    if not _NAME.fullmatch(text):
        raise Malformed(FieldError(field, f"{_PLAIN}, and begin with a letter or a digit"))
    return text


def path_day(text: str) -> date:
    """A date in a path. Raises `Malformed`."""
    try:
        return day(text)
    except ValueError as error:
        raise Malformed(FieldError("date", str(error))) from error


def idempotency_key(request: Request) -> str | None:
    """The client's key, with or without the quotes of a structured header. Raises `Malformed`."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    try:
        return _plain_id(key)
    except ValueError as error:
        raise Malformed(FieldError("Idempotency-Key", str(error))) from error


def _coding(request: Request) -> str:
    return (request.content_encoding or "").strip().lower()


def _check_json(raw: bytes) -> None:
    """Refuses what JSON readers disagree about: doubled names, NaN, infinities, numbers out of range, invalid text."""
    try:
        json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Malformed(FieldError("", "must be a JSON object in UTF-8, each name once, numbers finite")) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        message = "a name stands twice"
        raise ValueError(message)
    return found


def _refused(constant: str) -> NoReturn:
    raise ValueError(constant)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return number
