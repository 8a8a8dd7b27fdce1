"""The functions as services of Cloud Run: how each is deployed, who may call it, and its share of requests.

Must not know in which order things are deployed.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from functions.catalogue import CATALOGUE, DeployedFunction, Invoker
from streak_core.config.webhooks import FILE
from tools.deploy.action import Action, gcloud
from tools.deploy.settings import (
    ADMIN,
    BACKUP,
    BUILD_ACCOUNT,
    CANARY_TAG,
    CLOUD_TASKS,
    DEFAULT_DATABASE,
    MAINTENANCE,
    PUBLIC_URL,
    REMINDER_SHARDS,
    REMINDERS,
    SCHEDULER_ACCOUNT,
    SHARE,
    SMTP_URL,
    TRUSTED_CALLERS,
    WEBHOOKS,
)

if TYPE_CHECKING:
    from tools.deploy.settings import Settings

BUNDLE: Final = "build/bundle"
# Where the image is kept that every function is made of.
REPOSITORY: Final = "unbroken"
# By which a service is known to be ours; before there was one, by the account that it runs as.
MARK: Final = ("app", "unbroken")
# A fanned out run as docs/scale.md advises it: 16 instances take 4 tasks at a time each; one more for the scheduler.
FANNED_OUT_CONCURRENCY: Final = 4
FANNED_OUT_INSTANCES_MAX: Final = 17
# What shards of a run over reminders add to those for notices and webhooks: as many more notices at a time, and shards.
REMINDING_INSTANCES: Final = 17
# With a single thread the server would take a call that lasts for one that hangs.
THREADS_MIN: Final = 2
_USER: Final = re.compile(r"^(\w+://)[^@/]*@")


def deployed(settings: Settings) -> tuple[DeployedFunction, ...]:
    """The catalogue, with the size that a fanned out run wants."""
    return tuple(_sized(settings, one) for one in CATALOGUE)


def _sized(settings: Settings, one: DeployedFunction) -> DeployedFunction:
    if settings.is_fanned_out and one.name == MAINTENANCE:
        return replace(one, concurrency=FANNED_OUT_CONCURRENCY, instances_max=FANNED_OUT_INSTANCES_MAX)
    if settings.is_reminding_fanned_out and one.name == REMINDERS:
        return replace(one, instances_max=one.instances_max + REMINDING_INSTANCES)
    return one


def environment(settings: Settings, one: DeployedFunction) -> dict[str, str]:
    """The variables of a function, as it finds them when it starts."""
    variables = {
        "GOOGLE_CLOUD_PROJECT": settings.project,
        # One image serves any of the functions.
        "FUNCTION_TARGET": one.name,
        **({} if settings.database == DEFAULT_DATABASE else {"FIRESTORE_DATABASE": settings.database}),
        **({"STREAK_COLLECTION_PREFIX": settings.collection_prefix} if settings.collection_prefix else {}),
        # The framework takes a request a thread, and 4 threads a core unless it is told.
        "THREADS": str(max(one.concurrency, THREADS_MIN)),
        **({"STREAK_COMMIT": settings.commit} if settings.commit else {}),
        **({"STREAK_CORS_ORIGINS": settings.cors_origins} if settings.cors_origins else {}),
        # No link is made of what a request says of its host.
        **({PUBLIC_URL: settings.address or settings.url(SHARE)} if one.name == SHARE else {}),
        **dict(settings.environment),
    }
    if one.invoker is Invoker.SCHEDULER:
        variables |= {
            "MAINTENANCE_SERVICE_ACCOUNT": settings.account(SCHEDULER_ACCOUNT),
            "MAINTENANCE_AUDIENCE": settings.url(one.name),
        }
    variables |= _queues(settings, one)
    if one.name != REMINDERS:
        # Who sends nothing knows where no server is, and that there is one for mail, but not as whom.
        variables.pop(FILE, None)
        if SMTP_URL in variables:
            variables[SMTP_URL] = _USER.sub(r"\1", variables[SMTP_URL])
    if one.name == BACKUP:
        variables = {"BACKUP_BUCKET": settings.backup_bucket, "BACKUP_TIME_ZONE": settings.time_zone, **variables}
    # Servers that may act for users are let in by one function alone, and not by any token for another.
    if one.name != ADMIN:
        variables.pop(TRUSTED_CALLERS, None)
    elif variables.get(TRUSTED_CALLERS):
        variables["STREAK_TRUSTED_AUDIENCE"] = settings.url(ADMIN)
    return variables


def _queues(settings: Settings, one: DeployedFunction) -> dict[str, str]:
    """The queues that a function fills, and where their tasks go to."""
    variables = {}
    if one.name == MAINTENANCE and settings.is_fanned_out:
        variables = {
            "MAINTENANCE_FANOUT": CLOUD_TASKS,
            "MAINTENANCE_QUEUE": settings.queue(MAINTENANCE),
            "MAINTENANCE_URL": f"{settings.url(MAINTENANCE)}/{MAINTENANCE}",
        }
    if one.name == REMINDERS:
        place = f"{settings.url(REMINDERS)}/{REMINDERS}"
        variables = {"REMINDER_QUEUE": settings.queue(REMINDERS), "REMINDER_URL": f"{place}/send"}
        if settings.is_reminding_fanned_out:
            shards = {"REMINDER_SHARD_QUEUE": settings.queue(REMINDER_SHARDS), "REMINDER_SHARD_URL": place}
            variables |= {"REMINDER_FANOUT": CLOUD_TASKS, **shards}
        if settings.has_webhooks:
            variables |= {"WEBHOOK_QUEUE": settings.queue(WEBHOOKS), "WEBHOOK_URL": f"{place}/{WEBHOOKS}"}
    return variables


def function_actions(settings: Settings) -> tuple[Action, ...]:
    """Deploys each function, lets in who may call it, and gives the new revision its share of requests."""
    bundle = Action(what="the bundle, made anew", command=("make", "--silent", "bundle"))
    image = (_repository(settings), _image_build(settings))
    each = (
        action
        for one in deployed(settings)
        for action in (_deploy(settings, one), *_invoker(settings, one), _traffic(settings, one))
    )
    return (bundle, *image, *each)


def image(settings: Settings) -> str:
    """The image that all functions are made of; Cloud Run keeps to what its tag named when it was deployed."""
    place = f"{settings.region}-docker.pkg.dev/{settings.project}/{REPOSITORY}"
    return f"{place}/functions:{settings.commit or 'latest'}"


def _repository(settings: Settings) -> Action:
    place = {"location": settings.region, "project": settings.project}
    return Action(
        what=f"the repository {REPOSITORY} of the image",
        question=gcloud("artifacts repositories describe", REPOSITORY, **place),
        command=gcloud("artifacts repositories create", REPOSITORY, repository_format="docker", **place, quiet=True),
    )


def _image_build(settings: Settings) -> Action:
    flags = {
        "pack": f"image={image(settings)}",
        "region": settings.region,
        "service_account": f"projects/{settings.project}/serviceAccounts/{settings.account(BUILD_ACCOUNT)}",
        # An account of one's own may not write into the log bucket of all builds.
        "default_buckets_behavior": "regional-user-owned-bucket",
        "project": settings.project,
        "quiet": True,
    }
    return Action(what="the image of all functions, built once", command=gcloud("builds submit", BUNDLE, **flags))


def _deploy(settings: Settings, one: DeployedFunction) -> Action:
    variables = ";".join(f"{name}={value}" for name, value in environment(settings, one).items())
    secrets = ",".join(f"{each.target}={each.name}:{each.version}" for each in settings.secrets_of(one.name))
    everybody = one.invoker is Invoker.EVERYBODY
    flags = {
        "image": image(settings),
        # Earlier deployments were built from source, one by one, on a base image that Google renewed.
        "clear_base_image": True,
        "update_labels": "=".join(MARK),
        "service_account": settings.account(one.service_account),
        "memory": f"{one.memory_mib}Mi",
        "cpu": one.cpu,
        "concurrency": one.concurrency,
        "timeout": f"{one.timeout_seconds}s",
        "min_instances": one.instances_min,
        "max_instances": one.instances_max,
        "ingress": one.ingress,
        "allow_unauthenticated" if everybody else "no_allow_unauthenticated": True,
        # Values contain commas, so another character separates them.
        "set_env_vars": f"^;^{variables}",
        **({"set_secrets": secrets} if secrets else {"clear_secrets": True}),
        **({"no_traffic": True, "tag": CANARY_TAG} if settings.canary_percent else {}),
    }
    command = gcloud("run deploy", settings.named(one.name), **flags, **settings.place)
    return Action(what=f"the function {one.name}", command=command)


def _invoker(settings: Settings, one: DeployedFunction) -> tuple[Action, ...]:
    if one.invoker is Invoker.EVERYBODY:
        return ()
    who = {"member": settings.member(SCHEDULER_ACCOUNT), "role": "roles/run.invoker", "format": "none"}
    command = gcloud("run services add-iam-policy-binding", settings.named(one.name), **who, **settings.place)
    return (Action(what=f"{SCHEDULER_ACCOUNT}: may call {one.name}, and nobody else may", command=command),)


def _traffic(settings: Settings, one: DeployedFunction) -> Action:
    """After a rollback or a canary a new revision gets no request unless it is said."""
    percent = settings.canary_percent
    share = {"to_revisions": f"LATEST={percent}"} if percent else {"to_latest": True}
    command = gcloud("run services update-traffic", settings.named(one.name), **share, **settings.place)
    return Action(what=f"{percent or 100} % of the requests of {one.name} go to the new revision", command=command)
