"""What is in a project already: asked of Google, read into types. Must not change anything, nor judge whose it is."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tools.deploy.action import DENIED, NOT_THERE, Words, gcloud
from tools.deploy.backups import DAILY
from tools.deploy.errors import DeploymentStopped, WrongUse
from tools.deploy.indexes import TTL
from tools.deploy.trigger import API, read_trigger

if TYPE_CHECKING:
    from google.cloud import firestore

    from tools.deploy.rules import RulesOfDatabase
    from tools.deploy.settings import Settings
    from tools.deploy.trigger import Trigger

EMULATOR: Final = "FIRESTORE_EMULATOR_HOST"
# Projects that only emulators have.
_ONLY_EMULATED: Final = "demo-"
# So many documents of a collection are looked at; what another app keeps there is seldom a single one.
_DOCUMENTS_MAX: Final = 20
_SECONDS_MAX: Final = 30
_SECONDS_A_DAY: Final = 86_400

# What answers a question of gcloud's. Raises `DeploymentStopped`.
Ask = Callable[[Words], str]


@dataclass(frozen=True, kw_only=True)
class Service:
    """A service of Cloud Run: its account and labels, and all that is set of it, by name."""

    account: str
    labels: Mapping[str, str]
    settings: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Job:
    """A job of Cloud Scheduler, and whose identity it carries."""

    schedule: str
    time_zone: str
    account: str


@dataclass(frozen=True, kw_only=True)
class Index:
    """A composite index, or how one field is indexed by itself; `text` is for people."""

    group: str
    fields: tuple[tuple[str, str], ...]
    text: str
    # A field that has no index of its own.
    is_exemption: bool = False


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What keeps data safe: what is set of the database and of the bucket, and the bucket's labels if it is there."""

    # Where the database lies; empty where it is not there, or nobody looked.
    location: str = ""
    database: Mapping[str, str] = field(default_factory=dict)
    bucket: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] | None = None


class Place(NamedTuple):
    """Where the documents of a collection of ours lie, and what tells ours from others."""

    # The collection at the top that all of them lie in, or are of.
    top: str
    # Fields, of which each document of that one has one.
    marks: tuple[str, ...]
    # Where else a collection of that name stands.
    more: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Live:
    """All that a deployment could get in the way of."""

    services: Mapping[str, Service] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    queues: frozenset[str] = frozenset()
    triggers: tuple[Trigger, ...] = ()
    indexes: tuple[Index, ...] = ()
    rules: str | None = None
    kept: Kept = field(default_factory=Kept)


def look(settings: Settings, ask: Ask, rules: RulesOfDatabase | None, *, with_backups: bool) -> Live:
    """What is there; of the rules and of backups only where they are asked for. Raises `DeploymentStopped`."""
    enabled = ask(gcloud("services list", format="value(config.name)", project=settings.project, enabled=True)).split()

    def listed(api: str, command: str, **place: str) -> list[dict[str, Any]]:
        if f"{api}.googleapis.com" not in enabled:
            return []
        return _listed(ask, gcloud(command, **place, project=settings.project, format="json"))

    run, here = {"region": settings.region}, {"location": settings.region}
    database = {"database": settings.database}
    return Live(
        services={one["metadata"]["name"]: service(one) for one in listed("run", "run services list", **run)},
        jobs={_last(one): _job(one) for one in listed("cloudscheduler", "scheduler jobs list", **here)},
        queues=frozenset(_last(one) for one in listed("cloudtasks", "tasks queues list", **here)),
        triggers=tuple(read_trigger(one) for one in _triggers(settings, listed)),
        indexes=(
            *(_index(one) for one in listed("firestore", "firestore indexes composite list", **database)),
            *(_field(one) for one in listed("firestore", "firestore indexes fields list", **database)),
        ),
        rules=rules.released() if rules else None,
        kept=_kept(settings, listed) if with_backups else Kept(),
    )


def _triggers(settings: Settings, listed: Callable[..., list[dict[str, Any]]]) -> list[dict[str, Any]]:
    try:
        return listed(API, "eventarc triggers list", location="-")
    except DeploymentStopped as error:
        # Whoever may not look for one that nobody chose has never made one.
        if settings.webhook_trigger_location or DENIED not in str(error):
            raise
        return []


def _kept(settings: Settings, listed: Callable[..., list[dict[str, Any]]]) -> Kept:
    databases = [one for one in listed("firestore", "firestore databases list") if _last(one) == settings.database]
    place = {"database": settings.database, "filter": DAILY} if databases else {}
    schedules = listed("firestore", "firestore backups schedules list", **place) if databases else []
    buckets = listed("storage", "storage buckets list", filter=f"name={settings.backup_bucket}")
    return Kept(
        location=databases[0].get("locationId", "") if databases else "",
        database={
            "point-in-time recovery": databases[0].get("pointInTimeRecoveryEnablement", "") if databases else "",
            "daily backups are kept": _days(schedules[0]["retention"]) if schedules else "",
        },
        bucket=_bucket(buckets[0]) if buckets else {},
        labels=buckets[0].get("labels", {}) if buckets else None,
    )


def _days(retention: str) -> str:
    """As Google says it in seconds, in days."""
    return f"{int(retention.removesuffix('s')) // _SECONDS_A_DAY} days"


def _bucket(one: dict[str, Any]) -> dict[str, str]:
    """A bucket as `gcloud storage buckets list --format=json` tells it."""
    rules = one.get("lifecycle_config", {}).get("rule", [])
    is_plain = len(rules) == 1 and rules[0]["action"]["type"] == "Delete" and set(rules[0]["condition"]) == {"age"}
    return {
        "objects are kept": f"{rules[0]['condition']['age']} days" if is_plain else json.dumps(rules) if rules else "",
        "public access": one.get("public_access_prevention", ""),
    }


