"""What starts maintenance: Cloud Scheduler's job, and the queue of a fanned out run. Must not know what a run does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tools.deploy.action import Action, Words
from tools.deploy.services import FANNED_OUT_CONCURRENCY, FANNED_OUT_INSTANCES_MAX
from tools.deploy.settings import MAINTENANCE, SCHEDULER_ACCOUNT

if TYPE_CHECKING:
    from tools.deploy.settings import Settings

# The longest that Cloud Scheduler waits for an HTTP target.
ATTEMPT_DEADLINE_SECONDS: Final = 1800
# The first further try comes when the lease of a call that was killed is over (two minutes after it was last renewed),
# and the last one when the longest run is over whose call got lost: after 2.5, 5, 10, 10 and 10 minutes.
RETRIES_MAX: Final = 5
BACKOFF_SECONDS_FIRST: Final = 150
BACKOFF_SECONDS_MAX: Final = 600
DOUBLINGS_MAX: Final = 2


def queue_actions(settings: Settings) -> tuple[Action, ...]:
    """The queue, where a run is fanned out; a shard that is not done is delivered again at once, for an hour."""
    if not settings.is_fanned_out:
        return ()
    at = (MAINTENANCE, f"--location={settings.region}", f"--project={settings.project}")
    tasks_at_once = FANNED_OUT_CONCURRENCY * (FANNED_OUT_INSTANCES_MAX - 1)
    rules = (
        f"--max-concurrent-dispatches={tasks_at_once}",
        f"--max-dispatches-per-second={tasks_at_once}",
        "--max-attempts=20",
        "--max-retry-duration=3600s",
        "--min-backoff=1s",
        "--max-backoff=60s",
        "--max-doublings=6",
        "--quiet",
    )
    return (
        Action(
            what=f"the queue {MAINTENANCE}",
            question=("gcloud", "tasks", "queues", "describe", *at),
            command=("gcloud", "tasks", "queues", "create", *at, *rules),
            update=("gcloud", "tasks", "queues", "update", *at, *rules),
        ),
    )


def scheduler_actions(settings: Settings) -> tuple[Action, ...]:
    """The job: on time, with the scheduler's identity, tried again unless the run is done."""
    place = (f"--location={settings.region}", f"--project={settings.project}")
    rules: Words = (
        f"--schedule={settings.schedule}",
        f"--time-zone={settings.time_zone}",
        f"--uri={settings.url(MAINTENANCE)}/{MAINTENANCE}",
        "--http-method=POST",
        f"--oidc-service-account-email={settings.account(SCHEDULER_ACCOUNT)}",
        f"--oidc-token-audience={settings.url(MAINTENANCE)}",
        f"--attempt-deadline={ATTEMPT_DEADLINE_SECONDS}s",
        f"--max-retry-attempts={RETRIES_MAX}",
        f"--min-backoff={BACKOFF_SECONDS_FIRST}s",
        f"--max-backoff={BACKOFF_SECONDS_MAX}s",
        f"--max-doublings={DOUBLINGS_MAX}",
        *place,
        "--quiet",
    )
    return (
        Action(
            what=f"the job {MAINTENANCE}, at {settings.schedule} ({settings.time_zone})",
            question=("gcloud", "scheduler", "jobs", "describe", MAINTENANCE, *place),
            command=("gcloud", "scheduler", "jobs", "create", "http", MAINTENANCE, *rules),
            update=("gcloud", "scheduler", "jobs", "update", "http", MAINTENANCE, *rules),
        ),
    )
