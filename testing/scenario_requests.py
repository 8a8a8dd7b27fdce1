"""The steps of scenarios and lives as requests: method, path and body. Must not know who asks, or what is right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from testing.steps import Step

if TYPE_CHECKING:
    from collections.abc import Callable

Request = tuple[str, str, dict[str, Any] | None]


def _settings(step: Step) -> Request:
    names = {"time_zone": "time_zone", "weekdays": "rest_weekdays", "on": "auto_freeze"}
    return "PATCH", "/streak/settings", {sent: step[name] for name, sent in names.items() if name in step}


def _record(step: Step) -> Request:
    names = ("activity_id", "activity_type", "metadata", "occurred_at")
    return "POST", "/streak/activities", {name: step[name] for name in names if name in step}


REQUESTS: Final[dict[str, Callable[[Step], Request]]] = {
    "record": _record,
    "check_in": lambda _: ("POST", "/streak/update", None),
    "undo": lambda step: ("DELETE", f"/streak/activities/{quote(step['activity_id'], safe='')}", None),
    "reset": lambda _: ("POST", "/streak/reset", None),
    "plan_freeze": lambda step: ("POST", "/streak/freezes", {"date": step["date"]}),
    "unplan_freeze": lambda step: ("DELETE", f"/streak/freezes/{step['date']}", None),
    "repair": lambda _: ("POST", "/streak/repair", None),
    "pause": lambda step: ("PUT", "/streak/pause", {"from": step["from"], "until": step["until"]}),
    "resume": lambda _: ("DELETE", "/streak/pause", None),
    "set_time_zone": _settings,
    "set_rest_weekdays": _settings,
    "set_auto_freeze": _settings,
    "get_streak": lambda _: ("GET", "/streak", None),
    "get_calendar": lambda step: ("GET", f"/calendar?days={step['days']}", None),
    "get_consistency": lambda _: ("GET", "/consistency", None),
    "maintenance": lambda _: ("POST", "/maintenance", None),
}

# Which part of an answer a table speaks of; the whole answer where it is not listed.
PARTS: Final = {"record": "activity", "get_calendar": "days"}
