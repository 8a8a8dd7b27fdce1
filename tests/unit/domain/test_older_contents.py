"""What entries of the first edition say holds as it did: a ledger proves what it led to, whoever carries it out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from streak_core.domain.commands import (
    ActivityRecorded,
    ActivityUndone,
    PauseEnded,
    PauseStreak,
    ResetStreak,
    SettingsChanged,
)
from streak_core.domain.entries import LedgerEntry, numbered_entry_id
from streak_core.domain.judging_anew import rebuild
from streak_core.domain.model import Activity
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid
from tests.support.shipped_policy import RULES

if TYPE_CHECKING:
    from streak_core.domain.commands import Content
    from streak_core.domain.model import Streak

AT: Final = datetime(2026, 3, 2, 13, tzinfo=UTC)
GUIDE: Final = Activity(
    activity_id="a",
    activity_type="study_guide_completed",
    category="guide",
    day=date(2026, 3, 2),
    counted=True,
    base_xp=15,
    xp=15,
    occurred_at=AT,
)


def led_to(*contents: Content) -> Streak:
    entries = [
        LedgerEntry(
            entry_id=content.own_entry_id() or numbered_entry_id(number, content.kind),
            seq=number,
            at=AT + timedelta(hours=number),
            today=date(2026, 3, 2),
            time_zone="UTC",
            content=content,
        )
        for number, content in enumerate(contents, start=1)
    ]
    streak = rebuild(entries, RULES)
    assert streak is not None
    return streak


def moved(time_zone: str) -> SettingsChanged:
    said = ZoneSaid(time_zone=time_zone, since=AT, effect=ZoneEffect.MOVED, by_activity=False, used=True)
    return SettingsChanged(zone=said)


def recorded() -> ActivityRecorded:
    return ActivityRecorded(activity=GUIDE, sent={})


def zones(streak: Streak) -> list[str]:
    return [span.time_zone for span in streak.settings.zones]


def test_before_the_first_activity_a_change_of_zone_left_no_trace_and_after_it_one() -> None:
    assert zones(led_to(moved("Asia/Tokyo"), moved("Europe/Paris"))) == ["Europe/Paris"]
    assert zones(led_to(recorded(), moved("Asia/Tokyo"), moved("Asia/Tokyo"))) == ["UTC", "Asia/Tokyo"]
    assert led_to(moved("Asia/Tokyo")).settings.zone_known


def test_what_was_chosen_and_reset_before_was_labelled_in_that_zone() -> None:
    chosen = SettingsChanged(auto_freeze=False, rest_weekdays=("sunday",))
    streak = led_to(chosen, ResetStreak(), moved("Pacific/Kiritimati"))
    assert [auto.from_day for auto in streak.settings.auto_freeze] == [date(2026, 3, 3)]
    assert [rest.from_day for rest in streak.settings.rest_weekdays] == [date(2026, 3, 4)]
    assert [day for day, record in streak.tail.items() if record.resets] == [date(2026, 3, 3)]


def test_an_undo_that_left_no_activity_left_the_last_zone_as_if_it_had_always_been_there() -> None:
    undone = ActivityUndone(activity=GUIDE, of_seq=1, forgets_zones=True)
    assert zones(led_to(recorded(), moved("Asia/Tokyo"), undone)) == ["Asia/Tokyo"]
    another = ActivityRecorded(
        activity=Activity(
            activity_id="b",
            activity_type="check_in",
            category=None,
            day=GUIDE.day,
            counted=False,
            base_xp=0,
            xp=0,
            occurred_at=AT,
        ),
        sent={},
    )
    assert zones(led_to(recorded(), another, moved("Asia/Tokyo"), undone)) == ["UTC", "Asia/Tokyo"]


def test_ending_a_pause_ended_whichever_was_not_over() -> None:
    pause = PauseStreak(from_day=date(2026, 3, 1), until_day=date(2026, 3, 9))
    later = PauseStreak(from_day=date(2026, 3, 11), until_day=date(2026, 3, 12))
    streak = led_to(recorded(), pause, later, PauseEnded(pause_id=None, last_day=date(2026, 3, 1)))
    assert [(one.from_day, one.until_day) for one in streak.settings.pauses] == [(date(2026, 3, 1), date(2026, 3, 1))]
