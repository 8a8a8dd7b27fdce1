"""What is kept of figures: the newest of each, of one machine."""

from __future__ import annotations

from typing import Any

from tools.bench.keeping import NOTHING, is_whole, with_figure

NAMES = ["limit", "memory", "http"]
HERE = {"cores": 2}


def figure(name: str, value: int = 1) -> dict[str, Any]:
    return {"name": name, "value": value}


def test_a_figure_that_is_measured_alone_takes_the_place_of_its_last_one_and_leaves_the_others() -> None:
    kept = {"machine": HERE, "figures": [figure("limit"), figure("http")]}
    found = with_figure(kept, HERE, figure("http", 2), NAMES)
    assert found == {"machine": HERE, "figures": [figure("limit"), figure("http", 2)]}
    # The one that was kept is as it was.
    assert kept["figures"] == [figure("limit"), figure("http")]


def test_they_stand_in_their_own_order_and_are_whole_once_there_is_one_of_each() -> None:
    found = NOTHING
    for name in reversed(NAMES):
        assert not is_whole(found, NAMES)
        found = with_figure(found, HERE, figure(name), NAMES)
    assert [one["name"] for one in found["figures"]] == NAMES
    assert is_whole(found, NAMES)
    assert NOTHING["figures"] == []


def test_figures_of_another_machine_and_ones_that_are_measured_no_more_are_dropped() -> None:
    kept = {"machine": HERE, "figures": [figure("limit"), figure("gone")]}
    assert with_figure(kept, {"cores": 8}, figure("memory"), NAMES)["figures"] == [figure("memory")]
    assert with_figure(kept, HERE, figure("memory"), NAMES)["figures"] == [figure("limit"), figure("memory")]
