"""The commands about freezes, repairs, pauses, rest, resets and zones: refusals first, then effects.

It must not know activities' worth, keys or answers.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from testing.reference.history import Choice, Content, History, Life, Pause, Repair, Reset
from testing.reference.judging import judge, life_of, neutral_verdict, standing, verdict_of
from testing.reference.policy import CLOCK_SLACK, NEUTRAL, refuse
from testing.reference.recording import CHANGED, NOTHING, Outcome, refuse_before_the_window
from testing.reference.statements import said_already, say, too_many_stretches
from testing.reference.zone_line import Statement
from testing.reference.zones import DAY


def reset(history: History, _content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    today = history.label(now)
    numbers = history.counted_numbers().get(today, [])
    if any(r.day == today and all(number < r.number for number in numbers) for r in history.resets):
        return NOTHING
    history.resets.append(Reset(history.numbers, now, today))
    return CHANGED


def take_reset_back(history: History, _content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    earliest = max(history.label(now) - history.policy(now).undo_days * DAY, history.tail(now))
    given = [r for r in history.resets if not r.parts_what_was_brought]
    if not given or given[-1].day < earliest:
        refuse("nothing_to_take_back")
    history.resets.remove(given[-1])
    return CHANGED


def yesterday(history: History, now: dt.datetime) -> tuple[dt.date | None, Life | None]:
    """The last day before today, in the tail, that asked for an activity, and how it was judged."""
    today = history.label(now)
    lives = judge(history, today)
    day = today - DAY
    while day >= history.tail(now):
        if asked(history, lives, day):
            return day, life_of(lives, day)
        day -= DAY
    return None, None


def asked(history: History, lives: list[Life], day: dt.date) -> bool:
    """Whether it asked for an activity, whether or not it has one."""
    verdict = verdict_of(lives, day)
    return verdict not in NEUTRAL and not (verdict == "active" and neutral_verdict(history, day))


def plan_freeze(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    day, today = content[0], history.label(now)
    asked, life = yesterday(history, now)
    if not (asked or today - DAY) <= day <= today + history.policy(now).plan_days * DAY:
        refuse("date_out_of_range")
    if day in history.planned:
        return NOTHING
    if day < today:
        refuse_to_freeze_the_past(life if day == asked else None)
        history.planned.add(day)
        if verdict_of(judge(history, today), day) != "frozen":
            history.planned.remove(day)
            refuse("no_freeze_available")
    elif len(spoken_for(history, today)) >= standing(history, today).held:
        refuse("no_freeze_available")
    history.planned.add(day)
    return CHANGED


def refuse_to_freeze_the_past(life: Life | None) -> None:
    if life is None or life.verdict != "missed":
        refuse("nothing_to_protect")
    if life.held_when_judged == 0:
        refuse("no_freeze_available")
    if life.streak_when_judged == 0:
        refuse("nothing_to_protect")


def spoken_for(history: History, today: dt.date) -> list[dt.date]:
    """The planned days from today on that ask for an activity and have none."""
    counted = history.counted_numbers()
    neutral_today = standing(history, today).verdict in NEUTRAL
    return [
        day
        for day in history.planned
        if day >= today
        and day not in counted
        and neutral_verdict(history, day) is None
        and not (day == today and neutral_today)
    ]


def unplan_freeze(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    day, today = content[0], history.label(now)
    if not today <= day <= today + history.policy(now).plan_days * DAY:
        refuse("date_out_of_range")
    if day not in history.planned:
        return NOTHING
    history.planned.remove(day)
    return CHANGED


def repair(history: History, _content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    today, policy = history.label(now), history.policy(now)
    day, life = yesterday(history, now)
    if day is None or life is None or not life.broke_a_streak:
        refuse("nothing_to_repair")
    judged = [life.date for life in judge(history, today) if life.verdict == "repaired"]
    repaired = [date for date in judged if date not in history.brought.gone_over]
    if repaired and (today - max(repaired)).days < policy.repair_cooldown:
        refuse("repair_on_cooldown")
    if history.counted_on(today) < policy.repair_activities:
        refuse("repair_needs_more_activity")
    history.repairs.append(Repair(day, now, today))
    return CHANGED


def open_pauses(history: History, today: dt.date) -> list[Pause]:
    """Those that are not over, the earliest first."""
    return sorted((p for p in history.pauses if p.last >= today), key=lambda p: p.first)


def add_pause(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    first, last = content
    wanted, today = Pause(first, last, f"pause-{history.numbers}"), history.label(now)
    not_over = open_pauses(history, today)
    if any((p.first, p.last) == content for p in not_over):
        return NOTHING
    if wanted.first < today:
        refuse("pause_must_be_in_the_future")
    if (wanted.last - wanted.first).days + 1 > history.policy(now).pause_days:
        refuse("pause_too_long")
    if any(wanted.first <= p.last and p.first <= wanted.last for p in not_over):
        refuse("already_paused")
    if len(not_over) >= history.policy(now).open_max:
        refuse("too_many_pauses")
    history.pauses.append(wanted)
    return CHANGED


def end_pause(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    name, today = content[0], history.label(now)
    named = [p for p in history.pauses if p.pause_id == name]
    # Tables tell a pause by its first day: of those that are listed, the one that begins then.
    named += [p for p in open_pauses(history, today) if p.first == name]
    if not named and name in history.pauses_gone:
        return NOTHING
    if not named:
        refuse("pause_not_found")
    return end(history, named[0], today)


def resume(history: History, _content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    today = history.label(now)
    not_over = open_pauses(history, today)
    return end(history, not_over[0], today) if not_over else NOTHING


def end(history: History, pause: Pause, today: dt.date) -> Outcome:
    if pause.last <= today:
        return NOTHING
    history.pauses.remove(pause)
    if pause.first <= today:
        history.pauses.append(dataclasses.replace(pause, last=today))
    else:
        history.pauses_gone.append(pause.pause_id)
    return CHANGED


def set_time_zone(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    zone, since = content
    at = now if since is None else since
    if at > now + CLOCK_SLACK:
        refuse("occurred_in_the_future")
    at = min(at, now)
    statement = Statement(at, history.numbers, zone)
    is_said, today = said_already(history.line, statement), history.label(now)
    if not is_said:
        say(history, statement, now, of_activity=False)
    refuse_before_the_window(history, min(history.line.day_in(zone, at), history.label(now)), now)
    if is_said:
        return NOTHING
    if too_many_stretches(history, today):
        refuse("too_many_zone_changes")
    return CHANGED


def set_rest_weekdays(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    tomorrow = history.label(now) + DAY
    if history.rest_weekdays_on(tomorrow) == content[0]:
        return NOTHING
    history.rest_choices.append(Choice(now, 1, tomorrow, content[0]))
    return CHANGED


def set_auto_freeze(history: History, content: Content, now: dt.datetime, _key: str | None) -> Outcome:
    today = history.label(now)
    if history.auto_freeze_on(today) == content[0]:
        return NOTHING
    history.auto_choices.append(Choice(now, 0, today, content[0]))
    return CHANGED


NOTICES_BEFORE_ANY_CHOICE = {"quiet_hours": {"from": "22:00", "until": "08:00"}, "remind_at": "usual", "language": "en"}


def choose_notices(history: History, content: Content, _now: dt.datetime, _key: str | None) -> Outcome:
    before = {**NOTICES_BEFORE_ANY_CHOICE, **history.notices}
    if all(before.get(name, frozenset()) == chosen for name, chosen in content[0].items()):
        return NOTHING
    history.notices |= content[0]
    return CHANGED
