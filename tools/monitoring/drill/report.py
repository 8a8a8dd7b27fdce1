"""The table that the drill prints: scenario by policy, and after how long each fires.

It must not know what was expected.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

from rich.console import Console
from rich.table import Table

from tools.monitoring.drill.expectations import Outcome
from tools.monitoring.drill.policies import Rule
from tools.monitoring.drill.scenarios import Scenario

SILENT: Final = "·"
WIDTH_ELSEWHERE: Final = 230
HOUR: Final = 60


def show(rules: Sequence[Rule], scenarios: Sequence[Scenario], outcomes: Mapping[str, Outcome]) -> None:
    """Prints the table; · is silence."""
    table = Table(title="After how long each alert policy fires", show_lines=True)
    table.add_column("scenario", min_width=24)
    for rule in rules:
        table.add_column(f"{rule.alert.replace('_', ' ')}\n({rule.severity})", justify="center")
    for scenario in scenarios:
        outcome = outcomes[scenario.name]
        table.add_row(scenario.name.replace("_", " "), *(_cell(scenario, outcome, rule) for rule in rules))
    # A terminal has its own width; a log has none.
    Console(width=None if sys.stdout.isatty() else WIDTH_ELSEWHERE).print(table)


def _cell(scenario: Scenario, outcome: Outcome, rule: Rule) -> str:
    firing = outcome[rule.alert]
    if firing is None:
        return SILENT
    over = "" if firing.last >= scenario.minutes else f"\nto {duration(firing.last - scenario.trouble_at)}"
    return f"{duration(firing.first - scenario.trouble_at)}{over}"


def duration(minutes: int) -> str:
    """So many minutes in hours and minutes."""
    hours, rest = divmod(minutes, HOUR)
    return f"{hours} h {rest} min" if hours and rest else f"{hours} h" if hours else f"{rest} min"
