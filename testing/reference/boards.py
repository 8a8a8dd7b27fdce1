"""Leaderboards: taking a seat, leaving it, being hidden, and what the days of a week and a month have come to.

It must not know verdicts or who else takes part.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from testing.reference.history import Content, History, Seat
from testing.reference.judging import judge, life_of, standing
from testing.reference.recording import CHANGED, NOTHING, Outcome
from testing.reference.zones import DAY, monday_of

NAMES = ("hide_from_leaderboard", "show_on_leaderboard")
ANSWERED = (*NAMES, "join_leaderboard", "leave_leaderboard")


def join(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    name, group = content
    seat, today, since = history.seat, history.label(now), history.decided_before
    if seat is not None:
        if (seat.name, seat.group) == (name, group):
            return NOTHING
        history.seat = dataclasses.replace(seat, name=name, group=group)
        return CHANGED
    last = life_of(judge(history, today), since - DAY) if since else None
    active = max((day for day in history.counted_numbers() if since and day < since), default=None)
    history.seat = Seat(name, group, since, active, last.current_streak if last else 0)
    return CHANGED


def leave(history: History, _content: Content, _now: dt.datetime, _key: str | None) -> Outcome:
    if history.seat is None:
        return NOTHING
    history.seat = None
    return CHANGED


def hide(history: History, _content: Content, _now: dt.datetime, _key: str | None) -> Outcome:
    return _hidden(history, is_hidden=True)


def show(history: History, _content: Content, _now: dt.datetime, _key: str | None) -> Outcome:
    return _hidden(history, is_hidden=False)


def _hidden(history: History, *, is_hidden: bool) -> Outcome:
    if history.is_hidden == is_hidden:
        return NOTHING
    history.is_hidden = is_hidden
    return CHANGED


def told(history: History, now: dt.datetime) -> dict[str, Any]:
    seat, today = history.seat, history.label(now)
    if seat is None:
        return {
            "joined": False,
            "hidden": history.is_hidden,
            **dict.fromkeys(("name", "group", "week", "month", "all")),
        }
    monday, first = monday_of(today), today.replace(day=1)
    life = standing(history, today)
    return {
        "joined": True,
        "name": seat.name,
        "group": seat.group,
        "hidden": history.is_hidden,
        "week": {"period": monday.isoformat(), **come_to(history, seat, today, monday)},
        "month": {"period": first.isoformat()[:7], **come_to(history, seat, today, first)},
        "all": {"xp": life.xp_total, "streak": life.longest_streak},
    }


def come_to(history: History, seat: Seat, today: dt.date, first: dt.date) -> dict[str, int]:
    reached = [
        life.current_streak
        for life in judge(history, today)
        if life.verdict == "active" and life.date >= max(first, seat.since or first)
    ]
    if seat.last_active is not None and seat.last_active >= first:
        reached.append(seat.streak)
    return {"xp": sum(a.xp for a in history.live() if a.day >= first), "streak": max(reached, default=0)}
