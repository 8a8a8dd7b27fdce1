"""Makes the answers that clients read; every one is made from a `View`.

It must not know HTTP, storage or how anything was decided.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Final, assert_never

from streak_core.domain.calendar import CalendarDay, shown_days
from streak_core.domain.commands import (
    ActivityRecorded,
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
from streak_core.domain.commands.pauses import open_pauses
from streak_core.domain.commands.settings import settings_now
from streak_core.domain.consistency import bonus_is_active, categories_done, consistent_weeks
from streak_core.domain.days import ONE_DAY, ONE_WEEK, rfc3339, week_start
from streak_core.domain.model import Activity, Verdict
from streak_core.leaderboard_response import seat_response
from streak_core.notices_response import preferences_response

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from streak_core.domain.commands import Command
    from streak_core.domain.decision import Decision
    from streak_core.domain.entries import LedgerEntry
    from streak_core.domain.events import Event
    from streak_core.domain.model import Streak
    from streak_core.domain.offers import Offer
    from streak_core.domain.policy import Policy
    from streak_core.domain.replay import View
    from streak_core.domain.settings import Pause, Settings
    from streak_core.response_types import (
        ActivityResponse,
        BlockResponse,
        BonusResponse,
        CalendarResponse,
        CalendarRow,
        CommandResponse,
        ConsistencyResponse,
        EventResponse,
        ListedActivity,
        OfferResponse,
        OffersResponse,
        PauseResponse,
        PausesResponse,
        SettingsResponse,
        StreakResponse,
    )


def streak_response(user_id: str, view: View, streak: Streak, *, created: bool = False) -> StreakResponse:
    """The answer about a streak; one without any command is that of a user of whom nothing is stored."""
    # A command that moved the checkpoint was seen from the one before it.
    tail = [judged for judged in view.days if judged.day >= streak.checkpoint.next_day]
    weeks = consistent_weeks(streak, view.rules, tail, week_start(view.today))
    following = view.policy.milestones.after(view.current_streak)
    return {
        "user_id": user_id,
        "current_streak": view.current_streak,
        "longest_streak": view.longest_streak,
        "status": view.status.value,
        "today": view.today.isoformat(),
        "time_zone": view.zone_line.time_zone,
        "time_zone_known": streak.settings.zone_known,
        "last_active_date": view.last_active_date.isoformat() if view.last_active_date else None,
        "run_started_on": view.streak_started_on.isoformat() if view.streak_started_on else None,
        "freezes_available": view.freezes_available,
        "xp_total": view.xp_total,
        "active_days_total": view.active_days,
        "next_milestone": following,
        "days_until_milestone": following - view.current_streak,
        "consistent_weeks_current": weeks.current,
        "consistent_weeks_longest": weeks.longest,
        **_bonus(view.policy, is_active=view.bonus_active),
        "expires_at": rfc3339(view.expires_at) if view.expires_at else None,
        "timeline": view.timeline.rows,
        "timeline_until": rfc3339(view.timeline.until),
        "streak_created": created,
        "created_at": rfc3339(streak.created_at) if streak.seq else None,
        "updated_at": rfc3339(streak.updated_at) if streak.seq else None,
    }


def command_response(
    user_id: str, command: Command, decision: Decision, repeated: Activity | None = None
) -> CommandResponse:
    """What a command answers: the streak as it is now, what it caused, and its own part.

    `repeated` is the activity of the entry that the decision found the command to be a repetition of.
    """
    view, streak = decision.view, decision.streak
    response: CommandResponse = {
        "streak": streak_response(user_id, view, streak, created=decision.creates),
        "events": [event_response(event) for event in decision.events],
    }
    match command:
        case RecordActivity() | CheckIn():
            content = decision.entry.content if decision.entry else None
            activity = content.activity if isinstance(content, ActivityRecorded) else repeated
            if activity is not None:
                return {"activity": activity_response(activity), **response}
        case ChangeSettings():
            return {"settings": settings_response(streak.settings, view.today), **response}
        case ChooseNotices():
            return {"preferences": preferences_response(streak.settings), **response}
        case PauseStreak():
            of_these_days = (one for one in streak.settings.pauses if one.from_day == command.from_day)
            return {"pause": pause_response(next(of_these_days)), **response}
        case UndoActivity() | RedoActivity() | ResetStreak() | TakeResetBack() | RepairStreak():
            pass
        case (PlanFreeze() | UnplanFreeze() | ResumeStreak() | OpenUser() | JoinChallenge() | LeaveChallenge()) | (
            GrantFreezes() | ExcuseDays() | Restore() | GrantXp()
        ):
            pass
        case JoinLeaderboard() | LeaveLeaderboard() | HideFromLeaderboard() | ShowOnLeaderboard():
            return {"leaderboard": seat_response(streak, view), **response}
        case BlockUser() | UnblockUser():
            return {"block": block_response(streak, view), **response}
        case _:  # pragma: no cover - the type checker knows that there is no other
            assert_never(command)
    return response


def block_response(streak: Streak, view: View) -> BlockResponse:
    """The answer about whether a user may give commands."""
    is_blocked, until = streak.is_blocked(view.now), streak.block.until if streak.block else None
    return {"blocked": is_blocked, "until": rfc3339(until) if is_blocked and until else None}


def activity_response(activity: Activity) -> ActivityResponse:
    """The answer about one recorded activity."""
    return {
        "activity_id": activity.activity_id,
        "activity_type": activity.activity_type,
        "category": activity.category,
        "day": activity.day.isoformat(),
        "counted": activity.counted,
        "base_xp": activity.base_xp,
        "consistency_bonus": activity.xp - activity.base_xp,
        "xp_awarded": activity.xp,
    }


def listed_activity(entry: LedgerEntry, activity: Activity, *, undone: bool) -> ListedActivity:
    """An activity in a list."""
    return {
        **activity_response(activity),
        "occurred_at": rfc3339(activity.occurred_at),
        "recorded_at": rfc3339(entry.at),
        "undone": undone,
    }


def event_response(event: Event) -> EventResponse:
    """The answer about one event."""
    return {
        "event_id": event.event_id,
        "type": event.kind.value,
        "date": event.day.isoformat(),
        "occurred_at": rfc3339(event.at),
        "details": dict(event.details),
    }


def calendar_response(view: View, decided: Mapping[date, CalendarDay], days: int) -> CalendarResponse:
    """Exactly `days` rows, the last one today. `decided` holds the days that left the tail."""
    shown = shown_days(view.days, decided, view.rules, (view.today - timedelta(days=days - 1), view.today))
    return {
        "days": [_calendar_row(day, row) for day, row in shown],
        "today": view.today.isoformat(),
        "current_streak": view.current_streak,
        "longest_streak": view.longest_streak,
        "freezes_available": view.freezes_available,
    }


# Python 3.11 looks a member up each time that it is named: for a year, as long as all else about its rows.
_ACTIVE: Final = Verdict.ACTIVE
_FROZEN: Final = Verdict.FROZEN


def _calendar_row(day: date, row: CalendarDay) -> CalendarRow:
    return {
        "date": day.isoformat(),
        "verdict": row.verdict.value,
        "has_activity": row.verdict is _ACTIVE,
        "freeze_used": row.verdict is _FROZEN,
        "activity_count": row.activity_count,
        "xp": row.xp,
        "categories": list(row.categories),
    }


def consistency_response(view: View, streak: Streak) -> ConsistencyResponse:
    """The answer about the streak week that today is in."""
    monday = week_start(view.today)
    done = categories_done(streak, view.rules, monday)
    count = sum(done.values())
    return {
        "week_start": monday.isoformat(),
        "week_end": (monday + ONE_WEEK - ONE_DAY).isoformat(),
        "categories": done,
        "completed_count": count,
        "total_count": len(done),
        "progress": 100 * count // len(done),
        **_bonus(view.policy, is_active=bonus_is_active(streak, view.rules, view.today)),
    }


def settings_response(settings: Settings, today: date) -> SettingsResponse:
    """The answer about settings as they hold today; rest weekdays are those from tomorrow on."""
    holds = settings_now(settings, today)
    return {
        "time_zone": holds.time_zone,
        "time_zone_known": holds.time_zone_known,
        "auto_freeze": holds.auto_freeze,
        "rest_weekdays": list(holds.rest_weekdays),
        "pause": pause_response(holds.pause) if holds.pause else None,
        "planned_freezes": [day.isoformat() for day in holds.planned_freezes],
    }


def pause_response(pause: Pause) -> PauseResponse:
    """The answer about a pause."""
    return {"pause_id": pause.pause_id, "from": pause.from_day.isoformat(), "until": pause.until_day.isoformat()}


def pauses_response(streak: Streak, today: date) -> PausesResponse:
    """The pauses that are not over, the earliest first."""
    return {"pauses": [pause_response(one) for one in sorted(open_pauses(streak, today), key=lambda one: one.from_day)]}


def offers_response(found: Iterable[Offer]) -> OffersResponse:
    """What the user could do now."""
    return {"offers": [_offer(one) for one in found]}


def _offer(one: Offer) -> OfferResponse:
    response: OfferResponse = {
        "kind": one.kind.value,
        "day": one.day.isoformat(),
        "until": rfc3339(one.until),
        "needs": one.needs,
        "current_streak_after": one.current_streak_after,
    }
    if one.activity_id is not None:
        response["activity_id"] = one.activity_id
    if one.pause_id is not None:
        response["pause_id"] = one.pause_id
    return response


def _bonus(policy: Policy, *, is_active: bool) -> BonusResponse:
    multiplier = float(policy.consistency.bonus_multiplier) if is_active else 1.0
    return {"bonus_active": is_active, "bonus_multiplier": multiplier}
