"""The drill is held against a file that names every scenario and every policy, and each difference is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from emulator.errors import SetupError
from tools.monitoring.checks.alerts import ALERTS
from tools.monitoring.drill.expectations import differences, read_expectations
from tools.monitoring.drill.policies import HOURLY, read_rules
from tools.monitoring.drill.promtool import Firing, find_promtool
from tools.monitoring.drill.scenario import Scenario
from tools.monitoring.drill.scenarios import scenario_names

ALERT_NAMES = [path.stem for path in ALERTS.iterdir()]
SCENARIO = Scenario("s", [], trouble_at=100)
ENDS_WELL = Scenario("s", [], trouble_at=100, ends_well=True)


def test_the_shipped_file_names_every_scenario_and_every_policy() -> None:
    expected = read_expectations(ALERT_NAMES, scenario_names())
    assert expected["usual_days"] == {}
    assert expected["failing_job"]["maintenance_missing"] == 90


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("one: {a: 5m}\n", "two: has no expectation"),
        ("one: {a: 5m}\ntwo: {}\nthree: {}\n", "three: is no scenario"),
        ("one: {a: 5m, b: 5m}\ntwo: {}\n", "b: is no alert policy"),
        ("one: {}\ntwo: {}\n", "a: is expected to fire in no scenario"),
    ],
)
def test_a_file_that_leaves_something_out_is_refused(tmp_path: Path, text: str, complaint: str) -> None:
    file = tmp_path / "expectations.yaml"
    file.write_text("one: {a: 1h30m}\ntwo: {}\n")
    assert read_expectations(["a"], ["one", "two"], file) == {"one": {"a": 90}, "two": {}}
    file.write_text(text)
    with pytest.raises(SetupError, match=complaint):
        read_expectations(["a"], ["one", "two"], file)


@pytest.mark.parametrize(
    ("firing", "expected", "difference"),
    [
        (Firing(first=110, last=200), {"a": 10}, None),
        (Firing(first=111, last=200), {"a": 10}, "a fires after 11 min, and not within 10"),
        (Firing(first=100, last=200), {"a": 10}, None),
        (Firing(first=99, last=200), {"a": 10}, "a fires after -1 min, and not within 10"),
        (Firing(first=110, last=200), {}, "a fires, after 10 min"),
        (None, {"a": 10}, "a stays silent"),
        (None, {}, None),
    ],
)
def test_a_policy_must_fire_in_time_or_not_at_all(
    firing: Firing | None, expected: dict[str, int], difference: str | None
) -> None:
    assert differences(SCENARIO, expected, {"a": firing}) == ([f"s: {difference}"] if difference else [])


def test_where_all_is_well_again_nothing_fires_any_more() -> None:
    still, over = Firing(first=110, last=ENDS_WELL.minutes), Firing(first=110, last=ENDS_WELL.minutes - 1)
    assert differences(ENDS_WELL, {"a": 10}, {"a": still}) == ["s: a still fires when all is well again"]
    assert differences(ENDS_WELL, {"a": 10}, {"a": over}) == []
    assert differences(SCENARIO, {"a": 10}, {"a": still}) == []


def test_rules_are_the_policies_files_the_most_severe_first(tmp_path: Path) -> None:
    rules = read_rules()
    assert sorted(rule.alert for rule in rules) == sorted(ALERT_NAMES)
    assert [rule.severity for rule in rules] == sorted(
        (r.severity for r in rules), key=["critical", "high", "medium"].index
    )
    daily, hourly = (
        next(rule for rule in some if rule.alert == "maintenance_missing")
        for some in (rules, read_rules(variables=HOURLY))
    )
    assert (daily.hold_seconds, daily.every_seconds) == (900, 300)
    assert "[24h45m]" in daily.query
    assert "[2h45m]" in hourly.query
    with pytest.raises(SetupError, match="the alert policies are wrong"):
        read_rules(tmp_path)


def test_without_promtool_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SetupError, match="apt-get install prometheus"):
        find_promtool()
    (tmp_path / "promtool").touch(mode=0o755)
    assert find_promtool() == str(tmp_path / "promtool")
