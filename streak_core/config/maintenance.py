"""The part of the configuration that says how maintenance goes about its work.

It must not know the rest; what is wrong is added to a list, each line naming its variable.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streak_core.config.environment import is_on, whole_number

if TYPE_CHECKING:
    from collections.abc import Mapping

# Users read by one query, and written by one commit.
PAGE_USERS_MAX: Final = 300
BATCH_USERS_MAX: Final = 200
THREADS: Final = 8
# Cloud Scheduler waits for half an hour at most; five minutes are left for ending in order.
DEADLINE_SECONDS: Final = 1500

_QUEUE: Final = re.compile(r"projects/[^/]+/locations/[^/]+/queues/[^/]+")
_URL: Final = re.compile(r"https?://[^\s]+")
_SECONDS_MAX: Final = 3_600
_PAGE_LIMIT: Final = 1_000
_THREADS_LIMIT: Final = 64


@dataclass(frozen=True, kw_only=True)
class MaintenanceRules:
    """The bounds of a run; by configuration."""

    threads: int = THREADS
    page_users: int = PAGE_USERS_MAX
    batch_users: int = BATCH_USERS_MAX
    deadline_seconds: float = DEADLINE_SECONDS
    # Whether writes follow 500/50/5; the emulator has no such limit.
    is_paced: bool = True


@dataclass(frozen=True, kw_only=True)
class MaintenanceQueue:
    """Where tasks are enqueued: the queue, the function's address, and whose identity the tasks carry."""

    queue: str
    url: str
    service_account: str
    audience: str
    # Where a local stand-in of Cloud Tasks listens; None for Cloud Tasks itself.
    emulator_host: str | None = None


def maintenance_rules(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceRules:
    """The bounds of a run."""
    is_emulated = bool(environ.get("FIRESTORE_EMULATOR_HOST"))
    return MaintenanceRules(
        threads=whole_number(environ, "MAINTENANCE_THREADS", THREADS, _THREADS_LIMIT, wrong),
        page_users=whole_number(environ, "MAINTENANCE_PAGE_USERS", PAGE_USERS_MAX, _PAGE_LIMIT, wrong),
        batch_users=whole_number(environ, "MAINTENANCE_BATCH_USERS", BATCH_USERS_MAX, BATCH_USERS_MAX, wrong),
        deadline_seconds=whole_number(
            environ, "MAINTENANCE_DEADLINE_SECONDS", int(DEADLINE_SECONDS), _SECONDS_MAX, wrong
        ),
        is_paced=is_on(environ, "MAINTENANCE_PACING", wrong, default=not is_emulated),
    )


def reminder_queue(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    """The queue that notices are sent through; None where REMINDER_QUEUE is not set."""
    return _queue_of("REMINDER", "/send", environ, wrong)


def webhook_queue(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    """The queue that servers of the app's are told through; None where WEBHOOK_QUEUE is not set."""
    return _queue_of("WEBHOOK", "/webhooks", environ, wrong)


def _queue_of(prefix: str, path: str, environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    queue, url = environ.get(f"{prefix}_QUEUE", ""), environ.get(f"{prefix}_URL", "")
    if not queue:
        return None
    account = environ.get("MAINTENANCE_SERVICE_ACCOUNT", "")
    if not _QUEUE.fullmatch(queue):
        wrong.append(f"{prefix}_QUEUE: must be projects/…/locations/…/queues/…")
    if not _URL.fullmatch(url):
        wrong.append(f"{prefix}_URL: must be the address of the reminders function, and end in {path}")
    if not account:
        wrong.append(f"MAINTENANCE_SERVICE_ACCOUNT: must be set for {prefix}_QUEUE; its identity the tasks carry")
    return _queue(queue, url, account, environ)


def maintenance_queue(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    """The queue that a run is fanned out through; None where MAINTENANCE_FANOUT is not set."""
    chosen = environ.get("MAINTENANCE_FANOUT") or None
    if chosen is None:
        return None
    if chosen != "cloud-tasks":
        wrong.append("MAINTENANCE_FANOUT: must be cloud-tasks, or not be set")
    queue, url = environ.get("MAINTENANCE_QUEUE", ""), environ.get("MAINTENANCE_URL", "")
    account = environ.get("MAINTENANCE_SERVICE_ACCOUNT", "")
    if not _QUEUE.fullmatch(queue):
        wrong.append("MAINTENANCE_QUEUE: must be projects/…/locations/…/queues/…")
    if not _URL.fullmatch(url):
        wrong.append("MAINTENANCE_URL: must be the address of the maintenance function")
    if not account:
        wrong.append("MAINTENANCE_SERVICE_ACCOUNT: must be set for MAINTENANCE_FANOUT; its identity the tasks carry")
    return _queue(queue, url, account, environ)


def _queue(queue: str, url: str, account: str, environ: Mapping[str, str]) -> MaintenanceQueue:
    return MaintenanceQueue(
        queue=queue,
        url=url,
        service_account=account,
        audience=environ.get("MAINTENANCE_AUDIENCE", ""),
        emulator_host=environ.get("CLOUD_TASKS_EMULATOR_HOST") or None,
    )
