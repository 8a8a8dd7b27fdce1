"""What is alike in several scenarios is asked once, and what differs in anything is asked again."""

from __future__ import annotations

from dataclasses import replace

from tools.monitoring.checks.promql import metric_names
from tools.monitoring.drill.policies import HOURLY, read_rules
from tools.monitoring.drill.questions import asked_once, case_of
from tools.monitoring.drill.scenario import Scenario
from tools.monitoring.drill.series import Measurement, Placement

REQUESTS = "run.googleapis.com/request_count"
CALM = Scenario("calm", [])


def busy(value: float = 1.0) -> Scenario:
    labels = {"service_name": "streak", "revision_name": "r", "location": "l", "configuration_name": "c"}
    point = Measurement(metric=REQUESTS, value=value, resource=labels, labels={"response_code_class": "5xx"})
    return replace(CALM, name="busy", placements=[Placement(measurements=[point], at=5)])


def test_a_rule_is_asked_again_only_where_it_reads_something_else() -> None:
    rules = read_rules()
    calm, other = case_of(CALM, rules), case_of(busy(), rules)
    assert [one.rule for one in calm] == [one.rule for one in other] == rules
    first, again, differs = asked_once([calm, calm, other])
    assert (first, again) == (calm, [])
    assert differs
    assert {one.rule.alert for one in differs} == {
        rule.alert for rule in rules if any("request_count" in name for name in metric_names(rule.query))
    }


def test_another_amount_a_longer_time_or_another_window_is_another_question() -> None:
    rules = read_rules()
    known = case_of(busy(), rules)
    assert asked_once([known, case_of(busy(2.0), rules)])[1]
    longer = asked_once([known, case_of(replace(busy(), days=2), rules)])[1]
    assert [one.rule for one in longer] == rules
    hourly = asked_once([known, case_of(busy(), read_rules(variables=HOURLY))])[1]
    assert {one.rule.alert for one in hourly} == {"audit_heads_missing", "maintenance_missing"}
