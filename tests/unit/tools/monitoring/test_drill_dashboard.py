"""A widget that has nothing to show while everything happens is named, and no other."""

from __future__ import annotations

import copy

import pytest

from tests.support.said import lines, request, run
from tests.support.wanted import needs
from tools.monitoring.drill.dashboard import Widget, empty_widgets, shipped_widgets
from tools.monitoring.drill.promtool import PromtoolError, find_promtool, silent
from tools.monitoring.drill.series import Placement

pytestmark = needs("prometheus")

RUNS = "Users processed"
ERRORS = "Recent errors"
FAILED = {**request(503), "severity": "ERROR"}


def widget(title: str) -> Widget:
    return copy.deepcopy(next(one for one in shipped_widgets() if one["title"] == title))


def empty(*widgets: Widget, minutes: int = 60) -> list[str]:
    placements = [
        Placement(entries=lines("maintenance", run(users_processed=40)), at=7),
        Placement(entries=lines("streak", FAILED), at=9),
    ]
    return empty_widgets(find_promtool(), placements, minutes, widgets)


def test_a_widget_whose_queries_and_filter_find_something_is_not_empty() -> None:
    assert empty(widget(RUNS), widget(ERRORS), {"title": "A header", "sectionHeader": {}}) == []


def test_a_query_that_asks_for_another_label_and_a_filter_of_another_function_are() -> None:
    runs, errors = widget(RUNS), widget(ERRORS)
    asked = runs["xyChart"]["dataSets"][0]["timeSeriesQuery"]
    asked["prometheusQuery"] = asked["prometheusQuery"].replace('"cloud_run_revision"', '"cloud_run_job"')
    errors["logsPanel"]["filter"] = errors["logsPanel"]["filter"].replace("streak", "strek")
    assert empty(runs, widget(ERRORS)) == [RUNS]
    assert empty(widget(RUNS), errors) == [ERRORS]


@pytest.mark.parametrize("queries", [["sum("], ["vector(1)", "sum("]])
def test_a_query_that_promtool_does_not_take_is_no_silence(queries: list[str]) -> None:
    assert silent(find_promtool(), ["vector(1)", "up"], [], 60) == ["up"]
    with pytest.raises(PromtoolError, match="does not take"):
        silent(find_promtool(), queries, [], 60)
