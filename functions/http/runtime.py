"""What a process needs once: its configuration, and the core on top of the store, made when first used.

It must not connect to anything at import.
"""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager, nullcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from streak_core.commands import StreakCommands
from streak_core.config import Config, ConfigError, own_config
from streak_core.queries import StreakQueries
from streak_core.schema_gate import SchemaGate
from streak_core.store.amnesties import AmnestyStore
from streak_core.store.client import firestore_client
from streak_core.store.documents import SCHEMA_VERSION
from streak_core.store.migrations import MigrationStore
from streak_core.store.policies import PolicyStore
from streak_core.store.rules_in_time import RulesInTime
from streak_core.store.users import UserStore
from streak_core.store.write_lease import WriteLeases
from streak_core.store.writing import no_audit, nothing_else
from streak_core.write_gate import WriteGate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from google.cloud import firestore

    from streak_core.amnesties import Amnesties
    from streak_core.domain.actor import Actor
    from streak_core.domain.commands import Command
    from streak_core.domain.errors import StreakError
    from streak_core.domain.rules import Rules
    from streak_core.health import DatabaseHealth
    from streak_core.policies import Policies
    from streak_core.records.heads import AuditHeads
    from streak_core.records.recounting import Recounting
    from streak_core.records.trails import Trails
    from streak_core.reports import Reports
    from streak_core.rights import UserRights
    from streak_core.shares import Shares
    from streak_core.store.backups import BackupStore
    from streak_core.store.runs import RunStore
    from streak_core.store.users import Write
    from streak_core.store.writing import Audit, Writer

# Set when the process is told to end.
STOPPING: Final = threading.Event()


@lru_cache(maxsize=1)
def config() -> Config:
    """The configuration. Raises `ConfigError`; a process asks before it serves anything."""
    return own_config()


@lru_cache(maxsize=1)
def release() -> str:
    """What answers the same to the same: a revision of the service, or a process where there are none."""
    return config().revision or uuid4().hex


@lru_cache(maxsize=1)
def wrong_settings() -> tuple[str, ...]:
    """What is wrong with the configuration: a line for each variable, and nothing of what it says."""
    try:
        config()
    except ConfigError as error:
        return error.wrong
    return ()


def database() -> firestore.Client:
    """The client of the database; one for the process."""
    return firestore_client(config().project, config().database, config().collection_prefix)


@lru_cache(maxsize=1)
def rules_in_time() -> RulesInTime:
    """The rules as this process holds them."""
    declared, published = AmnestyStore(database()).declared, PolicyStore(database()).published
    return RulesInTime(config().first_policy, declared, published)


def policies() -> Rules:
    """The policies in time, and what everybody is excused from. Raises `Unavailable`."""
    return rules_in_time()()


def trails() -> Trails:
    """The audit trails; only who tells them something loads them."""
    from functions.http.sources import source_of_work
    from streak_core.records.trails import Trails

    return Trails(database(), lambda: source_of_work(config().audit))


def audit_heads() -> AuditHeads:
    """The heads of all trails; only the maintenance job loads it."""
    from streak_core.records.heads import AuditHeads

    return AuditHeads(database())


def reports() -> Reports:
    """Reports for operators; only who asks for one loads them."""
    from functools import partial

    from streak_core.records.active_users import active_users
    from streak_core.records.blocked import blocked_users
    from streak_core.records.counted_days import counted_days
    from streak_core.records.recent_ideas import recent_ideas
    from streak_core.reports import Reports
    from streak_core.store.event_counts import EventCounts

    client = database()
    return Reports(
        events=EventCounts(client),
        counted=partial(counted_days, client),
        active_users=partial(active_users, client),
        blocked_users=lambda now, limit: blocked_users(client, now, limit, None),
        recent_ideas=partial(recent_ideas, client),
    )


def recounting(is_closed: Callable[[], bool]) -> Recounting:
    """The check of the counters; only the maintenance job loads it."""
    from streak_core.records.recounting import Recounting

    return Recounting(database(), is_closed=is_closed)


def told_if_refused(user_id: str, command: Command, actor: Actor | None, now: datetime) -> AbstractContextManager[None]:
    """Tells the audit trail of a command that is refused to an actor; a user's own loads nothing of it."""
    if actor is None:
        return nullcontext()
    from streak_core.records.told_acts import told_if_refused as told

    return told(trails, user_id, command, actor, now)


