"""Asks Prometheus' promtool which rules fire on some series, and has it confirm each answer.

It must not know where rules and series come from.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from emulator.errors import SetupError
from tools.monitoring.drill.policies import Rule
from tools.monitoring.drill.series import Series

MISSING: Final = (
    "promtool is missing; it comes with Prometheus: `apt-get install prometheus` on Debian and Ubuntu, "
    "`brew install prometheus` on macOS"
)
ANSWER_SECONDS_MAX: Final = 600
MINUTE: Final = 60
HOUR: Final = 60

_ONE: Final = {"labels": "{}", "value": 1}
# How promtool says that there is something where nothing was expected.
_FOUND: Final = re.compile(r"exp: nil\n\s*got: {} (\S+)")
_UNEXPECTED: Final = re.compile(r'expr: "(min|max).*?alertname=\\"(\w+)\\".*\n\s*exp: nil\n\s*got: {} (\S+)')


class PromtoolError(Exception):
    """promtool refused the rules, or did not confirm what it had answered."""


@dataclass(frozen=True, kw_only=True)
class Firing:
    """The first and the last minute in which a rule fires."""

    first: int
    last: int


def find_promtool() -> str:
    """Where it is. Raises `SetupError`, which says how to get it."""
    found = shutil.which("promtool")
    if found is None:
        raise SetupError(MISSING)
    return found


def firings(promtool: str, rules: Sequence[Rule], series: Iterable[Series], minutes: int) -> dict[str, Firing | None]:
    """When each rule fires on the series; None for one that stays silent. Raises `PromtoolError`."""
    inputs, found = _inputs(series), dict[str, Firing]()
    for every in sorted({rule.every_seconds for rule in rules}):
        with TemporaryDirectory(prefix="drill-") as folder:
            alike = [rule for rule in rules if rule.every_seconds == every]
            asked = RulesTest(promtool, Path(folder), alike, inputs)
            fired = asked.moments(minutes)
            asked.confirm(fired)
        found |= fired
    return {rule.alert: found.get(rule.alert) for rule in rules}


def silent(promtool: str, queries: Sequence[str], series: Iterable[Series], minutes: int) -> list[str]:
    """Which queries find nothing in any hour of the series. Raises `PromtoolError`."""
    # Each answers its own number. An hour at a time: promtool takes no more samples at once.
    asked = [
        _expect(f"count(count_over_time(({query})[1h:5m])) * 0 + {number}", hour, [])
        for number, query in enumerate(queries)
        for hour in range(HOUR, minutes + 1, HOUR)
    ]
    with TemporaryDirectory(prefix="drill-") as folder:
        test = {"input_series": _inputs(series), "promql_expr_test": asked}
        status, said = _tested(promtool, Path(folder), test)
    found = {int(float(number)) for number in _FOUND.findall(said)}
    if bool(found) != bool(status):
        raise PromtoolError("promtool does not take the queries:\n" + said)
    return [query for number, query in enumerate(queries) if number not in found]


class RulesTest:
    """Rules of one interval and series, as files.

    promtool only judges expectations: it is told to expect silence, and objects.
    """

    def __init__(self, promtool: str, folder: Path, rules: Sequence[Rule], inputs: list[dict[str, str]]) -> None:
        self._promtool = promtool
        self._folder = folder
        self._rules = rules
        self._inputs = inputs
        # promtool evaluates all rules of a test at one interval.
        (self._every,) = {rule.every_seconds for rule in rules}
        self._write_rules(rules)

    def moments(self, minutes: int) -> dict[str, Firing]:
        """When each alert that fires does so; promtool confirms all others silent. Raises `PromtoolError`."""
        window = f"[{minutes + 1}m:{self._every}s]"
        status, said = self._run([
            _expect(f"{which}({which}_over_time(timestamp({_firing(alert)}){window}))", minutes, [])
            for alert in [rule.alert for rule in self._rules]
            for which in ("min", "max")
        ])  # fmt: skip
        found = {(alert, which): int(float(moment)) // MINUTE for which, alert, moment in _UNEXPECTED.findall(said)}
        if bool(found) != bool(status):
            raise PromtoolError("promtool does not take the rules:\n" + said)
        return {alert: Firing(first=found[alert, "min"], last=found[alert, "max"]) for alert, _ in found}

    def confirm(self, found: dict[str, Firing]) -> None:
        """Has promtool assert that each alert fires at its first minute, and not before. Raises `PromtoolError`."""
        if not found:
            return
        self._write_rules([rule for rule in self._rules if rule.alert in found])
        first = {alert: firing.first for alert, firing in found.items()}
        fires = [_expect(f"count({_firing(alert)}) > bool 0", at, [_ONE]) for alert, at in first.items()]
        before = self._every // MINUTE
        silent = [_expect(_firing(alert), at - before, []) for alert, at in first.items() if at >= before]
        status, said = self._run([*fires, *silent])
        if status:
            raise PromtoolError("promtool does not confirm its own answers:\n" + said)

    def _write_rules(self, rules: Sequence[Rule]) -> None:
        _write(self._folder / "rules.yaml", {"groups": [_group(rules)]})

    def _run(self, tests: list[dict[str, Any]]) -> tuple[int, str]:
        test = {"input_series": self._inputs, "promql_expr_test": tests}
        return _tested(self._promtool, self._folder, test, rule_files=["rules.yaml"], every=self._every)


def _tested(
    promtool: str, folder: Path, test: dict[str, Any], *, rule_files: Sequence[str] = (), every: int = MINUTE
) -> tuple[int, str]:
    """The status of promtool, and what it said. Raises `PromtoolError` for what it could not evaluate."""
    document = {
        "rule_files": list(rule_files),
        "evaluation_interval": f"{every}s",
        "tests": [{"interval": "1m", **test}],
    }
    _write(folder / "tests.yaml", document)
    ended = subprocess.run(  # noqa: S603 - promtool, on files of our own
        [promtool, "test", "rules", "tests.yaml"],
        cwd=folder,
        # It throws away much and keeps little: collected less often, it needs a sixth less processor time.
        env={**os.environ, "GOGC": "400"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=ANSWER_SECONDS_MAX,
        check=False,
    )
    if "err: " in ended.stdout:
        raise PromtoolError("promtool does not take what it is asked:\n" + ended.stdout)
    return ended.returncode, ended.stdout


def _inputs(series: Iterable[Series]) -> list[dict[str, str]]:
    return [{"series": one.selector, "values": one.notation} for one in series]


def _firing(alert: str) -> str:
    return f'ALERTS{{alertname="{alert}",alertstate="firing"}}'


def _expect(expression: str, minute: int, samples: list[dict[str, Any]]) -> dict[str, Any]:
    return {"expr": expression, "eval_time": f"{minute}m", "exp_samples": samples}


def _group(rules: Sequence[Rule]) -> dict[str, Any]:
    return {
        "name": "unbroken",
        "rules": [{"alert": rule.alert, "expr": rule.query, "for": f"{rule.hold_seconds}s"} for rule in rules],
    }


def _write(path: Path, document: dict[str, Any]) -> None:
    # JSON is YAML, and written in no time.
    path.write_text(json.dumps(document), encoding="utf-8")
