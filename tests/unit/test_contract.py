"""What holds answers to the contract finds what is wrong with one, at every place that has a schema."""

from __future__ import annotations

from typing import Any, Final

import pytest

from testing import contract

PROBLEM: Final = "/components/schemas/Problem"
GOOD: Final = {"type": "about:blank", "title": "Not found", "status": 404, "detail": "x", "code": "activity_not_found"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (GOOD, None),
        ({**GOOD, "more": 1}, "'more' was unexpected"),
        ({**GOOD, "status": "404"}, '$.status: "404" is not of type "integer"'),
        ({name: one for name, one in GOOD.items() if name != "code"}, '"code" is a required property'),
    ],
    ids=["good", "a field too many", "another type", "a field too few"],
)
def test_what_is_not_documented_is_named(body: Any, said: str | None) -> None:
    found = contract.fault(PROBLEM, body)
    assert (found is None) if said is None else said in (found or "")


@pytest.mark.parametrize(("day", "fits"), [("2026-02-28", True), ("2026-02-30", False)])
def test_a_date_is_one_that_there_is_also_where_a_path_names_it(day: str, fits: bool) -> None:
    place = "/paths/~1streak~1freezes~1{date}/delete/parameters/0/schema"
    assert (contract.fault(place, day) is None) is fits
