"""What a day costs: prices from the one file that states them, and the bill for what a day used.

It must not know how that use came about.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat

PRICES: Final = Path(__file__).parent / "data" / "prices.toml"
_DAYS_PER_MONTH: Final = 30


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _FirestorePrices(_Section):
    reads_per_100_000: NonNegativeFloat
    writes_per_100_000: NonNegativeFloat
    deletes_per_100_000: NonNegativeFloat


class _ComputePrices(_Section):
    vcpu_second: NonNegativeFloat
    gib_second: NonNegativeFloat
    requests_per_million: NonNegativeFloat


class _TaskPrices(_Section):
    operations_per_million: NonNegativeFloat


class _SchedulerPrices(_Section):
    job_per_month: NonNegativeFloat


class Prices(_Section):
    """Everything in the file; `firestore` by the name of the kind of location."""

    # When the prices were written down, and what their reader must know.
    date: date
    note: str = Field(min_length=1)
    firestore: dict[str, _FirestorePrices] = Field(min_length=1)
    compute: _ComputePrices
    tasks: _TaskPrices
    scheduler: _SchedulerPrices


@dataclass(frozen=True, kw_only=True)
class BilledDay:
    """What is billed of a day."""

    reads: int
    writes: int
    # One vCPU each.
    instance_seconds: float
    memory_gib: float
    requests: int
    task_operations: int


@dataclass(frozen=True, kw_only=True)
class Bill:
    """Dollars for a day."""

    reads: float
    writes: float
    compute: float
    tasks: float
    scheduler: float

    @property
    def total(self) -> float:
        """All of it."""
        return float(sum(getattr(self, part.name) for part in fields(self)))


def load_prices(path: Path = PRICES) -> Prices:
    """The prices in a file. Raises pydantic's `ValidationError`, which names each wrong field."""
    return Prices.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def bill(billed: BilledDay, prices: Prices, location: str) -> Bill:
    """The bill of a day, for a Firestore in that kind of location."""
    firestore, compute = prices.firestore[location], prices.compute
    second = compute.vcpu_second + billed.memory_gib * compute.gib_second
    return Bill(
        reads=billed.reads / 1e5 * firestore.reads_per_100_000,
        writes=billed.writes / 1e5 * firestore.writes_per_100_000,
        compute=billed.instance_seconds * second + billed.requests / 1e6 * compute.requests_per_million,
        tasks=billed.task_operations / 1e6 * prices.tasks.operations_per_million,
        scheduler=prices.scheduler.job_per_month / _DAYS_PER_MONTH,
    )


def reading_everybody(users: int, prices: Prices, location: str) -> float:
    """Dollars a day for reading every user once, which is what the due index saves."""
    return users / 1e5 * prices.firestore[location].reads_per_100_000
