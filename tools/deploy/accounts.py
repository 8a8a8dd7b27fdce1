"""The service accounts, and what each may do, with the reason. Must not know how a function is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from functions.catalogue import CATALOGUE, Access
from tools.deploy.action import Action, gcloud
from tools.deploy.settings import (
    ADMIN,
    BACKUP,
    BUILD_ACCOUNT,
    DEPLOY_ACCOUNT,
    MAINTENANCE,
    REMINDERS,
    SCHEDULER_ACCOUNT,
)
from tools.deploy.trigger import API, MAKES, RECEIVES

if TYPE_CHECKING:
    from tools.deploy.settings import Settings

APIS: Final = (
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "cloudtasks.googleapis.com",
    "fcm.googleapis.com",
    "firebaserules.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "identitytoolkit.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
)

# How names of databases begin that a backup is read back into.
VERIFY: Final = "verify-"
ACT_AS: Final = "roles/iam.serviceAccountUser"
LOOKS_UP: Final = "roles/firebaseauth.viewer"


class Grant(NamedTuple):
    """A role of an account: in the project, or on one other account only."""

    account: str
    role: str
    reason: str
    on_account: str | None = None
    # Databases alone whose names begin so; None for all.
    on_databases: str | None = None


_FIRESTORE: Final = {
    Access.READS: ("roles/datastore.viewer", "reads users' documents, and can't change one"),
    Access.WRITES: ("roles/datastore.user", "reads and writes users' documents"),
}

_DEPLOYING: Final = (
    ("roles/run.sourceDeveloper", "has the image of the functions built from source"),
    ("roles/run.admin", "says who may call them, and moves traffic"),
    ("roles/serviceusage.serviceUsageConsumer", "builds in this project"),
    ("roles/datastore.indexAdmin", "creates indexes"),
    ("roles/firebaserules.admin", "releases the rules of Firestore"),
    ("roles/monitoring.alertPolicyEditor", "creates and updates alerts"),
    ("roles/monitoring.uptimeCheckConfigEditor", "creates and updates the uptime check"),
    ("roles/monitoring.dashboardEditor", "creates and updates the dashboard"),
    ("roles/logging.configWriter", "creates and updates metrics of the log"),
    ("roles/logging.logWriter", "writes the log of its own build"),
    ("roles/storage.objectViewer", "reads the source of its own build"),
    ("roles/cloudtasks.queueAdmin", "creates and updates the queue"),
    ("roles/cloudscheduler.admin", "creates and updates the job"),
)


def grants(settings: Settings) -> tuple[Grant, ...]:
    """What each account may do: what it needs, and nothing more."""
    accounts = {one.name: one.service_account for one in CATALOGUE}
    job = accounts[MAINTENANCE]
    found = [Grant(one.service_account, *_FIRESTORE[one.access]) for one in CATALOGUE]
    found.append(Grant(job, "roles/monitoring.metricWriter", "writes its gauges at the end of a run"))
    found.append(Grant(accounts[ADMIN], LOOKS_UP, "finds a user by id or e-mail address"))
    backup = accounts[BACKUP]
    found.append(Grant(backup, "roles/datastore.importExportAdmin", "has the database exported each day"))
    found.append(Grant(backup, "roles/datastore.cloneAdmin", "makes a database to read an export back into"))
    found.append(
        Grant(backup, "roles/datastore.owner", "fills that database, looks into it and deletes it", None, VERIFY)
    )
    reminds = accounts[REMINDERS]
    found.append(Grant(reminds, "roles/cloudtasks.enqueuer", "enqueues one task a notice"))
    found.append(Grant(reminds, ACT_AS, "its tasks carry the scheduler's identity", SCHEDULER_ACCOUNT))
    found.append(Grant(reminds, "roles/firebasecloudmessaging.admin", "sends messages to devices"))
    environment = dict(settings.environment)
    if environment.get("STREAK_SMTP_URL") and environment.get("STREAK_CHECK_REVOKED") != "on":
        found.append(Grant(reminds, LOOKS_UP, "asks where letters to a user go"))
    if settings.is_fanned_out:
        found.append(Grant(job, "roles/cloudtasks.enqueuer", "enqueues one task a shard"))
        found.append(Grant(job, ACT_AS, "its tasks carry the scheduler's identity", SCHEDULER_ACCOUNT))
    if environment.get("STREAK_CHECK_REVOKED") == "on":
        why = "asks whether a user is disabled or has signed out everywhere"
        found += [Grant(one.service_account, LOOKS_UP, why) for one in CATALOGUE if one.name != ADMIN]
    if settings.webhook_trigger_location:
        found.append(Grant(SCHEDULER_ACCOUNT, RECEIVES, "the trigger of webhooks carries its identity"))
        found.append(Grant(DEPLOY_ACCOUNT, MAKES, "creates and updates the trigger"))
    found.append(Grant(BUILD_ACCOUNT, "roles/run.builder", "makes the images of the functions"))
    found += [Grant(DEPLOY_ACCOUNT, role, reason) for role, reason in _DEPLOYING]
    handed = (*accounts.values(), SCHEDULER_ACCOUNT, BUILD_ACCOUNT)
    found += [Grant(DEPLOY_ACCOUNT, ACT_AS, "hands it to what it deploys", other) for other in handed]
    return tuple(found)


def api_actions(settings: Settings) -> tuple[Action, ...]:
    """Enables the services that are used."""
    of_trigger = (f"{API}.googleapis.com",) if settings.webhook_trigger_location else ()
    command = gcloud("services enable", *APIS, *of_trigger, project=settings.project)
    return (Action(what="the services of Google that are used", command=command),)


def account_actions(settings: Settings) -> tuple[Action, ...]:
    """Creates the accounts and gives them their roles."""
    named = (*(one.service_account for one in CATALOGUE), SCHEDULER_ACCOUNT, BUILD_ACCOUNT, DEPLOY_ACCOUNT)
    return (
        *(_account(settings, name) for name in named),
        *(_grant(settings, one) for one in grants(settings)),
        *(
            _secret_read(settings, secret.name, one.service_account)
            for one in CATALOGUE
            for secret in settings.secrets_of(one.name)
        ),
    )


def _account(settings: Settings, name: str) -> Action:
    project = settings.project
    return Action(
        what=f"the account {name}",
        question=gcloud("iam service-accounts describe", settings.account(name), project=project),
        command=gcloud("iam service-accounts create", name, display_name=name, project=project),
    )


def _grant(settings: Settings, grant: Grant) -> Action:
    who: dict[str, str] = {"member": settings.member(grant.account), "role": grant.role}
    last = {"condition": _condition(settings, grant.on_databases), "format": "none"}
    if grant.on_account:
        target = settings.account(grant.on_account)
        command = gcloud("iam service-accounts add-iam-policy-binding", target, **who, **last, project=settings.project)
    else:
        command = gcloud("projects add-iam-policy-binding", settings.project, **who, **last)
    on = f" on {grant.on_account}" if grant.on_account else f" on {grant.on_databases}…" if grant.on_databases else ""
    what = f"{grant.account}: {grant.role.removeprefix('roles/')}{on} ({grant.reason})"
    return Action(what=what, command=command)


def _condition(settings: Settings, begin: str | None) -> str:
    if begin is None:
        return "None"
    named = f'resource.name.startsWith("projects/{settings.project}/databases/{begin}")'
    return f"title=unbroken-{begin.rstrip('-')},expression={named}"


def _secret_read(settings: Settings, secret: str, account: str) -> Action:
    return Action(
        what=f"{account}: reads the secret {secret}",
        command=gcloud(
            "secrets add-iam-policy-binding",
            secret,
            member=settings.member(account),
            role="roles/secretmanager.secretAccessor",
            condition="None",
            format="none",
            project=settings.project,
        ),
    )
