"""The preview: recorded lines become the series that the dashboard's queries find, and what is empty is an error."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from emulator.errors import SetupError
from tests.support.said import lines, request, run
from tests.support.wanted import needs
from tools.monitoring.checks.dashboard import DASHBOARD
from tools.monitoring.drill.platform import probes
from tools.monitoring.drill.series import Placement
from tools.monitoring.files import read_document
from tools.monitoring.preview.data import Filled, Line, ask, open_metrics
from tools.monitoring.preview.drawing import NOTHING, draw
from tools.monitoring.preview.prometheus import HOW_TO_GET, Prometheus

if TYPE_CHECKING:
    from pathlib import Path

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
END = BEGIN + timedelta(hours=1)
SHIPPED = read_document(DASHBOARD)
TILES: dict[str, dict[str, Any]] = {one["widget"]["title"]: one for one in SHIPPED["mosaicLayout"]["tiles"]}
RUNS = "logging_googleapis_com:user_streak_maintenance_runs"


def placed(*minutes: int, **fields: float) -> list[Placement]:
    return [Placement(entries=lines("maintenance", run("success", **fields)), at=minute) for minute in minutes]


def values(placements: list[Placement], name: str) -> list[float]:
    found = list(open_metrics(placements, BEGIN, END, {name}))
    assert found[-1] == "# EOF"
    return [float(text.split()[-2]) for text in found[:-1]]


def test_a_counter_adds_its_lines_up_and_begins_at_nothing() -> None:
    assert values(placed(7, 10, 60), RUNS) == [0, 0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3]


def test_a_gauge_has_no_point_where_nothing_was_measured() -> None:
    measured = Placement(measurements=probes(passed=True, places=["a"]), at=10, every=5, until=21)
    assert values([measured], "monitoring_googleapis_com:uptime_check_check_passed") == [1, 1, 1]


def test_a_metric_that_nothing_names_makes_no_series() -> None:
    assert values(placed(7), "logging_googleapis_com:user_streak_requests") == []


def test_a_tile_is_empty_when_one_of_its_queries_or_its_filter_finds_nothing() -> None:
    assert Filled(tile=TILES["Latency"], silent_queries=1).is_empty
    assert not Filled(tile=TILES["Latency"]).is_empty
    assert Filled(tile=TILES["Recent errors"]).is_empty
    assert not Filled(tile=TILES["Recent errors"], entries=lines("streak", request())).is_empty


def test_the_picture_has_titles_data_legends_and_what_is_empty(tmp_path: Path) -> None:
    times = [BEGIN.timestamp() + 300 * number for number in range(3)]
    line = Line(legend="calendar", unit="{retry}", times=times, values=[1.0, 2.0, 3.0])
    entries = lines("streak", {**request(), "message": "it costs $5 or $6 <b>"})
    tiles = [
        Filled(tile=TILES["Transaction retries"], lines=[line]),
        Filled(tile=TILES["Users processed"], silent_queries=1),
        Filled(tile=TILES["Oldest overdue user"], lines=[line]),
        Filled(tile=TILES["Recent errors"], entries=entries),
        Filled(tile=TILES["Maintenance"]),
    ]
    draw("The title", tiles, tmp_path / "picture.svg")
    text = (tmp_path / "picture.svg").read_text()
    for part in ("The title", "Transaction retries", "calendar", "retries in 10 minutes", NOTHING, "3 {retry}"):
        assert part in text
    assert "it costs $5 or $6 &lt;b&gt;" in text


def test_a_machine_without_prometheus_is_told_how_to_get_it() -> None:
    command = [sys.executable, "-m", "tools.monitoring.preview"]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/nowhere"}, check=False)
    assert done.returncode == 1
    assert done.stderr == f"error: {HOW_TO_GET}\n"


def test_a_broken_dashboard_is_refused_before_anything_is_recorded(tmp_path: Path) -> None:
    path = tmp_path / "dashboard.json"
    path.write_text(json.dumps({**SHIPPED, "displayName": ""}))
    command = [sys.executable, "-m", "tools.monitoring.preview", "--dashboard", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, env={"PATH": "/nowhere"}, check=False)
    assert (done.returncode, done.stderr) == (1, "error: has no displayName\n")


@needs("prometheus")
def test_prometheus_answers_the_dashboards_own_queries_exactly() -> None:
    placements = [
        *placed(7, users_processed=40, duration_seconds=2.5),
        *placed(35, users_processed=2, duration_seconds=1.5),
    ]
    wanted = [TILES["Users processed"], TILES["Job status: runs that ended well, last day"], TILES["Duration of a run"]]
    last = [one.lines[0].values[-1] for one in ask(wanted, placements, BEGIN, END)]
    assert last == [42, pytest.approx(2, rel=0.1), 2]


@needs("prometheus")
def test_a_query_or_a_series_that_prometheus_does_not_take_is_refused() -> None:
    # A series of another time than the one that is asked for.
    with Prometheus(["up 1 1", "# EOF"]) as prometheus, pytest.raises(SetupError, match="Prometheus refuses"):
        prometheus.query("sum(", BEGIN, END, 300)
    with pytest.raises(SetupError, match="promtool can't read the series"), Prometheus(["nonsense"]):
        pass
