"""The kinds of steps that scenarios and lives are made of. Must not know who takes them, or what is right."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

Step = dict[str, Any]


class CommandStep(StrEnum):
    """Gives a command."""

    RECORD = "record"
    CHECK_IN = "check_in"
    UNDO = "undo"
    REDO = "redo"
    RESET = "reset"
    TAKE_RESET_BACK = "take_reset_back"
    PLAN_FREEZE = "plan_freeze"
    UNPLAN_FREEZE = "unplan_freeze"
    REPAIR = "repair"
    PAUSE = "pause"
    ADD_PAUSE = "add_pause"
    RESUME = "resume"
    END_PAUSE = "end_pause"
    SET_TIME_ZONE = "set_time_zone"
    SET_REST_WEEKDAYS = "set_rest_weekdays"
    SET_AUTO_FREEZE = "set_auto_freeze"
    CHOOSE_NOTICES = "choose_notices"
    JOIN_CHALLENGE = "join_challenge"
    LEAVE_CHALLENGE = "leave_challenge"
    JOIN_LEADERBOARD = "join_leaderboard"
    LEAVE_LEADERBOARD = "leave_leaderboard"
    HIDE_FROM_LEADERBOARD = "hide_from_leaderboard"
    SHOW_ON_LEADERBOARD = "show_on_leaderboard"
    OPEN = "open"
    GRANT_FREEZES = "grant_freezes"
    EXCUSE_DAYS = "excuse_days"
    RESTORE = "restore"
    GRANT_XP = "grant_xp"
    BLOCK = "block"
    UNBLOCK = "unblock"


# Those that an operator gives for the user.
OPERATOR_STEPS: Final = frozenset(
    {
        CommandStep.OPEN,
        CommandStep.GRANT_FREEZES,
        CommandStep.EXCUSE_DAYS,
        CommandStep.RESTORE,
        CommandStep.GRANT_XP,
        CommandStep.BLOCK,
        CommandStep.UNBLOCK,
        CommandStep.HIDE_FROM_LEADERBOARD,
        CommandStep.SHOW_ON_LEADERBOARD,
    }
)


class QueryStep(StrEnum):
    """Asks."""

    STREAK = "get_streak"
    OFFERS = "get_offers"
    PAUSES = "get_pauses"
    EXPLAIN = "get_explain"
    CALENDAR = "get_calendar"
    CONSISTENCY = "get_consistency"
    ACHIEVEMENTS = "get_achievements"
    CHALLENGES = "get_challenges"
    SEAT = "get_seat"


class JobStep(StrEnum):
    """Calls the job."""

    MAINTENANCE = "maintenance"


StepKind = CommandStep | QueryStep | JobStep
_KINDS: Final[dict[str, StepKind]] = {kind.value: kind for kind in (*CommandStep, *QueryStep, *JobStep)}


def kind_of(step: Step) -> StepKind:
    """What a step does. Raises `KeyError` for what nobody knows."""
    return _KINDS[step["do"]]
