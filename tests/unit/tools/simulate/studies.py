"""Small populations and studies of them, for the tests of the simulation."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from tools.simulate.advice import Study
from tools.simulate.costs import load_prices
from tools.simulate.day import Schedule
from tools.simulate.plan import Assumptions
from tools.simulate.population import Population, load_population

DAY: Final = date(2026, 1, 15)
SHIPPED: Final = load_population()


def daily(at: time) -> Schedule:
    """One run a day."""
    return study(at=at).daily


def hourly(at: time) -> Schedule:
    """A run each hour, at that minute."""
    return study(at=at).hourly


def people(**millions: float) -> Population:
    """A made-up population; `Asia__Tokyo` stands for Asia/Tokyo."""
    zones = {zone.replace("__", "/"): count for zone, count in millions.items()}
    return Population(source="made up", year=2024, world_millions=100.0, millions=zones)


def study(
    assumptions: Assumptions | None = None, population: Population = SHIPPED, day: date = DAY, at: time = time(5)
) -> Study:
    """A study with the shipped prices."""
    return Study(
        population=population,
        day_start_hour=4,
        date=day,
        at=at,
        assumptions=assumptions or Assumptions(),
        prices=load_prices(),
    )
