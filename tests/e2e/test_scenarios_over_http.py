"""The scenario tables, played over HTTP, each as a fresh user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.scenario_tables import TABLES, difference

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx

    from tests.e2e.client import User

    Request = tuple[str, str, dict[str, Any] | None]

Step = dict[str, Any]


def _record(step: Step) -> Request:
    names = ("activity_id", "activity_type", "metadata", "occurred_at")
    return "POST", "/streak/activities", {name: step[name] for name in names if name in step}


REQUESTS: dict[str, Callable[[Step], Request]] = {
    "record": _record,
    "check_in_today": lambda _: ("POST", "/streak/update", None),
    "undo": lambda step: ("DELETE", f"/streak/activities/{step['activity_id']}", None),
    "reset": lambda _: ("POST", "/streak/reset", None),
    "plan_freeze": lambda step: ("POST", "/streak/freezes", {"date": step["date"]}),
    "unplan_freeze": lambda step: ("DELETE", f"/streak/freezes/{step['date']}", None),
    "repair": lambda _: ("POST", "/streak/repair", None),
    "pause": lambda step: ("PUT", "/streak/pause", {"from": step["from"], "until": step["until"]}),
    "resume": lambda _: ("DELETE", "/streak/pause", None),
    "set_time_zone": lambda step: ("PATCH", "/streak/settings", {"time_zone": step["time_zone"]}),
    "set_rest_weekdays": lambda step: ("PATCH", "/streak/settings", {"rest_weekdays": step["weekdays"]}),
    "set_auto_freeze": lambda step: ("PATCH", "/streak/settings", {"auto_freeze": step["on"]}),
    "get_streak": lambda _: ("GET", "/streak", None),
    "get_calendar": lambda step: ("GET", f"/calendar?days={step['days']}", None),
    "get_consistency": lambda _: ("GET", "/consistency", None),
    "maintenance": lambda _: ("POST", "/maintenance", None),
}
# Which part of an answer a table speaks of; the whole answer where it is not listed.
PARTS = {"record": "activity", "get_calendar": "days"}


@pytest.mark.parametrize("name", TABLES)
def test_the_functions_answer_as_the_table_says(user: User, admin: User, name: str) -> None:
    table = TABLES[name]
    zone = {"at": table["steps"][0]["at"], "do": "set_time_zone", "time_zone": table["time_zone"]}
    for number, step in enumerate([zone, *table["steps"]]):
        asks = admin if step["do"] == "maintenance" else user
        method, path, body = REQUESTS[step["do"]](step)
        answer = asks.ask(method, path, body, at=step["at"])
        assert _difference(step, answer) is None, f"step {number}: {step['do']} at {step['at']}"


def _difference(step: Step, answer: httpx.Response) -> str | None:
    if "expect_refused" in step:
        return difference(step["expect_refused"], answer.json().get("code"))
    if not answer.is_success:
        return f"refused: {answer.text}"
    part = PARTS.get(step["do"])
    got = answer.json()[part] if part else answer.json()
    return difference(step["expect"], got) if "expect" in step else None
