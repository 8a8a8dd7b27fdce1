"""Challenges: joined, left, and how far the user has come, counted from all activities each time.

It must not know verdicts or how anything is answered.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from testing.reference.history import Content, History, Joined
from testing.reference.policy import refuse
from testing.reference.recording import CHANGED, NOTHING, Outcome
from testing.reference.rewards import counting

MOST_JOINED = 5


def join(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    name, today = content[0], history.label(now)
    running = [one for one in history.joined if one.last >= today]
    if any(one.name == name for one in running):
        return NOTHING
    rule = history.policy(now).challenges.get(name)
    if rule is None:
        refuse("challenge_not_found")
    if dt.date.fromisoformat(rule["until"]) < today:
        refuse("challenge_is_over")
    earlier = [one for one in history.joined if one.name == name and one.last >= dt.date.fromisoformat(rule["from"])]
    if any(is_done(history, one) for one in earlier):
        refuse("challenge_completed")
    if len(running) >= MOST_JOINED:
        refuse("too_many_challenges")
    history.joined = [one for one in history.joined if one not in earlier]
    history.joined.append(Joined(history.numbers, name, rule))
    return CHANGED


def leave(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    today = history.label(now)
    running = [one for one in history.joined if one.last >= today and one.name == content[0]]
    if not running:
        return NOTHING
    if is_done(history, running[0]):
        refuse("challenge_completed")
    history.joined.remove(running[0])
    return CHANGED


def progress(history: History, one: Joined) -> int:
    return len(counting(history, one))


def is_done(history: History, one: Joined) -> bool:
    return progress(history, one) >= int(one.rule["target"])


def done_since(before: History, after: History) -> list[tuple[str, str]]:
    """What a command completed, by name and first day, that was not told before."""
    done = [one for one in after.joined if is_done(after, one) and not is_done(before, one)]
    return [told for one in done if (told := (one.name, one.rule["from"])) not in before.completed]


def _kept(history: History, now: dt.datetime) -> list[Joined]:
    """Those of which a day can still change."""
    last = history.last_accepted or now
    first = history.decided_before or history.tail_of(history.label(last))
    return [one for one in history.joined if one.last >= first]


def listed(history: History, now: dt.datetime) -> list[dict[str, Any]]:
    today, kept = history.label(now), _kept(history, now)
    taken = {one.name for one in kept if one.last >= today}
    rows = [row(one.name, one.rule, progress(history, one), joined=True) for one in kept]
    return rows + [
        row(name, rule, 0, joined=False)
        for name, rule in history.policies.on(today).challenges.items()
        if name not in taken and dt.date.fromisoformat(rule["until"]) >= today
    ]


def row(name: str, rule: Any, count: int, *, joined: bool) -> dict[str, Any]:
    return {
        "challenge": name,
        "from": rule["from"],
        "until": rule["until"],
        "categories": rule.get("categories", []),
        "activity_types": rule.get("activity_types", []),
        "target": rule["target"],
        "reward": {"xp": 0, "freezes": 0, **rule["reward"]},
        "joined": joined,
        "progress": count,
        "completed": joined and count >= rule["target"],
    }
