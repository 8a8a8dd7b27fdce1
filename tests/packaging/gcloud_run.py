"""Cloud Run's part of the stand-in of gcloud: services with their revisions, and which of these get the requests.

Must not know how a command is taken apart.
"""

from __future__ import annotations

import json
from typing import Any, Final

from tests.packaging.gcloud_state import Command, Flags, Refused, State, require_account


def _deploy(state: State, name: str, flags: Flags) -> str:
    given = dict(flags)
    require_account(state, given["service-account"])
    if given["image"] not in state.get("images", []):
        message = f"NOT_FOUND: there is no image {given['image']}"
        raise Refused(message)
    service = state["services"].setdefault(name, {"revisions": [], "traffic": {"LATEST": 100}})
    holds = "no-traffic" in given
    if holds and not service["revisions"]:
        message = "--no-traffic not supported when creating a new service."
        raise Refused(message)
    if holds and "LATEST" in service["traffic"]:
        share = service["traffic"].pop("LATEST")
        service["traffic"][service["revisions"][-1]] = service["traffic"].get(service["revisions"][-1], 0) + share
    service["revisions"].append(f"{name}-{len(service['revisions']) + 1:05}-abc")
    service["flags"] = flags
    return ""


def _services(state: State, _: str, __: Flags) -> str:
    return json.dumps([_described(name, dict(one["flags"])) for name, one in state["services"].items()])


def _described(name: str, flags: dict[str, str]) -> dict[str, Any]:
    """A service as Cloud Run tells it, made of the flags it was deployed with."""
    scales = {f"autoscaling.knative.dev/{kind}Scale": flags.get(f"{kind}-instances", "0") for kind in ("min", "max")}
    return {
        "metadata": {
            "name": name,
            "labels": dict([flags["update-labels"].split("=")]) if "update-labels" in flags else {},
            "annotations": {"run.googleapis.com/ingress": flags.get("ingress", "all")},
        },
        "spec": {"template": {"metadata": {"annotations": scales}, "spec": _revision_spec(flags)}},
    }


def _revision_spec(flags: dict[str, str]) -> dict[str, Any]:
    variables = [one.partition("=")[::2] for one in flags.get("set-env-vars", "").removeprefix("^;^").split(";") if one]
    secrets = [one.partition("=")[::2] for one in flags.get("set-secrets", "").split(",") if one]
    keys = [(target, dict(zip(("name", "key"), kept.split(":"), strict=True))) for target, kept in secrets]
    files = [(*target.rpartition("/")[::2], kept) for target, kept in keys if target.startswith("/")]
    container = {
        "env": [
            *({"name": key, "value": value} for key, value in variables),
            *(
                {"name": target, "valueFrom": {"secretKeyRef": kept}}
                for target, kept in keys
                if not target.startswith("/")
            ),
        ],
        "resources": {"limits": {"memory": flags.get("memory", "512Mi"), "cpu": f"{flags.get('cpu', 1)}000m"}},
        "volumeMounts": [{"name": kept["name"], "mountPath": folder} for folder, _, kept in files],
    }
    return {
        "serviceAccountName": flags["service-account"],
        "containerConcurrency": int(flags.get("concurrency", 80)),
        "timeoutSeconds": int(flags.get("timeout", "300s").removesuffix("s")),
        "containers": [container],
        "volumes": [
            {
                "name": kept["name"],
                "secret": {"secretName": kept["name"], "items": [{"key": kept["key"], "path": file}]},
            }
            for _, file, kept in files
        ],
    }


def _known(state: State, name: str) -> dict[str, Any]:
    if name not in state["services"]:
        message = f"(gcloud.run.services.describe) Cannot find service [{name}]"
        raise Refused(message)
    service: dict[str, Any] = state["services"][name]
    return service


def _service(state: State, name: str, _: Flags) -> str:
    service = _known(state, name)
    traffic = [
        {"revisionName": service["revisions"][-1] if one == "LATEST" else one, "percent": share}
        for one, share in service["traffic"].items()
    ]
    return json.dumps({"status": {"traffic": traffic}})


def _traffic(state: State, name: str, flags: Flags) -> str:
    service = _known(state, name)
    given = dict(flags)
    if "to-latest" in given:
        service["traffic"] = {"LATEST": 100}
        return ""
    revision, _, share = given["to-revisions"].partition("=")
    if revision != "LATEST" and revision not in service["revisions"]:
        message = f"NOT_FOUND: Revision {revision}"
        raise Refused(message)
    others = {one: old for one, old in service["traffic"].items() if one != revision}
    left = 100 - int(share)
    service["traffic"] = {revision: int(share), **({max(others, key=lambda one: others[one]): left} if left else {})}
    return ""


def _revisions(state: State, _: str, flags: Flags) -> str:
    revisions = _known(state, dict(flags)["service"])["revisions"]
    ready = {"conditions": [{"type": "Ready", "status": "True"}]}
    made = [
        {"metadata": {"name": one, "creationTimestamp": f"2026-03-{day:02}T08:00:00Z"}, "status": ready}
        for day, one in enumerate(revisions, start=1)
    ]
    return json.dumps(made)


COMMANDS: Final[dict[str, Command]] = {
    "gcloud run deploy": _deploy,
    "gcloud run services list": _services,
    "gcloud run services describe": _service,
    "gcloud run services update-traffic": _traffic,
    "gcloud run revisions list": _revisions,
}
