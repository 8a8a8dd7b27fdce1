"""A zone that the time zone data does not have: the user is told, and gets out of it by naming another one.

A newer release of the data knew it; after a rollback, this one does not.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streak_core.domain.commands import ChangeSettings, ResetStreak, SettingsChanged
from streak_core.domain.days import ZoneLine
from streak_core.domain.decision import decide
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.model import Streak
from streak_core.domain.refusals import TimeZoneUnknown, TooManyZoneChanges
from streak_core.domain.replay import replay
from streak_core.domain.settings_history import unknown_zones, with_zones_replaced
from streak_core.domain.state import user_state
from streak_core.domain.zone_statements import STRETCHES_MAX
from streak_core.domain.zones import stored_zone, zone_names
from streak_core.store import documents
from testing.pure_user import PureUser
from tests.support.in_march import at, did
from tests.support.shipped_policy import POLICY, RULES

MARS: Final = "Mars/Olympus_Mons"
NOW: Final = datetime(2026, 3, 9, 12, tzinfo=UTC)
names: Final = st.sampled_from(sorted(zone_names()))


def traveller(first: str, second: str) -> PureUser:
    """Active for a week, in one zone and then in another one."""
    user = PureUser(POLICY)
    for day in range(7):
        at = NOW - timedelta(days=7 - day)
        user.step({"at": at.isoformat(), "do": "record", "activity_id": f"a{day}", "activity_type": "check_in"})
        if day in (0, 3):
            zone = first if day == 0 else second
            user.step({"at": at.isoformat(), "do": "set_time_zone", "time_zone": zone})
    return user


def gone(streak: Streak, name: str) -> Streak:
    """The same, where nothing is known of one of the zones."""
    spans = tuple(
        replace(one, time_zone=MARS if one.time_zone == name else one.time_zone) for one in streak.settings.zones
    )
    return replace(streak, settings=replace(streak.settings, zones=spans))


@pytest.mark.parametrize("name", ["Asia/Tokyo", "America/Los_Angeles"])
def test_who_lives_or_lived_in_an_unknown_zone_is_told_its_name(name: str) -> None:
    user = traveller("Asia/Tokyo", "America/Los_Angeles")
    assert user.streak
    assert user_state(user.streak, None, RULES, NOW).replaced_zones == ()
    with pytest.raises(TimeZoneUnknown, match=MARS):
        user_state(gone(user.streak, name), None, RULES, NOW)


@given(first=names, second=names, is_first=st.booleans(), taken=names)
# Where the zone that is gone was left for another one, the named one is in the next day already.
@example(first="America/Adak", second="Pacific/Honolulu", is_first=True, taken="Africa/Abidjan")
def test_naming_a_zone_heals_and_no_day_is_lost(first: str, second: str, taken: str, *, is_first: bool) -> None:
    streak = traveller(first, second).streak
    assert streak
    lost = gone(streak, first if is_first else second)
    if not unknown_zones(lost.settings):
        return
    state = user_state(lost, None, RULES, NOW, instead_of_unknown=taken)
    decision = decide(state, ChangeSettings(time_zone=taken), {})
    assert decision.entry
    assert isinstance(decision.entry.content, SettingsChanged)
    assert decision.entry.content.replaces == (MARS,)
    healed = user_state(decision.streak, None, RULES, NOW)
    assert (healed.replaced_zones, healed.view.zone_line.time_zone) == ((), taken)
    assert healed.streak.tail == streak.tail
    # Today is never before a day that has a record, and labels never go backward.
    zone_line = ZoneLine(decision.streak.settings.zones, RULES.day_starts)
    assert zone_line.label(NOW) >= max(streak.tail)
    moments = [NOW - timedelta(days=9) + timedelta(hours=hours) for hours in range(9 * 24)]
    labels = [zone_line.label(at) for at in moments]
    assert labels == sorted(labels)


def test_who_is_in_an_unknown_zone_is_in_the_named_one_instead() -> None:
    streak = traveller("Asia/Tokyo", "America/Los_Angeles").streak
    assert streak
    lost = gone(streak, "America/Los_Angeles")
    state = user_state(lost, None, RULES, NOW, instead_of_unknown="Europe/Paris")
    healed = decide(state, ChangeSettings(time_zone="Europe/Paris"), {}).streak
    zones = [span.time_zone for span in healed.settings.zones]
    assert zones[:2] == ["Asia/Tokyo", "Europe/Paris"]
    assert zones[-1] == "Europe/Paris"
    assert healed.tail == streak.tail


def test_the_way_out_is_in_the_ledger_and_proves_the_state() -> None:
    user = traveller("Asia/Tokyo", "America/Los_Angeles")
    assert user.streak
    before = user.streak
    state = user_state(gone(before, "Asia/Tokyo"), None, RULES, NOW, instead_of_unknown="Europe/Paris")
    entry = decide(state, ChangeSettings(time_zone="Europe/Paris"), {}).entry
    assert entry
    assert documents.read_entry(documents.entry_document(entry, "r", "settings", {}, {})) == entry
    # Where the zone is known (again), nothing has its name, and the entry is an ordinary move.
    rebuilt = rebuild([*user.entries, entry], RULES)
    assert rebuilt
    assert rebuilt.settings.zones[-1].time_zone == "Europe/Paris"


def test_no_day_is_told_in_an_unknown_zone_whoever_asks() -> None:
    assert stored_zone("Asia/Tokyo").key == "Asia/Tokyo"
    with pytest.raises(TimeZoneUnknown, match=MARS):
        stored_zone(MARS)
    streak = traveller("Asia/Tokyo", "America/Los_Angeles").streak
    assert streak
    with pytest.raises(TimeZoneUnknown, match=MARS):
        replay(gone(streak, "America/Los_Angeles"), RULES, NOW)


def test_another_command_and_settings_without_a_zone_are_refused_there() -> None:
    streak = traveller("Asia/Tokyo", "America/Los_Angeles").streak
    assert streak
    lost = gone(streak, "America/Los_Angeles")
    for command in (ResetStreak(), ChangeSettings(auto_freeze=False)):
        instead = command.time_zone if isinstance(command, ChangeSettings) else None
        with pytest.raises(TimeZoneUnknown):
            user_state(lost, None, RULES, NOW, instead_of_unknown=instead)


def test_a_first_zone_that_is_not_known_any_more_is_replaced_too() -> None:
    streak = traveller("Asia/Tokyo", "America/Los_Angeles").streak
    assert streak
    assert streak.settings.first_zone
    lost = replace(streak.settings, first_zone=replace(streak.settings.first_zone, time_zone=MARS))
    assert unknown_zones(lost) == (MARS,)
    state = user_state(replace(streak, settings=lost), None, RULES, NOW, instead_of_unknown="Europe/Paris")
    healed = decide(state, ChangeSettings(time_zone="Europe/Paris"), {}).streak.settings.first_zone
    assert healed == replace(streak.settings.first_zone, time_zone="Europe/Paris")


def test_the_way_out_is_open_however_often_the_zone_was_changed() -> None:
    user = traveller("Asia/Tokyo", "America/Los_Angeles")
    with suppress(TooManyZoneChanges):
        for number in range(STRETCHES_MAX):
            zone = ("Asia/Tokyo", "Europe/Paris", "UTC")[number % 3]
            at = NOW + timedelta(seconds=number)
            user.step({"at": at.isoformat(), "do": "set_time_zone", "time_zone": zone})
    assert user.streak
    assert len(user.streak.settings.zones) == STRETCHES_MAX
    lost = gone(user.streak, "Asia/Tokyo")
    state = user_state(lost, None, RULES, NOW, instead_of_unknown="Europe/Paris")
    assert decide(state, ChangeSettings(time_zone="Europe/Paris"), {}).entry
    with pytest.raises(TooManyZoneChanges):
        decide(user.state(NOW + timedelta(hours=1)), ChangeSettings(time_zone="Africa/Cairo"), {})


def test_another_zone_in_place_of_an_unknown_one_brings_no_day_back_that_has_a_record() -> None:
    user = PureUser(POLICY)
    user.step({"at": at(2), "do": "set_time_zone", "time_zone": "Pacific/Kiritimati"})
    did(user, 2)
    assert user.streak
    assert max(user.streak.tail) == date(2026, 3, 2)
    for replaced, zone in [("Pacific/Kiritimati", "Etc/GMT+12"), ("Pacific/Kiritimati", "Asia/Tokyo")]:
        changed = with_zones_replaced(user.streak, {replaced}, zone, RULES)
        zone_line = ZoneLine(changed.settings.zones, RULES.day_starts)
        assert zone_line.label(user.streak.updated_at) == date(2026, 3, 2)
        assert zone_line.time_zone == zone
    assert with_zones_replaced(user.streak, set(), "Etc/GMT+12", RULES) == user.streak
