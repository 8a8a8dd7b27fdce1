"""What commands and questions are refused for, each with a code of its own. Must not know HTTP, nor who asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streak_core.domain.errors import (
    Conflict,
    Gone,
    Limited,
    NotAllowed,
    NotFound,
    PreconditionFailed,
    Unprocessable,
)

if TYPE_CHECKING:
    from streak_core.domain.rate_limit import Quota


class IdempotencyKeyReused(Unprocessable):
    """An id or a key came again with other content."""

    code = "idempotency_key_reused"
    message = "This id or idempotency key was used before, with other content. Use a new one for a new request."


class OccurredInTheFuture(Unprocessable):
    """An activity is ahead of the server's clock."""

    code = "occurred_in_the_future"
    message = (
        "That lies more than {minutes} minutes ahead of the server's clock, which says {now}. Send when it occurred; "
        "if the clock of the device is ahead, send no time: then it is now."
    )


class OccurredTooLongAgo(Unprocessable):
    """An activity is too old."""

    code = "occurred_too_long_ago"
    message = "That lies more than {days} streak days before today; so late it is not accepted any more."


class ActivityNotFound(NotFound):
    """There is no such activity."""

    code = "activity_not_found"
    message = "No activity of this user has that id. GET /streak/activities lists them."


class ActivityIsUndone(Conflict):
    """An activity was undone, and its id is sent again."""

    code = "activity_undone"
    message = "The activity of this id was undone. Bring it back: POST /streak/activities/{activity_id}/redo."


class UndoTooLate(Conflict):
    """An activity is too old to be undone or redone."""

    code = "undo_too_late"
    message = "Its streak day lies more than {days} days before today: too late to undo or redo it. It stays as it is."


class NothingToTakeBack(Conflict):
    """There is no reset that could be taken back."""

    code = "nothing_to_take_back"
    message = "No reset was given in the last {days} days that was not taken back. An older one stays."


class DateOutOfRange(Unprocessable):
    """A freeze can't be planned, or taken back, for that day."""

    code = "date_out_of_range"
    message = "The date must lie from {first} to {last}."


class NothingToProtect(Conflict):
    """A freeze would have nothing to protect."""

    code = "nothing_to_protect"
    message = (
        "That day did not break a streak, so there is nothing that a freeze could protect. "
        "GET /streak/offers says what can be done."
    )


class NoFreezeAvailable(Conflict):
    """There is no freeze for that day."""

    code = "no_freeze_available"
    message = (
        "No freeze is available for that day: none is held, or as many days are planned as are held. XP earn one; "
        "DELETE /streak/freezes/{{date}} takes a planned one back."
    )


class NothingToRepair(Conflict):
    """The last day that asked for an activity did not break a streak."""

    code = "nothing_to_repair"
    message = (
        "The last day that asked for an activity was not a single missed day that broke a streak. "
        "GET /streak/offers says what can be done."
    )


class RepairOnCooldown(Conflict):
    """The last repair was not long enough ago."""

    code = "repair_on_cooldown"
    message = "A streak can be repaired once in {days} days; again from {again_from} on."


class RepairNeedsMoreActivity(Conflict):
    """Today has too few counted activities for a repair."""

    code = "repair_needs_more_activity"
    message = (
        "A repair needs {needed} counted activities today; there are {counted}. Record the others, and send it again."
    )


class TooManyActivities(Conflict):
    """A streak day is full."""

    code = "too_many_activities"
    message = (
        "That streak day has {most} activities, as many as it can have. DELETE /streak/activities/{{id}} makes room."
    )


class RateLimited(Limited):
    """Too many commands in too short a time."""

    code = "rate_limited"
    message = "More commands came from this user than are accepted in so short a time. Try again in {seconds} seconds."

    def __init__(self, quota: Quota) -> None:
        self.quota = quota
        super().__init__(quota.more_after_seconds)


class PauseMustBeInTheFuture(Unprocessable):
    """A pause would begin before today."""

    code = "pause_must_be_in_the_future"
    message = "A pause begins today, {today}, at the earliest."


class PauseTooLong(Unprocessable):
    """A pause would be too long."""

    code = "pause_too_long"
    message = "A pause has at most {days} days."


class AlreadyPaused(Conflict):
    """A pause would share a day with another one."""

    code = "already_paused"
    message = "Another pause has some of these days: from {first} to {last}. End it first, or choose other days."


class TooManyPauses(Conflict):
    """There are enough pauses."""

    code = "too_many_pauses"
    message = (
        "There are {most} pauses running or to come, as many as there can be. End one: DELETE /streak/pauses/{{id}}."
    )


class PauseNotFound(NotFound):
    """There is no such pause."""

    code = "pause_not_found"
    message = "No pause of this user has that id. GET /streak/pauses lists those that are not over."


class Blocked(NotAllowed):
    """An operator has blocked the user."""

    code = "blocked"
    message = "This account may read but change nothing until {end}. Ask support."

    def __init__(self, *, until: str | None) -> None:
        self.until = until
        super().__init__(end=until or "support lifts that")


class ReasonRequired(Unprocessable):
    """An operator does not say why."""

    code = "reason_required"
    message = "Say why, in `reason`: whoever reads this user's ledger will ask."


class FreezesFull(Conflict):
    """More freezes would be held than can be."""

    code = "freezes_full"
    message = (
        "{held} freezes are held and at most {most} can be, so {count} more don't fit. Send `over_cap` to go above."
    )


class NothingToRestore(Conflict):
    """There is no missed day, or no streak running."""

    code = "nothing_to_restore"
    message = "That day was not missed, or is decided for good; and days are given only to a streak that is running."


class CostsTheStreak(Conflict):
    """What is meant to help would make a streak shorter."""

    code = "costs_the_streak"
    message = (
        "By that the streak would be {after} and the longest {longest}: an earlier day would spend the freeze that "
        "keeps it now. Excuse or restore the later days as well, in one go or first."
    )


class TooManyGrants(Conflict):
    """A streak day was given enough."""

    code = "too_many_grants"
    message = "Today this user was given something {most} times, as often as can be. Give more at once, or tomorrow."


class TimeZoneUnknown(Conflict):
    """The stored zone is not one of the time zone data that this program has."""

    code = "time_zone_unknown"
    message = (
        "The time zone {zone} that is stored for this user is not known to this version of the service, so that no day "
        "can be told. Set another one: PATCH /streak/settings with time_zone."
    )


class TooManyZoneChanges(Limited):
    """The time zone was changed too often."""

    code = "too_many_zone_changes"
    message = "The time zone changed {most} times within some weeks. Send it without time_zone, or again in some days."

    def __init__(self, *, most: int) -> None:
        super().__init__(86_400, most=most)


class SettingsChangedSince(PreconditionFailed):
    """The settings are not those any more that the change was made of."""

    code = "precondition_failed"
    message = (
        "The settings are not those any more that If-Match names. Nothing was changed. Read them again (GET "
        "/streak/settings), see what differs, and send what is still to change with the ETag of that answer."
    )


class UserExists(Conflict):
    """A user is to be brought along of whom something is stored already."""

    code = "user_exists"
    message = "Something is stored of this user already; only somebody new can be brought along. Nothing was changed."


class UserErased(Gone):
    """Everything of the user was erased, and a sign-in from before that still sends something."""

    code = "user_erased"
    message = "Everything of this user was erased. Nothing is taken of sign-ins from before; a new sign-in begins anew."
