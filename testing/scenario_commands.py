"""The steps of scenarios and lives as commands. Must not know who gives them, or what is right."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from streak_core.domain.actor import Actor, ActorKind
from streak_core.domain.commands import (
    BlockUser,
    ChangeSettings,
    CheckIn,
    ChooseNotices,
    ExcuseDays,
    GrantFreezes,
    GrantXp,
    HideFromLeaderboard,
    JoinChallenge,
    JoinLeaderboard,
    LeaveChallenge,
    LeaveLeaderboard,
    OpenUser,
    PauseStreak,
    PlanFreeze,
    RecordActivity,
    RedoActivity,
    RepairStreak,
    ResetStreak,
    Restore,
    ResumeStreak,
    ShowOnLeaderboard,
    TakeResetBack,
    UnblockUser,
    UndoActivity,
    UnplanFreeze,
)
from streak_core.domain.imported import Numbers
from testing.steps import OPERATOR_STEPS, Step

if TYPE_CHECKING:
    from collections.abc import Callable

    from streak_core.domain.commands import Command


def command_of(step: Step) -> Command:
    """The command that a step gives."""
    return COMMAND_STEPS[step["do"]](step)


def actor_of(step: Step) -> Actor | None:
    """Who gives it for the user; None for what the user does."""
    return Actor(kind=ActorKind.ADMIN, id="operator") if step["do"] in OPERATOR_STEPS else None


def _record(step: Step) -> Command:
    late = step.get("occurred_at")
    return RecordActivity(
        activity_id=step["activity_id"],
        activity_type=step["activity_type"],
        metadata=step.get("metadata", {}),
        occurred_at=datetime.fromisoformat(late) if late else None,
        time_zone=step.get("time_zone"),
    )


def _settings(step: Step) -> Command:
    weekdays, since = step.get("weekdays"), step.get("since")
    return ChangeSettings(
        time_zone=step.get("time_zone"),
        time_zone_since=datetime.fromisoformat(since) if since else None,
        auto_freeze=step.get("on"),
        rest_weekdays=None if weekdays is None else tuple(weekdays),
    )


def _choose(step: Step) -> Command:
    quiet = step.get("quiet_hours")
    return ChooseNotices(
        channels=step.get("channels"),
        quiet_hours=(quiet["from"], quiet["until"]) if quiet else None,
        remind_at=step.get("remind_at"),
        language=step.get("language"),
    )


def _pause(step: Step) -> Command:
    return PauseStreak(from_day=date.fromisoformat(step["from"]), until_day=date.fromisoformat(step["until"]))


def _day(step: Step, name: str) -> date | None:
    return date.fromisoformat(step[name]) if name in step else None


def _excuse(step: Step) -> Command:
    first, last = date.fromisoformat(step["from"]), date.fromisoformat(step["until"])
    return ExcuseDays(from_day=first, until_day=last, reason=_reason(step))


def _restore(step: Step) -> Command:
    started_on, length = _day(step, "started_on"), step.get("length")
    return Restore(day=_day(step, "day"), length=length, started_on=started_on, reason=_reason(step))


def _grant(step: Step) -> Command:
    return GrantFreezes(count=step["count"], over_cap=step.get("over_cap", False), reason=_reason(step))


def _block(step: Step) -> Command:
    until = step.get("until")
    return BlockUser(until=datetime.fromisoformat(until) if until else None, reason=_reason(step))


def _reason(step: Step) -> str:
    reason: str = step.get("reason", "")
    return reason


def _open(step: Step) -> Command:
    as_of, last, days = step.get("as_of"), step.get("last_active_date"), step.get("active_days")
    return OpenUser(
        time_zone=step["time_zone"],
        as_of=None if as_of is None else datetime.fromisoformat(as_of) if "T" in as_of else date.fromisoformat(as_of),
        numbers=Numbers(
            current_streak=step["current_streak"],
            longest_streak=step["longest_streak"],
            last_active_date=last and date.fromisoformat(last),
            freezes=step.get("freezes", 0),
            xp_total=step.get("xp_total", 0),
            active_days=None if days is None else tuple(sorted(map(date.fromisoformat, days))),
        ),
        reason="brought along",
    )


COMMAND_STEPS: Final[dict[str, Callable[[Step], Command]]] = {
    "record": _record,
    "check_in": lambda step: CheckIn(time_zone=step.get("time_zone"), key=step.get("key")),
    "undo": lambda step: UndoActivity(activity_id=step["activity_id"]),
    "redo": lambda step: RedoActivity(activity_id=step["activity_id"]),
    "reset": lambda _: ResetStreak(),
    "take_reset_back": lambda _: TakeResetBack(),
    "plan_freeze": lambda step: PlanFreeze(day=date.fromisoformat(step["date"])),
    "unplan_freeze": lambda step: UnplanFreeze(day=date.fromisoformat(step["date"])),
    "repair": lambda _: RepairStreak(),
    "pause": _pause,
    "add_pause": _pause,
    "resume": lambda _: ResumeStreak(),
    "end_pause": lambda step: ResumeStreak(pause_id=step["pause_id"]),
    "set_time_zone": _settings,
    "set_rest_weekdays": _settings,
    "set_auto_freeze": _settings,
    "choose_notices": _choose,
    "join_challenge": lambda step: JoinChallenge(challenge=step["challenge"]),
    "leave_challenge": lambda step: LeaveChallenge(challenge=step["challenge"]),
    "join_leaderboard": lambda step: JoinLeaderboard(board_name=step["name"], group=step.get("group")),
    "leave_leaderboard": lambda _: LeaveLeaderboard(),
    "hide_from_leaderboard": lambda step: HideFromLeaderboard(reason=_reason(step)),
    "show_on_leaderboard": lambda step: ShowOnLeaderboard(reason=_reason(step)),
    "grant_freezes": _grant,
    "excuse_days": _excuse,
    "restore": _restore,
    "grant_xp": lambda step: GrantXp(amount=step["amount"], reason=_reason(step)),
    "block": _block,
    "unblock": lambda step: UnblockUser(reason=_reason(step)),
    "open": _open,
}
