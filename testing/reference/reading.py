"""What a step says, read and refused where it is malformed.

It must not know any user.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from testing.reference.history import Content
from testing.reference.policy import CATEGORY_OF, MOST_BASE_XP, WEEKDAYS, refuse
from testing.reference.zones import UTC, zone_names

Step = dict[str, Any]
MALFORMED = "invalid_request"
MOST_REST_WEEKDAYS = 3
MOST_FREEZES_GIVEN = 100
MOST_XP_GIVEN = 1_000_000
LONGEST_RESTORED = 10_000
NOTICE_KINDS = {
    *("reminder", "freeze_used", "last_freeze_used"),
    *("streak_broken", "streak_restored", "milestone", "bonus_earned"),
    *("achievement_unlocked", "challenge_completed"),
}
NOTICE_CHANNELS = {"inbox", "push", "email"}


def instant(text: object) -> dt.datetime:
    try:
        t = dt.datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        refuse(MALFORMED)
    if t.tzinfo is None:
        refuse(MALFORMED)
    return t.astimezone(UTC)


def date(text: object) -> dt.date:
    try:
        return dt.date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        refuse(MALFORMED)


def zone(text: object) -> str:
    if not isinstance(text, str) or text not in zone_names():
        refuse(MALFORMED)
    return text


def whole_number(metadata: dict[str, Any], key: str, low: int, high: int | None) -> int:
    value = metadata.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        refuse(MALFORMED)
    if value < low or (high is not None and value > high):
        refuse(MALFORMED)
    return value


def base_xp(activity_type: object, metadata: object) -> int:
    if activity_type not in CATEGORY_OF or not isinstance(metadata, dict):
        refuse(MALFORMED)
    xp = 0
    if activity_type == "flashcard_set_completed":
        xp = whole_number(metadata, "correct", 0, None) // 10 * 5
    elif activity_type == "quiz_completed":
        if metadata.get("difficulty") not in ("easy", "hard"):
            refuse(MALFORMED)
        worth = 10 if metadata["difficulty"] == "easy" else 25
        xp = worth if whole_number(metadata, "score", 0, 100) >= 60 else 0
    elif activity_type == "evaluation_completed":
        xp = 50 if whole_number(metadata, "grade", 1, 10) >= 7 else 20
    elif activity_type == "study_guide_completed":
        xp = 15
    return min(xp, MOST_BASE_XP)


def said(step: Step, name: str, read: Callable[[object], Any]) -> Any:
    """The optional field as read, or None."""
    return None if step.get(name) is None else read(step[name])


def record(step: Step) -> Content:
    metadata = step.get("metadata", {})
    base_xp(step.get("activity_type"), metadata)
    return step["activity_type"], dict(metadata), said(step, "occurred_at", instant), said(step, "time_zone", zone)


def check_in(step: Step) -> Content:
    return (said(step, "time_zone", zone),)


def of_an_activity(step: Step) -> Content:
    return (step["activity_id"],)


def nothing(_step: Step) -> Content:
    return ()


def freeze_date(step: Step) -> Content:
    return (date(step.get("date")),)


def pause_dates(step: Step) -> Content:
    first, last = date(step.get("from")), date(step.get("until"))
    if last < first:
        refuse(MALFORMED)
    return first, last


def pause_named(step: Step) -> Content:
    return (step["pause_id"] if "pause_id" in step else date(step.get("from")),)


def time_zone(step: Step) -> Content:
    return zone(step.get("time_zone")), said(step, "since", instant)


def rest_weekdays(step: Step) -> Content:
    names = step.get("weekdays")
    if not isinstance(names, list) or any(name not in WEEKDAYS for name in names):
        refuse(MALFORMED)
    if len(names) > MOST_REST_WEEKDAYS or len(set(names)) < len(names):
        refuse(MALFORMED)
    return (frozenset(names),)


def auto_freeze(step: Step) -> Content:
    if not isinstance(step.get("on"), bool):
        refuse(MALFORMED)
    return (step["on"],)


def notices(step: Step) -> Content:
    """What is named, each choice under a name of its own."""
    names = {"channels", "quiet_hours", "remind_at", "language"} & step.keys()
    for kind, of in step.get("channels", {}).items():
        if kind not in NOTICE_KINDS or not set(of) <= NOTICE_CHANNELS:
            refuse(MALFORMED)
    channels = {f"channels.{kind}": frozenset(of) for kind, of in step.get("channels", {}).items()}
    return ({**channels, **{name: step[name] for name in names - {"channels"}}},)


def seat(step: Step) -> Content:
    """Of names a table says only simple ones: the rule of them all has tests of its own."""
    name, group = step["name"].strip(), step.get("group")
    if "@" in name:
        refuse("name_not_allowed")
    if group is not None and " " in group:
        refuse(MALFORMED)
    return name, group


def challenge(step: Step) -> Content:
    return (step["challenge"],)


def reasoned(step: Step) -> Content:
    reason = step.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        refuse("reason_required")
    return ()


def freezes_given(step: Step) -> Content:
    content = whole_number(step, "count", 1, MOST_FREEZES_GIVEN), step.get("over_cap", False)
    reasoned(step)
    return content


def xp_given(step: Step) -> Content:
    content = (whole_number(step, "amount", -MOST_XP_GIVEN, MOST_XP_GIVEN),)
    reasoned(step)
    return content


def days_excused(step: Step) -> Content:
    content = pause_dates(step)
    reasoned(step)
    return content


def restored(step: Step) -> Content:
    day, started_on = said(step, "day", date), said(step, "started_on", date)
    length = None if step.get("length") is None else whole_number(step, "length", 1, LONGEST_RESTORED)
    if (day is None) == (length is None) or (started_on is not None and length is None):
        refuse(MALFORMED)
    reasoned(step)
    return day, length, started_on


def blocked_until(step: Step) -> Content:
    content = (said(step, "until", instant),)
    reasoned(step)
    return content
