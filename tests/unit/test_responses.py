"""What clients are told, field by field."""

from __future__ import annotations

from streak_core.responses import event_response
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY


def test_an_event_is_told_with_its_day_and_its_moment() -> None:
    user = PureUser(POLICY)
    step = {"at": "2026-03-02T09:00:00Z", "do": "record", "activity_id": "a", "activity_type": "study_guide_completed"}
    user.step(step)
    (told,) = [event_response(event) for event in user.events.values()]
    assert {name: told[name] for name in ("event_id", "type", "date", "occurred_at")} == {
        "event_id": "0000000001.streak_started.2026-03-02",
        "type": "streak_started",
        "date": "2026-03-02",
        "occurred_at": "2026-03-02T09:00:00Z",
    }
