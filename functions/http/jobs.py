"""What the functions that nobody's app calls need: the jobs, the export and its drill, each loaded by its own alone.

It must not connect to anything at import.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from functions.http import runtime
from streak_core.domain.errors import DatabaseUnavailable
from streak_core.store.amnesties import AMNESTIES
from streak_core.store.migrations import MIGRATIONS
from streak_core.store.policies import POLICIES
from streak_core.write_gate import Restoring

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import firebase_admin

    from streak_core.backup import ManagedBackup
    from streak_core.backup_drill import BackupDrill
    from streak_core.boards.placing import Placing
    from streak_core.channels.smtp import SmtpMail
    from streak_core.maintenance.run import Maintenance
    from streak_core.reminders import NoticeSender
    from streak_core.store.firestore_admin import Exported
    from streak_core.store.run_report import FannedOut, RunReport


def maintenance() -> Maintenance:
    """The maintenance job; only its own function loads it."""
    from streak_core.maintenance.run import Maintenance
    from streak_core.store.due import DueStore
    from streak_core.store.runs import RunStore

    client = runtime.database()
    job = Maintenance(
        DueStore(client, runtime.config().webhooks.chosen),
        RunStore(client),
        runtime.policies,
        rules=runtime.config().maintenance_rules,
        stopping=runtime.STOPPING,
        is_closed=is_closed,
    )
    if not runtime.config().telemetry.writes_gauges:
        return job
    from streak_core.telemetry.gauges import CloudMonitoring

    return replace(job, write_gauges=CloudMonitoring(project=runtime.config().project).write)


def is_closed(user_id: str | None = None) -> bool:
    """Whether a user's documents, or some of all users', are closed to what has begun, as while they are restored."""
    try:
        runtime.write_gate().check(user_id, is_question=False)
    except Restoring:
        return True
    except DatabaseUnavailable:
        # What can't be read can't be written either.
        return False
    return False


def placing() -> Placing:
    """The final standings of leaderboards; only the maintenance job loads it."""
    from streak_core.boards.pages import BoardPages
    from streak_core.boards.placing import Placing
    from streak_core.boards.standings import StandingStore
    from streak_core.store.due import DueStore

    client = runtime.database()
    due = DueStore(client, runtime.config().webhooks.chosen)
    return Placing(BoardPages(client), StandingStore(client), due, runtime.policies, is_closed, runtime.STOPPING)


@lru_cache(maxsize=1)
def managed_backup() -> ManagedBackup:
    """The day's export; only the function `backup` loads it. Raises `BackupUnavailable` where nothing says where to."""
    from streak_core.backup import ManagedBackup
    from streak_core.store.backups import BackupStore
    from streak_core.store.firestore_admin import FirestoreAdmin

    admin = FirestoreAdmin(_exported())
    return ManagedBackup(BackupStore(runtime.database()), admin, runtime.config().backup)


@lru_cache(maxsize=1)
def backup_drill() -> BackupDrill:
    """The weekly reading back; as above."""
    from streak_core.backup_drill import BackupDrill
    from streak_core.proving.restored import counted, opening, proving
    from streak_core.store.backups import BackupStore
    from streak_core.store.drills import DrillStore
    from streak_core.store.verify_databases import VerifyDatabases

    databases = VerifyDatabases(_exported())
    return BackupDrill(
        store=DrillStore(runtime.database(), databases.source),
        backups=BackupStore(runtime.database()),
        databases=databases,
        rules=runtime.config().backup,
        opened=opening(runtime.config().project, runtime.config().collection_prefix),
        prove=proving(runtime.config().first_policy),
        count=counted,
    )


def _exported() -> Exported:
    """What exports are of, and where they go to. Raises `BackupUnavailable` where nothing says where to."""
    from streak_core.boards.standings import STANDINGS
    from streak_core.records.app_records import APP_RECORDS
    from streak_core.records.conversations import CONVERSATIONS, MESSAGES
    from streak_core.records.counting import COUNTERS
    from streak_core.records.homes import AUDIT, TRAILS
    from streak_core.records.ideas import IDEAS
    from streak_core.records.keys import KEYS
    from streak_core.records.usage import USAGES
    from streak_core.store.board_entries import BOARD_ENTRIES
    from streak_core.store.documents import EVENTS, LEDGER, MONTHS, STREAKS
    from streak_core.store.firestore_admin import BackupUnavailable, Exported
    from streak_core.store.notices import NOTICES
    from streak_core.store.outbox_documents import OUTBOX
    from streak_core.store.shared_documents import INVITATIONS, PAIRS
    from streak_core.store.shares import SHARES
    from streak_core.store.whole_user import PROFILES, RECORDS

    rules, prefix = runtime.config().backup, runtime.config().collection_prefix
    if rules.bucket is None:
        raise BackupUnavailable
    # Where collections have a prefix, there are another app's beside them.
    of_users = (STREAKS, LEDGER, EVENTS, MONTHS, PROFILES, SHARES, NOTICES, OUTBOX, BOARD_ENTRIES)
    of_records = (RECORDS, AUDIT, KEYS, CONVERSATIONS, MESSAGES, USAGES, IDEAS, APP_RECORDS)
    kept = (*of_users, *of_records, PAIRS, INVITATIONS, TRAILS, COUNTERS, POLICIES, AMNESTIES, MIGRATIONS, STANDINGS)
    return Exported(
        project=runtime.config().project,
        database=runtime.config().database,
        bucket=rules.bucket,
        emulator_host=rules.emulator_host,
        collections=[f"{prefix}{name}" for name in kept] if prefix else (),
    )


