"""Settings: what is answered of them, what they can't be, and how long they are kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from streak_core.domain.commands import ChangeSettings
from streak_core.domain.commands.settings import settings_now
from streak_core.domain.errors import Malformed
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.refusals import TooManyZoneChanges
from streak_core.domain.settings import Pause
from streak_core.domain.zone_statements import STRETCHES_MAX
from streak_core.responses import settings_response
from testing.pure_user import PureUser
from tests.support.in_march import active_on, at, did, refused
from tests.support.shipped_policy import POLICY, RULES


def test_settings_are_answered_as_they_hold_and_setting_them_again_changes_nothing() -> None:
    user = active_on(2)
    user.step({"at": at(2), "do": "set_time_zone", "time_zone": "Asia/Tokyo"})
    user.step({"at": at(2), "do": "set_rest_weekdays", "weekdays": ["sunday", "saturday"]})
    user.step({"at": at(2), "do": "set_auto_freeze", "on": False})
    user.step({"at": at(2), "do": "pause", "from": "2026-03-05", "until": "2026-03-08"})
    state = user.streak
    again: list[dict[str, Any]] = [
        {"do": "set_time_zone", "time_zone": "Asia/Tokyo"},
        {"do": "set_rest_weekdays", "weekdays": ["saturday", "sunday"]},
        {"do": "set_auto_freeze", "on": False},
    ]
    for step in again:
        user.step({"at": at(2, 15), **step})
    assert user.streak == state
    assert state is not None
    assert settings_response(state.settings, date(2026, 3, 3)) == {
        "time_zone": "Asia/Tokyo",
        "time_zone_known": True,
        "auto_freeze": False,
        "rest_weekdays": ["saturday", "sunday"],
        "pause": {"pause_id": "pause-5", "from": "2026-03-05", "until": "2026-03-08"},
        "planned_freezes": [],
    }
    assert settings_now(state.settings, date(2026, 3, 9)).pause is None


@pytest.mark.parametrize(
    "command",
    [
        ChangeSettings(time_zone="Mars/Base"),
        ChangeSettings(rest_weekdays=("sunday", "funday")),
        ChangeSettings(rest_weekdays=("sunday", "sunday")),
        ChangeSettings(rest_weekdays=("sunday", "monday", "tuesday", "friday")),
    ],
)
def test_settings_that_cannot_be_are_malformed(command: ChangeSettings) -> None:
    user = active_on(2)
    with pytest.raises(Malformed):
        command.check(RULES)
    with pytest.raises(Malformed):
        user.give(command, user.ledger["activity.a2"].entry.at)


def test_a_zone_can_be_changed_only_so_often_in_one_tail() -> None:
    user = active_on(2)
    # Never back to the one before, which would be no change.
    names = ["Asia/Tokyo", "UTC", "Europe/Paris"] * STRETCHES_MAX
    now = datetime.fromisoformat(at(2))
    for number, name in enumerate(names[:STRETCHES_MAX]):
        moment = (now + timedelta(seconds=number)).isoformat()
        user.step({"at": moment, "do": "set_time_zone", "time_zone": name})
    another: dict[str, Any] = {"do": "set_time_zone", "time_zone": names[STRETCHES_MAX]}
    assert refused(user, at=at(2, 10), **another) == TooManyZoneChanges.code
    did(user, 28)
    user.step({"at": at(28), **another})


def test_what_was_chosen_before_any_zone_was_said_is_labelled_in_the_first_one() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(6, 3), "do": "reset"})
    user.step({"at": at(6, 5), "do": "set_auto_freeze", "on": False})
    user.step({"at": at(6, 5), "do": "set_rest_weekdays", "weekdays": ["friday"]})
    assert user.streak
    assert [auto.from_day for auto in user.streak.settings.auto_freeze] == [date(2026, 3, 6)]
    assert [rest.from_day for rest in user.streak.settings.rest_weekdays] == [date(2026, 3, 7)]
    user.step({"at": at(6, 5), "do": "set_time_zone", "time_zone": "Pacific/Pago_Pago"})
    settings = user.streak.settings
    assert [auto.from_day for auto in settings.auto_freeze] == [date(2026, 3, 5)]
    assert [rest.from_day for rest in settings.rest_weekdays] == [date(2026, 3, 6)]
    assert [day for day, record in user.streak.tail.items() if record.resets] == [date(2026, 3, 5)]
    # A choice of zone that comes later is a change.
    user.step({"at": at(6, 6), "do": "set_time_zone", "time_zone": "Pacific/Kiritimati"})
    assert [auto.from_day for auto in user.streak.settings.auto_freeze] == [date(2026, 3, 5)]


def test_a_long_absence_leaves_a_short_tail_and_old_choices_are_forgotten() -> None:
    user = active_on(2)
    user.step({"at": at(2), "do": "set_auto_freeze", "on": False})
    user.step({"at": at(3), "do": "set_auto_freeze", "on": True})
    user.step({"at": at(3), "do": "pause", "from": "2026-03-04", "until": "2026-03-05"})
    did(user, 28, at="2029-03-28T09:00:00+00:00")
    assert user.streak is not None
    assert list(user.streak.tail) == [date(2029, 3, 28)]
    assert user.streak.checkpoint.next_day == date(2029, 3, 12)
    assert user.streak.settings.pauses == ()
    assert [auto.on for auto in user.streak.settings.auto_freeze] == [True]
    assert rebuild(user.entries, RULES) == user.streak
    assert Pause(pause_id="p", from_day=date(2026, 3, 4), until_day=date(2026, 3, 5)).covers(date(2026, 3, 5))
