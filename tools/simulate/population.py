"""Who becomes due when: people by time zone, from the table that the project ships, and the ends of their streak days.

It must not know runs, limits or prices.
"""

from __future__ import annotations

import math
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PositiveFloat

from streak_core.domain.days import ONE_DAY, days_from, zone_starts_at
from streak_core.domain.zones import zone_names

TABLE: Final = Path(__file__).parent / "data" / "population_by_time_zone.toml"


def _known(zone: str) -> str:
    if zone not in zone_names():
        message = f"not in the IANA database: {zone}"
        raise ValueError(message)
    return zone


class Population(BaseModel):
    """People by time zone, in millions, and where the numbers are from."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    source: str
    year: int
    world_millions: PositiveFloat
    millions: dict[Annotated[str, AfterValidator(_known)], PositiveFloat] = Field(min_length=1)

    @cached_property
    def shares(self) -> dict[str, float]:
        """Each zone's part of all users; together they are 1."""
        total = math.fsum(self.millions.values())
        return {zone: people / total for zone, people in self.millions.items()}

    @property
    def covered(self) -> float:
        """The part of the world's people that the table accounts for."""
        return math.fsum(self.millions.values()) / self.world_millions


@dataclass(frozen=True, slots=True)
class Deadline:
    """The end of a streak day in a zone: `share` of all users live by it."""

    at: datetime
    time_zone: str
    share: float


def load_population(path: Path = TABLE) -> Population:
    """The table in a file. Raises pydantic's `ValidationError`, which says what is wrong with it."""
    return Population.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def deadlines(population: Population, after: datetime, until: datetime, day_start_hour: int) -> tuple[Deadline, ...]:
    """Every end of a streak day later than `after` and not later than `until` (both UTC), in the order of time."""
    # A zone is up to 14 hours from UTC, and a day starts up to 12 hours into its date.
    labels = tuple(days_from(after.date() - 2 * ONE_DAY, until.date() + 2 * ONE_DAY))
    found = [
        Deadline(instant, zone, share)
        for zone, share in population.shares.items()
        # A label that a zone skipped begins, and ends, together with the next one.
        for instant in {zone_starts_at(zone, label, day_start_hour) for label in labels}
        if after < instant <= until
    ]
    return tuple(sorted(found, key=lambda one: (one.at, one.time_zone)))


def users_due(deadlines: tuple[Deadline, ...], users: int, due_share: float) -> dict[datetime, int]:
    """How many of `users` become due at each instant, when `due_share` of everybody does nothing in a day."""
    by_instant: dict[datetime, float] = defaultdict(float)
    for one in deadlines:
        by_instant[one.at] += one.share
    due: dict[datetime, int] = {}
    so_far, share_so_far = 0, 0.0
    for instant, share in sorted(by_instant.items()):
        share_so_far += share
        # Rounding what has added up, so that whole days come out exact.
        due_so_far = round(users * due_share * share_so_far)
        due[instant], so_far = due_so_far - so_far, due_so_far
    return due
