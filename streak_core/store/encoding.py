"""Documents as Firestore's messages, made straight from protobuf.

It must not know what a document means. The client wraps each value in two objects of its own, at a cost that was more
than that of deciding; a test holds what is made here and what the client makes equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from google.cloud.firestore_v1.types import Write

if TYPE_CHECKING:
    from collections.abc import Iterable

# The message itself, without the client's wrapping.
_MESSAGE: Final = type(Write.pb(Write()))
# The one value of protobuf's NullValue.
_NULL: Final = 0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS_A_DAY: Final = 86_400
_NANOS_A_MICROSECOND: Final = 1_000


def new_document(path: str, document: Mapping[str, Any]) -> Write:
    """A document that must not be there yet; `path` is its whole name, with project and database."""
    message = _whole(path, document)
    message.current_document.exists = False
    return _wrapped(message)


def whole_document(path: str, document: Mapping[str, Any]) -> Write:
    """A document, whatever is there."""
    return _wrapped(_whole(path, document))


def changed_fields(path: str, fields: Mapping[str, Any]) -> Write:
    """Some fields of a document, whose names are identifiers. Raises `ValueError`."""
    message = _whole(path, fields)
    message.update_mask.field_paths.extend(sorted(_identifiers(fields)))
    return _wrapped(message)


def _whole(path: str, document: Mapping[str, Any]) -> Any:  # noqa: ANN401 - a message of a generated class
    message = _MESSAGE()
    message.update.name = path
    _fill(message.update.fields, document)
    return message


def _wrapped(message: Any) -> Write:  # noqa: ANN401 - a message of a generated class
    write: Write = Write.wrap(message)
    return write


def _identifiers(names: Iterable[str]) -> list[str]:
    found = list(names)
    if strange := [name for name in found if not (name.isascii() and name.isidentifier())]:
        message = f"{strange[0]!r} would have to be quoted in a field path"
        raise ValueError(message)
    return found


def _fill(fields: Any, document: Mapping[str, Any]) -> None:  # noqa: ANN401 - a map of a generated message
    for name, value in document.items():
        _set(fields[name], value)


def _set(message: Any, value: Any) -> None:  # noqa: ANN401 - whatever a document may hold
    """One value. Raises `TypeError` for what a document of ours never holds."""
    if isinstance(value, str):
        message.string_value = value
    elif value is None:
        message.null_value = _NULL
    elif isinstance(value, bool):
        message.boolean_value = value
    elif isinstance(value, int):
        message.integer_value = value
    elif isinstance(value, datetime):
        since = value - _EPOCH
        message.timestamp_value.seconds = since.days * _SECONDS_A_DAY + since.seconds
        message.timestamp_value.nanos = since.microseconds * _NANOS_A_MICROSECOND
    elif isinstance(value, float):
        message.double_value = value
    elif isinstance(value, Mapping):
        message.map_value.SetInParent()
        _fill(message.map_value.fields, value)
    elif isinstance(value, list):
        message.array_value.SetInParent()
        for each in value:
            _set(message.array_value.values.add(), each)
    else:
        unknown = f"a document can't hold a {type(value).__name__}"
        raise TypeError(unknown)
