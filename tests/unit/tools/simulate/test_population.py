"""The table of people by time zone, and when they become due."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from streak_core.domain.zones import zone_names
from tests.unit.tools.simulate.studies import SHIPPED, people
from tools.simulate.population import Deadline, deadlines, load_population, users_due

ONE_DAY = timedelta(days=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def test_every_zone_of_the_table_is_one_that_users_may_choose() -> None:
    assert SHIPPED.millions.keys() <= zone_names()


def test_the_shares_add_up_to_one() -> None:
    assert sum(SHIPPED.shares.values()) == pytest.approx(1)


def test_the_table_covers_the_world_and_not_more_than_it() -> None:
    assert 0.95 < SHIPPED.covered <= 1


def test_the_table_names_its_source() -> None:
    assert "World Population Prospects 2024" in SHIPPED.source


@pytest.mark.parametrize(
    ("zones", "country_millions"),
    [
        (("Australia/",), 26.7),
        (("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"), 283.5),
        (("America/Sao_Paulo", "America/Manaus", "America/Cuiaba", "America/Rio_Branco"), 212.0),
        (("Africa/Kinshasa", "Africa/Lubumbashi"), 109.3),
    ],
)
def test_the_parts_of_a_country_add_up_to_it(zones: tuple[str, ...], country_millions: float) -> None:
    assert sum(n for name, n in SHIPPED.millions.items() if name.startswith(zones)) == pytest.approx(country_millions)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("source = 'x'\nyear = 1\nworld_millions = 1.0\n[millions]\n'Mars/Olympus' = 1", "Mars/Olympus"),
        ("source = 'x'\nyear = 1\nworld_millions = 1.0\n[millions]\nUTC = 0", "greater than 0"),
        ("source = 'x'\nyear = 1\nworld_millions = 1.0\n[millions]\nUTC = inf", "finite number"),
        ("source = 'x'\nyear = 1\nworld_millions = 1.0\n[millions]\n", "at least 1 item"),
        ("source = 'x'", "millions"),
    ],
)
def test_a_table_that_is_wrong_is_refused_with_its_reason(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "people.toml"
    file.write_text(text)
    with pytest.raises(ValidationError, match=said):
        load_population(file)


def test_a_streak_day_ends_at_four_in_the_morning_local_time() -> None:
    line = deadlines(people(UTC=1, Asia__Kolkata=3), utc(2026, 1, 15), utc(2026, 1, 16), 4)
    assert line == (
        Deadline(utc(2026, 1, 15, 4), "UTC", 0.25),
        Deadline(utc(2026, 1, 15, 22, 30), "Asia/Kolkata", 0.75),
    )


def test_the_end_of_the_window_belongs_to_it_and_its_beginning_does_not() -> None:
    assert not deadlines(people(UTC=1), utc(2026, 1, 15, 4), utc(2026, 1, 16, 3, 59), 4)
    assert len(deadlines(people(UTC=1), utc(2026, 1, 15, 3, 59), utc(2026, 1, 15, 4), 4)) == 1


def test_when_clocks_go_forward_the_day_ends_an_hour_earlier() -> None:
    line = deadlines(people(America__New_York=1), utc(2026, 3, 7), utc(2026, 3, 9), 4)
    assert [one.at for one in line] == [utc(2026, 3, 7, 9), utc(2026, 3, 8, 8)]


def test_a_date_that_a_zone_cut_to_four_hours_ends_after_them() -> None:
    line = deadlines(people(Pacific__Apia=1), utc(2011, 12, 30), utc(2011, 12, 31), 4)
    assert [one.at for one in line] == [utc(2011, 12, 30, 10), utc(2011, 12, 30, 14)]


def test_a_date_that_a_zone_skipped_altogether_ends_once() -> None:
    line = deadlines(people(Pacific__Apia=1), utc(2011, 12, 29), utc(2012, 1, 1), 0)
    assert len({one.at for one in line}) == len(line) == 3


@given(st.dates(date(2000, 1, 1), date(2037, 12, 1)))
def test_every_zone_has_about_one_end_of_a_day_in_each_day(day: date) -> None:
    begin = datetime(day.year, day.month, day.day, tzinfo=UTC)
    line = deadlines(
        people(UTC=1, America__New_York=1, Asia__Kathmandu=1, Atlantic__Azores=1), begin, begin + 10 * ONE_DAY, 4
    )
    names = [one.time_zone for one in line]
    assert all(9 <= names.count(name) <= 11 for name in set(names))
    assert len(set(names)) == 4


def test_a_thousand_users_in_one_zone_become_due_together() -> None:
    line = deadlines(people(Asia__Tokyo=1), utc(2026, 1, 15), utc(2026, 1, 16), 4)
    assert users_due(line, 1000, 0.03) == {utc(2026, 1, 15, 19): 30}


@given(users=st.integers(1, 10**9), due_share=st.floats(0, 1))
def test_rounding_loses_nobody(users: int, due_share: float) -> None:
    line = deadlines(SHIPPED, utc(2026, 1, 15), utc(2026, 1, 16), 4)
    assert sum(users_due(line, users, due_share).values()) == pytest.approx(users * due_share, abs=1)
