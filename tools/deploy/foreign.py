"""What of a project is another app's and would be changed by a deployment, and what would keep both apart.

Must not know how the project was looked at, and asks nothing.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from functions.catalogue import CATALOGUE
from tools.deploy.backups import LABEL
from tools.deploy.indexes import field_of, mode_of, named_document
from tools.deploy.live import Place
from tools.deploy.rules_text import Standing, openings, snippet, standing
from tools.deploy.scheduler import schedules
from tools.deploy.services import MARK
from tools.deploy.settings import MAINTENANCE, REMINDER_SHARDS, SCHEDULER_ACCOUNT, WEBHOOKS
from tools.deploy.trigger import ours

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from functions.catalogue import DeployedFunction
    from tools.deploy.live import Live
    from tools.deploy.settings import Settings

_PREFIX: Final = "PREFIX=unbroken-"
_COLLECTIONS: Final = "STREAK_COLLECTION_PREFIX=unbroken_"
_MERGE: Final = "RULES=merge"
# Our collections that stand at the top, each with fields of which a document of ours has one.
_MARKS: Final[Mapping[str, tuple[str, ...]]] = {
    "streaks": ("schema_version",),
    "maintenance_runs": ("lease_until",),
    "paces": ("held_until",),
    "policies": ("schema_version",),
    "amnesties": ("schema_version",),
    "records": ("schema_version",),
    "profiles": ("schema_version",),
    "friend_pairs": ("schema_version",),
    "friend_invitations": ("schema_version",),
    "trails": ("head_at", "until"),
    # Of a day, and of a part of one.
    "counters": ("keys", "counts"),
    # Of a period, and of a board.
    "leaderboard_standings": ("is_done", "placed"),
    # Of a copy, and of a day's export.
    "backups": ("is_verified", "snapshot_time"),
    "service": ("taken_at",),
    "health_checks": ("checked",),
    "migrations": ("checksum",),
}
# Where those stand that are below others than the users' documents.
_BELOW: Final[Mapping[str, tuple[str, ...]]] = {
    "shards": ("maintenance_runs",),
    "audit": ("records", "trails"),
    "app_records": ("records",),
    "conversations": ("records",),
    "ideas": ("records",),
    "keys": ("records",),
    "messages": ("records",),
    "usage": ("records",),
}
AGREE: Final = "YES=1"
_BUCKET: Final = "ENV=BACKUP_BUCKET=another-name"
# What each would do; in the settings file they are called prefix, collection_prefix and database.
_REMEDIES: Final = {
    _PREFIX: "names our services, jobs, queue and trigger unbroken-streak and so on (in the settings file: prefix)",
    _COLLECTIONS: (
        "names our collections unbroken_streaks and so on (collection_prefix); or DATABASE=unbroken keeps them in a "
        "database of their own, which you create first (database)"
    ),
    _MERGE: "shows their rules with ours put in, and with YES=1 releases that; RULES=replace does away with theirs",
    _BUCKET: (
        "exports go to a bucket of that name ([environment] in the settings file); or where this one is ours, made "
        f"before deployments made it: gcloud storage buckets update gs://… --update-labels={'='.join(LABEL)}"
    ),
    AGREE: "goes on all the same; better narrow their rule first, or give ours a database of its own",
}


class Finding(NamedTuple):
    """Something that is not ours, the step that would change it, and what is to be chosen."""

    step: str
    what: str
    remedy: str


def is_deployed(settings: Settings, live: Live) -> bool:
    """Whether we are there already: then what has our names is ours."""
    return any(_is_ours(settings, live, one) for one in CATALOGUE)


def _is_ours(settings: Settings, live: Live, one: DeployedFunction) -> bool:
    found = live.services.get(settings.named(one.name))
    if found is None:
        return False
    name, value = MARK
    return found.labels.get(name) == value or found.account == settings.account(one.service_account)


def _is_our_bucket(live: Live) -> bool:
    return LABEL in (live.kept.labels or {}).items()


def ours_of(settings: Settings, live: Live) -> Live:
    """What is there without what has our names and is another app's."""
    services = {settings.named(one.name) for one in CATALOGUE if _is_ours(settings, live, one)}
    scheduler = settings.account(SCHEDULER_ACCOUNT)
    return replace(
        live,
        services={name: one for name, one in live.services.items() if name in services},
        jobs={name: one for name, one in live.jobs.items() if one.account == scheduler},
        triggers=ours(settings, live),
        kept=live.kept if _is_our_bucket(live) else replace(live.kept, bucket={}, labels=None),
    )


