"""Labels and their instants, over every zone of the tz database and 2000 to 2037."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from streak_core.domain.days import (
    ALWAYS_UTC,
    DayStarts,
    ZoneLine,
    ZoneSpan,
    days_from,
    utc,
    week_start,
    zone_day,
    zone_starts_at,
)
from streak_core.domain.errors import Malformed, NaiveDatetimeError
from streak_core.domain.zone_statements import ZoneEffect, ZoneSaid
from streak_core.domain.zone_stretches import with_statement
from streak_core.domain.zones import data_version, zone, zone_names
from testing.drawing import ZONES
from testing.lives import zones
from tests.support.thoroughness import examples, sample

days = st.dates(date(2000, 1, 1), date(2037, 12, 31))
moments = st.datetimes(datetime(2000, 1, 1), datetime(2037, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
hours = st.integers(0, 12)
HOUR = 4
MICROSECOND = timedelta(microseconds=1)
SHORTEST = timedelta(hours=12)
KIRITIMATI = ZoneSpan(from_instant=None, time_zone="Pacific/Kiritimati", floor=None)
# Midnight there: with days from midnight, the first instant of 2 January.
MIDNIGHT = datetime(2000, 1, 1, 10, tzinfo=UTC)


def at(hour: int) -> DayStarts:
    """Days that always begin at that hour."""
    return DayStarts(((date.min, hour),))


def _wall_label(name: str, instant: datetime, hour: int) -> date:
    return (instant.astimezone(zone(name)).replace(tzinfo=None) - timedelta(hours=hour)).date()


@given(days, hours)
@examples(60)
def test_a_day_starts_at_the_first_instant_of_its_label_in_every_zone(day: date, hour: int) -> None:
    for name in sample(ZONES):
        begun = zone_starts_at(name, day, hour)
        assert _wall_label(name, begun, hour) >= day
        assert zone_day(name, begun, at(hour)) >= day
        assert zone_day(name, begun - MICROSECOND, at(hour)) < day
        assert _wall_label(name, begun - MICROSECOND, hour) < day


@given(zones, moments, hours)
@examples(300)
def test_a_label_never_goes_backward_and_holds_its_instants(name: str, moment: datetime, hour: int) -> None:
    labels = [zone_day(name, moment + timedelta(minutes=30 * n), at(hour)) for n in range(60)]
    assert labels == sorted(labels)
    assert zone_starts_at(name, labels[0], hour) <= moment
    assert moment < zone_starts_at(name, labels[0] + timedelta(days=1), hour)


@pytest.mark.parametrize(
    ("name", "day", "hours_long"),
    [
        ("UTC", date(2026, 3, 2), 24),
        ("America/New_York", date(2026, 3, 7), 23),
        ("America/New_York", date(2026, 10, 31), 25),
        ("Australia/Lord_Howe", date(2026, 4, 4), 24.5),
        ("Pacific/Apia", date(2011, 12, 30), 4),
        ("Antarctica/Casey", date(2018, 3, 10), 27),
    ],
)
def test_days_are_as_long_as_the_zone_makes_them(name: str, day: date, hours_long: float) -> None:
    length = zone_starts_at(name, day + timedelta(days=1), HOUR) - zone_starts_at(name, day, HOUR)
    assert length == timedelta(hours=hours_long)


def test_a_clock_that_falls_back_across_the_start_of_the_day_does_not_bring_the_old_day_back() -> None:
    # Casey set its clocks from 02:00 on 5 March 2010 back to 23:00 on the 4th: with days from 01:00, the 5th had begun.
    begun = zone_starts_at("Antarctica/Casey", date(2010, 3, 5), 1)
    two_hours_later = begun + timedelta(hours=2)
    assert _wall_label("Antarctica/Casey", two_hours_later, 1) == date(2010, 3, 4)
    assert zone_day("Antarctica/Casey", two_hours_later, at(1)) == date(2010, 3, 5)


def test_a_date_that_the_zone_skipped_has_no_instant() -> None:
    skipped = date(2011, 12, 30)
    zone_line = ZoneLine((ZoneSpan(from_instant=None, time_zone="Pacific/Apia", floor=None),), at(0))
    assert zone_line.starts_at(skipped) == zone_line.ends_at(skipped)
    assert zone_line.is_skipped(skipped, SHORTEST)
    assert not zone_line.is_skipped(skipped - timedelta(days=1), SHORTEST)


def test_a_date_that_the_zone_cut_to_four_hours_is_skipped_and_one_of_23_hours_is_not() -> None:
    apia = ZoneLine((ZoneSpan(from_instant=None, time_zone="Pacific/Apia", floor=None),), at(HOUR))
    assert apia.is_skipped(date(2011, 12, 30), SHORTEST)
    new_york = ZoneLine((ZoneSpan(from_instant=None, time_zone="America/New_York", floor=None),), at(HOUR))
    assert not new_york.is_skipped(date(2026, 3, 7), SHORTEST)


def moved(line: ZoneLine, now: datetime, time_zone: str) -> ZoneLine:
    """The same life with another zone from `now` on."""
    said = ZoneSaid(time_zone=time_zone, since=now, effect=ZoneEffect.SAID, by_activity=False, used=False)
    return ZoneLine(with_statement(line.spans, said, line.day_starts), line.day_starts)


def test_a_label_that_a_move_jumped_over_is_skipped_and_those_beside_it_are_not() -> None:
    pago_pago = ZoneLine((ZoneSpan(from_instant=None, time_zone="Pacific/Pago_Pago", floor=None),), at(HOUR))
    # 03:30 on the 2nd there, and 04:30 on the 3rd on Kiritimati.
    line = moved(pago_pago, datetime(2026, 3, 2, 14, 30, tzinfo=UTC), "Pacific/Kiritimati")
    assert [line.is_skipped(date(2026, 3, day), SHORTEST) for day in (1, 2, 3)] == [False, True, False]
    assert line.days_cut_short == {date(2026, 3, 1)}


@st.composite
def timelines(draw: st.DrawFn) -> tuple[ZoneLine, datetime]:
    """A life in up to six zones, and a moment after its last move."""
    now = draw(moments)
    zone_line = ZoneLine((ZoneSpan(from_instant=None, time_zone=draw(zones), floor=None),), at(draw(hours)))
    for _ in range(draw(st.integers(0, 5))):
        now += timedelta(minutes=draw(st.integers(0, 3 * 24 * 60)))
        zone_line = moved(zone_line, now, draw(zones))
    return zone_line, now


@given(timelines())
@examples(300)
def test_starts_at_is_the_inverse_of_label_through_all_zones(life: tuple[ZoneLine, datetime]) -> None:
    zone_line, now = life
    for day in days_from(zone_line.label(now) - timedelta(days=20), zone_line.label(now) + timedelta(days=3)):
        begun = zone_line.starts_at(day)
        assert zone_line.label(begun) >= day
        assert zone_line.label(begun - MICROSECOND) < day
        assert zone_line.starts_at(day) <= zone_line.ends_at(day)


@given(timelines(), st.integers(0, 25))
@example(
    (ZoneLine((KIRITIMATI, replace(KIRITIMATI, from_instant=MIDNIGHT, floor=date(2000, 1, 2))), at(0)), MIDNIGHT), 0
)
@examples(300)
def test_forgetting_old_stretches_changes_no_later_label(life: tuple[ZoneLine, datetime], back: int) -> None:
    zone_line, now = life
    first = zone_line.label(now) - timedelta(days=back)
    kept = zone_line.since(first)
    for hours_back in range(0, back * 24 + 48, 5):
        moment = now - timedelta(hours=hours_back)
        if zone_line.label(moment) >= first:
            assert kept.label(moment) == zone_line.label(moment)
        else:
            assert kept.label(moment) < first
    for day in days_from(first, zone_line.label(now) + timedelta(days=2)):
        assert kept.starts_at(day) == zone_line.starts_at(day)
        assert (day in kept.days_cut_short) == (day in zone_line.days_cut_short)
        assert kept.is_skipped(day, SHORTEST) == zone_line.is_skipped(day, SHORTEST)


def test_what_lies_before_the_first_stretch_kept_has_a_label_no_earlier_than_its_beginning() -> None:
    flight = datetime(2026, 3, 2, 9, tzinfo=UTC)
    line = moved(ZoneLine(ALWAYS_UTC, at(HOUR)), flight, "Pacific/Kiritimati")
    kept = line.since(line.label(flight) + timedelta(days=1))
    assert [span.time_zone for span in kept.spans] == ["Pacific/Kiritimati"]
    assert kept.label(flight) == line.label(flight) == date(2026, 3, 2)
    assert kept.label(flight - timedelta(days=30)) == date(2026, 3, 2)


def test_a_naive_datetime_is_refused_and_an_aware_one_is_turned_into_utc() -> None:
    with pytest.raises(NaiveDatetimeError):
        utc(datetime(2026, 3, 2, 9))  # noqa: DTZ001
    assert utc(datetime.fromisoformat("2026-03-02T09:00:00+02:00")) == datetime(2026, 3, 2, 7, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Mars/Base", "", "posixrules", "../../etc/passwd", "europe/amsterdam", "Factory"])
def test_what_is_no_place_is_no_zone(name: str) -> None:
    with pytest.raises(Malformed):
        zone(name)


def test_every_zone_that_is_listed_can_be_read() -> None:
    assert {zone(name).key for name in zone_names()} == set(zone_names())
    assert ZoneLine(ALWAYS_UTC, at(HOUR)).time_zone == "UTC"


def test_a_streak_week_begins_on_monday() -> None:
    assert week_start(date(2026, 3, 8)) == date(2026, 3, 2)
    assert week_start(date(2026, 3, 9)) == date(2026, 3, 9)


def test_the_tz_database_has_a_version() -> None:
    assert re.fullmatch(r"20\d\d[a-z]", data_version())
