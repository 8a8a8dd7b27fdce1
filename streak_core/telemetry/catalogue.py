"""The one catalogue: every event that is logged, with its fields, and every metric that is made from the log.

It must not log or measure. The names are a contract with metrics, alerts, dashboard and on-call: they stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class LogEvent(StrEnum):
    """What can be logged; each log line carries one as `jsonPayload.event`."""

    REQUEST_COMPLETED = "request_completed"
    REQUEST_FAILED = "request_failed"
    SLOW_OPERATION = "slow_operation"
    SIGN_IN_REFUSED = "sign_in_refused"
    REFUSED_AT_ONCE = "refused_at_once"
    TRANSACTION_RETRY = "transaction_retry"
    FIRESTORE_ERROR = "firestore_error"
    FIRESTORE_OVERLOADED = "firestore_overloaded"
    MAINTENANCE_STARTED = "maintenance_started"
    MAINTENANCE_COMPLETED = "maintenance_completed"
    MAINTENANCE_FAILED = "maintenance_failed"
    SHARD_COMPLETED = "shard_completed"
    SHARD_FAILED = "shard_failed"
    USER_FAILED = "user_failed"
    USER_ERASED = "user_erased"
    FRIEND_UNREADABLE = "friend_unreadable"
    ERASING_FAILED = "erasing_failed"
    JUDGING_FAILED = "judging_failed"
    JUDGING_COMPLETED = "judging_completed"
    REMINDERS_COMPLETED = "reminders_completed"
    REMINDERS_FAILED = "reminders_failed"
    NOTICE_REFUSED = "notice_refused"
    NOTICE_NOT_SENT = "notice_not_sent"
    WEBHOOK_PARKED = "webhook_parked"
    WEBHOOK_DISABLED = "webhook_disabled"
    WEBHOOK_REFUSED = "webhook_refused"
    WEBHOOKS_FAILED = "webhooks_failed"
    LEASE_NOT_RENEWED = "lease_not_renewed"
    REPORT_NOT_KEPT = "report_not_kept"
    REPORT_REPEATED = "report_repeated"
    BACKUP_STARTED = "backup_started"
    BACKUP_COMPLETED = "backup_completed"
    BACKUP_FAILED = "backup_failed"
    BACKUP_CHECKED = "backup_checked"
    BACKUP_VERIFIED = "backup_verified"
    BACKUP_NOT_VERIFIED = "backup_not_verified"
    AUDIT_HEADS = "audit_heads"
    AUDIT_HEADS_CHECKED = "audit_heads_checked"
    AUDIT_FAILED = "audit_failed"
    COUNTERS_CHECKED = "counters_checked"
    COUNTERS_FAILED = "counters_failed"
    STANDING_WRITTEN = "standing_written"
    STANDINGS_FAILED = "standings_failed"
    GAUGES_NOT_WRITTEN = "gauges_not_written"
    CONFIGURATION_WRONG = "configuration_wrong"


class MetricKind(StrEnum):
    """How a metric adds its log lines up."""

    # How many lines there were.
    COUNTER = "counter"
    # How the values of one field of the lines are spread.
    DISTRIBUTION = "distribution"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A log-based metric: the lines of one event, counted, or one field of them; labels are fields too."""

    # As in `logging.googleapis.com/user/streak/<name>`; in PromQL, `logging_googleapis_com:user_streak_<name>`.
    name: str
    event: LogEvent
    kind: MetricKind = MetricKind.COUNTER
    # The field of `jsonPayload` that a distribution reads.
    field: str = ""
    unit: str = "1"
    labels: tuple[str, ...] = ()


_RUN: Final = LogEvent.MAINTENANCE_COMPLETED


def _of_run(name: str, field: str, unit: str = "1") -> Metric:
    return Metric(name=f"maintenance_{name}", event=_RUN, kind=MetricKind.DISTRIBUTION, field=field, unit=unit)


METRICS: Final = (
    # The job: one line a run, `status` one of success, partial, degraded; a run that could do nothing is `failed`.
    Metric(name="maintenance_runs", event=_RUN, labels=("status",)),
    Metric(name="maintenance_failures", event=LogEvent.MAINTENANCE_FAILED),
    # What should not happen to one of the 64 shards has happened: its users stay unsettled.
    Metric(name="shard_failures", event=LogEvent.SHARD_FAILED),
    _of_run("users_processed", "users_processed", "{user}"),
    _of_run("freezes_applied", "freezes_applied", "{freeze}"),
    _of_run("streaks_broken", "streaks_broken", "{streak}"),
    _of_run("errors", "errors", "{user}"),
    _of_run("duration_seconds", "duration_seconds", "s"),
    _of_run("users_per_second", "users_per_second", "{user}/s"),
    _of_run("peak_memory_mib", "peak_memory_mib", "MiBy"),
    _of_run("transaction_retries", "transaction_retries", "{retry}"),
    _of_run("oldest_overdue_seconds", "oldest_overdue_seconds", "s"),
    # Who is to be told something: one line a run, as of the job; and each notice that a channel does not take.
    Metric(name="reminders_runs", event=LogEvent.REMINDERS_COMPLETED, labels=("status",)),
    Metric(name="reminders_failures", event=LogEvent.REMINDERS_FAILED),
    Metric(name="notices_not_sent", event=LogEvent.NOTICE_NOT_SENT),
    # Each event that a server of the app's was not told of.
    Metric(name="webhooks_parked", event=LogEvent.WEBHOOK_PARKED, labels=("endpoint",)),
    # Each call of the function `backup`: `standing` is recent or missing, `proof` verified or unverified.
    Metric(name="backup_checks", event=LogEvent.BACKUP_CHECKED, labels=("standing", "proof")),
    # What records of people have trouble of their own with: what the audit trail could not be told, days whose counters
    # could not be checked; and each call of the job by whether the logged heads of trails are recent or missing.
    Metric(name="audit_failures", event=LogEvent.AUDIT_FAILED, labels=("function",)),
    Metric(name="counters_failures", event=LogEvent.COUNTERS_FAILED),
    Metric(name="standings_failures", event=LogEvent.STANDINGS_FAILED),
    Metric(name="audit_heads_checks", event=LogEvent.AUDIT_HEADS_CHECKED, labels=("standing",)),
    # Requests and the job alike; `function` is the deployed function.
    Metric(name="transaction_retries", event=LogEvent.TRANSACTION_RETRY, labels=("function",)),
    Metric(name="firestore_errors", event=LogEvent.FIRESTORE_ERROR, labels=("function", "reason")),
    Metric(name="slow_operations", event=LogEvent.SLOW_OPERATION, labels=("operation",)),
    Metric(name="sign_in_refusals", event=LogEvent.SIGN_IN_REFUSED, labels=("function", "reason")),
    Metric(name="refused_at_once", event=LogEvent.REFUSED_AT_ONCE, labels=("function",)),
    Metric(name="request_failures", event=LogEvent.REQUEST_FAILED, labels=("function",)),
    Metric(name="requests", event=LogEvent.REQUEST_COMPLETED, labels=("function", "status_class")),
    Metric(
        name="request_duration_ms",
        event=LogEvent.REQUEST_COMPLETED,
        kind=MetricKind.DISTRIBUTION,
        field="duration_ms",
        unit="ms",
        labels=("function",),
    ),
    Metric(
        name="bonuses_earned",
        event=LogEvent.REQUEST_COMPLETED,
        kind=MetricKind.DISTRIBUTION,
        field="bonuses_earned",
        unit="{bonus}",
    ),
)
