"""Settings that are in force and that a deployment would change or drop. Must not know how they were looked up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from streak_core.config.webhooks import EVENTS
from tools.deploy.backups import kept
from tools.deploy.scheduler import schedules
from tools.deploy.services import deployed, environment
from tools.deploy.settings import MAINTENANCE, PUBLIC_URL, REMINDERS, SHARE
from tools.deploy.trigger import left, ours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from functions.catalogue import DeployedFunction
    from tools.deploy.live import Live
    from tools.deploy.settings import Settings

# What each deployment says anew, or what only an earlier way to deploy needed.
_FOLLOWS: Final = re.compile(
    r"STREAK_COMMIT|THREADS|FUNCTION_\w+|LOG_EXECUTION_ID|FIREBASE_CONFIG|GCLOUD_PROJECT|EVENTARC_\w+"
)

# Variables of a function that have a setting of their own.
_NAMED: Final = {
    "CORS_ORIGINS": "STREAK_CORS_ORIGINS",
    "ADDRESS": PUBLIC_URL,
    "FANOUT": "MAINTENANCE_FANOUT",
    "REMINDER_FANOUT": "REMINDER_FANOUT",
    "DATABASE": "FIRESTORE_DATABASE",
    "STREAK_COLLECTION_PREFIX": "STREAK_COLLECTION_PREFIX",
}
# What the deployment says beside these.
_OF_QUEUES: Final = frozenset(
    f"{one}_{what}" for one in ("MAINTENANCE", "REMINDER_SHARD", "WEBHOOK") for what in ("QUEUE", "URL")
)


def differences(settings: Settings, live: Live, steps: tuple[str, ...]) -> tuple[str, ...]:
    """A line for each setting in force that would be another one, or none; what is new is no difference."""
    found = []
    if "functions" in steps:
        for one in deployed(settings):
            name = settings.named(one.name)
            if name in live.services:
                now = live.services[name].settings
                if _is_own_address(settings, one, now):
                    # Nobody chose it: a site may take its place.
                    now = {key: value for key, value in now.items() if key != PUBLIC_URL}
                found += [f"{name}: {line}" for line in _changed(now, planned(settings, one))]
    for function, schedule in schedules(settings).items() if "scheduler" in steps else ():
        name = settings.named(function)
        if job := live.jobs.get(name):
            now = {"schedule": job.schedule, "time zone": job.time_zone}
            then = {"schedule": schedule, "time zone": settings.time_zone}
            found += [f"the job {name}: {line}" for line in _changed(now, then)]
    found += left(settings, live) if "scheduler" in steps else ()
    if "backups" in steps:
        database, bucket = kept(settings)
        found += [f"the database {settings.database}: {one}" for one in _changed(live.kept.database, database)]
        found += [f"the bucket {settings.backup_bucket}: {one}" for one in _changed(live.kept.bucket, bucket)]
    return tuple(found)


def planned(settings: Settings, one: DeployedFunction) -> dict[str, str]:
    """What a service will be given, by the names that its live settings have."""
    return {
        **environment(settings, one),
        **{secret.target: f"{secret.name}:{secret.version}" for secret in settings.secrets_of(one.name)},
        "account": settings.account(one.service_account),
        "memory": f"{one.memory_mib}Mi",
        "cpu": str(one.cpu),
        "concurrency": str(one.concurrency),
        "timeout": str(one.timeout_seconds),
        "instances at least": str(one.instances_min),
        "instances at most": str(one.instances_max),
        "ingress": str(one.ingress),
    }


def chosen(settings: Settings, live: Live) -> dict[str, str]:
    """What a deployment that is there was given, by the names of make's variables, as far as it can be told."""
    options = dict(settings.variables)
    job = live.jobs.get(settings.named(MAINTENANCE))
    options |= {"SCHEDULE": job.schedule, "TIME_ZONE": job.time_zone} if job else {}
    environments: dict[str, str] = {}
    secrets: dict[str, str] = {}
    # Whoever sends is given more than all others, and has the last word.
    for one in sorted(deployed(settings), key=lambda one: one.name == REMINDERS):
        found = live.services.get(settings.named(one.name))
        fixed = planned(settings, one).keys() | _OF_QUEUES
        if found and one.name == SHARE and not _is_own_address(settings, one, found.settings):
            # The one address of all functions.
            fixed -= {PUBLIC_URL}
        given = {name: value for name, value in found.settings.items() if name not in fixed} if found else {}
        options |= {name: given.pop(variable, options.get(name, "")) for name, variable in _NAMED.items()}
        given = {name: value for name, value in given.items() if not _FOLLOWS.fullmatch(name)}
        secrets |= {name: value for name, value in given.items() if _is_secret(name, value)}
        environments |= {name: value for name, value in given.items() if name not in secrets}
    if (triggers := ours(settings, live)) and EVENTS in environments:
        options["WEBHOOK_TRIGGER_LOCATION"] = triggers[0].location
    options["ENV"] = ";".join(f"{name}={value}" for name, value in sorted(environments.items()))
    options["SECRETS"] = ",".join(f"{name}={value}" for name, value in sorted(secrets.items()))
    return {name: text for name, text in options.items() if text}


def _is_own_address(settings: Settings, one: DeployedFunction, now: Mapping[str, str]) -> bool:
    """Whether shared pictures are passed on with the address that their function has by itself."""
    return one.name == SHARE and now.get(PUBLIC_URL) == settings.url(SHARE)


def _is_secret(name: str, value: str) -> bool:
    return name.startswith("/") or bool(re.fullmatch(r"[A-Za-z0-9_-]+:[1-9][0-9]*", value))


def _changed(now: Mapping[str, str], then: Mapping[str, str]) -> Iterator[str]:
    for name, value in now.items():
        if value and not _FOLLOWS.fullmatch(name) and then.get(name) != value:
            what = f"would become {then[name]!r}" if name in then else "would be dropped"
            yield f"{name} is {value!r}, and {what}"