def _listed(ask: Ask, command: Words) -> list[dict[str, Any]]:
    try:
        found: list[dict[str, Any]] = json.loads(ask(command) or "[]")
    except DeploymentStopped as error:
        # A database that is not there yet has no indexes.
        if any(one in str(error) for one in NOT_THERE):
            return []
        raise
    return found


def _last(one: dict[str, Any]) -> str:
    return str(one["name"]).rpartition("/")[2]


def service(one: dict[str, Any]) -> Service:
    """A service as `gcloud run services list --format=json` tells it."""
    spec = one["spec"]["template"]["spec"]
    notes = {
        **one["metadata"].get("annotations", {}),
        **one["spec"]["template"].get("metadata", {}).get("annotations", {}),
    }
    container = spec["containers"][0]
    limits = container.get("resources", {}).get("limits", {})
    account = spec.get("serviceAccountName", "")
    settings = {
        **{each["name"]: _variable(each) for each in container.get("env", [])},
        **_mounted(spec, container),
        "account": account,
        "memory": limits.get("memory", ""),
        "cpu": limits.get("cpu", "").replace("000m", ""),
        "concurrency": str(spec.get("containerConcurrency", "")),
        "timeout": str(spec.get("timeoutSeconds", "")),
        "instances at least": notes.get("autoscaling.knative.dev/minScale", "0"),
        "instances at most": notes.get("autoscaling.knative.dev/maxScale", ""),
        "ingress": notes.get("run.googleapis.com/ingress", "all"),
    }
    return Service(account=account, labels=one["metadata"].get("labels", {}), settings=settings)


def _variable(one: dict[str, Any]) -> str:
    secret = one.get("valueFrom", {}).get("secretKeyRef")
    return f"{secret['name']}:{secret['key']}" if secret else one.get("value", "")


def _mounted(spec: dict[str, Any], container: dict[str, Any]) -> dict[str, str]:
    """Secrets that are files, by their paths."""
    volumes = {one["name"]: one.get("secret") for one in spec.get("volumes", [])}
    return {
        f"{mount['mountPath']}/{item['path']}": f"{secret['secretName']}:{item['key']}"
        for mount in container.get("volumeMounts", [])
        if (secret := volumes.get(mount["name"]))
        for item in secret.get("items", [])
    }


def _job(one: dict[str, Any]) -> Job:
    account = one.get("httpTarget", {}).get("oidcToken", {}).get("serviceAccountEmail", "")
    return Job(schedule=one.get("schedule", ""), time_zone=one.get("timeZone", ""), account=account)


def _index(one: dict[str, Any]) -> Index:
    group = one["name"].split("/collectionGroups/")[1].partition("/")[0]
    fields = tuple(
        (each["fieldPath"], each.get("order") or each.get("arrayConfig") or "vector")
        for each in one["fields"]
        if each["fieldPath"] != "__name__"
    )
    return Index(group=group, fields=fields, text=f"the index of {group} by {', '.join(path for path, _ in fields)}")


def _field(one: dict[str, Any]) -> Index:
    group, _, path = one["name"].split("/collectionGroups/")[1].partition("/fields/")
    is_exemption = not one.get("indexConfig", {}).get("indexes")
    return Index(
        group=group,
        fields=((path, TTL if one.get("ttlConfig") else ""),),
        is_exemption=is_exemption,
        text=f"{'an exemption' if is_exemption else 'indexes'} of {group} by {path} alone",
    )


def database_client(settings: Settings) -> firestore.Client:
    """A client of the project's database, without a prefix. Raises `WrongUse` where it would be an emulator's."""
    from streak_core.store.client import firestore_client

    if os.environ.get(EMULATOR) and not settings.project.startswith(_ONLY_EMULATED):
        message = f"{EMULATOR} is set, so that an emulator would be looked at in place of the project: unset it"
        raise WrongUse(message)
    return firestore_client(settings.project, settings.database)


def foreign_documents(client: firestore.Client, groups: Mapping[str, Place]) -> tuple[str, ...]:
    """Paths of documents in collections of our names that are not ours; a few are enough. Raises `DeploymentStopped`.

    `groups`: each of our collections by name.
    """
    from google.api_core import exceptions

    try:
        return tuple(path for group, place in groups.items() for path in _foreign(client, group, place))
    except exceptions.NotFound:
        # There is no database yet.
        return ()
    except exceptions.GoogleAPICallError as error:
        message = f"the database can't be looked at: {error.message}\nIt needs roles/datastore.viewer, and a login: "
        raise DeploymentStopped(message + "`gcloud auth application-default login`") from error


def _foreign(client: firestore.Client, group: str, place: Place) -> list[str]:
    if group == place.top:
        found = client.collection(group).select(place.marks).limit(_DOCUMENTS_MAX)
        return [one.reference.path for one in found.stream(timeout=_SECONDS_MAX) if not one.to_dict()]
    everywhere = client.collection_group(group).select([]).order_by("__name__").limit(_DOCUMENTS_MAX)
    tops = (place.top, *place.more)
    behind = [everywhere.start_after({"__name__": client.document(f"{top}/\uffff/{group}/\uffff")}) for top in tops]
    paths = [one.reference.path for each in (everywhere, *behind) for one in each.stream(timeout=_SECONDS_MAX)]
    return [path for path in dict.fromkeys(paths) if not path.startswith(tuple(f"{top}/" for top in tops))]
