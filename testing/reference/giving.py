"""What an operator gives a user, excuses, restores and forbids: refusals first, then effects.

It must not know who may.
"""

from __future__ import annotations

import datetime as dt

from testing.reference.history import Block, Content, Gift, History, Life, Repair
from testing.reference.judging import judge, standing, verdict_of
from testing.reference.policy import MOST_GIFTS_A_DAY, refuse
from testing.reference.reading import MALFORMED
from testing.reference.recording import CHANGED, NOTHING, Outcome
from testing.reference.zones import DAY

NAMES = ("grant_freezes", "excuse_days", "restore", "grant_xp", "block", "unblock")
BLOCKING = ("block", "unblock")


def grant_freezes(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    count, over_cap = content
    is_over = standing(history, history.label(now)).held + count > history.policy(now).freeze_cap
    if is_over and not over_cap:
        refuse("freezes_full")
    return give(history, now, "freezes_over_cap" if is_over else "freezes", count)


def grant_xp(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    amount = max(content[0], -standing(history, history.label(now)).xp_total)
    return give(history, now, "xp", amount) if amount else NOTHING


def excuse_days(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    first, last = content
    today = history.label(now)
    earliest = max(today - history.policy(now).late_days * DAY, history.tail(now))
    if not earliest <= first <= last <= today + history.policy(now).pause_days * DAY:
        refuse("date_out_of_range")
    days = {first + ahead * DAY for ahead in range((last - first).days + 1)}
    if days <= history.excused:
        return NOTHING
    before = standing(history, today)
    history.excused |= days
    return refuse_where_it_costs(before, standing(history, today))


def restore(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    day, length, started_on = content
    today = history.label(now)
    if day is None:
        return lengthen(history, now, length, started_on)
    if day < history.tail(now) or verdict_of(judge(history, today), day) != "missed":
        refuse("nothing_to_restore")
    before = standing(history, today)
    history.repairs.append(Repair(day, now, today))
    return refuse_where_it_costs(before, standing(history, today))


def refuse_where_it_costs(before: Life, after: Life) -> Outcome:
    if after.current_streak < before.current_streak or after.longest_streak < before.longest_streak:
        refuse("costs_the_streak")
    return CHANGED


def lengthen(history: History, now: dt.datetime, length: int, started_on: dt.date | None) -> Outcome:
    began = standing(history, history.label(now)).run_started_on
    if began is None:
        refuse("nothing_to_restore")
    if started_on is not None and (began - started_on).days < length:
        refuse(MALFORMED)
    return give(history, now, "days", length, started_on)


def give(history: History, now: dt.datetime, what: str, amount: int, started_on: dt.date | None = None) -> Outcome:
    today = history.label(now)
    if sum(1 for gift in history.gifts if gift.day == today) >= MOST_GIFTS_A_DAY:
        refuse("too_many_grants")
    history.gifts.append(Gift(history.numbers, now, today, what, amount, started_on))
    return CHANGED


def block(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    wanted = Block(content[0])
    if wanted.until is not None and wanted.until <= now:
        refuse(MALFORMED)
    if history.block == wanted:
        return NOTHING
    history.block = wanted
    return CHANGED


def unblock(history: History, _content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    if not history.is_blocked(now):
        return NOTHING
    history.block = None
    return CHANGED
