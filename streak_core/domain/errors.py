"""The one family of errors: each has a stable `code`, and a `message` for people with the numbers in force.

It must not know HTTP: the edge maps the kinds below to statuses in one place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of what was sent; `field` is a dotted path, empty for the whole."""

    field: str
    message: str


class StreakError(Exception):
    """The request could not be carried out. `values` fill the places in braces of the message."""

    code: ClassVar[str] = "error"
    message: ClassVar[str] = "The request could not be carried out."

    def __init__(self, **values: object) -> None:
        self.detail = self.message.format(**values)
        super().__init__(f"{self.code}: {self.detail}")


class Unprocessable(StreakError):
    """What was asked lies outside the rules, whatever the state of the streak."""


class Conflict(StreakError):
    """What was asked does not fit the streak as it is now."""


class PreconditionFailed(StreakError):
    """What the client builds on is not so any more."""


class NotAllowed(StreakError):
    """It is known who asks, and that may not be done now."""


class NotFound(StreakError):
    """There is no such thing."""


class Gone(StreakError):
    """It was there, and is not any more, for good."""


class NotTried(StreakError):
    """One of many was left alone, since the batch ended with the refusal of one before it."""

    code = "not_tried"
    message = (
        "The batch ended with the refusal of one before this one (stop_at_refusal), so nothing was done with it. "
        "Mend or drop the one that was refused, and send this one again."
    )


class Unavailable(StreakError):
    """The service cannot answer now; the same request may succeed a little later."""

    retry_after_seconds = 1


class Limited(StreakError):
    """It was asked for more than is allowed; the same request may succeed after `retry_after_seconds`."""

    def __init__(self, retry_after_seconds: int, **values: object) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(seconds=retry_after_seconds, **values)


class Malformed(Unprocessable):
    """What was sent does not have the documented form; `errors` names each field."""

    code = "invalid_request"
    message = "What was sent does not have the form that is documented; `errors` names each field."

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__()


class UnknownParameter(Malformed):
    """The query has a parameter that the route does not have."""

    code = "unknown_parameter"
    message = "The query has a parameter that this route does not have; `errors` names each, and those that it has."


class NaiveDatetimeError(TypeError):
    """An instant without a time zone was handed in; every instant here is timezone-aware."""


class ErasingUnfinished(Unavailable):
    """The user signed in anew while what there was is still being erased."""

    code = "erasing_unfinished"
    message = "What was stored of this user before is still being erased. Try again; DELETE /streak goes on with it."
    retry_after_seconds = 30


class UserBusy(Unavailable):
    """Others changed the same user again and again."""

    code = "contention"
    message = "Too many requests for this user came at the same moment. Try again."


class UserIncomplete(Unavailable):
    """The ledger knows of more than the streak does: a document was deleted, or an older one was put over it."""

    code = "user_incomplete"
    message = (
        "A part of what is stored of this user is missing, and an operator has to mend it. Nothing was changed. "
        "Send it again later."
    )
    retry_after_seconds = 300


class NewerVersionNeeded(Unavailable):
    """A later version of this program has written what this one would have to read."""

    code = "stored_by_newer_version"
    message = "What is stored was written by a newer version of the service, which alone can answer. Try again."


class DatabaseUnavailable(Unavailable):
    """The database does not answer."""

    code = "database_unavailable"
    message = "The database does not answer. Try again."


class DatabaseOverloaded(DatabaseUnavailable):
    """The database does not keep up."""

    message = "The database does not keep up. Try again, but not at once."
    retry_after_seconds = 10
