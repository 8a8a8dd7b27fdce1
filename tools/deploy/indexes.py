"""What firestore.indexes.json declares, as commands. Must not know why an index is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tools.deploy.action import Action
from tools.deploy.errors import WrongUse

if TYPE_CHECKING:
    from tools.deploy.settings import Settings

ALREADY_THERE: Final = "ALREADY_EXISTS"
_DATABASE: Final = "--database=(default)"


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
        command=(
            *("gcloud", "firestore", "indexes", "composite", "create", f"--collection-group={group}"),
            f"--query-scope={index['queryScope'].lower().replace('_', '-')}",
            *configured,
            _DATABASE,
            f"--project={settings.project}",
            "--quiet",
        ),
    )


def _exemption(settings: Settings, override: dict[str, Any]) -> Action:
    group, path = override["collectionGroup"], override["fieldPath"]
    if override["indexes"]:
        message = f"firestore.indexes.json: {group}.{path} wants indexes of its own; only exemptions are deployed"
        raise WrongUse(message)
    return Action(
        what=f"no index of {group} by {path} alone",
        command=(
            *("gcloud", "firestore", "indexes", "fields", "update", path, f"--collection-group={group}"),
            "--disable-indexes",
            # Nothing waits for it: without the exemption everything works, and writes cost more.
            "--async",
            _DATABASE,
            f"--project={settings.project}",
            "--quiet",
        ),
    )


def _end_of_life(settings: Settings, override: dict[str, Any]) -> Action:
    group, path = override["collectionGroup"], override["fieldPath"]
    return Action(
        what=f"documents of {group} are deleted after their {path}",
        command=(
            *("gcloud", "firestore", "fields", "ttls", "update", path, f"--collection-group={group}"),
            "--enable-ttl",
            # Nothing waits for it: whoever reads judges by the field.
            "--async",
            _DATABASE,
            f"--project={settings.project}",
            "--quiet",
        ),
    )
