"""A day of the user's own takes so much of a kind, exactly; then it is told how long it is until the next one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from streak_core.domain.days import ZoneLine, ZoneSpan
from streak_core.records.kinds import Quota
from streak_core.records.quotas import QuotaExceeded, QuotasUsed
from tests.support.shipped_policy import RULES

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
NONE: Final = QuotasUsed({})


def line(time_zone: str = "UTC") -> ZoneLine:
    return ZoneLine((ZoneSpan(from_instant=None, time_zone=time_zone, floor=None),), RULES.standing.day_starts)


def used(
    quota: Quota, sizes: list[int], at: datetime = NOW, time_zone: str = "UTC", before: QuotasUsed = NONE
) -> QuotasUsed:
    used_up = before
    for size in sizes:
        used_up = used_up.counted("log", size, quota, line(time_zone), at)
    return used_up


def test_exactly_so_many_are_taken_and_the_next_day_as_many() -> None:
    quota = Quota(count_a_day=3)
    full = used(quota, [1, 1, 1])
    with pytest.raises(QuotaExceeded) as refusal:
        used(quota, [1], before=full)
    assert refusal.value.retry_after_seconds == 19 * 3600
    ends = NOW + timedelta(hours=19)
    with pytest.raises(QuotaExceeded) as late:
        used(quota, [1], ends - timedelta(milliseconds=1), before=full)
    assert late.value.retry_after_seconds == 1
    assert used(quota, [1, 1, 1], ends, before=full).of["log"].count == 3


def test_exactly_so_many_bytes_are_taken() -> None:
    quota = Quota(bytes_a_day=10)
    assert used(quota, [4, 6]).of["log"].size_bytes == 10
    with pytest.raises(QuotaExceeded, match="10 bytes"):
        used(quota, [4, 7])
    assert used(Quota(), [10**9] * 3).of["log"].count == 3


def test_the_day_is_the_users_own() -> None:
    with pytest.raises(QuotaExceeded) as refusal:
        used(Quota(count_a_day=1), [1, 1], time_zone="Asia/Kolkata")
    # Four in the morning there is half past ten in the evening in UTC.
    assert refusal.value.retry_after_seconds == 13.5 * 3600


def test_a_clock_that_is_behind_brings_no_day_back() -> None:
    quota = Quota(count_a_day=1)
    with pytest.raises(QuotaExceeded):
        used(quota, [1], NOW - timedelta(days=1), before=used(quota, [1]))


def test_each_kind_is_counted_by_itself_and_reads_as_it_was_written() -> None:
    used_up = used(Quota(count_a_day=1), [7])
    used_up = used_up.counted("profile", 5, Quota(count_a_day=1), line(), NOW)
    assert QuotasUsed.read(used_up.text) == used_up
    assert {kind: one.size_bytes for kind, one in used_up.of.items()} == {"log": 7, "profile": 5}


@pytest.mark.parametrize("text", [None, "", "[]", "1", '{"log": 1}', '{"log": {"day": "x", "count": 1, "bytes": 1}}'])
def test_what_is_no_such_text_counts_as_nothing(text: object) -> None:
    assert QuotasUsed.read(text) == NONE


def test_what_was_counted_is_of_the_day_that_it_was_counted_on_and_then_of_no_other() -> None:
    used_up = used(Quota(count_a_day=9), [3, 4])
    today = NOW.date()
    assert (used_up.on("log", today).count, used_up.on("log", today).size_bytes) == (2, 7)
    assert used_up.on("log", today - timedelta(days=1)).day == today
    tomorrow = used_up.on("log", today + timedelta(days=1))
    assert (tomorrow.day, tomorrow.count, tomorrow.size_bytes) == (today + timedelta(days=1), 0, 0)
    assert used_up.on("profile", today).count == 0
