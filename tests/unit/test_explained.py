"""What is explained of a day. Must not know how a day is judged."""

from __future__ import annotations

from datetime import timedelta

from streak_core.explained import explain_response
from tests.support.in_march import active_on, at, did


def test_explain_says_why_of_each_day() -> None:
    user = active_on(2, 3)
    user.step({"at": at(3), "do": "reset"})
    did(user, 5)
    state = user.state(user.ledger["activity.a5"].entry.at + timedelta(days=4))
    because = {row["date"]: row["because"] for row in explain_response(state.view, state.streak, 9)["days"]}
    assert because["2026-03-01"] == "before the first counted activity"
    assert because["2026-03-03"] == "a counted activity; the streak was reset on this day"
    assert because["2026-03-04"] == "no activity; no streak was running"
    assert because["2026-03-06"] == "no activity, and no freeze was available: it ended a streak of 1"
    assert because["2026-03-09"] == "today is not over yet"
    off = active_on(2)
    did(off, 2, "xp", activity_type="flashcard_set_completed", metadata={"correct": 1_000})
    off.step({"at": at(2), "do": "set_auto_freeze", "on": False})
    state = off.state(off.ledger["activity.a2"].entry.at + timedelta(days=2))
    rows = explain_response(state.view, state.streak, 2)["days"]
    assert rows[0]["because"] == "no activity, and none was meant to be spent: it ended a streak of 1"
    assert (rows[0]["starts_at"], rows[0]["ends_at"]) == ("2026-03-03T04:00:00Z", "2026-03-04T04:00:00Z")


def test_what_an_operator_did_is_explained_without_who_it_was() -> None:
    user = active_on(2, 3)
    given = {"reason": "asked for by mail"}
    user.step({"at": at(6), "do": "excuse_days", "from": "2026-03-05", "until": "2026-03-05", **given})
    user.step({"at": at(6), "do": "restore", "day": "2026-03-04", **given})
    user.step({"at": at(6), "do": "grant_xp", "amount": -7, **given})
    user.step({"at": at(6), "do": "grant_freezes", "count": 1, **given})
    user.step({"at": at(6), "do": "restore", "length": 2, **given})
    state = user.state(user.entries[-1].at)
    rows = explain_response(state.view, state.streak, 3)["days"]
    told = "today is not over yet; support took 7 XP; support granted 1 freeze; support gave back 2 days of the streak"
    assert [row["because"] for row in rows] == ["restored by support", "excused by support", told]
