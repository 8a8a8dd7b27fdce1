"""The check-in of today is named by today before it is recorded, so today must not turn in between."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from streak_core.domain.commands import catalogue
from streak_core.domain.commands.record import check_in_today
from streak_core.domain.errors import UserBusy
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY

NOW = datetime(2026, 3, 3, 15, tzinfo=UTC)
RECORD = {"do": "record", "activity_id": "a", "activity_type": "study_guide_completed"}


@pytest.mark.parametrize(("zone", "is_turned"), [("Pacific/Kiritimati", True), ("Europe/Paris", False)])
def test_a_flight_that_turns_today_makes_a_check_in_ask_again_and_one_that_does_not_leaves_it(
    zone: str, *, is_turned: bool
) -> None:
    user = PureUser(POLICY)
    user.step({**RECORD, "at": "2026-03-02T09:00:00+00:00"})
    named, _ = check_in_today(user.here(NOW))
    user.step({"do": "set_time_zone", "time_zone": zone, "at": NOW.isoformat()})
    command = catalogue.check_in(named)
    if is_turned:
        with pytest.raises(UserBusy):
            command.decide(user.here(NOW), user.ledger)
        return
    decision = command.decide(user.here(NOW), user.ledger)
    assert decision.entry
    assert decision.entry.entry_id == "activity.check-in.2026-03-03.1"
