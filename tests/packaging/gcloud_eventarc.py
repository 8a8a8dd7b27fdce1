"""The stand-in of gcloud: triggers of Eventarc. Must not know how a command is taken apart."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.packaging.gcloud_state import Command, Flags, Refused, State, require_account


def _key(name: str, flags: Flags) -> str:
    return f"{dict(flags)['location']}/{name}"


def _known(state: State, name: str, flags: Flags) -> dict[str, str]:
    found: dict[str, str] | None = state.get("triggers", {}).get(_key(name, flags))
    if found is None:
        message = f"NOT_FOUND: Resource 'triggers/{name}' was not found"
        raise Refused(message)
    return found


def _create(state: State, name: str, flags: Flags) -> str:
    if "eventarc.googleapis.com" not in state["apis"]:
        message = "PERMISSION_DENIED: Eventarc API has not been used in this project before or it is disabled"
        raise Refused(message)
    known: dict[str, Any] = state.setdefault("triggers", {})
    if _key(name, flags) in known:
        message = f"ALREADY_EXISTS: Resource 'triggers/{name}' already exists"
        raise Refused(message)
    given = _judged(state, flags)
    role = [f"serviceAccount:{given['service-account']}", "roles/eventarc.eventReceiver"]
    if not any(binding[1:] == role for binding in state["bindings"]):
        message = f"PERMISSION_DENIED: {given['service-account']} may receive no events"
        raise Refused(message)
    known[_key(name, flags)] = given
    return ""


def _update(state: State, name: str, flags: Flags) -> str:
    _known(state, name, flags).update(_judged(state, flags))
    return ""


def _judged(state: State, flags: Flags) -> dict[str, str]:
    given = dict(flags)
    require_account(state, given["service-account"])
    if given["destination-run-service"] not in state["services"]:
        message = f"NOT_FOUND: Cloud Run service {given['destination-run-service']}"
        raise Refused(message)
    return given


def _describe(state: State, name: str, flags: Flags) -> str:
    return json.dumps(_known(state, name, flags))


def _delete(state: State, name: str, flags: Flags) -> str:
    _known(state, name, flags)
    del state["triggers"][_key(name, flags)]
    return ""


def _list(state: State, _: str, __: Flags) -> str:
    return json.dumps([_shown(key, given) for key, given in state.get("triggers", {}).items()])


def _shown(key: str, given: dict[str, str]) -> dict[str, Any]:
    location, name = key.split("/")
    equal = [one.partition("=")[::2] for one in given["event-filters"].split(",")]
    attribute, _, pattern = given["event-filters-path-pattern"].partition("=")
    return {
        "name": f"projects/{given['project']}/locations/{location}/triggers/{name}",
        "serviceAccount": given["service-account"],
        "eventFilters": [
            *({"attribute": one, "value": value} for one, value in equal),
            {"attribute": attribute, "value": pattern, "operator": "match-path-pattern"},
        ],
    }


COMMANDS: Final[dict[str, Command]] = {
    "gcloud eventarc triggers create": _create,
    "gcloud eventarc triggers delete": _delete,
    "gcloud eventarc triggers describe": _describe,
    "gcloud eventarc triggers list": _list,
    "gcloud eventarc triggers update": _update,
}
