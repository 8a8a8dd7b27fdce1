"""The state of form 1 as form 2: what the program before knew. Must not know documents or the model.

What form 1 did not keep is not made up here; what follows from the rest of what is stored, `first_form` works out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from datetime import date

    from streak_core.store.forms import v1, v2

_CHECK_IN_PREFIX: Final = "check-in."


def streak(stored: v1.Streak) -> v2.Streak:
    """The whole state."""
    checkpoint, settings = stored["checkpoint"], stored["settings"]
    upgraded: v2.Streak = {
        "seq": stored["seq"],
        "created_at": stored["created_at"],
        "updated_at": stored["updated_at"],
        "activities": stored["activities"],
        "checkpoint": _checkpoint(checkpoint),
        "tail": {day: day_record(record, day) for day, record in stored["tail"].items()},
        "settings": _settings(settings, checkpoint["next_day"]),
    }
    if "pace" in stored:
        upgraded["pace"] = stored["pace"]
    return upgraded


def _checkpoint(stored: v1.Checkpoint) -> v2.Checkpoint:
    upgraded = cast("v2.Checkpoint", dict(stored))
    if length := stored.get("length"):
        # Every milestone of it was told.
        upgraded["told_length"] = length
    return upgraded


def day_record(stored: v1.DayRecord, day: date) -> v2.DayRecord:
    """A day of the tail."""
    upgraded = cast("v2.DayRecord", {name: stored[name] for name in _SAME if name in stored})
    upgraded["counted"] = stored.get("counted", 0)
    if reset := stored.get("reset"):
        upgraded["resets"] = _resets(reset, stored.get("counted", 0))
    ever = stored.get("check_ins", 0)
    if ever:
        upgraded["check_ins_ever"] = ever
    if ever > stored.get("check_ins_undone", 0):
        # Where among the day's entries it was, nothing tells: before a reset, if there was one.
        upgraded["check_ins"] = [{"activity_id": f"{_CHECK_IN_PREFIX}{day}.{ever}", "seq": 1}]
    return upgraded


_SAME: Final = ("activity_count", "counted", "xp", "categories")


def _resets(stored: v1.ResetMark, counted: int) -> list[v2.ResetMark]:
    """The first and the last reset of the day, with what lies between them."""
    last: v2.ResetMark = {"seq": stored["last_seq"], "at": stored["at"], "counted": stored["counted_since"]}
    if stored["first_seq"] == stored["last_seq"]:
        return [last]
    between = counted - stored["counted_before"] - stored["counted_since"]
    return [{"seq": stored["first_seq"], "at": stored["at"], "counted": between}, last]


def _zone_span(stored: v1.ZoneSpan) -> v2.ZoneSpan:
    upgraded = cast("v2.ZoneSpan", dict(stored))
    if stored["from_instant"] is not None:
        # Whether something came since then, nothing tells.
        upgraded["used"] = True
    return upgraded


def _settings(stored: v1.Settings, next_day: date) -> v2.Settings:
    upgraded: v2.Settings = {}
    if "zones" in stored:
        upgraded["zones"] = [_zone_span(span) for span in stored["zones"]]
        upgraded["zone_known"] = True
    if "auto_freeze" in stored:
        upgraded["auto_freeze"] = stored["auto_freeze"]
    if "rest_weekdays" in stored:
        upgraded["rest_weekdays"] = stored["rest_weekdays"]
    if "pauses" in stored:
        upgraded["pauses"] = [{"pause_id": f"from-{one['from_day']}", **one} for one in stored["pauses"]]
    if "planned_freezes" in stored:
        upgraded["planned_freezes"] = stored["planned_freezes"]
    if "repairs" in stored:
        upgraded["repairs"] = [{"day": day, "at": None} for day in stored["repairs"] if day >= next_day]
    return upgraded
