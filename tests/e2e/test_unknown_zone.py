"""A user whose stored time zone is not known here any more, as after going back to an older tz database.

Must not know how a day is worked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from google.cloud import firestore

from emulator.token import PROJECT
from tests.e2e.client import User, scheduled

if TYPE_CHECKING:
    from collections.abc import Iterator

LATER = "2026-03-03T09:00:00Z"
ASKED = [
    ("GET", "/streak"),
    ("GET", "/streak/offers"),
    ("GET", "/streak/pauses"),
    ("GET", "/streak/settings"),
    ("GET", "/streak/explain"),
    ("GET", "/streak/events"),
    ("GET", "/calendar"),
    ("GET", "/consistency"),
    ("POST", "/streak/update"),
    ("POST", "/streak/reset"),
    ("DELETE", "/streak/reset"),
    ("DELETE", "/streak/activities/a"),
    ("POST", "/streak/activities/a/redo"),
    ("DELETE", "/streak/pauses/pause-1"),
    ("DELETE", "/streak/pause"),
]


@pytest.fixture(params=["zone, activity", "activity, zone"])
def lost(user: User, request: pytest.FixtureRequest) -> Iterator[User]:
    """Their zone stands in the document, and nowhere else."""
    for what in request.param.split(", "):
        if what == "zone":
            user.do("PATCH", "/streak/settings", {"time_zone": "Europe/Amsterdam"})
        else:
            user.record(activity_id="a")
    user_doc = firestore.Client(project=PROJECT).document(f"streaks/{user.uid}")
    state = (user_doc.get().to_dict() or {})["state"]
    assert "Europe/Amsterdam" in state
    user_doc.update({"state": state.replace("Europe/Amsterdam", "Europe/Atlantis")})
    yield user
    user_doc.delete()


@pytest.mark.parametrize(("method", "path"), ASKED)
def test_it_is_refused_with_a_word_that_says_what_to_do(lost: User, method: str, path: str) -> None:
    answer = lost.ask(method, path, at=LATER)
    assert (answer.status_code, answer.json()["code"]) == (409, "time_zone_unknown")
    assert "Europe/Atlantis" in answer.json()["detail"]
    assert "PATCH /streak/settings" in answer.json()["detail"]


def test_other_settings_alone_do_not_mend_it(lost: User) -> None:
    sent = {"auto_freeze": False}
    assert lost.refusal("PATCH", "/streak/settings", sent, at=LATER) == (409, "time_zone_unknown")


@pytest.mark.parametrize("time_zone", ["Europe/Amsterdam", "UTC", "Etc/UTC"])
def test_a_zone_that_is_set_mends_it(lost: User, admin: User, time_zone: str) -> None:
    body = {"time_zone": time_zone}
    assert lost.do("PATCH", "/streak/settings", body, at=LATER)["settings"]["time_zone"] == time_zone
    assert lost.get("/streak", at=LATER)["current_streak"] == 1
    lost.record(at=LATER)
    assert lost.get("/streak", at=LATER)["current_streak"] == 2
    night = "2026-03-09T09:00:00Z"
    report = admin.ask("POST", "/maintenance", at=night, headers=scheduled(night)).json()
    assert lost.uid not in [one["user_id"] for one in report["unreadable"]]


def test_a_zone_that_is_set_mends_the_days_of_what_was_recorded_before_the_first_one_too(lost: User) -> None:
    lost.do("PATCH", "/streak/settings", {"time_zone": "Europe/Amsterdam"}, at=LATER)
    assert [one["day"] for one in lost.get("/streak/activities", at=LATER)["activities"]] == ["2026-03-02"]
    assert lost.do("DELETE", "/streak/activities/a", at=LATER)["streak"]["current_streak"] == 0
