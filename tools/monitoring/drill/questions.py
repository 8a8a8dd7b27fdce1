"""What promtool is asked: each rule on the series that it reads. What many scenarios have alike is asked once.

It must not know how promtool is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tools.monitoring.checks.promql import metric_names
from tools.monitoring.drill.policies import Rule
from tools.monitoring.drill.promtool import Firing, firings
from tools.monitoring.drill.scenario import Scenario
from tools.monitoring.drill.series import Series, series_of


@dataclass(frozen=True)
class Question:
    """When a rule fires in so many minutes of the series that it reads; the same question has the same answer."""

    rule: Rule
    series: tuple[Series, ...]
    minutes: int


def case_of(scenario: Scenario, rules: Sequence[Rule]) -> list[Question]:
    """A scenario as one question for each rule."""
    reads = {rule: metric_names(rule.query) for rule in rules}
    series = series_of(scenario.placements, scenario.minutes, set().union(*reads.values()))
    return [
        Question(rule, tuple(one for one in series if one.name in names), scenario.minutes)
        for rule, names in reads.items()
    ]


def asked_once(cases: Iterable[Sequence[Question]]) -> list[list[Question]]:
    """The questions of each case that no case before it has."""
    known: set[Question] = set()
    new = []
    for case in cases:
        new.append([one for one in case if one not in known])
        known.update(case)
    return new


def answered(promtool: str, case: Sequence[Question]) -> dict[Question, Firing | None]:
    """The answers to questions of one scenario. Raises `PromtoolError`."""
    if not case:
        return {}
    series = dict.fromkeys(series for one in case for series in one.series)
    fired = firings(promtool, [one.rule for one in case], series, case[0].minutes)
    return {one: fired[one.rule.alert] for one in case}
