"""Log lines in the form that the functions write them. Must not know what is made of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from tools.monitoring.log_lines import Entry, read_lines

AT: Final = datetime(2026, 3, 4, 5, tzinfo=UTC)
_NAMED: Final = {"logging.googleapis.com/labels": {"python_logger": "streak_core"}, "severity": "INFO"}
_ZERO: Final = dict.fromkeys(
    ("users_processed", "freezes_applied", "streaks_broken", "errors", "transaction_retries"), 0
)
_NONE: Final = dict.fromkeys(("duration_seconds", "users_per_second", "peak_memory_mib", "oldest_overdue_seconds"), 0.0)

Said = dict[str, Any]


def lines(service: str, *said: Said) -> list[Entry]:
    """The entries of a function."""
    return read_lines([json.dumps({**_NAMED, **one}) for one in said], service=service, at=AT)


def request(status: int = 200, duration_ms: float = 20.0) -> Said:
    """What a request leaves."""
    of_class = f"{status // 100}xx"
    fields = {"function": "streak", "status": status, "status_class": of_class, "bonuses_earned": 0}
    return {"event": "request_completed", "duration_ms": duration_ms, **fields}


def run(status: str = "success", **more: float) -> Said:
    """What a run leaves."""
    return {"event": "maintenance_completed", "status": status, **_ZERO, **_NONE, **more}


def failed_run() -> Said:
    """What a run leaves that could do nothing."""
    return {"event": "maintenance_failed", "reason": "database_unavailable", "function": "maintenance"}


def failed_shard() -> Said:
    """What a shard leaves that failed."""
    return {"event": "shard_failed", "shard": 5, "reason": "KeyError at run.py:1", "function": "maintenance"}


def retry() -> Said:
    """What a conflict leaves."""
    return {"event": "transaction_retry", "reason": "Aborted", "function": "streak"}


def refused_at_once() -> Said:
    """What is left beside the line of a request that its own user's others took the place of."""
    return {"event": "refused_at_once", "function": "streak"}


def database_error() -> Said:
    """What a failed call of the database leaves."""
    return {"event": "firestore_error", "reason": "UNAVAILABLE", "function": "streak"}


def refusal() -> Said:
    """What a refused sign-in leaves."""
    return {"event": "sign_in_refused", "reason": "missing", "function": "streak"}


def reminded(status: str = "success") -> Said:
    """What a run of reminders leaves."""
    return {"event": "reminders_completed", "status": status}


def failed_reminders() -> Said:
    """What a run of reminders leaves that could do nothing."""
    return {"event": "reminders_failed", "reason": "database_unavailable"}


def parked_webhook() -> Said:
    """What an event leaves that a server of the app's was not told of."""
    return {"event": "webhook_parked", "endpoint": "crm", "kind": "streak_broken"}


def unsent_notice() -> Said:
    """What a notice leaves that nobody takes."""
    return {"event": "notice_not_sent", "reason": "push_unavailable"}


def untold() -> Said:
    """What is left where the audit trail could not be told something."""
    return {"event": "audit_failed", "function": "admin"}


def unchecked_counters() -> Said:
    """What is left of a day whose counters could not be checked."""
    return {"event": "counters_failed", "day": "2026-03-03"}


def failed_standings() -> Said:
    """What is left of a call that could not go on with final standings."""
    return {"event": "standings_failed"}


def heads(standing: str = "recent") -> Said:
    """What a call of the job says of the heads in the log."""
    return {"event": "audit_heads_checked", "standing": standing}
