"""The answers to questions, as the contract writes them.

It must not know how anything came about.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from testing.reference.foretelling import expires_at, offers, status, timeline, timeline_until
from testing.reference.history import History
from testing.reference.judging import before_all, consistent_weeks, judge, life_of, standing, verdict_of
from testing.reference.zone_line import PROVISIONAL
from testing.reference.zones import DAY, monday_of


def as_told(answer: Any) -> Any:
    """An answer as clients read it: instants are texts."""
    if isinstance(answer, dt.datetime):
        return answer.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(answer, dict):
        return {name: as_told(value) for name, value in answer.items()}
    return [as_told(value) for value in answer] if isinstance(answer, list) else answer


def streak(history: History, now: dt.datetime) -> dict[str, Any]:
    return {
        **streak_now(history, now),
        "expires_at": expires_at(history, history.label(now)),
        "timeline": timeline(history, now),
        "timeline_until": timeline_until(history, now),
        "offers": offers(history, now),
    }


def streak_now(history: History, now: dt.datetime) -> dict[str, Any]:
    """What can be said of the streak without looking ahead."""
    today = history.label(now)
    life, lives = standing(history, today), judge(history, today)
    last_active = max(history.counted_numbers(), default=None)
    milestone = history.policy(now).next_milestone(life.current_streak)
    weeks, longest_weeks = consistent_weeks(history, lives, today)
    return {
        "current_streak": life.current_streak,
        "longest_streak": life.longest_streak,
        "status": status(life),
        "today": today.isoformat(),
        "time_zone": history.line.zone if history.line.known else PROVISIONAL,
        "time_zone_known": history.line.known,
        "last_active_date": last_active.isoformat() if last_active else None,
        "run_started_on": life.run_started_on.isoformat() if life.run_started_on else None,
        "freezes_available": life.held,
        "xp_total": life.xp_total,
        **bonus(history, today),
        "active_days_total": sum(1 for life in lives if life.verdict == "active"),
        "next_milestone": milestone,
        "days_until_milestone": milestone - life.current_streak,
        "consistent_weeks_current": weeks,
        "consistent_weeks_longest": longest_weeks,
    }


def bonus(history: History, today: dt.date) -> dict[str, Any]:
    active = history.consistent(history.week_that_earns(today))
    return {"bonus_active": active, "bonus_multiplier": float(history.policies.on(today).multiplier) if active else 1.0}


def calendar(history: History, now: dt.datetime, days: int) -> list[dict[str, Any]]:
    today = history.label(now)
    lives, counted = judge(history, today), history.counted_numbers()
    rows = []
    for day in [today - back * DAY for back in reversed(range(days))]:
        those = [a for a in history.live() if a.day == day]
        verdict = verdict_of(lives, day)
        rows.append(
            {
                "date": day.isoformat(),
                "verdict": verdict,
                "has_activity": day in counted,
                "freeze_used": verdict == "frozen",
                "activity_count": len(those),
                "xp": sum(a.xp for a in those),
                "categories": [
                    c for c in history.policies.on(day).categories if any(a.counted and a.category == c for a in those)
                ],
            }
        )
    return rows


def consistency(history: History, now: dt.datetime) -> dict[str, Any]:
    today = history.label(now)
    monday = monday_of(today)
    asked = history.policies.on(monday).categories
    done = history.categories_in_week(monday).intersection(asked)
    return {
        "week_start": monday.isoformat(),
        "week_end": (monday + 6 * DAY).isoformat(),
        "categories": {c: c in done for c in asked},
        "completed_count": len(done),
        "total_count": len(asked),
        "progress": 100 * len(done) // len(asked),
        **bonus(history, today),
    }


def block(history: History, now: dt.datetime) -> dict[str, Any]:
    """Whether the user may write nothing, and until when."""
    holds = history.block if history.is_blocked(now) else None
    return {"blocked": holds is not None, "until": holds and holds.until}


def pauses(history: History, now: dt.datetime) -> list[dict[str, Any]]:
    """Those that are not over, the earliest first."""
    today = history.label(now)
    not_over = sorted((p for p in history.pauses if p.last >= today), key=lambda p: p.first)
    return [{"pause_id": p.pause_id, "from": p.first.isoformat(), "until": p.last.isoformat()} for p in not_over]


def explain(history: History, now: dt.datetime, days: int) -> list[dict[str, Any]]:
    """The last days, each as it was judged."""
    today = history.label(now)
    lives = judge(history, today)
    rows = []
    for day in [today - back * DAY for back in reversed(range(days))]:
        life = life_of(lives, day) or before_all(history, day)
        rows.append(
            {
                "date": day.isoformat(),
                "verdict": life.verdict,
                "streak_after": life.current_streak,
                "freezes_after": life.held,
                "counted": history.counted_on(day),
                "xp": sum(a.xp for a in history.live() if a.day == day),
            }
        )
    return rows
