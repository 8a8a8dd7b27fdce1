"""The command behind `make drill`: brings the functions into trouble, and shows which alert policy fires, and when.

It must not know any policy or scenario.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.progress import shown_count
from tools.monitoring.drill.backups import with_backups
from tools.monitoring.drill.dashboard import empty_widgets
from tools.monitoring.drill.expectations import Outcome, differences, read_expectations
from tools.monitoring.drill.policies import HOURLY, Rule, read_rules
from tools.monitoring.drill.promtool import Firing, PromtoolError, find_promtool
from tools.monitoring.drill.questions import Question, answered, asked_once, case_of
from tools.monitoring.drill.recording import Recordings, record
from tools.monitoring.drill.records import with_records
from tools.monitoring.drill.reminders import with_reminders
from tools.monitoring.drill.scenario import DAY, Scenario
from tools.monitoring.drill.scenarios import every_trouble, scenario_names, scenarios

INTERRUPTED: Final = 130


def main() -> int:
    """The exit status: 0 where all is as expected, 1 where it is not or something is missing, 130 interrupted."""
    try:
        return _drill()
    except (SetupError, PromtoolError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return INTERRUPTED


def _drill() -> int:
    promtool, rules = find_promtool(), read_rules()
    expected = read_expectations([rule.alert for rule in rules], scenario_names())
    recorded = _recorded()
    all_scenarios = scenarios(recorded)
    outcomes = dict(zip(scenario_names(), _judged(promtool, rules, all_scenarios), strict=True))
    for one in all_scenarios:
        print(f"{one.name}: {', '.join(_fired(one, outcomes[one.name])) or 'silence'}")
    wrong = [line for one in all_scenarios for line in differences(one, expected[one.name], outcomes[one.name])]
    empty = empty_widgets(promtool, every_trouble(recorded), 2 * DAY)
    wrong += [f"nothing is to be seen on the dashboard in {title}, although everything happens" for title in empty]
    for line in wrong:
        print(f"not as expected: {line}")
    if not wrong:
        print(f"{len(rules)} policies in {len(all_scenarios)} scenarios: each as expected, confirmed by promtool")
    return 1 if wrong else 0


def _fired(scenario: Scenario, outcome: Outcome) -> list[str]:
    return [
        f"{alert} after {firing.first - scenario.trouble_at} min"
        + ("" if firing.last >= scenario.minutes else f" until {firing.last - scenario.trouble_at}")
        for alert, firing in outcome.items()
        if firing
    ]


def _recorded() -> Recordings:
    """The lines of the real functions on a real emulator."""
    with FirestoreEmulator() as emulator:
        os.environ[HOST_VARIABLE] = emulator.host
        recorded = record(emulator.host, lambda step: print(step, file=sys.stderr))
        print("backups that fail, and that nobody reads back", file=sys.stderr)
        recorded = with_backups(recorded, emulator.host)
        print("reminders that fail, and notices that nobody takes", file=sys.stderr)
        recorded = with_reminders(recorded, emulator.host)
        print("trails and counters that can't be gone on with", file=sys.stderr)
        return with_records(recorded, emulator.host)


def _judged(promtool: str, daily: Sequence[Rule], all_scenarios: Sequence[Scenario]) -> list[Outcome]:
    """What promtool says of each scenario; several at once, since each is a process of its own."""
    hourly = read_rules(variables=HOURLY)
    cases = [case_of(one, hourly if one.is_hourly else daily) for one in all_scenarios]
    outcomes: dict[Question, Firing | None] = {}
    # What was not begun when somebody stops it is not begun.
    with shown_count("asking promtool", len(cases)) as show_done, ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, answers in enumerate(pool.map(partial(answered, promtool), asked_once(cases)), 1):
            outcomes |= answers
            show_done(done)
    return [{one.rule.alert: outcomes[one] for one in case} for case in cases]


if __name__ == "__main__":
    sys.exit(main())
