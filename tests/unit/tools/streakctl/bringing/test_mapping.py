"""What the values of a row mean: each kind that a source may have, and the nearest that is refused by its field."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

import pytest

from streak_core.domain.errors import Malformed
from tests.support.shipped_policy import RULES
from tools.streakctl.bringing.forms import FORMS, OWN, FormName, unused_columns, with_columns
from tools.streakctl.bringing.mapping import Brought, RowReader
from tools.streakctl.bringing.rows import Row
from tools.streakctl.database import WrongUseError

ADA: Final[dict[str, Any]] = {
    "user_id": "ada",
    "time_zone": "Europe/Amsterdam",
    "current_streak": "12",
    "longest_streak": "40",
    "last_active_date": "2026-03-01",
}


def read(values: dict[str, Any], form: FormName = FormName.OWN, **of_all: Any) -> Brought:
    reader = RowReader(form=FORMS[form], reason="moved", day_starts=RULES.day_starts, **of_all)
    return reader.read(Row(number=1, values=values))


def wrong(values: dict[str, Any], form: FormName = FormName.OWN, **of_all: Any) -> list[str]:
    with pytest.raises(Malformed) as refused:
        read(values, form, **of_all)
    return [one.field for one in refused.value.errors]


def test_a_row_of_our_own_form_says_all_that_a_command_has() -> None:
    more = {"as_of": "2026-03-02T09:00:00Z", "freezes": "2", "xp_total": "1480", "active_days": "2026-03-01 2026-02-27"}
    brought = read({**ADA, **more})
    numbers = brought.command.numbers
    assert (brought.user_id, brought.command.time_zone) == ("ada", "Europe/Amsterdam")
    assert brought.command.as_of == datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert (numbers.current_streak, numbers.longest_streak, numbers.freezes, numbers.xp_total) == (12, 40, 2, 1480)
    assert numbers.last_active_date == date(2026, 3, 1)
    assert numbers.active_days == (date(2026, 2, 27), date(2026, 3, 1))


@pytest.mark.parametrize("value", ["12", " 12 ", 12, 12.0, Decimal(12), Decimal("12.0")])
def test_a_whole_number_is_read(value: Any) -> None:
    assert read({**ADA, "current_streak": value}).command.numbers.current_streak == 12


@pytest.mark.parametrize(
    "value",
    [
        *("12.0", "1e1", "1\u0662", "=12", "0x1", "12 days", "1,000", "+12", "1" * 16, b"12", True, [12]),
        *(12.5, float("nan"), float("inf"), Decimal("NaN"), Decimal("12.5")),
    ],
)
def test_what_is_no_whole_number_is_refused(value: Any) -> None:
    assert wrong({**ADA, "current_streak": value}) == ["current_streak"]


AMSTERDAM: Final = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-01", 1),
        (" 2026-03-01 ", 1),
        (date(2026, 3, 1), 1),
        # Before four in the morning, there, it is the day before.
        ("2026-03-02T02:59:59Z", 1),
        ("2026-03-02T03:00:00Z", 2),
        ("2026-03-02 03:59:59+01", 1),
        ("2026-03-02 04:00:00.123456789+01:00", 2),
        ("2026-03-02 03:00:00 UTC", 2),
        (datetime(2026, 3, 2, 3, 59, tzinfo=AMSTERDAM), 1),
        (datetime(2026, 3, 2, 4, tzinfo=AMSTERDAM), 2),
        ({"_seconds": 1772420399, "_nanoseconds": 5}, 1),
        ({"seconds": 1772420400, "nanos": 0}, 2),
        # A date that was written as a moment without a zone is that date.
        ("2026-03-01 00:00:00", 1),
        ("2026-03-01T00:00:00.000", 1),
        (datetime(2026, 3, 1), 1),  # noqa: DTZ001
        ("2026-03-02T00:00:00Z", 1),
        ("2026-03-02 05:00:00", 2),
    ],
)
def test_a_day_is_a_date_or_the_day_there_of_a_moment(value: Any, day: int) -> None:
    assert read({**ADA, "last_active_date": value}).command.numbers.last_active_date == date(2026, 3, day)


@pytest.mark.parametrize(
    "value",
    [
        *("20260301", "2026-W10-1", "01/03/2026", "2026-02-30", "2026-3-1", "yesterday", "2026-03-01T25:00:00Z"),
        *("\u0662026-03-01", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00"),
        *(1772420400, 46082.5, True, {"seconds": "1"}, {}, {"_seconds": 10**18}, b"2026-03-01"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused(value: Any) -> None:
    assert wrong({**ADA, "last_active_date": value}) == ["last_active_date"]


@pytest.mark.parametrize(
    "value",
    [
        "2026-03-01 2026-02-27",
        "2026-02-27,2026-03-01",
        " 2026-02-27; 2026-03-01 ",
        '["2026-02-27", "2026-03-01"]',
        ["2026-02-27", "2026-03-01"],
        [date(2026, 3, 1), date(2026, 2, 27)],
        # Two moments of one day are that day.
        ["2026-02-27", "2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z"],
    ],
)
def test_active_days_are_a_list_or_text(value: Any) -> None:
    numbers = read({**ADA, "active_days": value}).command.numbers
    assert numbers.active_days == (date(2026, 2, 27), date(2026, 3, 1))


@pytest.mark.parametrize("value", ["[", '["x"]', "2026-02-27|2026-03-01", 7, [7], {"a": 1}])
def test_what_are_no_days_is_refused(value: Any) -> None:
    assert wrong({**ADA, "active_days": value}) == ["active_days"]


@pytest.mark.parametrize(
    ("value", "user_id"),
    [("ada", "ada"), (7, "7"), (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"), ("名前@x", "名前@x")],
)
def test_a_user_s_id_is_text_or_a_number(value: Any, user_id: str) -> None:
    assert read({**ADA, "user_id": value}).user_id == user_id


@pytest.mark.parametrize("value", [None, "", " ", "a b", "a/b", "a\x00", "x" * 129, b"ada", True, 1.5, ["ada"]])
def test_what_is_no_user_s_id_is_refused(value: Any) -> None:
    assert wrong({**ADA, "user_id": value}) == ["user_id"]


def test_every_field_that_is_wrong_is_named() -> None:
    assert sorted(wrong({"user_id": "a b", "time_zone": "Mars/Base", "current_streak": "x"})) == [
        "current_streak",
        "time_zone",
        "user_id",
    ]
    assert sorted(wrong({})) == ["current_streak", "time_zone", "user_id"]


def test_what_no_row_says_is_said_for_all() -> None:
    values = {name: ADA[name] for name in ADA if name != "time_zone"}
    at = datetime(2026, 3, 2, tzinfo=UTC)
    command = read(values, time_zone="Asia/Tokyo", as_of=at).command
    assert (command.time_zone, command.as_of) == ("Asia/Tokyo", at)
    assert read(ADA, time_zone="Asia/Tokyo").command.time_zone == "Europe/Amsterdam"
    assert wrong(values) == ["time_zone"]
    assert wrong({**values, "time_zone": 7}) == ["time_zone", "time_zone"]


def test_where_only_the_days_are_known_they_tell_the_numbers() -> None:
    days = "2026-01-01 2026-01-02 2026-01-03 2026-02-28 2026-03-01"
    numbers = read({"user_id": "ada", "time_zone": "UTC", "active_days": days}).command.numbers
    assert (numbers.current_streak, numbers.longest_streak, numbers.last_active_date) == (2, 3, date(2026, 3, 1))
    none = read({"user_id": "ada", "time_zone": "UTC", "active_days": "[]"}).command.numbers
    assert (none.current_streak, none.longest_streak, none.last_active_date, none.active_days) == (0, 0, None, ())


def test_a_row_of_boltabacus_is_read() -> None:
    row = {
        "id": 9,
        "user_id": 7,
        "current_streak": 3,
        "max_streak": 9,
        "last_activity_date": "2026-03-01",
        "created_at": "2025-01-01 00:00:00",
        "updated_at": "2026-03-01 10:00:00.5",
    }
    brought = read(row, FormName.BOLTABACUS, time_zone="UTC")
    numbers = brought.command.numbers
    assert (brought.user_id, numbers.current_streak, numbers.longest_streak) == ("7", 3, 9)
    assert numbers.last_active_date == date(2026, 3, 1)
    idle = {**row, "last_activity_date": None, "current_streak": 0}
    assert read(idle, FormName.BOLTABACUS, time_zone="UTC").command.numbers.days == ()


def test_a_document_of_allms_is_read() -> None:
    streak = {
        "current_streak": 5,
        "longest_streak": 9,
        "freezes_available": 2,
        "last_activity_date": {"_seconds": 1772420400},
        "weekly_consistency": {"quiz": True},
        "bonus_active": True,
        "bonus_multiplier": 1.5,
    }
    brought = read({"uid": "u1", "timezone": "Europe/Amsterdam", "total_xp": 990, "streak": streak}, FormName.ALLMS)
    numbers = brought.command.numbers
    assert (brought.user_id, numbers.current_streak, numbers.longest_streak) == ("u1", 5, 9)
    assert (numbers.freezes, numbers.xp_total, numbers.last_active_date) == (2, 990, date(2026, 3, 2))


def test_a_row_of_caloria_is_read() -> None:
    row = {"id": 4, "email": "a@x", "timezone": "UTC", "streakctl_days": "2026-03-01 2026-02-28"}
    brought = read(row, FormName.CALORIA)
    assert (brought.user_id, brought.command.numbers.current_streak) == ("4", 2)
    # Who never logged anything has no days.
    assert read({**row, "streakctl_days": "[]"}, FormName.CALORIA).command.numbers.days == ()


def test_columns_are_named_by_the_operator() -> None:
    form = with_columns(OWN, ["user_id=uid", "current_streak=stats.days"])
    row = Row(
        number=1, values={"uid": "ada", "stats": {"days": 3}, "time_zone": "UTC", "last_active_date": "2026-03-01"}
    )
    brought = RowReader(form=form, reason="moved", day_starts=RULES.day_starts).read(row)
    assert (brought.user_id, brought.command.numbers.current_streak) == ("ada", 3)
    assert unused_columns(form, ["uid", "stats", "email"], ["user_id=uid", "current_streak=stats.days"]) == ["email"]
    assert unused_columns(form, None, ["user_id=uid"]) == []


@pytest.mark.parametrize("named", ["user_id", "user_id=", "level=x", "=x"])
def test_a_mapping_that_names_no_field_or_no_column_is_refused(named: str) -> None:
    with pytest.raises(WrongUseError, match="FIELD=COLUMN"):
        with_columns(OWN, [named])


def test_a_column_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(WrongUseError, match="one of: uid, xp"):
        unused_columns(OWN, ["uid", "xp"], [])
    with pytest.raises(WrongUseError, match="no column points for xp_total"):
        unused_columns(with_columns(OWN, ["xp_total=points"]), ["user_id"], ["xp_total=points"])
