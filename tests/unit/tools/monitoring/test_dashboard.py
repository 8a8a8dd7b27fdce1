"""The dashboard's file is accepted by its check, and each way to break it is refused, in words."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from functions.catalogue import FUNCTIONS
from tools.monitoring.checks.__main__ import main
from tools.monitoring.checks.dashboard import DASHBOARD, dashboard_problems
from tools.monitoring.files import NotReadableError, read_document
from tools.monitoring.variables import EXAMPLES, filled

if TYPE_CHECKING:
    from collections.abc import Callable

Content = dict[str, Any]
SHIPPED = filled(read_document(DASHBOARD), EXAMPLES)
CHART, CARD, LOGS = "Latency", "Oldest overdue user", "Recent errors"
# What the first design asks for, and the words of the titles that show it.
FIRST_DESIGN = (
    "Job status",
    "Users processed",
    "Freezes applied",
    "Streaks broken",
    "Errors",
    "Duration",
    "Memory",
    "Recent errors",
    "Transaction retries",
    "Processing rate",
)


def widgets(content: Content) -> list[Content]:
    return [tile["widget"] for tile in content["mosaicLayout"]["tiles"]]


def widget(content: Content, title: str) -> Content:
    return next(one for one in widgets(content) if one["title"] == title)


def query(content: Content) -> Content:
    found: Content = widget(content, CHART)["xyChart"]["dataSets"][0]["timeSeriesQuery"]
    return found


def broken(change: Callable[[Content], Any]) -> str:
    """What is said of the shipped dashboard after a change."""
    content = copy.deepcopy(SHIPPED)
    change(content)
    return "\n".join(dashboard_problems(content))


def test_the_shipped_dashboard_is_as_it_should_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert dashboard_problems(SHIPPED) == []
    assert main() == 0
    assert "as they should be" in capsys.readouterr().out


@pytest.mark.parametrize("start", FIRST_DESIGN)
def test_each_widget_of_the_first_design_is_there(start: str) -> None:
    assert [one for one in widgets(SHIPPED) if one["title"].startswith(start) and "sectionHeader" not in one]


@pytest.mark.parametrize(("section", "parts"), [("API", 4), ("Streak health", 3)])
def test_the_api_and_the_health_of_streaks_have_a_row_of_their_own(section: str, parts: int) -> None:
    tiles = SHIPPED["mosaicLayout"]["tiles"]
    header = next(tile for tile in tiles if tile["widget"]["title"] == section)
    row = [tile for tile in tiles if tile.get("yPos") == header["yPos"] + header["height"]]
    assert len(row) == parts
    assert all("xyChart" in tile["widget"] for tile in row)


def test_the_log_panel_shows_the_errors_of_every_function() -> None:
    assert dashboard_problems(SHIPPED) == []
    for name in FUNCTIONS:
        narrowed = broken(
            lambda d, name=name: widget(d, LOGS)["logsPanel"].update(  # type: ignore[misc]
                filter=widget(d, LOGS)["logsPanel"]["filter"].replace(name, "other")
            )
        )
        assert f"leaves out {name}" in narrowed


def tile(content: Content, number: int) -> Content:
    found: Content = content["mosaicLayout"]["tiles"][number]
    return found


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d.update(colour="red"), "is no dashboard"),
        (lambda d: d.update(mosaicLayout="none"), "is no dashboard"),
        (lambda d: widget(d, CHART)["xyChart"].update(dataSet=[]), "is no dashboard"),
        (lambda d: widget(d, CHART)["xyChart"]["dataSets"][0].update(plotType="LINES"), "is no dashboard"),
        (lambda d: d.update(displayName=""), "has no displayName"),
        (lambda d: d.update(name="projects/p/dashboards/d"), "name: is filled in"),
        (lambda d: d.update(etag="1"), "etag: is filled in"),
        (lambda d: d.update(displayName="${PLAYBOOKS_URL}"), "a dashboard has no variables"),
        (lambda d: d.update(gridLayout=d.pop("mosaicLayout") and {}), "must have a mosaicLayout"),
        (lambda d: d["mosaicLayout"].update(tiles=[]), "has no tiles"),
        (lambda d: d["mosaicLayout"].update(columns=0), "has 0 columns"),
        (lambda d: d["mosaicLayout"].update(columns=13), "has 13 columns"),
        (lambda d: d["mosaicLayout"].update(columns=11), "lies outside the 11 columns"),
        (lambda d: tile(d, 0).update(xPos=1), "lies outside"),
        (lambda d: tile(d, 0).update(xPos=-1), "lies outside"),
        (lambda d: tile(d, 0).update(yPos=-1), "lies outside"),
        (lambda d: tile(d, 1).update(width=0), "is 0 wide"),
        (lambda d: tile(d, 1).update(height=-1), "-1 high"),
        (lambda d: tile(d, 1).update(width=4), "overlap"),
        (lambda d: tile(d, 0).update(height=2), "overlap"),
        (lambda d: tile(d, 1).update(width=2), "there is a hole in row 1, at column 2"),
        (lambda d: d["mosaicLayout"]["tiles"].pop(), "there is a hole"),
        (lambda d: d["mosaicLayout"]["tiles"].pop(5), "there is a hole in row 4, at column 0"),
        (lambda d: tile(d, 0)["widget"].update(title=""), "has no title"),
        (lambda d: tile(d, 0)["widget"].update(title=CHART), f"2 widgets have the title '{CHART}'"),
        (lambda d: widget(d, CHART).pop("xyChart"), "must show one of"),
        (lambda d: widget(d, CHART).update(xyChart={"dataSets": [], "yAxis": {"label": "ms"}}), "has no data"),
        (lambda d: widget(d, CHART)["xyChart"].pop("yAxis"), "its axis says no unit"),
        (lambda d: widget(d, "Memory at its peak")["xyChart"].pop("y2Axis"), "a label at its second axis"),
        (lambda d: widget(d, CHART)["xyChart"].update(y2Axis={"label": "x"}), "a label at its second axis"),
        (lambda d: widget(d, CHART)["xyChart"]["dataSets"][0].pop("plotType"), "plotType"),
        (lambda d: widget(d, CHART)["xyChart"]["dataSets"][0].pop("targetAxis"), "targetAxis"),
        (lambda d: widget(d, CHART)["xyChart"]["dataSets"][0].pop("legendTemplate"), "must name each of its data"),
        (
            lambda d: widget(d, "Requests")["xyChart"]["dataSets"][0].update(legendTemplate="${reason}"),
            "names the label reason",
        ),
        (lambda d: widget(d, CHART)["xyChart"]["thresholds"][0].pop("label"), "does not say what it is"),
        (lambda d: widget(d, CHART)["xyChart"]["thresholds"][0].update(color="RED"), "no colour"),
        (lambda d: widget(d, CHART)["xyChart"]["thresholds"][0].update(direction="ABOVE"), "no colour"),
        (lambda d: widget(d, CARD)["scorecard"].pop("sparkChartView"), "sparkChartView"),
        (lambda d: widget(d, CARD)["scorecard"].pop("thresholds"), "has no threshold"),
        (lambda d: widget(d, CARD)["scorecard"]["thresholds"][0].pop("color"), "a colour and a direction"),
        (lambda d: widget(d, CARD)["scorecard"]["thresholds"][0].pop("direction"), "a colour and a direction"),
        (lambda d: widget(d, CARD)["scorecard"]["thresholds"][0].update(targetAxis="Y1"), "no axis"),
        (lambda d: query(d).pop("prometheusQuery"), "has no prometheusQuery"),
        (lambda d: query(d).update(prometheusQuery=" "), "has no prometheusQuery"),
        (lambda d: query(d).pop("unitOverride"), "has no unit"),
        (lambda d: query(d).update(prometheusQuery="sum("), "is no PromQL"),
        (lambda d: query(d).update(prometheusQuery="vector(1)"), "names no metric"),
        (lambda d: query(d).update(prometheusQuery="sum(rate(streak_requests[5m]))"), "is in neither"),
        (
            lambda d: query(d).update(prometheusQuery="sum(rate(logging_googleapis_com:user_streak_requests[5m]))"),
            "monitored_resource",
        ),
        (
            lambda d: query(d).update(prometheusQuery=query(d)["prometheusQuery"].replace("function=", "functions=")),
            "has no label functions",
        ),
        (
            lambda d: query(d).update(
                prometheusQuery=query(d)["prometheusQuery"].replace("request_duration_ms", "request_duration_s")
            ),
            "is in neither",
        ),
        (lambda d: widget(d, LOGS)["logsPanel"].update(filter="severity>=BAD"), "not a lowest severity"),
        (lambda d: widget(d, LOGS)["logsPanel"].update(filter='resource.type="x"'), "from which severity on"),
        (lambda d: widget(d, LOGS)["logsPanel"].update(filter="severity>=ERROR\nand so on"), "not a comparison"),
        (
            lambda d: widget(d, LOGS)["logsPanel"].update(filter='resource.labels.service_name=~"("'),
            "not a regular expression",
        ),
    ],
)
def test_what_is_broken_is_refused_in_words(change: Callable[[Content], Any], said: str) -> None:
    assert said in broken(change)


def test_a_tile_that_is_moved_with_its_row_is_accepted() -> None:
    assert broken(lambda d: d["mosaicLayout"]["tiles"].reverse()) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"displayName": "a", "displayName": "b"}', "duplicate key"),
        ("[]", "is not a document"),
        ("{", "dashboard.json"),
    ],
)
def test_a_file_that_is_not_one_object_of_names_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "dashboard.json"
    path.write_text(text)
    with pytest.raises(NotReadableError, match=said):
        read_document(path)
    path.write_text(json.dumps(SHIPPED))
    assert read_document(path) == SHIPPED