def tell_refused(
    user_id: str, command: str, refusals: Sequence[StreakError], actor: Actor | None, now: datetime
) -> None:
    """Tells the audit trail what was refused of many to an actor; a user's own loads nothing of it."""
    if actor is None or not refusals:
        return
    from streak_core.records.told_acts import tell_refused as told

    told(trails(), user_id, command, refusals, actor, now)


def act_told_if_refused(
    actor: Actor | None, action: str, entity_type: str, now: datetime, user_id: str | None = None
) -> AbstractContextManager[None]:
    """Tells the trail of a user, else everybody's, of an act that is no command and is refused to an actor."""
    if actor is None:
        return nullcontext()
    from streak_core.records.acts import EVERYBODY, Act, acting, user
    from streak_core.records.told_acts import telling_refusals

    subject = EVERYBODY if user_id is None else user(user_id)
    act = Act(actor=acting(actor.id, actor), action=action, entity_type=entity_type, entity_id="")
    return telling_refusals(trails, subject, act, now)


def _told_alongside(user_id: str, writes: Sequence[Write]) -> Writer:
    """What the commit of decisions tells the audit trail: nothing of users' own."""
    if all(write.decision.entry is None or write.decision.entry.actor is None for write in writes):
        return nothing_else
    from streak_core.records.told_acts import told_alongside

    return told_alongside(trails(), user_id, writes)


def _audit(actor: Actor | None, entity_type: str) -> Audit:
    """What tells the audit trail of everybody's what an actor does; who only looks or judges has nothing to tell."""
    if actor is None:
        return no_audit
    from streak_core.records.acts import acting
    from streak_core.records.told_acts import audit_of

    return audit_of(trails(), acting(actor.id, actor), entity_type)


def amnesties(actor: Actor | None = None) -> Amnesties:
    """What operators do with amnesties; only who asks for it loads it."""
    from streak_core.amnesties import Amnesties
    from streak_core.store.concerned import ConcernedStore, PutOffStore
    from streak_core.store.runs import RunStore

    client = database()
    return Amnesties(
        AmnestyStore(client),
        RunStore(client),
        lambda one: ConcernedStore(client, one, config().webhooks.chosen),
        lambda one: PutOffStore(client, one, config().webhooks.chosen),
        config().stored_form,
        audit=_audit(actor, "amnesty"),
    )


def runs() -> RunStore:
    """The runs of the jobs; only who lists them loads it."""
    from streak_core.store.runs import RunStore

    return RunStore(database())


def backups() -> BackupStore:
    """The records of backups; only who lists them loads it."""
    from streak_core.store.backups import BackupStore

    return BackupStore(database())


def policies_administration(actor: Actor | None = None) -> Policies:
    """What operators do with the policies in time; only the function `admin` loads it."""
    from streak_core.policies import Policies

    store = PolicyStore(database())
    return Policies(store, config().first_policy, config().stored_form, audit=_audit(actor, "policy"))


@lru_cache(maxsize=1)
def _users() -> UserStore:
    return UserStore(database(), policies, config().stored_form, _told_alongside, config().webhooks.chosen)


@lru_cache(maxsize=1)
def write_gate() -> WriteGate:
    """Whether the service is closed while documents are restored."""
    return WriteGate(WriteLeases(database()).find)


@lru_cache(maxsize=1)
def schema_gate() -> SchemaGate:
    """Whether this code knows the form that users are migrated to."""
    return SchemaGate(MigrationStore(database()).newest_form, SCHEMA_VERSION)


def commands() -> StreakCommands:
    """What changes a streak."""
    return StreakCommands(_users(), policies)


def queries() -> StreakQueries:
    """What is asked about a streak."""
    return StreakQueries(_users(), policies)


def rights(actor: Actor | None = None) -> UserRights:
    """What users have a right to, whatever is stored of them; only who asks for it loads it."""
    from streak_core.records.acts import acting
    from streak_core.rights import UserRights
    from streak_core.store.whole_user import WholeUserStore

    by = acting(actor.id, actor) if actor else None
    return UserRights(WholeUserStore(database()), trails=trails(), by=by)


def shares() -> Shares:
    """The shared pictures; only the function `share` loads it."""
    from streak_core.shares import Shares
    from streak_core.store.shares import ShareStore

    return Shares(ShareStore(database()), queries())


@lru_cache(maxsize=1)
def database_health() -> DatabaseHealth:
    """Whether the database answers; only the function `health` loads it."""
    from streak_core.health import DatabaseHealth
    from streak_core.store.health import DatabaseProbe

    return DatabaseHealth(DatabaseProbe(database))
