"""What Google's platform itself writes of a function, in the cases in which the function writes nothing: modelled.

It must not know when it happens.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from functions.catalogue import CATALOGUE
from tools.monitoring.drill.series import Measurement
from tools.monitoring.log_lines import Entry
from tools.monitoring.variables import EXAMPLES

PLACES: Final = ("eur-belgium", "usa-iowa", "apac-singapore")
_LIMIT_MIB: Final = next(one.memory_mib for one in CATALOGUE if one.name == "maintenance")
_MAINTENANCE: Final = {"service_name": "maintenance"}


def request(status: int) -> Measurement:
    """What Cloud Run counts of a call of the job, such as one whose process was killed: 503."""
    labels = {"response_code": str(status), "response_code_class": f"{status // 100}xx"}
    return Measurement(metric="run.googleapis.com/request_count", resource=_MAINTENANCE, labels=labels)


def memory(utilization: float) -> Measurement:
    """What Cloud Run measures of one of the job's instances each minute; 1 is its limit."""
    metric = "run.googleapis.com/container/memory/utilizations"
    return Measurement(metric=metric, value=utilization, resource=_MAINTENANCE)


def memory_of(run: Iterable[Entry]) -> Sequence[Measurement]:
    """The memory of an instance after a run whose line says what its process had needed at its peak."""
    peaks = [entry.payload["peak_memory_mib"] for entry in run if "peak_memory_mib" in entry.payload]
    return [memory(max(peaks) / _LIMIT_MIB)] if peaks else []


def probes(*, passed: bool, places: Sequence[str] = PLACES) -> Sequence[Measurement]:
    """The results of the uptime check in a minute, from each place."""
    return [
        Measurement(
            metric="monitoring.googleapis.com/uptime_check/check_passed",
            value=float(passed),
            resource={"host": EXAMPLES["HEALTH_HOST"]},
            labels={"checker_location": place, "check_id": "health"},
        )
        for place in places
    ]


def failed_attempt(status: str) -> Entry:
    """What Cloud Scheduler logs of an attempt that failed, as in PERMISSION_DENIED."""
    content = {
        "severity": "ERROR",
        "resource": {"type": "cloud_scheduler_job", "labels": {"job_id": "maintenance"}},
        "jsonPayload": {"status": status, "targetType": "HTTP"},
    }
    return Entry(timestamp=datetime.min.replace(tzinfo=UTC), content=content)
