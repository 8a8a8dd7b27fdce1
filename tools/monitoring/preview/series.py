"""Log entries of simulated days as series, in the OpenMetrics text that Prometheus reads: a sample every five minutes.

It must not know queries. Which series lines make is decided by `monitoring.drill.series`, and by the metrics' files.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tools.monitoring.drill.series import Placement, series_of
from tools.monitoring.preview.sending import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from tools.monitoring.log_lines import Entry

INTERVAL_SECONDS: Final = 300
_MINUTE: Final = 60


def dated(entries: Iterable[Entry], begin: datetime) -> list[Entry]:
    """A function's entries, each at its request's simulated moment; one without a request is where it stands."""
    found, at = [], begin
    for entry in entries:
        request = entry.payload.get("request_id")
        at = moment_of(str(request)) if request else at
        found.append(replace(entry, timestamp=at))
    return found


def open_metrics(entries: Iterable[Entry], begin: datetime, end: datetime, names: set[str]) -> Iterator[str]:
    """The lines of the series of those PromQL names; both moments lie on whole intervals."""
    by_minute: dict[int, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_minute[int((entry.timestamp - begin).total_seconds()) // _MINUTE].append(entry)
    placements = [Placement(entries=found, at=minute) for minute, found in sorted(by_minute.items())]
    minutes = int((end - begin).total_seconds()) // _MINUTE + 1
    for series in series_of(placements, minutes, names):
        for minute in range(0, minutes, INTERVAL_SECONDS // _MINUTE):
            # Before its first line a counter is at nothing, so that the first line, too, is an increase.
            value = series.values[minute - series.first] if minute >= series.first else 0.0
            yield f"{series.selector} {value:.12g} {int(begin.timestamp()) + minute * _MINUTE}"
    yield "# EOF"
