"""The steps of scenarios and lives as requests: method, path and body; a step's `key` goes with any of them.

Must not know who asks, or what is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from testing.steps import OPERATOR_STEPS, JobStep, Step

if TYPE_CHECKING:
    from collections.abc import Callable

Request = tuple[str, str, dict[str, Any] | None]
# Stands in a request for the id of the user whom it is about, where it is not that user who asks.
USER: Final = "{uid}"
# What an operator does for a user.
BY_OPERATORS: Final = frozenset({JobStep.MAINTENANCE, *OPERATOR_STEPS})


def _settings(step: Step) -> Request:
    names = {"time_zone": "time_zone", "since": "time_zone_since", "weekdays": "rest_weekdays", "on": "auto_freeze"}
    return "PATCH", "/streak/settings", {sent: step[name] for name, sent in names.items() if name in step}


def _choose(step: Step) -> Request:
    names = ("channels", "quiet_hours", "remind_at", "language")
    return "PATCH", "/notices/preferences", {name: step[name] for name in names if name in step}


def _record(step: Step) -> Request:
    names = ("activity_id", "activity_type", "metadata", "occurred_at", "time_zone")
    return "POST", "/streak/activities", {name: step[name] for name in names if name in step}


def _check_in(step: Step) -> Request:
    return "POST", "/streak/update", {"time_zone": step["time_zone"]} if "time_zone" in step else None


def _given(what: str, *names: str, method: str = "POST") -> Callable[[Step], Request]:
    sent, path = (*names, "reason"), f"/admin/users/{USER}/{what}"
    return lambda step: (method, path, {name: step[name] for name in sent if name in step})


def _open(step: Step) -> Request:
    names = ("time_zone", "as_of", "current_streak", "longest_streak", "last_active_date", "freezes", "xp_total")
    told = {name: step[name] for name in (*names, "active_days") if step.get(name) is not None}
    return "POST", "/admin/import", {"reason": "brought along", "users": [{"user_id": USER, **told}]}


def _activity(step: Step) -> str:
    return f"/streak/activities/{quote(step['activity_id'], safe='')}"


def _challenge(step: Step) -> str:
    return f"/challenges/{quote(step['challenge'], safe='')}/join"


def _join_leaderboard(step: Step) -> Request:
    return "PUT", "/leaderboard/me", {name: step[name] for name in ("name", "group") if name in step}


def _pause(step: Step) -> dict[str, Any]:
    return {"from": step["from"], "until": step["until"]}


REQUESTS: Final[dict[str, Callable[[Step], Request]]] = {
    "record": _record,
    "check_in": _check_in,
    "undo": lambda step: ("DELETE", _activity(step), None),
    "redo": lambda step: ("POST", f"{_activity(step)}/redo", None),
    "reset": lambda _: ("POST", "/streak/reset", None),
    "take_reset_back": lambda _: ("DELETE", "/streak/reset", None),
    "plan_freeze": lambda step: ("POST", "/streak/freezes", {"date": step["date"]}),
    "unplan_freeze": lambda step: ("DELETE", f"/streak/freezes/{step['date']}", None),
    "repair": lambda _: ("POST", "/streak/repair", None),
    "pause": lambda step: ("PUT", "/streak/pause", _pause(step)),
    "add_pause": lambda step: ("POST", "/streak/pauses", _pause(step)),
    "resume": lambda _: ("DELETE", "/streak/pause", None),
    "end_pause": lambda step: ("DELETE", f"/streak/pauses/{quote(step['pause_id'], safe='')}", None),
    "set_time_zone": _settings,
    "set_rest_weekdays": _settings,
    "set_auto_freeze": _settings,
    "choose_notices": _choose,
    "join_challenge": lambda step: ("POST", _challenge(step), None),
    "leave_challenge": lambda step: ("DELETE", _challenge(step), None),
    "join_leaderboard": _join_leaderboard,
    "leave_leaderboard": lambda _: ("DELETE", "/leaderboard/me", None),
    "hide_from_leaderboard": _given("leaderboard/hidden", method="PUT"),
    "show_on_leaderboard": _given("leaderboard/hidden", method="DELETE"),
    "grant_freezes": _given("grants", "count", "over_cap"),
    "excuse_days": _given("excuses", "from", "until"),
    "restore": _given("restorations", "day", "length", "started_on"),
    "grant_xp": _given("xp", "amount"),
    "block": _given("block", "until"),
    "unblock": _given("block", method="DELETE"),
    "open": _open,
    "get_streak": lambda _: ("GET", "/streak", None),
    "get_offers": lambda _: ("GET", "/streak/offers", None),
    "get_pauses": lambda _: ("GET", "/streak/pauses", None),
    "get_explain": lambda step: ("GET", f"/streak/explain?days={step['days']}", None),
    "get_calendar": lambda step: ("GET", f"/calendar?days={step['days']}", None),
    "get_consistency": lambda _: ("GET", "/consistency", None),
    "get_achievements": lambda _: ("GET", "/achievements", None),
    "get_challenges": lambda _: ("GET", "/challenges", None),
    "get_seat": lambda _: ("GET", "/leaderboard/me", None),
    "maintenance": lambda _: ("POST", "/maintenance", None),
}

# Which part of an answer a table speaks of; the whole answer where it is not listed.
PARTS: Final = {
    "record": "activity",
    "get_offers": "offers",
    "get_calendar": "days",
    "get_explain": "days",
    "get_achievements": "achievements",
    "get_challenges": "challenges",
}


def names_no_pause(step: Step) -> bool:
    """Whether a step ends a pause that it tells by its first day alone: its id has to be asked for first."""
    return step["do"] == "end_pause" and "pause_id" not in step


def with_pause_id(step: Step, pauses: list[dict[str, Any]]) -> Step:
    """The step with the id of the pause that begins on the day it says, of those that are not over."""
    return {**step, "pause_id": next(one["pause_id"] for one in pauses if one["from"] == step["from"])}


def about(user_id: str, request: Request) -> Request:
    """The request with the user whom it is about."""
    method, path, body = request
    path = path.replace(USER, quote(user_id, safe=""))
    if not body or "users" not in body:
        return method, path, body
    return method, path, {**body, "users": [{**one, "user_id": user_id} for one in body["users"]]}


def told_of_one(status: int, answer: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """The status and the answer for the one user whom a request was about, also where there is a result for each."""
    if "results" not in answer:
        return status, answer
    result = answer["results"][0]
    return (result["problem"]["status"], result["problem"]) if "problem" in result else (status, result)
