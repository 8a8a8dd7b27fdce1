"""Shows a report: as tables for people, as JSON for programs. It must not judge."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from rich.table import Table
from rich.text import Text

from tools.check_config.judging import Level
from tools.check_config.variables import State

if TYPE_CHECKING:
    from rich.console import Console

    from tools.check_config.report import Report
    from tools.check_config.variables import Reading

_COLOURS: Final = {
    State.SET: "green",
    State.NOT_SET: "dim",
    State.MISSING: "red",
    State.WRONG: "red",
    Level.WRONG: "red",
    Level.DANGEROUS: "yellow",
    Level.NOTE: "dim",
}
NOT_SHOWN: Final = "(not shown)"


def as_json(report: Report) -> str:
    """The whole report."""
    content: dict[str, Any] = {
        "is_fine": report.is_fine,
        "judged_as": _judged_as(report),
        "variables": [
            {"name": one.variable.name, "state": one.state.value, "shown": one.shown} for one in report.readings
        ],
        "findings": [
            {"level": one.level.value, "subject": one.subject, "message": one.message} for one in report.findings
        ],
        "database": [
            {"step": one.step, "is_fine": one.is_fine, "latency_ms": one.latency_ms, "advice": one.advice}
            for one in report.attempts
        ],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def show(report: Report, console: Console) -> None:
    """The whole report."""
    console.print(_variables(report))
    if report.findings:
        console.print(_findings(report))
    console.print(_database(report) if report.attempts else _not_tried(report))
    verdict = "fine" if report.is_fine else "not fine"
    console.print(f"Judged for {_judged_as(report)}: {verdict}.", style="green" if report.is_fine else "red")


def _not_tried(report: Report) -> str:
    missing = [f"{one.variable.name}=…" for one in report.readings if one.state is State.MISSING]
    what = f", as in: {' '.join([*missing, 'make check-config'])}" if missing else ""
    return f"The database was not tried: mend what is wrong first{what}."


def _judged_as(report: Report) -> str:
    return "production" if report.is_production else "this machine"


def _variables(report: Report) -> Table:
    table = Table(title="Settings", title_justify="left")
    table.add_column("variable", no_wrap=True)
    for name in ("state", "value", "meaning"):
        table.add_column(name, overflow="fold")
    for one in report.readings:
        state = Text(one.state.value, style=_COLOURS[one.state])
        table.add_row(one.variable.name, state, Text(_value(one)), one.variable.meaning)
    return table


def _value(one: Reading) -> str:
    return one.shown or (NOT_SHOWN if one.state in {State.SET, State.WRONG} else "")


def _findings(report: Report) -> Table:
    table = Table(title="Found", title_justify="left")
    for name in ("", "variable", "what"):
        table.add_column(name, overflow="fold")
    for one in report.findings:
        table.add_row(Text(one.level.value, style=_COLOURS[one.level]), Text(one.subject), Text(one.message))
    return table


def _database(report: Report) -> Table:
    table = Table(title="Database", title_justify="left")
    table.add_column("tried", overflow="fold")
    table.add_column("ms", justify="right")
    table.add_column("", overflow="fold")
    for one in report.attempts:
        result = Text("ok", style="green") if one.is_fine else Text(one.advice or "", style="red")
        table.add_row(one.step, f"{one.latency_ms:.1f}", result)
    return table
