"""A schedule is one that Cloud Scheduler takes, and how long a job may be missing follows from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.packaging.gcloud_commands import PLAIN
from tools.deploy.errors import WrongUse
from tools.deploy.schedule import longest_gap, missing_window, values_of


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("0 * * * *", "60 * * * *"),
        ("59 23 31 12 6", "59 24 31 12 6"),
        ("0 0 1 1 0", "0 0 0 1 0"),
        ("0 0 31 1 *", "0 0 32 1 *"),
        ("0 0 1 12 *", "0 0 1 13 *"),
        ("0 0 * * 6", "0 0 * * 7"),
        ("0 0 1 1 *", "0 0 1 0 *"),
        ("*/15 * * * *", "*/0 * * * *"),
        ("*/59 * * * *", "*/60 * * * *"),
        ("0-30/10 * * * *", "0/10 * * * *"),
        ("8-18 * * * *", "18-8 * * * *"),
        ("0,30 * * * *", "0,,30 * * * *"),
        ("0 4 * * MON-FRI", "0 4 * * FRI-MON"),
        ("0 4 * * mon,Thu", "0 4 * * mon,Thur"),
        ("0 4 1 JAN,JUL *", "0 4 1 MON *"),
        ("0 4 * * *", "0 4 * * ?"),
        ("0 4 * * *", "0 4 * * * *"),
        ("0 4 * * *", "0 4 * *"),
        ("0 4 * * *", "0  4 * * *"),
        ("0 4 * * *", "every 1 hours"),
        ("0 4 * * *", "every day 04:00 in March"),
        ("0 4 * * *", "@daily"),
        ("0 4 * * *", "\u0664 4 * * *"),
        # The last day that there is, and a day of the week beside one that there is not.
        ("0 4 29 2 *", "0 4 30 2 *"),
        ("0 4 30 4,6 *", "0 4 31 4,6 *"),
        ("0 4 31 2 MON", "0 4 31 2 *"),
    ],
)
def test_a_schedule_is_taken_and_its_nearest_wrong_one_is_refused(good: str, bad: str) -> None:
    assert all(values_of(good))
    with pytest.raises(WrongUse, match="SCHEDULE="):
        values_of(bad)


def test_what_is_wrong_with_a_schedule_is_said_with_what_would_be_right() -> None:
    with pytest.raises(WrongUse) as refused:
        values_of("0 24 * * *")
    assert str(refused.value) == "SCHEDULE=0 24 * * *: '24' is no hour; it has 0 to 23, as in 1,5 or 1-5 or */5"
    assert values_of("1,3-5 */12 * FEB 1")[:2] == [[1, 3, 4, 5], [0, 12]]


@pytest.mark.parametrize(
    ("schedule", "minutes"),
    [
        ("0 * * * *", 60),
        ("*/20 * * * *", 20),
        ("0,30 * * * *", 30),
        ("5,10 * * * *", 55),
        ("10 4 * * *", 24 * 60),
        ("0 8-18 * * *", 14 * 60),
        ("0 */6 * * *", 6 * 60),
        ("0 0-12/4,18 * * *", 6 * 60),
        ("0 * * * MON", 24 * 60),
        ("0 * 1 * *", 24 * 60),
    ],
)
def test_the_longest_gap_between_two_runs(schedule: str, minutes: int) -> None:
    assert longest_gap(schedule) == minutes


@pytest.mark.parametrize(
    ("schedule", "window"),
    [
        ("0 * * * *", "2h45m"),
        ("*/30 * * * *", "1h15m"),
        # No run is missed while one may still be at work.
        ("*/5 * * * *", "45m"),
        ("0 */6 * * *", "17h45m"),
        # Window and retest together are the 25 hours that a condition may look back.
        ("0 */9 * * *", "24h45m"),
        ("10 4 * * *", "24h45m"),
    ],
)
def test_three_intervals_less_the_retest_are_looked_back_at(schedule: str, window: str) -> None:
    assert missing_window(schedule) == window


def test_what_was_given_is_stronger_than_what_follows_from_the_deployment() -> None:
    follows = PLAIN.monitoring_variables
    assert follows == {"HEALTH_HOST": "health-123456789012.europe-west1.run.app", "MAINTENANCE_WINDOW": "2h45m"}
    given = {"HEALTH_HOST": "api.example.com", "PLAYBOOKS_URL": "https://example.com/p"}
    assert replace(PLAIN, monitoring=tuple(given.items())).monitoring_variables == {**follows, **given}
