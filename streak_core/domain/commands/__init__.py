"""The commands: one module each, with what was sent, the decision, the effect on the streak, and the ledger's id.

Nothing in here performs I/O or reads a clock. A command that is missing from `Command` or `Content` does not type-check
where they are told apart.
"""

from __future__ import annotations

from typing import Final, TypeAlias, get_args

from streak_core.domain.commands.base import AlreadyRecorded
from streak_core.domain.commands.block import BlockUser, UnblockUser, UserBlocked, UserUnblocked
from streak_core.domain.commands.challenges import ChallengeJoined, ChallengeLeft, JoinChallenge, LeaveChallenge
from streak_core.domain.commands.check_in import CheckIn
from streak_core.domain.commands.excuse import DaysExcused, ExcuseDays
from streak_core.domain.commands.freezes import PlanFreeze, UnplanFreeze
from streak_core.domain.commands.grant_freezes import FreezesGranted, GrantFreezes
from streak_core.domain.commands.grant_xp import GrantXp, XpGranted
from streak_core.domain.commands.leaderboard import (
    HideFromLeaderboard,
    JoinLeaderboard,
    LeaderboardHidden,
    LeaderboardJoined,
    LeaderboardLeft,
    LeaderboardShown,
    LeaveLeaderboard,
    ShowOnLeaderboard,
)
from streak_core.domain.commands.note import NothingChanged
from streak_core.domain.commands.notices import ChooseNotices, NoticesChosen
from streak_core.domain.commands.open import OpenUser, UserOpened
from streak_core.domain.commands.pauses import PauseEnded, PauseStreak, ResumeStreak
from streak_core.domain.commands.record import ActivityRecorded, RecordActivity
from streak_core.domain.commands.repair import DayRepaired, RepairStreak
from streak_core.domain.commands.reset import ResetStreak, ResetTakenBack, TakeResetBack
from streak_core.domain.commands.restore import DayRestored, Restore, StreakLengthened
from streak_core.domain.commands.settings import ChangeSettings, SettingsChanged
from streak_core.domain.commands.undo import ActivityRedone, ActivityUndone, RedoActivity, UndoActivity

# What a user can ask for, and an operator for a user.
Command: TypeAlias = (
    RecordActivity
    | CheckIn
    | UndoActivity
    | RedoActivity
    | ResetStreak
    | TakeResetBack
    | PlanFreeze
    | UnplanFreeze
    | RepairStreak
    | PauseStreak
    | ResumeStreak
    | ChangeSettings
    | ChooseNotices
    | JoinChallenge
    | LeaveChallenge
    | JoinLeaderboard
    | LeaveLeaderboard
    | HideFromLeaderboard
    | ShowOnLeaderboard
    | GrantFreezes
    | ExcuseDays
    | Restore
    | GrantXp
    | BlockUser
    | UnblockUser
    | OpenUser
)
# What the ledger holds of those that were accepted.
Content: TypeAlias = (
    ActivityRecorded
    | ActivityUndone
    | ActivityRedone
    | ResetStreak
    | ResetTakenBack
    | PlanFreeze
    | UnplanFreeze
    | DayRepaired
    | PauseStreak
    | PauseEnded
    | SettingsChanged
    | NoticesChosen
    | ChallengeJoined
    | ChallengeLeft
    | LeaderboardJoined
    | LeaderboardLeft
    | LeaderboardHidden
    | LeaderboardShown
    | FreezesGranted
    | DaysExcused
    | DayRestored
    | StreakLengthened
    | XpGranted
    | UserBlocked
    | UserUnblocked
    | NothingChanged
    | UserOpened
)
COMMANDS: Final[tuple[type[Command], ...]] = get_args(Command)
CONTENTS: Final[tuple[type[Content], ...]] = get_args(Content)

__all__ = [
    "COMMANDS",
    "CONTENTS",
    "ActivityRecorded",
    "ActivityRedone",
    "ActivityUndone",
    "AlreadyRecorded",
    "BlockUser",
    "ChallengeJoined",
    "ChallengeLeft",
    "ChangeSettings",
    "CheckIn",
    "ChooseNotices",
    "Command",
    "Content",
    "DayRepaired",
    "DayRestored",
    "DaysExcused",
    "ExcuseDays",
    "FreezesGranted",
    "GrantFreezes",
    "GrantXp",
    "HideFromLeaderboard",
    "JoinChallenge",
    "JoinLeaderboard",
    "LeaderboardHidden",
    "LeaderboardJoined",
    "LeaderboardLeft",
    "LeaderboardShown",
    "LeaveChallenge",
    "LeaveLeaderboard",
    "NothingChanged",
    "NoticesChosen",
    "OpenUser",
    "PauseEnded",
    "PauseStreak",
    "PlanFreeze",
    "RecordActivity",
    "RedoActivity",
    "RepairStreak",
    "ResetStreak",
    "ResetTakenBack",
    "Restore",
    "ResumeStreak",
    "SettingsChanged",
    "ShowOnLeaderboard",
    "StreakLengthened",
    "TakeResetBack",
    "UnblockUser",
    "UndoActivity",
    "UnplanFreeze",
    "UserBlocked",
    "UserOpened",
    "UserUnblocked",
    "XpGranted",
]
