"""What comes next if nothing more happens, and what the user could do now.

It must not know how an answer is written.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from testing.reference.accepting import COMMANDS, accept
from testing.reference.commands import yesterday
from testing.reference.history import History, Life
from testing.reference.judging import judge, standing
from testing.reference.policy import NEUTRAL, OFFERED_REDOS, Refused
from testing.reference.statements import hold_today
from testing.reference.zones import DAY

HORIZONS = (2, 5, 10, 20, 40, 100, 1000, 4000)
LONGEST_OFFER = 400

# Does what is offered, at that moment; None where it is refused or changes nothing.
Attempt = Callable[[History, dt.datetime], History | None]


@dataclass(frozen=True)
class Offer:
    """One thing that the user could do."""

    kind: str
    day: dt.date
    needs: int
    attempt: Attempt
    activity_id: str | None = None


def status(life: Life) -> str:
    if life.current_streak == 0:
        return "none"
    if life.verdict == "active":
        return "extended"
    return "protected" if life.verdict in NEUTRAL else "pending"


def expires_at(history: History, today: dt.date) -> dt.datetime | None:
    """Lets the days go by without anything happening until one is judged frozen or missed."""
    if standing(history, today).current_streak == 0:
        return None
    for horizon in HORIZONS:
        for life in judge(history, today + horizon * DAY):
            if today <= life.date and life.verdict in ("frozen", "missed"):
                return history.line.begins(life.date + DAY)
    return None


def timeline(history: History, now: dt.datetime) -> list[dict[str, Any]]:
    today = history.label(now)
    rows = []
    for day in [today + ahead * DAY for ahead in range(history.policy(now).timeline_days)]:
        if day != today and history.line.without_instant(day):
            continue
        life = standing(history, day)
        rows.append(
            {
                "from": now if day == today else history.line.begins(day),
                "today": day.isoformat(),
                "status": status(life),
                "current_streak": life.current_streak,
                "freezes_available": life.held,
            }
        )
    return rows


def timeline_until(history: History, now: dt.datetime) -> dt.datetime:
    return history.line.begins(history.label(now) + history.policy(now).timeline_days * DAY)


def attempt_of(name: str, *content: object) -> Attempt:
    def attempt(history: History, t: dt.datetime) -> History | None:
        after = history.copy()
        after.numbers += 1
        try:
            outcome = COMMANDS[name][1](after, content, t, None)
        except Refused:
            return None
        hold_today(after, t)
        return after if outcome.changed else None

    return attempt


def attempt_repair_of(day: dt.date, needs: int) -> Attempt:
    """Records what is needed first; later on it may take more, or be about another day."""

    def attempt(history: History, t: dt.datetime) -> History | None:
        for _ in range(needs):
            history = accept(history, "record", ("check_in", {}, None, None), t).history
        after = attempt_of("repair")(history, t)
        return after if after and after.repairs[-1].day == day else None

    return attempt


def needed(history: History, t: dt.datetime) -> int:
    return max(0, history.policy(t).repair_activities - history.counted_on(history.label(t)))


def possible(history: History, now: dt.datetime) -> list[Offer]:
    """In the order of the contract, whether or not each would be accepted."""
    return [*about_yesterday(history, now), *redos(history, now), *resumes(history, now)]


def about_yesterday(history: History, now: dt.datetime) -> list[Offer]:
    day, life = yesterday(history, now)
    if day is None or life is None or not life.broke_a_streak:
        return []
    by_hand = attempt_of("plan_freeze", day)
    if by_hand(history, now) is None:
        needs = needed(history, now)
        return [Offer("repair", day, needs, attempt_repair_of(day, needs))]
    return [Offer("freeze", day, 0, by_hand)]


def redos(history: History, now: dt.datetime) -> list[Offer]:
    """Of those that can be redone, the ones undone last, the last one first."""
    today = history.label(now)
    undone = [
        (a.undone, a) for a in history.activities.values() if a.undone is not None and a.counted and a.day <= today
    ]
    offers = [
        Offer("redo", a.day, 0, attempt_of("redo", a.activity_id), a.activity_id)
        for _, a in sorted(undone, key=lambda pair: pair[0], reverse=True)
    ]
    return [offer for offer in offers if offer.attempt(history, now) is not None][:OFFERED_REDOS]


def resumes(history: History, now: dt.datetime) -> list[Offer]:
    today = history.label(now)
    running = [p for p in history.pauses if p.first <= today < p.last]
    return [Offer("resume", today + DAY, 0, attempt_of("end_pause", p.pause_id)) for p in running]


def offers(history: History, now: dt.datetime) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    if history.is_blocked(now):
        return rows
    taken = history
    for offer in possible(history, now):
        alone, after_those_before = offer.attempt(history, now), offer.attempt(taken, now)
        if alone is None or after_those_before is None:
            continue
        taken = after_those_before
        row = {
            "kind": offer.kind,
            "day": offer.day.isoformat(),
            "until": until(history, now, offer),
            "needs": offer.needs,
            "current_streak_after": standing(alone, alone.label(now)).current_streak,
        }
        rows.append(row if offer.activity_id is None else {**row, "activity_id": offer.activity_id})
    return rows


def until(history: History, now: dt.datetime, offer: Offer) -> dt.datetime:
    """The first instant at which it is no longer what is offered here."""
    today = history.label(now)
    for day in [today + ahead * DAY for ahead in range(1, LONGEST_OFFER)]:
        t = history.line.begins(day)
        if not history.line.without_instant(day) and offer.attempt(history, t) is None:
            return t
    raise AssertionError(offer)
