"""How often each command is drawn besides recording, and by which names. Must not know who draws."""

from __future__ import annotations

from typing import Final

from testing.steps import CommandStep

CHALLENGES: Final = ("guides", "quizzes", "anything", "free", "more", "yet_more", "none_such")
# The last of each are refused.
BOARD_NAMES: Final = ("Ada", "  Ada ", "Bo", "ada@example.org")
BOARD_GROUPS: Final = ("class-7", "everybody else")
# Besides recording: what leads furthest comes more often.
OTHERS: Final = (
    *(CommandStep.UNDO, CommandStep.REPAIR, CommandStep.CHECK_IN, CommandStep.SET_TIME_ZONE) * 2,
    *(CommandStep.PLAN_FREEZE,) * 3,
    *(CommandStep.UNPLAN_FREEZE,) * 2,
    *(CommandStep.REDO, CommandStep.CHECK_IN, CommandStep.SET_TIME_ZONE),
    *(CommandStep.RESET, CommandStep.TAKE_RESET_BACK),
    *(CommandStep.PAUSE, CommandStep.ADD_PAUSE, CommandStep.RESUME, CommandStep.END_PAUSE),
    *(CommandStep.SET_REST_WEEKDAYS, CommandStep.SET_AUTO_FREEZE, CommandStep.CHOOSE_NOTICES, CommandStep.OPEN),
    *(CommandStep.GRANT_FREEZES, CommandStep.EXCUSE_DAYS, CommandStep.RESTORE, CommandStep.GRANT_XP),
    *(CommandStep.BLOCK, CommandStep.UNBLOCK, CommandStep.UNBLOCK),
    *(CommandStep.JOIN_CHALLENGE, CommandStep.JOIN_CHALLENGE, CommandStep.LEAVE_CHALLENGE),
    *(CommandStep.JOIN_LEADERBOARD, CommandStep.JOIN_LEADERBOARD, CommandStep.LEAVE_LEADERBOARD),
    *(CommandStep.HIDE_FROM_LEADERBOARD, CommandStep.SHOW_ON_LEADERBOARD),
)
