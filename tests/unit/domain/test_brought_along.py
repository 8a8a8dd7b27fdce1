"""A user who is brought along: which numbers contradict each other, how far back they reach, what stays of years."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest

from streak_core.domain.commands import OpenUser
from streak_core.domain.commands.base import REASON_LENGTH_MAX
from streak_core.domain.commands.open import ENTRY_ID
from streak_core.domain.errors import Malformed
from streak_core.domain.imported import ACTIVE_DAYS_MAX, FIRST_DAY, LENGTH_MAX, XP_MAX, Numbers
from streak_core.domain.refusals import ReasonRequired, UserExists
from testing.pure_user import PureUser
from tests.support.shipped_policy import POLICY, RULES

NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
AT: Final = NOW.isoformat()
LAST: Final = date(2026, 3, 1)
ADA: Final[dict[str, Any]] = {
    "do": "open",
    "at": AT,
    "time_zone": "Europe/Amsterdam",
    "current_streak": 12,
    "longest_streak": 40,
    "last_active_date": str(LAST),
    "freezes": 2,
    "xp_total": 1480,
}


def days(number: int, until: date = LAST) -> list[str]:
    return [str(until - timedelta(days=back)) for back in range(number)]


def opened(**change: Any) -> PureUser:
    user = PureUser(POLICY)
    user.step({**ADA, **change})
    return user


ACCEPTED: Final[list[dict[str, Any]]] = [
    {},
    {"current_streak": 40},
    {"current_streak": 0, "longest_streak": 0, "last_active_date": None},
    {"longest_streak": LENGTH_MAX},
    {"freezes": POLICY.freezes.held_max},
    {"xp_total": XP_MAX},
    {"active_days": days(12)},
    # The run is parted from the days before it.
    {"active_days": days(52)},
    {"active_days": days(ACTIVE_DAYS_MAX), "longest_streak": ACTIVE_DAYS_MAX},
    {"active_days": [], "last_active_date": None, "current_streak": 0},
    {"as_of": "2026-03-01"},
    {"as_of": "2026-03-02"},
    {"as_of": "2026-03-02T09:05:00+00:00"},
    {"current_streak": (LAST - FIRST_DAY).days + 1, "longest_streak": LENGTH_MAX},
    {"as_of": str(FIRST_DAY), "last_active_date": str(FIRST_DAY), "current_streak": 1},
]
REFUSED: Final[list[tuple[dict[str, Any], list[str]]]] = [
    ({"current_streak": 41}, ["current_streak", "longest_streak"]),
    ({"current_streak": -1}, ["current_streak"]),
    ({"longest_streak": LENGTH_MAX + 1}, ["longest_streak"]),
    ({"freezes": POLICY.freezes.held_max + 1}, ["freezes"]),
    ({"freezes": -1}, ["freezes"]),
    ({"xp_total": XP_MAX + 1}, ["xp_total"]),
    ({"current_streak": 1, "last_active_date": None}, ["last_active_date"]),
    ({"active_days": days(11)}, ["current_streak"]),
    ({"active_days": days(53)}, ["longest_streak"]),
    ({"active_days": days(ACTIVE_DAYS_MAX + 1), "longest_streak": LENGTH_MAX}, ["active_days"]),
    ({"active_days": [*days(12), str(LAST)]}, ["active_days"]),
    ({"active_days": [*days(12), "1970-01-01"]}, ["active_days"]),
    ({"active_days": [], "current_streak": 0}, ["active_days"]),
    ({"active_days": days(12), "last_active_date": "2026-02-28"}, ["last_active_date"]),
    ({"active_days": days(12), "last_active_date": None}, ["last_active_date"]),
    ({"last_active_date": "1970-01-01", "current_streak": 1}, ["last_active_date"]),
    ({"current_streak": (LAST - FIRST_DAY).days + 2, "longest_streak": LENGTH_MAX}, ["current_streak"]),
    ({"as_of": "2026-03-02T09:05:01+00:00"}, ["as_of"]),
    ({"as_of": "2026-03-03"}, ["as_of"]),
    ({"as_of": "2026-02-28"}, ["last_active_date"]),
    ({"as_of": "2026-02-28T12:00:00+00:00"}, ["last_active_date"]),
    ({"as_of": "1970-01-01", "last_active_date": None, "current_streak": 0}, ["as_of"]),
    ({"last_active_date": "2026-03-03"}, ["last_active_date"]),
    ({"time_zone": "Mars/Base"}, ["time_zone"]),
]


@pytest.mark.parametrize("change", ACCEPTED, ids=range(len(ACCEPTED)))
def test_numbers_that_go_together_come_along(change: dict[str, Any]) -> None:
    assert opened(**change).streak


@pytest.mark.parametrize(("change", "fields"), REFUSED, ids=range(len(REFUSED)))
def test_numbers_that_contradict_each_other_are_refused_by_their_fields(
    change: dict[str, Any], fields: list[str]
) -> None:
    user = PureUser(POLICY)
    with pytest.raises(Malformed) as refused:
        user.step({**ADA, **change})
    assert [one.field for one in refused.value.errors] == fields
    assert all(one.message for one in refused.value.errors)
    assert user.streak is None


def test_the_same_again_changes_nothing_and_another_is_somebody_known() -> None:
    user = opened()
    before = user.streak
    user.step({**ADA, "at": (NOW + timedelta(days=1)).isoformat()})
    assert user.streak == before
    with pytest.raises(UserExists):
        user.step({**ADA, "xp_total": 1481})
    known = PureUser(POLICY)
    known.step({"do": "check_in", "at": AT})
    with pytest.raises(UserExists):
        known.step(ADA)


@pytest.mark.parametrize(("reason", "error"), [("", ReasonRequired), (" ", ReasonRequired), ("x" * 501, Malformed)])
def test_a_reason_is_wanted_and_is_a_sentence(reason: str, error: type[Exception]) -> None:
    numbers = Numbers(current_streak=0, longest_streak=0)
    OpenUser(time_zone="UTC", numbers=numbers, reason="x" * REASON_LENGTH_MAX).check(RULES)
    with pytest.raises(error):
        OpenUser(time_zone="UTC", numbers=numbers, reason=reason).check(RULES)


def test_it_has_one_name_whatever_the_key() -> None:
    command = OpenUser(time_zone="UTC", numbers=Numbers(current_streak=0, longest_streak=0), reason="moved")
    assert {command.names("k"), command.names(None)} == {(ENTRY_ID,)}


def test_a_day_that_a_freeze_is_planned_for_and_that_came_along_active_asks_for_none() -> None:
    user = opened(last_active_date="2026-03-02", freezes=1)
    user.step({"do": "plan_freeze", "at": AT, "date": "2026-03-02"})
    user.step({"do": "plan_freeze", "at": AT, "date": "2026-03-03"})
    assert user.streak
    assert len(user.streak.settings.planned_freezes) == 2


def test_years_that_come_along_are_decided_but_for_the_last_weeks() -> None:
    user = opened(active_days=days(3_000), current_streak=3_000, longest_streak=3_000)
    assert user.streak
    assert user.streak.checkpoint.active_days + len(user.streak.tail) == 3_000
    assert len(user.streak.tail) < 30
    user.step({"do": "record", "at": AT, "activity_id": "a", "activity_type": "check_in"})
    asked = user.step({"do": "get_streak", "at": AT})
    assert (asked["current_streak"], asked["active_days_total"]) == (3_001, 3_001)
