"""From the dashboard's content to the page: lives some days, reads their log lines, and asks for each widget's data.

It must not draw, and knows no metric by name.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any, Final

import httpx
from google.cloud import firestore

from emulator.errors import SetupError
from emulator.firestore import HOST_VARIABLE, FirestoreEmulator
from emulator.token import PROJECT
from tools.monitoring.checks.known_metrics import known_metrics
from tools.monitoring.checks.promql import named_metrics
from tools.monitoring.dashboard import dashboard_problems
from tools.monitoring.drill.environment import Stage
from tools.monitoring.preview.data import Filled, fill, queries
from tools.monitoring.preview.life import Life
from tools.monitoring.preview.page import page
from tools.monitoring.preview.prometheus import Prometheus, require_programs
from tools.monitoring.preview.sending import Sender
from tools.monitoring.preview.series import dated, open_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from tools.monitoring.log_lines import Entry

# Those that the traffic asks for.
FUNCTIONS: Final = ("streak", "calendar", "consistency", "maintenance")


def preview(content: Mapping[str, Any], output: Path, *, until: datetime, length: timedelta) -> None:
    """Writes the page of a dashboard. Raises `SetupError`: this machine lacks something, or the dashboard is wrong.

    It is also wrong when one of its widgets has nothing to show, although all of it has happened.
    """
    if problems := dashboard_problems(content):
        raise SetupError("\n".join(problems))
    require_programs()
    entries = lived(until - length, until)
    tiles = _filled(content, entries, until - length, until)
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(content["displayName"], tiles, until - length, until), encoding="utf-8")
    if empty := [filled.widget["title"] for filled in tiles if filled.is_empty]:
        # In these days everything happens at least once: a query that finds nothing asks for something else.
        message = f"written: {output}, but nothing is to be seen in: {', '.join(empty)}"
        raise SetupError(message)


def lived(begin: datetime, end: datetime) -> list[Entry]:
    """The log entries of some days. Raises `SetupError`."""
    with FirestoreEmulator() as emulator, Stage(emulator.host) as stage:
        functions = [stage.start(name) for name in FUNCTIONS]
        # The client reads it by itself; what makes the users is not meant to meet the outage.
        os.environ[HOST_VARIABLE] = emulator.host
        client = firestore.Client(project=PROJECT, database=stage.database)
        with Sender(urls={function.name: function.url for function in functions}) as sender:
            try:
                Life(begin=begin, end=end, client=client, sender=sender, line=stage.line).live()
            except httpx.HTTPError as error:
                message = f"a function does not answer: {error}"
                raise SetupError(message) from error
        return [entry for function in functions for entry in dated(function.entries(), begin)]


def _filled(content: Mapping[str, Any], entries: Sequence[Entry], begin: datetime, end: datetime) -> list[Filled]:
    print("asking Prometheus for each widget's data", file=sys.stderr)
    tiles = content["mosaicLayout"]["tiles"]
    known = known_metrics()
    named = [metric for query in queries(tiles) for metric in named_metrics(query, known)]
    names = {name for metric in named for name in metric.promql_names}
    with Prometheus(open_metrics(entries, begin, end, names)) as prometheus:
        return [fill(tile, prometheus, entries, begin, end) for tile in tiles]
