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

# Users read by one query, and written by one commit. Each thread holds a page, which is most of a run's memory; larger
# ones make it no faster.
PAGE_USERS_MAX: Final = 100
BATCH_USERS_MAX: Final = 100
THREADS: Final = 8
# Cloud Scheduler waits for half an hour at most; five minutes are left for ending in order.
DEADLINE_SECONDS: Final = 1500

_QUEUE: Final = re.compile(r"projects/[^/]+/locations/[^/]+/queues/[^/]+")
_URL: Final = re.compile(r"https?://[^\s]+")
_SECONDS_MAX: Final = 3_600
_PAGE_LIMIT: Final = 1_000
_BATCH_LIMIT: Final = 200
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
        batch_users=whole_number(environ, "MAINTENANCE_BATCH_USERS", BATCH_USERS_MAX, _BATCH_LIMIT, wrong),
        deadline_seconds=whole_number(
            environ, "MAINTENANCE_DEADLINE_SECONDS", int(DEADLINE_SECONDS), _SECONDS_MAX, wrong
        ),
        is_paced=is_on(environ, "MAINTENANCE_PACING", wrong, default=not is_emulated),
    )


def reminder_queue(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    """The queue that notices are sent through; None where REMINDER_QUEUE is not set."""
    return _queue_of_tasks("REMINDER", "/send", environ, wrong)


def webhook_queue(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    """The queue that servers of the app's are told through; None where WEBHOOK_QUEUE is not set."""
    return _queue_of_tasks("WEBHOOK", "/webhooks", environ, wrong)


def _queue_of_tasks(prefix: str, path: str, environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    queue, _ = environ.get(f"{prefix}_QUEUE"), environ.get(f"{prefix}_URL")
    if not queue:
        return None
    where = f"the address of the reminders function, and end in {path}"
    return _queue(prefix, f"{prefix}_QUEUE", where, environ, wrong)


def maintenance_queue(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    """The queue that a run is fanned out through; None where MAINTENANCE_FANOUT is not set."""
    if not _is_fanned_out("MAINTENANCE_FANOUT", environ, wrong):
        return None
    return _queue("MAINTENANCE", "MAINTENANCE_FANOUT", "the address of the maintenance function", environ, wrong)


def reminder_shard_queue(environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue | None:
    """The queue that a run of reminders is fanned out through; None where REMINDER_FANOUT is not set."""
    if not _is_fanned_out("REMINDER_FANOUT", environ, wrong):
        return None
    return _queue("REMINDER_SHARD", "REMINDER_FANOUT", "the address of the reminders function", environ, wrong)


def _is_fanned_out(name: str, environ: Mapping[str, str], wrong: list[str]) -> bool:
    chosen = environ.get(name, "")
    if chosen not in ("", "cloud-tasks"):
        wrong.append(f"{name}: must be cloud-tasks, or not be set")
    return bool(chosen)


def _queue(prefix: str, needed_for: str, where: str, environ: Mapping[str, str], wrong: list[str]) -> MaintenanceQueue:
    queue, url = environ.get(f"{prefix}_QUEUE", ""), environ.get(f"{prefix}_URL", "")
    account = environ.get("MAINTENANCE_SERVICE_ACCOUNT", "")
    if not _QUEUE.fullmatch(queue):
        wrong.append(f"{prefix}_QUEUE: must be projects/…/locations/…/queues/…")
    if not _URL.fullmatch(url):
        wrong.append(f"{prefix}_URL: must be {where}")
    if not account:
        wrong.append(f"MAINTENANCE_SERVICE_ACCOUNT: must be set for {needed_for}; its identity the tasks carry")
    return MaintenanceQueue(
        queue=queue,
        url=url,
        service_account=account,
        audience=environ.get("MAINTENANCE_AUDIENCE", ""),
        emulator_host=environ.get("CLOUD_TASKS_EMULATOR_HOST") or None,
    )
