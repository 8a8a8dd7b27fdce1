"""The one family of errors: each has a stable `code`, and its docstring is what the client reads.

It must not know HTTP: the edge maps the five kinds below to statuses in one place.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field of what was sent; `field` is a dotted path, empty for the whole."""

    field: str
    message: str


class StreakError(Exception):
    """The request could not be carried out."""

    code = "error"

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or inspect.cleandoc(type(self).__doc__ or "")
        super().__init__(f"{self.code}: {self.detail}")


class Unprocessable(StreakError):
    """What was asked lies outside the rules, whatever the state of the streak."""


class Conflict(StreakError):
    """What was asked does not fit the streak as it is now."""


class NotFound(StreakError):
    """There is no such thing."""


class Unavailable(StreakError):
    """The service cannot answer now; the same request may succeed a little later."""

    retry_after_seconds = 1


class Limited(StreakError):
    """It was asked for more than is allowed; the same request may succeed after `retry_after_seconds`."""

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__()


class Malformed(Unprocessable):
    """What was sent does not have the form that is documented; `errors` names each field."""

    code = "invalid_request"

    def __init__(self, *errors: FieldError) -> None:
        self.errors = errors
        super().__init__()


class NaiveDatetimeError(TypeError):
    """An instant without a time zone was handed in; every instant here is timezone-aware."""


class IdempotencyKeyReused(Unprocessable):
    """This id or idempotency key was used before, with other content."""

    code = "idempotency_key_reused"


class OccurredInTheFuture(Unprocessable):
    """The activity lies further ahead of the server's clock than is accepted."""

    code = "occurred_in_the_future"


class OccurredTooLongAgo(Unprocessable):
    """The activity's streak day lies further back than late activities are accepted."""

    code = "occurred_too_long_ago"


class ActivityNotFound(NotFound):
    """No activity of this user has that id."""

    code = "activity_not_found"


class UndoTooLate(Conflict):
    """The activity's streak day lies further back than activities can be undone."""

    code = "undo_too_late"


class DateOutOfRange(Unprocessable):
    """A freeze can be planned from yesterday, and taken back from today, until a week from today."""

    code = "date_out_of_range"


class NothingToProtect(Conflict):
    """Yesterday did not break a streak, so there is nothing that a freeze could protect."""

    code = "nothing_to_protect"


class NoFreezeAvailable(Conflict):
    """No freeze is available for that day: none is held, or all held are planned already."""

    code = "no_freeze_available"


class NothingToRepair(Conflict):
    """Yesterday was not a single missed day that broke a streak."""

    code = "nothing_to_repair"


class RepairOnCooldown(Conflict):
    """A streak can be repaired once in thirty days."""

    code = "repair_on_cooldown"


class RepairNeedsMoreActivity(Conflict):
    """A repair needs more counted activities today."""

    code = "repair_needs_more_activity"


class TooManyActivities(Conflict):
    """That streak day has as many activities as a day can have."""

    code = "too_many_activities"


class RateLimited(Limited):
    """More commands came from this user than are accepted in so short a time; Retry-After says how long to wait."""

    code = "rate_limited"


class PauseMustBeInTheFuture(Unprocessable):
    """A pause begins today at the earliest."""

    code = "pause_must_be_in_the_future"


class PauseTooLong(Unprocessable):
    """The pause has more days than a pause may have."""

    code = "pause_too_long"


class AlreadyPaused(Conflict):
    """Another pause is running or planned; end it first."""

    code = "already_paused"


class TimeZoneUnknown(Unprocessable):
    """The time zone that is stored for this user is not known here (any more); set a time zone in the settings."""

    code = "time_zone_unknown"


class TooManyZoneChanges(Conflict):
    """The time zone was changed more often than can be followed; it can be changed again in some days."""

    code = "too_many_zone_changes"


class ContentionError(Unavailable):
    """Too many requests for this user at the same moment; try again."""

    code = "contention"


class DatabaseUnavailable(Unavailable):
    """The database does not answer; try again."""

    code = "database_unavailable"