def collections(declared: str, prefix: str) -> Mapping[str, Place]:
    """Our collections by name: those that stand at the top, and below them those of the declared indexes."""
    groups = {one["collectionGroup"] for kind in json.loads(declared).values() for one in kind}
    tops = {one: (one,) for one in _MARKS} | {one: _BELOW.get(one, ("streaks",)) for one in groups - _MARKS.keys()}
    return {
        f"{prefix}{name}": Place(f"{prefix}{top}", _MARKS[top], tuple(f"{prefix}{one}" for one in more))
        for name, (top, *more) in sorted(tops.items())
    }


def findings(settings: Settings, live: Live, declared: str, documents: tuple[str, ...]) -> tuple[Finding, ...]:
    """Everything that stands in the way, given the text of firestore.indexes.json and paths of others' documents."""
    found = [*_services(settings, live)]
    if live.kept.labels is not None and not _is_our_bucket(live):
        what = f"the bucket {settings.backup_bucket}, in which all that is older than a few days would be deleted"
        found.append(Finding("backups", what, _BUCKET))
    if not is_deployed(settings, live):
        found += _indexes(settings, live, declared)
        found += (Finding("indexes", f"the document {path}", _COLLECTIONS) for path in documents)
    return (*found, *rules_findings(settings, live.rules))


def _services(settings: Settings, live: Live) -> Iterator[Finding]:
    for one in CATALOGUE:
        name = settings.named(one.name)
        if name in live.services and not _is_ours(settings, live, one):
            yield Finding("functions", f"the service {name}, which runs as {live.services[name].account}", _PREFIX)
    for name in map(settings.named, schedules(settings)):
        job = live.jobs.get(name)
        if job and job.account != settings.account(SCHEDULER_ACCOUNT):
            yield Finding("scheduler", f"the job {name} of Cloud Scheduler", _PREFIX)
    where = (settings.named(WEBHOOKS), settings.webhook_trigger_location)
    for trigger in live.triggers:
        if (trigger.name, trigger.location) == where and trigger.account != settings.account(SCHEDULER_ACCOUNT):
            yield Finding("scheduler", f"the trigger {trigger.name} of Eventarc in {trigger.location}", _PREFIX)
    fanned_out = {MAINTENANCE: settings.is_fanned_out, REMINDER_SHARDS: settings.is_reminding_fanned_out}
    for name in (settings.named(queue) for queue, is_used in fanned_out.items() if is_used):
        if name in live.queues and not is_deployed(settings, live):
            yield Finding("queue", f"the queue {name} of Cloud Tasks", _PREFIX)


def _indexes(settings: Settings, live: Live, declared: str) -> Iterator[Finding]:
    prefix = settings.collection_prefix
    content, groups = named_document(json.loads(declared), prefix), collections(declared, prefix)
    ours = {
        (one["collectionGroup"], tuple((each["fieldPath"], mode_of(each)) for each in one["fields"]))
        for one in content["indexes"]
    }
    exempt = {field_of(one) for one in content["fieldOverrides"]}
    for one in live.indexes:
        is_ours = (one.group, one.fields) in ours or (one.is_exemption and (one.group, one.fields[0][0]) in exempt)
        if one.group in groups and not is_ours:
            yield Finding("indexes", one.text, _COLLECTIONS)


def rules_findings(settings: Settings, released: str | None) -> Iterator[Finding]:
    """What is to be said of the rules that are released."""
    if released is None:
        return
    if standing(released) is Standing.FOREIGN:
        yield Finding("rules", "rules of Firestore that are another app's", _MERGE)
    for one in openings(released, settings.collection_prefix):
        what = f"a rule that lets others at our documents, whatever ours say: {one}"
        yield Finding("rules", what, AGREE)


def told(found: tuple[Finding, ...], ours: str) -> str:
    """What was found and what to do, for people; `ours` is the text of our rules."""
    lines = ["This project has what is not ours:", *(f"  - {one.what}" for one in found), "", "What to do:"]
    lines += [f"  {name}\n    {why}" for name, why in _REMEDIES.items() if any(one.remedy == name for one in found)]
    if any(one.remedy == _MERGE for one in found):
        lines += ["", "The lines that belong among their rules, below `match /databases/{database}/documents {`:"]
        lines += ["", snippet(ours)]
    return "\n".join(lines)
