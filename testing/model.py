"""The reference model: docs/semantics.md once more, slow and plain, sharing nothing with the real code.

It keeps everything that ever happened and judges every day from the first one again for each question.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import TYPE_CHECKING, Any, NoReturn

from testing.model_history import WEEKDAYS, Activity, Pause, Reset, Setting
from testing.model_questions import Questioned
from testing.model_time import DAY, UTC

if TYPE_CHECKING:
    from collections.abc import Callable

Step = dict[str, Any]

CATEGORY_OF = {
    "flashcard_set_completed": "flashcards",
    "quiz_completed": "quiz",
    "evaluation_completed": "evaluation",
    "study_guide_completed": "guide",
    "check_in": None,
}
ONLY_WITH_XP = ("flashcard_set_completed", "quiz_completed")
MOST_BASE_XP = 1000
LATE_DAYS, UNDO_DAYS, PLAN_DAYS = 7, 7, 7
CLOCK_SLACK = dt.timedelta(minutes=5)


class Refused(Exception):
    """The command was refused with this code of the contract."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refuse(code: str) -> NoReturn:
    raise Refused(code)


def parse_instant(text: object) -> dt.datetime:
    try:
        t = dt.datetime.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        refuse("malformed")
    if t.tzinfo is None:
        refuse("malformed")
    return t.astimezone(UTC)


def parse_date(text: object) -> dt.date:
    try:
        return dt.date.fromisoformat(text if isinstance(text, str) else "")
    except ValueError:
        refuse("malformed")


def whole_number(metadata: dict[str, Any], key: str, low: int, high: int | None) -> int:
    value = metadata.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        refuse("malformed")
    if value < low or (high is not None and value > high):
        refuse("malformed")
    return value


def base_xp(activity_type: object, metadata: object) -> int:
    if activity_type not in CATEGORY_OF or not isinstance(metadata, dict):
        refuse("malformed")
    xp = 0
    if activity_type == "flashcard_set_completed":
        xp = whole_number(metadata, "correct", 0, None) // 10 * 5
    elif activity_type == "quiz_completed":
        if metadata.get("difficulty") not in ("easy", "hard"):
            refuse("malformed")
        worth = 10 if metadata["difficulty"] == "easy" else 25
        xp = worth if whole_number(metadata, "score", 0, 100) >= 60 else 0
    elif activity_type == "evaluation_completed":
        xp = 50 if whole_number(metadata, "grade", 1, 10) >= 7 else 20
    elif activity_type == "study_guide_completed":
        xp = 15
    return min(xp, MOST_BASE_XP)