def remind(run_id: str, now: datetime, shard: int | None) -> RunReport | FannedOut:
    """Goes through those whose reminder is due, of all shards or of one; only the function `reminders` loads it.

    Where that is configured, a task does so for each shard. Raises as a run does, and `RemindersUnavailable`.
    """
    from streak_core.maintenance.report import REMINDING
    from streak_core.maintenance.tasks import RemindersUnavailable, task_queue
    from streak_core.reminders import due_notices
    from streak_core.store.remindees import RemindeeStore

    config, named = runtime.config(), f"reminders-{run_id}"
    if config.reminder_queue is None:
        raise RemindersUnavailable
    enqueue = task_queue(config.reminder_queue).add_notice
    job = maintenance().over(RemindeeStore(runtime.database(), due_notices, enqueue, config.webhooks.chosen), REMINDING)
    # It is answered under the name that a call gives it; what it is kept under tells it from a run of maintenance.
    if shard is not None:
        return replace(job.run_shard(named, shard, now), run_id=run_id)
    if config.reminder_shard_queue is None:
        return replace(job.run(named, now), run_id=run_id)
    shards = task_queue(config.reminder_shard_queue)
    return replace(job.fan_out(named, lambda _: shards.add_shards(run_id)), run_id=run_id)


def notice_sender(app_of: Callable[[str], firebase_admin.App]) -> NoticeSender:
    """Sends single notices, through the Firebase project that users are of, and by mail where a server is named."""
    from functions.http.notice_services import notice_texts
    from streak_core.channels.fcm import CloudMessaging
    from streak_core.reminders import NoticeSender
    from streak_core.store.notices import NoticeStore

    return NoticeSender(
        NoticeStore(runtime.database()),
        CloudMessaging(app_of(runtime.config().project)),
        runtime.policies,
        notice_texts(),
        _mail(app_of),
    )


def _mail(app_of: Callable[[str], firebase_admin.App]) -> SmtpMail | None:
    config = runtime.config()
    if config.mail is None:
        return None
    from streak_core.channels.mailbox import addresses
    from streak_core.channels.smtp import SmtpMail

    return SmtpMail(config.mail, addresses(app_of(config.project), config.identity.tenant))


def run_webhooks(run_id: str, now: datetime) -> None:
    """Has all users looked at of whom a server of the app's is to be told something; nothing where there is none."""
    if not runtime.config().webhooks.endpoints:
        return
    from streak_core.maintenance.tasks import task_queue
    from streak_core.maintenance.webhook_run import WebhookRun
    from streak_core.store.outbox import OutboxStore

    queue = runtime.config().webhook_queue

    def look_at(user_id: str, since: datetime) -> object:
        if queue:
            return task_queue(queue).add_webhooks(user_id, since, of=run_id)
        return tell_webhooks(user_id, now)

    WebhookRun(OutboxStore(runtime.database()).due, look_at, runtime.STOPPING, is_closed=is_closed).run(now)


def tell_webhooks(user_id: str, now: datetime) -> datetime | None:
    """Tells the app's servers what happened to a user; answers when it is done again, where it is to be."""
    from streak_core.channels.webhook import WebhookChannel
    from streak_core.maintenance.tasks import task_queue
    from streak_core.store.outbox import OutboxStore
    from streak_core.webhooks import Webhooks

    config, queue = runtime.config(), runtime.config().webhook_queue
    channel = WebhookChannel(allows_own_machine=config.is_emulated)
    outbox = OutboxStore(runtime.database())
    webhooks = Webhooks(outbox, config.webhooks.endpoints, channel.send, is_closed=is_closed)
    due = webhooks.tell(user_id, now)
    if due is not None and queue is not None:
        task_queue(queue).add_webhooks(user_id, due, of="again")
    return due


def fan_out(run_id: str) -> RunReport | FannedOut | None:
    """Enqueues one task a shard where that is configured; None where this call is to do it all."""
    queue = runtime.config().maintenance_queue
    if queue is None:
        return None
    from streak_core.maintenance.tasks import task_queue

    return maintenance().fan_out(run_id, task_queue(queue).add_shards)
