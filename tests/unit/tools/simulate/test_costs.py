"""The file of prices, and bills worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tools.simulate.costs import PRICES, BilledDay, bill, load_prices, reading_everybody

SHIPPED = load_prices()
counts = st.integers(0, 10**9)


def billed(**numbers: float) -> BilledDay:
    nothing = {"reads": 0, "writes": 0, "instance_seconds": 0.0, "memory_gib": 0.5, "requests": 0, "task_operations": 0}
    return BilledDay(**{**nothing, **numbers})  # type: ignore[arg-type]


def test_the_prices_have_a_date_and_a_note_to_check_them() -> None:
    assert SHIPPED.date.year >= 2024
    assert "check them" in SHIPPED.note


def test_a_multi_region_is_never_cheaper_than_a_region() -> None:
    region, multi_region = SHIPPED.firestore["regional"], SHIPPED.firestore["multi_region"]
    for name in type(region).model_fields:
        assert getattr(region, name) <= getattr(multi_region, name)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("0.03", "-0.03"), "reads_per_100_000"),
        (("0.03", "'a lot'"), "reads_per_100_000"),
        (("vcpu_second", "cpu"), "vcpu_second"),
        (("date =", "when ="), "date"),
    ],
)
def test_a_wrong_price_is_refused_by_name(tmp_path: Path, change: tuple[str, str], said: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(PRICES.read_text().replace(*change, 1))
    with pytest.raises(ValidationError, match=said):
        load_prices(file)


def test_a_bill_worked_by_hand() -> None:
    day = billed(reads=200_000, writes=300_000, instance_seconds=1000, requests=1_000_000, task_operations=500_000)
    made = bill(day, SHIPPED, "regional")
    assert made.reads == pytest.approx(0.06)
    assert made.writes == pytest.approx(0.27)
    assert made.compute == pytest.approx(1000 * (0.000024 + 0.5 * 0.0000025) + 0.40)
    assert made.tasks == pytest.approx(0.20)
    assert made.scheduler == pytest.approx(0.10 / 30)
    assert made.total == pytest.approx(made.reads + made.writes + made.compute + made.tasks + made.scheduler)


def test_reading_a_hundred_million_users_costs_a_thousand_times_a_hundred_thousand() -> None:
    assert reading_everybody(100_000_000, SHIPPED, "multi_region") == pytest.approx(60)


@given(first=st.tuples(counts, counts, counts, counts), more=st.tuples(counts, counts, counts, counts))
def test_using_more_never_costs_less(first: tuple[int, ...], more: tuple[int, ...]) -> None:
    names = ("reads", "writes", "instance_seconds", "task_operations")
    less = billed(**dict(zip(names, first, strict=True)))
    both = billed(**{name: a + b for name, a, b in zip(names, first, more, strict=True)})
    assert bill(both, SHIPPED, "regional").total >= bill(less, SHIPPED, "regional").total
