"""What is earned once and for good, and how far the user has come.

It must not know commands.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from testing.reference.history import History
from testing.reference.in_time import BEGINNING
from testing.reference.judging import consistent_weeks, judge, standing
from testing.reference.zones import DAY

Rule = Mapping[str, Any]


def earn(before: History, after: History, now: dt.datetime, *, tells: bool) -> None:
    """Notes what a command brought, and what the user had come to before it without being told."""
    today = after.label(now)
    for name, rule in after.policies.on(today).achievements.items():
        if name in after.earned:
            continue
        if has_come_to(before, rule, before.label(now)):
            after.earned[name] = had_come_to_it(after, name, today, before.last_accepted)
        elif has_come_to(after, rule, today):
            after.earned[name] = now
            after.unlocked += [name] if tells else []


def listed(history: History, now: dt.datetime) -> list[dict[str, Any]]:
    """Those that are offered, and what was earned of others."""
    today = history.label(now)
    offered = history.policies.on(today).achievements
    rows = [row(history, name, rule, today, offered=True) for name, rule in offered.items()]
    gone = [name for name in history.earned if name not in offered]
    return rows + [row(history, name, last_rule(history, name, today), today, offered=False) for name in gone]


def row(history: History, name: str, rule: Rule, today: dt.date, *, offered: bool) -> dict[str, Any]:
    at = history.earned.get(name)
    if at is None and has_come_to(history, rule, today):
        at = had_come_to_it(history, name, today, history.last_accepted)
    return {
        "achievement": name,
        "by": rule["by"],
        "target": rule.get("target", 1),
        "progress": progress(history, rule, today),
        "earned_at": at,
        "offered": offered,
    }


def last_rule(history: History, name: str, today: dt.date) -> Rule:
    """As it was when it was offered last."""
    days = [BEGINNING, *(one.since for one in history.policies.published if one.since <= today)]
    policies = [history.policies.on(day) for day in days]
    return next(one.achievements[name] for one in reversed(policies) if name in one.achievements)


def has_come_to(history: History, rule: Rule, today: dt.date) -> bool:
    return progress(history, rule, today) >= int(rule.get("target", 1))


def had_come_to_it(history: History, name: str, today: dt.date, last: dt.datetime | None) -> dt.datetime:
    """The last command, or the day on which it was first offered as it is, if that is later."""
    assert last is not None
    rule, since = history.policies.on(today).achievements[name], today
    days = {BEGINNING, *(one.since for one in history.policies.published if one.since <= today)}
    for day in sorted(days, reverse=True):
        if history.policies.on(day).achievements.get(name) != rule:
            break
        since = day
    return last if since == BEGINNING else max(last, history.line.begins(since))


def progress(history: History, rule: Rule, today: dt.date) -> int:
    lives, life = judge(history, today), standing(history, today)
    match rule["by"]:
        case "streak":
            return life.longest_streak
        case "xp":
            return life.xp_total
        case "activities":
            return len(history.live())
        case "active_days":
            return sum(1 for one in lives if one.verdict == "active")
        case "consistent_weeks":
            return consistent_weeks(history, lives, today)[1]
    active = [one.date for one in lives if one.verdict == "active"]
    # Of days that are decided for good nothing is looked for any more.
    open_days = [day for day in active if history.decided_before is None or day >= history.decided_before]
    if rule["by"] == "day_of_year":
        return int(any(day.isoformat()[5:] in rule["days"] for day in open_days))
    ended = {one.date + DAY for one in lives if one.current_streak == 0}
    before = dict(zip(active[1:], active, strict=False))
    away = rule["days_away"] * DAY
    return int(any(day in before and day - before[day] > away and day in ended for day in open_days))
