"""What the drill is held against: which policy must fire in which scenario and how soon, all others being silent.

It must not know how anything fires.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Final

import promql_parser

from emulator.errors import SetupError
from tools.monitoring.drill.promtool import Firing
from tools.monitoring.drill.scenario import Scenario
from tools.monitoring.files import read_document

FILE: Final = Path(__file__).with_name("expectations.yaml")
MINUTE: Final = timedelta(minutes=1)

# By scenario and alert: the minutes within which it must fire.
Expected = Mapping[str, Mapping[str, int]]
Outcome = Mapping[str, Firing | None]


def read_expectations(alerts: Sequence[str], scenarios: Sequence[str], file: Path = FILE) -> Expected:
    """The file, which must name every scenario, and no policy that there is not. Raises `SetupError`."""
    document = read_document(file)
    named = {alert for fires in document.values() for alert in fires}
    wrong = [f"{name}: has no expectation" for name in scenarios if name not in document]
    wrong += [f"{name}: is no scenario" for name in document if name not in scenarios]
    wrong += [f"{alert}: is no alert policy" for alert in sorted(named - set(alerts))]
    wrong += [f"{alert}: is expected to fire in no scenario" for alert in alerts if alert not in named]
    if wrong:
        raise SetupError("the drill's expectations are wrong:\n" + "\n".join(wrong))
    return {
        name: {alert: promql_parser.parse_duration(within) // MINUTE for alert, within in fires.items()}
        for name, fires in document.items()
    }


def differences(scenario: Scenario, expected: Mapping[str, int], outcome: Outcome) -> list[str]:
    """Where an outcome is not what is expected; nothing where all is well."""
    found = []
    for alert, firing in outcome.items():
        within = expected.get(alert)
        after = None if firing is None else firing.first - scenario.trouble_at
        if firing is None:
            found += [f"{alert} stays silent"] if within is not None else []
        elif within is None:
            found.append(f"{alert} fires, after {after} min")
        elif not 0 <= firing.first - scenario.trouble_at <= within:
            found.append(f"{alert} fires after {after} min, and not within {within}")
        if firing and scenario.ends_well and firing.last >= scenario.minutes:
            found.append(f"{alert} still fires when all is well again")
    return [f"{scenario.name}: {difference}" for difference in found]
