"""How long a job may be missing follows from its schedule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.packaging.gcloud_commands import PLAIN
from tools.deploy.monitoring import longest_gap, missing_window, monitoring_variables


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
    follows = monitoring_variables(PLAIN)
    assert follows == {"HEALTH_HOST": "health-123456789012.europe-west1.run.app", "MAINTENANCE_WINDOW": "2h45m"}
    given = {"HEALTH_HOST": "api.example.com", "PLAYBOOKS_URL": "https://example.com/p"}
    assert monitoring_variables(replace(PLAIN, monitoring=tuple(given.items()))) == {**follows, **given}
