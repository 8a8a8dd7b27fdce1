"""Reports for those who run the service, as JSON or as a table of comma-separated values.

Handlers parse, call and render; they decide nothing.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Final

from functions.http import parsing, runtime
from functions.http.dispatch import RequestContext, Route
from functions.http.rendering import query_response, table_response
from streak_core.domain.errors import FieldError, Malformed
from streak_core.reports import Report, ReportName, days_of
from streak_core.telemetry.context import current

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from flask import Request, Response

    from streak_core.reports import Cell

_JSON: Final = "json"
_CSV: Final = "csv"
_TYPES: Final = {_JSON: "application/json", _CSV: "text/csv"}
# Where a spreadsheet would take what follows for a formula, whichever separator it goes by: it skips what is not seen,
# and knows full-width signs, too.
_FORMULA: Final = re.compile(r"(^|[;\t\r\n])(?=[\s\x00-\x1f]*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r])")
READS: Final = "X-Report-Reads"


def get_report(context: RequestContext, name: str) -> Response:
    """GET /admin/reports/{name}."""
    request, wanted = context.request, _name(name)
    form = _form(request)
    days = days_of(wanted, _day(request, "from"), _day(request, "to"), context.now)
    before = _reads()
    report = runtime.reports().report(wanted, days, context.now)
    reads = _reads() - before
    if form == _CSV:
        response = table_response(request, table(report), wanted.value)
        response.headers[READS] = str(reads)
        return response
    return query_response(request, _content(wanted, days, report, reads))


def _content(name: ReportName, days: Sequence[date], report: Report, reads: int) -> dict[str, object]:
    return {
        "name": name.value,
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
        "columns": list(report.columns),
        "rows": [list(row) for row in report.rows],
        "is_whole": report.is_whole,
        "unchecked_days": [day.isoformat() for day in report.unchecked],
        "reads": reads,
    }


def table(report: Report) -> str:
    """The report as comma-separated values, whose texts stand in quotes and are no formulas."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(report.columns)
    writer.writerows([_plain(cell) for cell in row] for row in report.rows)
    return text.getvalue()


def _plain(cell: Cell) -> Cell:
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell


def _name(text: str) -> ReportName:
    try:
        return ReportName(text)
    except ValueError as error:
        raise Malformed(FieldError("name", f"must be one of {', '.join(ReportName)}")) from error


def _day(request: Request, name: str) -> date | None:
    text = parsing.parameter(request, name)
    try:
        return None if text is None else parsing.day(text)
    except ValueError as error:
        raise Malformed(FieldError(name, str(error))) from error


def _form(request: Request) -> str:
    """As what it is answered: as the query says, else as the client would rather have it."""
    said = parsing.parameter(request, "format")
    if said is not None and said not in _TYPES:
        raise Malformed(FieldError("format", f"must be one of {', '.join(_TYPES)}"))
    wanted = request.accept_mimetypes.best_match(list(_TYPES.values()), _TYPES[_JSON])
    return said or next(form for form, kind in _TYPES.items() if kind == wanted)


def _reads() -> int:
    work = current()
    return work.tally.reads if work else 0


ROUTES: Final = (Route(method="GET", path="/reports/<name>", handler=get_report, parameters=("from", "to", "format")),)
