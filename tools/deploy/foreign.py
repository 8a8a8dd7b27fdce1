"""What of a project is another app's and would be changed by a deployment, and what would keep both apart.

Must not know how the project was looked at, and asks nothing.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from functions.catalogue import CATALOGUE, FUNCTIONS
from tools.deploy.rules_text import Standing, openings, snippet, standing
from tools.deploy.services import MARK
from tools.deploy.settings import MAINTENANCE, SCHEDULER_ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tools.deploy.live import Index, Live
    from tools.deploy.settings import Settings

_PREFIX: Final = "PREFIX=unbroken-"
_COLLECTIONS: Final = "STREAK_COLLECTION_PREFIX=unbroken_"
_MERGE: Final = "RULES=merge"
AGREE: Final = "YES=1"
# What each would do; in the settings file they are called prefix, collection_prefix and database.
_REMEDIES: Final = {
    _PREFIX: "names our services, job and queue unbroken-streak and so on (in the settings file: prefix)",
    _COLLECTIONS: (
        "names our collections unbroken_streaks and so on (collection_prefix); or DATABASE=unbroken keeps them in a "
        "database of their own, which you create first (database)"
    ),
    _MERGE: "shows their rules with ours put in, and with YES=1 releases that; RULES=replace does away with theirs",
    AGREE: "goes on all the same; better narrow their rule first, or give ours a database of its own",
}


class Finding(NamedTuple):
    """Something that is not ours, the step that would change it, and what is to be chosen."""

    step: str
    what: str
    remedy: str


def is_deployed(settings: Settings, live: Live) -> bool:
    """Whether we are there already: then what has our names is ours."""
    return any(_is_ours(settings, live, one) for one in FUNCTIONS)


def _is_ours(settings: Settings, live: Live, function: str) -> bool:
    found = live.services.get(settings.named(function))
    if found is None:
        return False
    accounts = {one.name: one.service_account for one in CATALOGUE}
    name, value = MARK
    return found.labels.get(name) == value or found.account == settings.account(accounts[function])


def collections(declared: str, prefix: str) -> Mapping[str, str]:
    """Our collections by name, each with the top-level one that all of its documents lie in."""
    content = json.loads(declared)
    groups = {one["collectionGroup"] for kind in content.values() for one in kind}
    runs = {"maintenance_runs", "shards"}
    return {f"{prefix}{one}": f"{prefix}{'maintenance_runs' if one in runs else 'streaks'}" for one in sorted(groups)}


def findings(settings: Settings, live: Live, declared: str, documents: tuple[str, ...]) -> tuple[Finding, ...]:
    """Everything that stands in the way, given the text of firestore.indexes.json and paths of others' documents."""
    found = [*_services(settings, live)]
    if not is_deployed(settings, live):
        found += _indexes(settings, live, declared)
        found += (Finding("indexes", f"the document {path}", _COLLECTIONS) for path in documents)
    return (*found, *rules_findings(settings, live.rules))


def _services(settings: Settings, live: Live) -> Iterator[Finding]:
    for function in FUNCTIONS:
        name = settings.named(function)
        if name in live.services and not _is_ours(settings, live, function):
            yield Finding("functions", f"the service {name}, which runs as {live.services[name].account}", _PREFIX)
    name = settings.named(MAINTENANCE)
    job = live.jobs.get(name)
    if job and job.account != settings.account(SCHEDULER_ACCOUNT):
        yield Finding("scheduler", f"the job {name} of Cloud Scheduler", _PREFIX)
    if settings.is_fanned_out and name in live.queues and not is_deployed(settings, live):
        yield Finding("queue", f"the queue {name} of Cloud Tasks", _PREFIX)


def _indexes(settings: Settings, live: Live, declared: str) -> Iterator[Finding]:
    content = json.loads(declared)
    prefix = settings.collection_prefix
    ours = {_composite(one, prefix) for one in content["indexes"]}
    exempt = {(f"{prefix}{one['collectionGroup']}", one["fieldPath"]) for one in content["fieldOverrides"]}
    groups = collections(declared, prefix)
    for one in live.indexes:
        if one.group in groups and not _is_declared(one, ours, exempt):
            yield Finding("indexes", one.text, _COLLECTIONS)


def _composite(one: dict[str, Any], prefix: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return f"{prefix}{one['collectionGroup']}", tuple((each["fieldPath"], each["order"]) for each in one["fields"])


def _is_declared(one: Index, ours: set[tuple[str, tuple[tuple[str, str], ...]]], exempt: set[tuple[str, str]]) -> bool:
    return (one.group, one.fields) in ours or (one.is_exemption and (one.group, one.fields[0][0]) in exempt)


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
