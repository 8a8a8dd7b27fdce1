"""What starts maintenance, backups and reminders: Cloud Scheduler's jobs, a trigger; and the queues of tasks.

Must not know what a run does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streak_core.store.sharding import SHARDS
from tools.deploy.action import Action, gcloud
from tools.deploy.services import FANNED_OUT_CONCURRENCY, FANNED_OUT_INSTANCES_MAX
from tools.deploy.settings import (
    BACKUP,
    BACKUP_DRILL,
    MAINTENANCE,
    REMINDER_SHARDS,
    REMINDERS,
    SCHEDULER_ACCOUNT,
    WEBHOOKS,
)
from tools.deploy.trigger import trigger_actions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.deploy.settings import Settings

# The longest that Cloud Scheduler waits for an HTTP target.
ATTEMPT_DEADLINE_SECONDS: Final = 1800
# The first further try comes when the lease of a call that was killed is over (two minutes after it was last renewed),
# and the last one when the longest run is over whose call got lost: after 2.5, 5, 10, 10 and 10 minutes.
RETRIES_MAX: Final = 5
BACKOFF_SECONDS_FIRST: Final = 150
BACKOFF_SECONDS_MAX: Final = 600
DOUBLINGS_MAX: Final = 2


# As many as all instances of `reminders` but one answer at a time; a task takes a fraction of a second.
NOTICES_AT_ONCE: Final = 300
# The most that one queue delivers, where runs are fanned out, with as many further instances.
NOTICES_AT_ONCE_MAX: Final = 500
# Each may wait for a server that does not answer, and must leave room for notices.
WEBHOOKS_AT_ONCE: Final = 50
REMINDERS_SCHEDULE: Final = "*/5 * * * *"


def queue_actions(settings: Settings) -> tuple[Action, ...]:
    """The queues of notices, of webhooks and of runs that are fanned out; what is not done comes again, for an hour."""
    shards_at_once = FANNED_OUT_CONCURRENCY * (FANNED_OUT_INSTANCES_MAX - 1)
    of_shards = (_queue(settings, MAINTENANCE, shards_at_once),) if settings.is_fanned_out else ()
    of_webhooks = (_queue(settings, WEBHOOKS, WEBHOOKS_AT_ONCE),) if settings.has_webhooks else ()
    if not settings.is_reminding_fanned_out:
        return (_queue(settings, REMINDERS, NOTICES_AT_ONCE), *of_webhooks, *of_shards)
    of_notices = _queue(settings, REMINDERS, NOTICES_AT_ONCE_MAX)
    return (of_notices, _queue(settings, REMINDER_SHARDS, SHARDS), *of_webhooks, *of_shards)


def _queue(settings: Settings, function: str, tasks_at_once: int) -> Action:
    name, place = settings.named(function), {"location": settings.region, "project": settings.project}
    rules = {
        "max_concurrent_dispatches": tasks_at_once,
        "max_dispatches_per_second": tasks_at_once,
        "max_attempts": 20,
        "max_retry_duration": "3600s",
        "min_backoff": "1s",
        "max_backoff": "60s",
        "max_doublings": 6,
        "quiet": True,
    }
    return _made("tasks queues", f"the queue {name}", name, place, rules)


def scheduler_actions(settings: Settings) -> tuple[Action, ...]:
    """The jobs: on time, with the scheduler's identity, tried again unless what they call is done; and the trigger."""
    jobs = tuple(_job(settings, job, schedule) for job, schedule in schedules(settings).items())
    return (*jobs, *trigger_actions(settings))


def schedules(settings: Settings) -> dict[str, str]:
    """When each job calls, in cron's words; it is named after the path that it calls."""
    # It knows itself from when on a day's export is due, and looks at each call how far that is.
    _, _, minute = dict(settings.environment).get("BACKUP_TIME", "02:00").partition(":")
    return {
        MAINTENANCE: settings.schedule,
        REMINDERS: REMINDERS_SCHEDULE,
        BACKUP: f"{int(minute)} * * * *",
        # It knows itself when a week is over; each call does what is next. Between two calls for exports.
        BACKUP_DRILL: f"{(int(minute) + 30) % 60} * * * *",
    }


def _job(settings: Settings, job: str, schedule: str) -> Action:
    name, place = settings.named(job), {"location": settings.region, "project": settings.project}
    function = job.partition("-")[0]
    rules = {
        "schedule": schedule,
        "time_zone": settings.time_zone,
        "uri": f"{settings.url(function)}/{job.replace('-', '/')}",
        "http_method": "POST",
        "oidc_service_account_email": settings.account(SCHEDULER_ACCOUNT),
        "oidc_token_audience": settings.url(function),
        "attempt_deadline": f"{ATTEMPT_DEADLINE_SECONDS}s",
        "max_retry_attempts": RETRIES_MAX,
        "min_backoff": f"{BACKOFF_SECONDS_FIRST}s",
        "max_backoff": f"{BACKOFF_SECONDS_MAX}s",
        "max_doublings": DOUBLINGS_MAX,
        "quiet": True,
    }
    what = f"the job {name}, at {schedule} ({settings.time_zone})"
    return _made("scheduler jobs", what, name, place, rules, " http")


def _made(
    kind: str, what: str, name: str, place: Mapping[str, str], rules: Mapping[str, object], sort: str = ""
) -> Action:
    """Makes it, or brings what is there to the same rules; `sort` is said of all but the question."""
    return Action(
        what=what,
        question=gcloud(f"{kind} describe", name, **place),
        command=gcloud(f"{kind} create{sort}", name, **place, **rules),
        update=gcloud(f"{kind} update{sort}", name, **place, **rules),
    )
