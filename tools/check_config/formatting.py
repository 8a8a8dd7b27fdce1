"""Says what a report says: as lines for people, as JSON for programs. It must not judge."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

from tools.check_config.variables import State

if TYPE_CHECKING:
    from tools.check_config.report import Report

NOT_SHOWN: Final = "(not shown)"


def as_json(report: Report) -> str:
    """The whole report."""
    content = {
        "is_fine": report.is_fine,
        "judged_as": report.judged_as,
        "variables": [{"name": one.variable.name, "state": one.state, "shown": one.shown} for one in report.readings],
        "findings": [one._asdict() for one in report.findings],
        "database": [{"is_fine": one.is_fine, **asdict(one)} for one in report.attempts],
    }
    return json.dumps(content, indent=2, ensure_ascii=False)


def as_text(report: Report) -> str:
    """The whole report."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    for one in report.readings:
        value = one.shown or (NOT_SHOWN if one.state in {State.SET, State.WRONG} else "")
        yield f"{one.variable.name:<32}{one.state:<10}{value or one.variable.meaning}"
    yield ""
    for finding in report.findings:
        yield f"{finding.level}: {finding.subject} {finding.message}"
    for tried in report.attempts:
        yield f"the database, {tried.step}: {tried.advice or 'ok'} ({tried.latency_ms:.1f} ms)"
    if not report.attempts:
        missing = [f"{one.variable.name}=…" for one in report.readings if one.state is State.MISSING]
        what = f", as in: {' '.join([*missing, 'make check-config'])}" if missing else ""
        yield f"The database was not tried: mend what is wrong first{what}."
    yield f"Judged for {report.judged_as}: {'fine' if report.is_fine else 'not fine'}."
