"""A policy that offers achievements, and challenges of these days, for tests and tools: the shipped one offers none.

It must not know users.
"""

from __future__ import annotations

from datetime import timedelta
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date

_OFFERED: Final = """
[achievements.first_step]
by = "activities"
target = 1

[achievements.two_weeks]
by = "streak"
target = 14

[achievements.thousand_xp]
by = "xp"
target = 1000

[achievements.whole_weeks]
by = "consistent_weeks"
target = 4

[achievements.holidays]
by = "day_of_year"
days = ["12-24", "12-31"]

[achievements.back_again]
by = "comeback"
days_away = 14

[challenges.two_guides]
from = {begun}
until = {soon}
categories = ["guide"]
target = 2
reward = {{ xp = 40 }}

[challenges.busy_weeks]
from = {begun}
until = {later}
any_activity = true
target = 30
reward = {{ freezes = 1 }}

[challenges.quiz_season]
from = {soon}
until = {later}
activity_types = ["quiz_completed"]
target = 12
reward = {{ xp = 150 }}
"""


def offering_text(today: date) -> str:
    """The policy file, with challenges that a user can join on a day."""
    shipped = resources.files("streak_core").joinpath("policy.toml").read_text(encoding="utf-8")
    begun, soon, later = (today + timedelta(days=days) for days in (-9, 12, 40))
    return shipped + _OFFERED.format(begun=begun, soon=soon, later=later)
