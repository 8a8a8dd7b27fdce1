"""What firestore.indexes.json declares, as commands. Must not know why an index is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tools.deploy.action import Action, gcloud
from tools.deploy.errors import WrongUse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.deploy.action import Words
    from tools.deploy.live import Index
    from tools.deploy.settings import Settings

ALREADY_THERE: Final = "ALREADY_EXISTS"
# How a field is told whose documents have an end of life.
TTL: Final = "TTL"
# Google's answers where it is still at work on another change.
BUSY: Final = ("ABORTED", "RESOURCE_EXHAUSTED", "contention", "HTTPError 409", "another operation")


def index_actions(settings: Settings, declared: str, there: Sequence[Index] = ()) -> tuple[Action, ...]:
    """Indexes, exemptions and ends of life in the file's text, but for those that are there: each takes its time.

    Raises `WrongUse` for what gcloud has no words for.
    """
    exempt = {(one.group, one.fields[0][0]) for one in there if one.is_exemption}
    ending = {(one.group, path) for one in there for path, kind in one.fields if kind == TTL}
    document = named_document(json.loads(declared), settings.collection_prefix)
    overrides = document["fieldOverrides"]
    return (
        *(_index(settings, one) for one in document["indexes"]),
        *(_exemption(settings, one) for one in overrides if field_of(one) not in exempt),
        *(_end_of_life(settings, one) for one in overrides if one.get("ttl") and field_of(one) not in ending),
    )


def named_document(document: dict[str, Any], prefix: str) -> dict[str, Any]:
    """What is declared, for collections whose names have a prefix."""
    return {
        kind: [{**one, "collectionGroup": f"{prefix}{one['collectionGroup']}"} for one in document[kind]]
        for kind in ("indexes", "fieldOverrides")
    }


def field_of(override: dict[str, Any]) -> tuple[str, str]:
    """The collection group and the path of the field that an override is about."""
    return override["collectionGroup"], override["fieldPath"]


def mode_of(field: dict[str, Any]) -> str:
    """How a field of an index finds values: ASCENDING, DESCENDING, or CONTAINS of an array."""
    mode: str = field.get("order") or field["arrayConfig"]
    return mode


def _mode(field: dict[str, Any]) -> str:
    return f"{'order' if 'order' in field else 'array-config'}={mode_of(field).lower()}"


def _index(settings: Settings, index: dict[str, Any]) -> Action:
    group, fields = index["collectionGroup"], index["fields"]
    configured = [f"--field-config=field-path={one['fieldPath']},{_mode(one)}" for one in fields]
    return Action(
        what=f"the index of {group} by {', '.join(one['fieldPath'] for one in fields)}",
        done_before=ALREADY_THERE,
        busy=BUSY,
        command=gcloud(
            "firestore indexes composite create",
            *configured,
            collection_group=group,
            query_scope=index["queryScope"].lower().replace("_", "-"),
            database=settings.database,
            project=settings.project,
            quiet=True,
        ),
    )


def _exemption(settings: Settings, override: dict[str, Any]) -> Action:
    group, path = override["collectionGroup"], override["fieldPath"]
    if override["indexes"]:
        message = f"firestore.indexes.json: {group}.{path} wants indexes of its own; only exemptions are deployed"
        raise WrongUse(message)
    command = _of_field(settings, "firestore indexes fields update", override, disable_indexes=True)
    return Action(what=f"no index of {group} by {path} alone", command=command, busy=BUSY)


def _end_of_life(settings: Settings, override: dict[str, Any]) -> Action:
    command = _of_field(settings, "firestore fields ttls update", override, enable_ttl=True)
    what = f"documents of {override['collectionGroup']} are deleted after their {override['fieldPath']}"
    return Action(what=what, command=command, busy=BUSY)


def _of_field(settings: Settings, command: str, override: dict[str, Any], **change: bool) -> Words:
    # Each is waited for: where many are under way at once, Google gives some of them up.
    last = {"database": settings.database, "project": settings.project, "quiet": True}
    return gcloud(command, override["fieldPath"], collection_group=override["collectionGroup"], **change, **last)
