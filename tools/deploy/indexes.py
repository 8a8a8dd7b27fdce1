"""What firestore.indexes.json declares, as commands. Must not know why an index is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tools.deploy.action import Action, gcloud
from tools.deploy.errors import WrongUse

if TYPE_CHECKING:
    from tools.deploy.action import Words
    from tools.deploy.settings import Settings

ALREADY_THERE: Final = "ALREADY_EXISTS"
_DATABASE: Final = "(default)"


def index_actions(settings: Settings, declared: str) -> tuple[Action, ...]:
    """Indexes, exemptions and ends of life in the file's text. Raises `WrongUse` for what gcloud has no words for."""
    document = json.loads(declared)
    return (
        *(_index(settings, one) for one in document["indexes"]),
        *(_exemption(settings, one) for one in document["fieldOverrides"]),
        *(_end_of_life(settings, one) for one in document["fieldOverrides"] if one.get("ttl")),
    )


def _index(settings: Settings, index: dict[str, Any]) -> Action:
    group, fields = index["collectionGroup"], index["fields"]
    configured = [f"--field-config=field-path={one['fieldPath']},order={one['order'].lower()}" for one in fields]
    return Action(
        what=f"the index of {group} by {', '.join(one['fieldPath'] for one in fields)}",
        done_before=ALREADY_THERE,
        command=gcloud(
            "firestore indexes composite create",
            *configured,
            collection_group=group,
            query_scope=index["queryScope"].lower().replace("_", "-"),
            database=_DATABASE,
            project=settings.project,
            quiet=True,
        ),
    )


def _exemption(settings: Settings, override: dict[str, Any]) -> Action:
    group, path = override["collectionGroup"], override["fieldPath"]
    if override["indexes"]:
        message = f"firestore.indexes.json: {group}.{path} wants indexes of its own; only exemptions are deployed"
        raise WrongUse(message)
    # Nothing waits for it: without the exemption everything works, and writes cost more.
    command = _of_field(settings, "firestore indexes fields update", override, disable_indexes=True)
    return Action(what=f"no index of {group} by {path} alone", command=command)


def _end_of_life(settings: Settings, override: dict[str, Any]) -> Action:
    # Nothing waits for it: whoever reads judges by the field.
    command = _of_field(settings, "firestore fields ttls update", override, enable_ttl=True)
    what = f"documents of {override['collectionGroup']} are deleted after their {override['fieldPath']}"
    return Action(what=what, command=command)


def _of_field(settings: Settings, command: str, override: dict[str, Any], **change: bool) -> Words:
    last = {"async": True, "database": _DATABASE, "project": settings.project, "quiet": True}
    return gcloud(command, override["fieldPath"], collection_group=override["collectionGroup"], **change, **last)