class ModelUser(Questioned):
    """One user, given the steps of a scenario."""

    # Commands: each one refuses, changes nothing, or changes something and then notes the time of it.

    def step(self, step: Step) -> dict[str, Any] | list[dict[str, Any]] | None:
        commands: dict[str, Callable[[Step, dt.datetime], Any]] = {
            "record": self.record,
            "check_in": self.check_in,
            "undo": self.undo,
            "reset": self.reset,
            "plan_freeze": self.plan_freeze,
            "unplan_freeze": self.unplan_freeze,
            "repair": self.repair,
            "pause": self.pause,
            "resume": self.resume,
            "set_time_zone": self.set_time_zone,
            "set_rest_weekdays": self.set_rest_weekdays,
            "set_auto_freeze": self.set_auto_freeze,
            "maintenance": lambda _step, _now: None,
            "get_streak": self.get_streak,
            "get_calendar": self.get_calendar,
            "get_consistency": self.get_consistency,
        }
        answer: dict[str, Any] | list[dict[str, Any]] | None
        answer = commands[step["do"]](step, self.moment(parse_instant(step["at"])))
        return answer

    def next_number(self) -> int:
        self.numbers += 1
        return self.numbers

    def record(self, step: Step, now: dt.datetime) -> dict[str, Any]:
        kind, metadata = step.get("activity_type"), step.get("metadata", {})
        base = base_xp(kind, metadata)
        sent = step.get("occurred_at")
        occurred = now if sent is None else parse_instant(sent)
        content = (kind, dict(metadata), None if sent is None else occurred)
        activity_id = step.get("activity_id") or f"made up {self.numbers}"
        if activity_id in self.activities:
            if self.activities[activity_id].content != content:
                refuse("idempotency_key_reused")
            return dict(self.activities[activity_id].answer)
        if occurred > now + CLOCK_SLACK:
            refuse("occurred_in_the_future")
        day = self.label(min(occurred, now))
        if day < self.label(now) - LATE_DAYS * DAY:
            refuse("occurred_too_long_ago")
        activity = self.new_activity(activity_id, day, base, content)
        self.activities[activity_id] = activity
        self.last_accepted = now
        return dict(activity.answer)

    def new_activity(self, activity_id: str, day: dt.date, base: int, content: tuple[Any, ...]) -> Activity:
        kind = content[0]
        xp = base
        if self.bonus_holds_in_week_of(day):
            xp = base * self.multiplier.numerator // self.multiplier.denominator
        counted = base > 0 or kind not in ONLY_WITH_XP
        category = CATEGORY_OF[kind]
        answer = {
            "activity_id": activity_id,
            "activity_type": kind,
            "category": category,
            "day": day.isoformat(),
            "counted": counted,
            "base_xp": base,
            "consistency_bonus": xp - base,
            "xp_awarded": xp,
        }
        return Activity(self.next_number(), day, category, counted, xp, content, answer)

    def check_in(self, _step: Step, now: dt.datetime) -> None:
        today = self.label(now)
        if any(a.by_check_in and a.day == today for a in self.live()):
            return
        earlier = sum(1 for a in self.activities.values() if a.by_check_in and a.day == today)
        made = f"check-in.{today}.{earlier + 1}"
        self.record({"activity_id": made, "activity_type": "check_in"}, now)
        self.activities[made].by_check_in = True

    def undo(self, step: Step, now: dt.datetime) -> None:
        activity = self.activities.get(step["activity_id"])
        if activity is None:
            refuse("activity_not_found")
        if activity.undone:
            return
        if activity.day < self.label(now) - UNDO_DAYS * DAY:
            refuse("undo_too_late")
        activity.undone = True
        if not self.live():
            self.have_always_lived_in(self.timeline.zone)
        self.last_accepted = now

    def reset(self, _step: Step, now: dt.datetime) -> None:
        self.resets.append(Reset(self.next_number(), now, self.label(now)))
        self.last_accepted = now

    def plan_freeze(self, step: Step, now: dt.datetime) -> None:
        day, today = parse_date(step.get("date")), self.label(now)
        if not today - DAY <= day <= today + PLAN_DAYS * DAY:
            refuse("date_out_of_range")
        if day in self.planned:
            return
        if day == today - DAY:
            self.refuse_to_freeze_yesterday(today)
        elif len([d for d in self.planned if d >= today]) >= self.freezes_available(today):
            refuse("no_freeze_available")
        self.planned.add(day)
        self.last_accepted = now

    def refuse_to_freeze_yesterday(self, today: dt.date) -> None:
        yesterday = self.judged(today - DAY, today)
        if yesterday is None or yesterday.verdict != "missed":
            refuse("nothing_to_protect")
        if yesterday.held_when_judged == 0:
            refuse("no_freeze_available")
        if yesterday.current_streak_when_judged == 0:
            refuse("nothing_to_protect")

    def unplan_freeze(self, step: Step, now: dt.datetime) -> None:
        day, today = parse_date(step.get("date")), self.label(now)
        if not today <= day <= today + PLAN_DAYS * DAY:
            refuse("date_out_of_range")
        if day in self.planned:
            self.planned.remove(day)
            self.last_accepted = now

    def repair(self, _step: Step, now: dt.datetime) -> None:
        today = self.label(now)
        yesterday = self.judged(today - DAY, today)
        if yesterday is None or yesterday.verdict != "missed" or yesterday.current_streak_when_judged == 0:
            refuse("nothing_to_repair")
        if any((today - day).days < 30 for day in self.repaired):
            refuse("repair_on_cooldown")
        if len([a for a in self.live() if a.counted and a.day == today]) < 2:
            refuse("repair_needs_more_activity")
        self.repaired.add(today - DAY)
        self.last_accepted = now

    def pause(self, step: Step, now: dt.datetime) -> None:
        wanted, today = Pause(parse_date(step.get("from")), parse_date(step.get("until"))), self.label(now)
        if wanted.last < wanted.first:
            refuse("malformed")
        if wanted.first < today:
            refuse("pause_must_be_in_the_future")
        if (wanted.last - wanted.first).days + 1 > 90:
            refuse("pause_too_long")
        current_or_coming = [p for p in self.pauses if p.last >= today]
        if wanted in current_or_coming:
            return
        if current_or_coming:
            refuse("already_paused")
        self.pauses.append(wanted)
        self.last_accepted = now

    def resume(self, _step: Step, now: dt.datetime) -> None:
        today = self.label(now)
        for pause in [p for p in self.pauses if p.last >= today]:
            pause.last = today - DAY
            self.last_accepted = now
        self.pauses = [p for p in self.pauses if p.first <= p.last]

    def set_time_zone(self, step: Step, now: dt.datetime) -> None:
        zone = step.get("time_zone")
        if not isinstance(zone, str) or zone not in zoneinfo.available_timezones():
            refuse("malformed")
        if zone == self.timeline.zone:
            return
        if self.live():
            self.timeline.move_to(zone, now)
        else:
            self.have_always_lived_in(zone)
        self.last_accepted = now

    def set_rest_weekdays(self, step: Step, now: dt.datetime) -> None:
        names = step.get("weekdays")
        if not isinstance(names, list) or any(name not in WEEKDAYS for name in names):
            refuse("malformed")
        if len(names) > 3 or len(set(names)) < len(names):
            refuse("malformed")
        tomorrow = self.label(now) + DAY
        if self.rest_weekdays_on(tomorrow) != set(names):
            self.rest_settings.append(Setting(now, 1, tomorrow, frozenset(names)))
            self.last_accepted = now

    def set_auto_freeze(self, step: Step, now: dt.datetime) -> None:
        on = step.get("on")
        if not isinstance(on, bool):
            refuse("malformed")
        today = self.label(now)
        if self.auto_freeze_on(today) != on:
            self.auto_settings.append(Setting(now, 0, today, on))
            self.last_accepted = now
