"""The one way to log: an event of the catalogue, a sentence for people, and typed fields for machines.

It must not know where lines go: a process that serves chooses that. It never makes its caller fail.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from streak_core.telemetry.catalogue import LogEvent
from streak_core.telemetry.context import current
from streak_core.telemetry.stack import kind_of, stack_of

Field = str | int | float | bool | None

# The name that metrics know our lines by, whatever the functions are called where they are deployed.
LOGGER_NAME: Final = "streak_core"
LOGGER: Final = logging.getLogger(LOGGER_NAME)

# Cloud Logging's own word for what is normal and worth a look; Python has no level of this name.
NOTICE: Final = 25
logging.addLevelName(NOTICE, "NOTICE")

SEVERITIES: Final[Mapping[LogEvent, int]] = {
    LogEvent.REQUEST_COMPLETED: logging.INFO,
    LogEvent.REQUEST_FAILED: logging.ERROR,
    LogEvent.SLOW_OPERATION: logging.WARNING,
    LogEvent.SIGN_IN_REFUSED: NOTICE,
    LogEvent.REFUSED_AT_ONCE: NOTICE,
    LogEvent.TRANSACTION_RETRY: logging.WARNING,
    LogEvent.FIRESTORE_ERROR: logging.ERROR,
    LogEvent.FIRESTORE_OVERLOADED: logging.WARNING,
    LogEvent.MAINTENANCE_STARTED: logging.INFO,
    LogEvent.MAINTENANCE_COMPLETED: logging.INFO,
    LogEvent.MAINTENANCE_FAILED: logging.CRITICAL,
    LogEvent.SHARD_COMPLETED: logging.INFO,
    LogEvent.SHARD_FAILED: logging.ERROR,
    LogEvent.USER_FAILED: logging.ERROR,
    LogEvent.USER_ERASED: NOTICE,
    LogEvent.FRIEND_UNREADABLE: logging.WARNING,
    LogEvent.ERASING_FAILED: logging.WARNING,
    LogEvent.JUDGING_FAILED: logging.WARNING,
    LogEvent.JUDGING_COMPLETED: NOTICE,
    LogEvent.REMINDERS_COMPLETED: logging.INFO,
    LogEvent.REMINDERS_FAILED: logging.ERROR,
    LogEvent.NOTICE_REFUSED: logging.ERROR,
    LogEvent.NOTICE_NOT_SENT: logging.WARNING,
    LogEvent.WEBHOOK_PARKED: logging.ERROR,
    LogEvent.WEBHOOK_DISABLED: logging.ERROR,
    LogEvent.WEBHOOK_REFUSED: logging.WARNING,
    LogEvent.WEBHOOKS_FAILED: logging.WARNING,
    LogEvent.LEASE_NOT_RENEWED: logging.WARNING,
    LogEvent.REPORT_NOT_KEPT: logging.ERROR,
    LogEvent.REPORT_REPEATED: NOTICE,
    LogEvent.BACKUP_STARTED: logging.INFO,
    LogEvent.BACKUP_COMPLETED: NOTICE,
    LogEvent.BACKUP_FAILED: logging.ERROR,
    LogEvent.BACKUP_CHECKED: logging.INFO,
    LogEvent.BACKUP_VERIFIED: NOTICE,
    LogEvent.BACKUP_NOT_VERIFIED: logging.ERROR,
    LogEvent.AUDIT_HEADS: NOTICE,
    LogEvent.AUDIT_HEADS_CHECKED: logging.INFO,
    LogEvent.AUDIT_FAILED: logging.ERROR,
    LogEvent.COUNTERS_CHECKED: NOTICE,
    LogEvent.COUNTERS_FAILED: logging.ERROR,
    LogEvent.STANDING_WRITTEN: NOTICE,
    LogEvent.STANDINGS_FAILED: logging.ERROR,
    LogEvent.GAUGES_NOT_WRITTEN: logging.WARNING,
    LogEvent.CONFIGURATION_WRONG: logging.CRITICAL,
}


def log(
    event: LogEvent,
    sentence: str,
    /,
    *,
    severity: int | None = None,
    error: BaseException | None = None,
    **fields: Field,
) -> None:
    """Writes a line. `severity` is that of the event unless said; a field that is None, or no number, is left out.

    Of an `error` its kind and its stack are logged, and not what it says of what it was given.
    """
    level = SEVERITIES[event] if severity is None else severity
    if not LOGGER.isEnabledFor(level):
        return
    # Whatever is wrong with a line or with where it goes, the work that it speaks of goes on.
    with suppress(Exception):
        LOGGER.log(level, "%s", sentence, stacklevel=2, extra={"json_fields": _content(event, fields, error)})


def _content(event: LogEvent, fields: Mapping[str, Field], error: BaseException | None) -> dict[str, Field]:
    content: dict[str, Field] = {name: value for name, value in fields.items() if _is_said(value)}
    if error is not None:
        content |= {"error": kind_of(error), "stack_trace": stack_of(error)}
    if work := current():
        content |= {"function": work.function, "request_id": work.request_id}
    # What a line is about cannot be said by one of its fields.
    content["event"] = event.value
    return content


def _is_said(value: Field) -> bool:
    return value is not None and not (isinstance(value, float) and not math.isfinite(value))
