"""A report is of the days that are asked for, and those that can't be told are refused with the field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

import pytest

from streak_core.domain.errors import Malformed
from streak_core.reports import ReportName, days_of

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
TODAY: Final = NOW.date()
FAILED: Final = ReportName.FAILED_ACTIONS


def back(days: int) -> date:
    return TODAY - timedelta(days=days)


def test_where_nobody_says_which_they_are_the_last_thirty() -> None:
    days = days_of(FAILED, None, None, NOW)
    assert (len(days), days[0], days[-1]) == (30, back(29), TODAY)
    assert days_of(FAILED, None, back(9), NOW)[0] == back(38)
    assert days_of(FAILED, TODAY, TODAY, NOW) == [TODAY]


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        (FAILED, back(91), TODAY),
        # East of Greenwich it is tomorrow already.
        (ReportName.FREEZES, TODAY, back(-1)),
        (ReportName.ACTIVE_USERS, back(99), back(90)),
        (FAILED, back(400), back(390)),
        (ReportName.SURVIVAL, back(4_000), back(3_990)),
        (ReportName.BLOCKED_USERS, None, None),
    ],
)
def test_these_days_can_be_told(name: ReportName, first: date | None, last: date | None) -> None:
    assert days_of(name, first, last, NOW)


@pytest.mark.parametrize(
    ("name", "first", "last", "field"),
    [
        (FAILED, back(92), TODAY, "from"),
        (FAILED, TODAY, back(1), "from"),
        (ReportName.FREEZES, TODAY, back(-2), "to"),
        (ReportName.ACTIVE_USERS, back(100), back(90), "from"),
        (FAILED, back(401), back(390), "from"),
        (ReportName.BLOCKED_USERS, TODAY, None, "from"),
        (ReportName.BLOCKED_USERS, None, TODAY, "to"),
    ],
)
def test_and_their_nearest_cannot(name: ReportName, first: date | None, last: date | None, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        days_of(name, first, last, NOW)
    assert [one.field for one in refusal.value.errors] == [field]
