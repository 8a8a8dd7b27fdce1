"""A stored zone that the time zone data does not have, over HTTP: told by its name, healed by naming another one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from google.cloud import firestore

from emulator.token import PROJECT
from streak_core.store.documents import user_doc_id
from tests.e2e.client import User, problem

if TYPE_CHECKING:
    import httpx

MARS = "Mars/Olympus_Mons"


def test_a_user_in_an_unknown_zone_is_told_and_heals_it_by_naming_another_one(http: httpx.Client, served: str) -> None:
    user = User(http, served)
    user.record()
    document = firestore.Client(project=PROJECT).collection("streaks").document(user_doc_id(user.uid))
    stored = document.get().to_dict() or {}
    state = json.loads(stored["state"])
    state["settings"]["zones"] = [{"from_instant": None, "time_zone": MARS, "floor": None}]
    document.update({"state": json.dumps(state)})
    for path in ("/streak", "/streak/settings", "/streak/explain", "/streak/events", "/calendar", "/consistency"):
        answer = user.ask("GET", path)
        assert problem(answer) == (409, "time_zone_unknown")
        assert MARS in answer.json()["detail"]
    assert user.refusal("POST", "/streak/reset") == (409, "time_zone_unknown")
    healed = user.do("PATCH", "/streak/settings", {"time_zone": "Europe/Paris"})
    assert healed["settings"]["time_zone"] == "Europe/Paris"
    assert user.get("/streak")["current_streak"] == 1
