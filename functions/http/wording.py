"""What is wrong with a field, in words for whoever has to mend it, and not in those of the library that reads it.

It must not know any single body, nor how an answer is rendered.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.domain.errors import FieldError
from streak_core.domain.near import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic_core import ErrorDetails

    from functions.http.parsing import Body

_UNKNOWN: Final = "extra_forbidden"
_CHOICE: Final = "literal_error"
_OTHERWISE: Final = "does not have the form that is documented"
# By pydantic's name of what is wrong; the places in braces are what it tells with it.
_WORDS: Final[Mapping[str, str]] = {
    "missing": "is missing",
    "model_type": "must be a JSON object",
    "dict_type": "must be a JSON object",
    "list_type": "must be a JSON list",
    "string_type": "must be a text",
    "string_too_long": "must have at most {max_length} characters",
    "string_too_short": "must have at least {min_length} characters",
    "too_long": "must have at most {max_length} items",
    "too_short": "must have at least {min_length} items",
    "bool_type": "must be true or false",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "less_than": "must be less than {lt}",
    # What our own readers say.
    "value_error": "{error}",
    _CHOICE: "must be one of: {expected}",
    _UNKNOWN: "is not known here",
}


def field_error(error: ErrorDetails, form: type[Body]) -> FieldError:
    """One error of a body of that form; for a name that is not known, what may have been meant."""
    place, message = [str(part) for part in error["loc"]], in_our_words(error)
    if error["type"] == _UNKNOWN:
        message += did_you_mean(place[-1], _names(form)) or (f"; {form.elsewhere}" if form.elsewhere else "")
    return FieldError(".".join(place), message)


def in_our_words(error: ErrorDetails) -> str:
    """What is wrong with the value."""
    values, sent = error.get("ctx", {}), error["input"]
    message = _WORDS.get(error["type"], _OTHERWISE).format_map(values)
    if error["type"] != _CHOICE:
        return message
    choices = [part.strip("'") for part in str(values["expected"]).replace(" or ", ", ").split(", ")]
    near = did_you_mean(sent, choices) if isinstance(sent, str) else ""
    return f"must be one of: {', '.join(choices)}{near}"


def _names(form: type[Body]) -> Iterator[str]:
    for name, known in form.model_fields.items():
        yield known.alias or name
