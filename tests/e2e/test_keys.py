"""One key for one command: every pair of commands over HTTP, and keys of what changed nothing or was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from testing.contract import OPERATIONS, operation_of
from tests.e2e.client import User, problem
from tests.e2e.stored_user import stored

if TYPE_CHECKING:
    import httpx

KEY: Final = "the-key"
REUSED: Final = (422, "idempotency_key_reused")
QUIZ: Final = {"activity_type": "quiz_completed", "metadata": {"difficulty": "hard", "score": 60}}

# A request as method, path and body.
Request = tuple[str, str, Any]


def paused(first: int, last: int) -> dict[str, str]:
    return {"from": f"2026-03-{first:02}", "until": f"2026-03-{last:02}"}


# Each is accepted of a user who has `lived`, and changes something. No two of them are the same command.
COMMANDS: Final[dict[str, Request]] = {
    "record": ("POST", "/streak/activities", QUIZ),
    "record, other content": ("POST", "/streak/activities", {"activity_type": "check_in", "metadata": {}}),
    "record, elsewhere": ("POST", "/streak/activities", {**QUIZ, "time_zone": "Asia/Tokyo"}),
    "check in": ("POST", "/streak/update", None),
    "check in, elsewhere": ("POST", "/streak/update", {"time_zone": "Asia/Tokyo"}),
    "undo": ("DELETE", "/streak/activities/live", None),
    "undo, another": ("DELETE", "/streak/activities/live-2", None),
    "redo": ("POST", "/streak/activities/undone/redo", None),
    "redo, another": ("POST", "/streak/activities/undone-2/redo", None),
    "reset": ("POST", "/streak/reset", None),
    "take the reset back": ("DELETE", "/streak/reset", None),
    "plan a freeze": ("POST", "/streak/freezes", {"date": "2026-03-06"}),
    "plan a freeze, another day": ("POST", "/streak/freezes", {"date": "2026-03-07"}),
    "take a freeze back": ("DELETE", "/streak/freezes/2026-03-05", None),
    "repair": ("POST", "/streak/repair", None),
    "pause": ("PUT", "/streak/pause", paused(20, 21)),
    "pause, other days": ("POST", "/streak/pauses", paused(22, 23)),
    "end the next pause": ("DELETE", "/streak/pause", None),
    "end a pause": ("DELETE", "/streak/pauses/PAUSE", None),
    "settings": ("PATCH", "/streak/settings", {"auto_freeze": True}),
    "settings, others": ("PATCH", "/streak/settings", {"rest_weekdays": ["sunday"]}),
}


def lived(user: User) -> str:
    """A user of whom each command can be asked; the id of a pause to come."""
    user.do("PATCH", "/streak/settings", {"auto_freeze": False})
    user.record(activity_id="before")
    user.do("POST", "/streak/reset")
    user.earn(2)
    for activity_id in ("live", "live-2", "undone", "undone-2"):
        user.record("check_in", activity_id=activity_id)
    for activity_id in ("undone", "undone-2"):
        user.do("DELETE", f"/streak/activities/{activity_id}")
    user.now = "2026-03-04T09:00:00Z"
    user.record()
    user.record()
    user.do("POST", "/streak/freezes", {"date": "2026-03-05"})
    pause_id: str = user.do("POST", "/streak/pauses", paused(10, 12))["pause"]["pause_id"]
    return pause_id


def asked(user: User, request: Request, pause_id: str = "", key: str | None = KEY) -> httpx.Response:
    method, path, body = request
    return user.ask(method, path.replace("PAUSE", pause_id), body, key=key)


def test_every_operation_that_is_a_command_is_in_the_table() -> None:
    found = [operation_of(method, path) for method, path, _ in COMMANDS.values()]
    # A batch has no key; each activity in it has a name of its own. Those of operators have tables of their own, in
    # test_giving and test_batches.
    users = [one for one in OPERATIONS if "x-command" in one.content and one.path.startswith("/streak")]
    assert [one for one in users if not one.path.endswith(":batch") and one not in found] == []


@pytest.mark.parametrize("first", COMMANDS)
def test_the_key_of_one_command_is_not_free_for_any_other(user: User, first: str) -> None:
    pause_id = lived(user)
    untouched = stored(user.uid)
    accepted = asked(user, COMMANDS[first], pause_id)
    assert accepted.is_success, accepted.text
    assert "Idempotent-Replayed" not in accepted.headers
    before = stored(user.uid)
    assert before[f"streaks/{user.uid}"] != untouched[f"streaks/{user.uid}"]
    for other in COMMANDS.keys() - {first}:
        assert problem(asked(user, COMMANDS[other], pause_id)) == REUSED, (first, other)
    again = asked(user, COMMANDS[first], pause_id)
    assert (again.status_code, again.json()) == (accepted.status_code, accepted.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert stored(user.uid) == before


def test_a_pause_is_the_same_command_by_either_route(user: User) -> None:
    first = user.do("POST", "/streak/pauses", paused(20, 21), key=KEY)
    again = user.ask("PUT", "/streak/pause", paused(20, 21), key=KEY)
    assert (again.status_code, again.json(), again.headers["Idempotent-Replayed"]) == (200, first, "true")


@pytest.mark.parametrize("name", ["repair", "take the reset back", "undo", "redo", "end a pause", "plan a freeze"])
def test_what_is_refused_leaves_its_key_free(user: User, name: str) -> None:
    assert problem(asked(user, COMMANDS[name], "pause-1"))[0] in {404, 409}
    assert "Idempotent-Replayed" not in asked(user, COMMANDS["record"]).headers
    assert problem(asked(user, COMMANDS[name], "pause-1")) == REUSED


# What was there before, what then changes nothing, and what is done before its late retry, which would change much.
LATE: Final[dict[str, tuple[list[Request], Request, Request]]] = {
    "end the next pause": ([], ("DELETE", "/streak/pause", None), ("POST", "/streak/pauses", paused(3, 9))),
    "reset": (
        [("POST", "/streak/reset", None)],
        ("POST", "/streak/reset", None),
        ("POST", "/streak/activities", {**QUIZ, "activity_id": "new"}),
    ),
    "undo": (
        [("DELETE", "/streak/activities/a", None)],
        ("DELETE", "/streak/activities/a", None),
        ("POST", "/streak/activities/a/redo", None),
    ),
    "redo": ([], ("POST", "/streak/activities/a/redo", None), ("DELETE", "/streak/activities/a", None)),
    "check in": (
        [("POST", "/streak/update", None)],
        ("POST", "/streak/update", None),
        ("POST", "/streak/reset", None),
    ),
    "pause": (
        [("POST", "/streak/pauses", paused(3, 9))],
        ("PUT", "/streak/pause", paused(3, 9)),
        ("DELETE", "/streak/pause", None),
    ),
    "plan a freeze": (
        [("POST", "/streak/freezes", {"date": "2026-03-05"})],
        ("POST", "/streak/freezes", {"date": "2026-03-05"}),
        ("DELETE", "/streak/freezes/2026-03-05", None),
    ),
    "take a freeze back": (
        [],
        ("DELETE", "/streak/freezes/2026-03-05", None),
        ("POST", "/streak/freezes", {"date": "2026-03-05"}),
    ),
    "settings": (
        [("PATCH", "/streak/settings", {"auto_freeze": False})],
        ("PATCH", "/streak/settings", {"auto_freeze": False}),
        ("PATCH", "/streak/settings", {"auto_freeze": True}),
    ),
}


@pytest.mark.parametrize("name", LATE)
def test_a_key_of_what_changed_nothing_is_kept_and_its_late_retry_changes_nothing(user: User, name: str) -> None:
    earlier, nothing, between = LATE[name]
    user.do("POST", "/streak/activities", {"activity_type": "study_guide_completed"}, key="a")
    user.earn(1, at="2026-03-01T09:00:00Z")
    for request in earlier:
        assert asked(user, request, key=None).is_success
    streak = user.get("/streak")
    first = asked(user, nothing)
    assert (first.is_success, first.json()["events"]) == (True, []), first.text
    assert {**user.get("/streak"), "updated_at": None} == {**streak, "updated_at": None}
    assert asked(user, between, key=None).is_success
    before = stored(user.uid)
    again = asked(user, nothing)
    told = {**again.json(), "streak": first.json()["streak"]} if name == "check in" else again.json()
    assert (again.status_code, told) == (first.status_code, first.json())
    assert again.headers["Idempotent-Replayed"] == "true"
    assert problem(asked(user, ("POST", "/streak/repair", None))) == REUSED
    assert stored(user.uid) == before


def test_what_changes_nothing_and_has_no_key_leaves_nothing(user: User) -> None:
    user.record()
    before = stored(user.uid)
    for method, path, body in (
        ("DELETE", "/streak/pause", None),
        ("DELETE", "/streak/freezes/2026-03-05", None),
        ("PATCH", "/streak/settings", {"auto_freeze": True}),
    ):
        assert "Idempotent-Replayed" not in user.ask(method, path, body).headers
    assert stored(user.uid) == before
