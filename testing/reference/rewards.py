"""What counts for a challenge, and what it gives on which day.

It must not know commands or verdicts.
"""

from __future__ import annotations

import datetime as dt

from testing.reference.history import Activity, History, Joined


def counting(history: History, one: Joined) -> list[Activity]:
    """The activities that count for it."""
    rule = one.rule
    those = [a for a in history.live() if a.counted and a.number > one.number and one.first <= a.day <= one.last]
    if rule.get("categories"):
        return [a for a in those if a.category in rule["categories"]]
    types = rule.get("activity_types")
    return those if types is None else [a for a in those if a.answer["activity_type"] in types]


def rewards(history: History) -> dict[dt.date, tuple[int, int]]:
    """XP and freezes of challenges, each on the day with which there are enough activities."""
    found: dict[dt.date, tuple[int, int]] = {}
    for one in history.joined:
        days = sorted(activity.day for activity in counting(history, one))
        if len(days) >= one.rule["target"]:
            day, reward = days[one.rule["target"] - 1], one.rule["reward"]
            xp, freezes = found.get(day, (0, 0))
            found[day] = xp + reward.get("xp", 0), freezes + reward.get("freezes", 0)
    return found
