"""Which day's export is due, by the clock of the zone that was chosen."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from itertools import pairwise

import pytest

from streak_core.backup import due_day
from streak_core.config.backup import BackupRules


@pytest.mark.parametrize(
    ("time_zone", "now", "day"),
    [
        ("UTC", datetime(2026, 3, 2, 2, 0, tzinfo=UTC), date(2026, 3, 2)),
        ("UTC", datetime(2026, 3, 2, 1, 59, 59, tzinfo=UTC), date(2026, 3, 1)),
        ("Asia/Tokyo", datetime(2026, 3, 1, 17, 0, tzinfo=UTC), date(2026, 3, 2)),
        ("Asia/Tokyo", datetime(2026, 3, 1, 16, 59, tzinfo=UTC), date(2026, 3, 1)),
    ],
)
def test_a_day_is_due_from_its_time_on_and_the_one_before_until_then(time_zone: str, now: datetime, day: date) -> None:
    assert due_day(BackupRules(at=time(2), time_zone=time_zone), now) == day


@pytest.mark.parametrize("time_zone", ["Europe/Kyiv", "America/New_York", "Australia/Lord_Howe"])
def test_every_day_has_its_export_also_where_the_clocks_change(time_zone: str) -> None:
    hours = (datetime.fromtimestamp(3600 * number, UTC) for number in range(490_000, 490_000 + 24 * 366))
    days = sorted({due_day(BackupRules(at=time(2), time_zone=time_zone), now) for now in hours})
    assert [(later - before).days for before, later in pairwise(days)] == [1] * (len(days) - 1)
    assert len(days) >= 366
