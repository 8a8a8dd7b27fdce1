"""The stand-in of gcloud: databases, their managed backups, buckets. Must not know how a command is taken apart."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.packaging.gcloud_state import Command, Flags, Refused, State


def _database(state: State, flags: Flags) -> dict[str, Any]:
    name = dict(flags)["database"]
    known: dict[str, dict[str, Any]] = state.setdefault("databases", {"(default)": {}, "unbroken": {}})
    if name not in known:
        message = f"NOT_FOUND: the database {name} does not exist"
        raise Refused(message)
    return known[name]


def _update_database(state: State, _: str, flags: Flags) -> str:
    _database(state, flags)["pitr"] = "enable-pitr" in dict(flags)
    return ""


def _databases(state: State, _: str, __: Flags) -> str:
    found = {True: "POINT_IN_TIME_RECOVERY_ENABLED", False: "POINT_IN_TIME_RECOVERY_DISABLED"}
    known = state.get("databases", {})
    return json.dumps(
        [
            {"name": f"p/{name}", "locationId": "eur3", "pointInTimeRecoveryEnablement": found[one["pitr"]]}
            for name, one in known.items()
            if "pitr" in one
        ]
    )


def _create_schedule(state: State, _: str, flags: Flags) -> str:
    database, given = _database(state, flags), dict(flags)
    if given["recurrence"] in database:
        message = f"ALREADY_EXISTS: there is a {given['recurrence']} schedule"
        raise Refused(message)
    database[given["recurrence"]] = given["retention"]
    return ""


def _update_schedule(state: State, _: str, flags: Flags) -> str:
    database, given = _database(state, flags), dict(flags)
    if given["backup-schedule"] != "daily-1" or "daily" not in database:
        message = f"NOT_FOUND: {given['backup-schedule']}"
        raise Refused(message)
    database["daily"] = given["retention"]
    return ""


def _schedules(state: State, _: str, flags: Flags) -> str:
    days = _database(state, flags).get("daily")
    if dict(flags)["format"] != "json":
        return "daily-1" if days else ""
    retention = f"{int(days.removesuffix('d')) * 86_400}s" if days else ""
    return json.dumps([{"name": "p/daily-1", "retention": retention, "dailyRecurrence": {}}] if days else [])


def _bucket(state: State, url: str) -> dict[str, Any]:
    """A bucket of this project, or of another one to which somebody has a right."""
    known: dict[str, dict[str, Any]] = state.setdefault("buckets", {})
    name = url.removeprefix("gs://")
    if name not in known:
        message = f"(gcloud.storage.buckets) gs://{name} not found: 404."
        raise Refused(message)
    return known[name]


def _create_bucket(state: State, url: str, flags: Flags) -> str:
    known, given = state.setdefault("buckets", {}), dict(flags)
    name = url.removeprefix("gs://")
    if name in known:
        message = "HTTPError 409: The requested bucket name is not available."
        raise Refused(message)
    known[name] = {"project": given["project"], "location": given["location"], "labels": {}}
    return ""


def _update_bucket(state: State, url: str, flags: Flags) -> str:
    bucket, given = _bucket(state, url), dict(flags)
    bucket["labels"] |= dict([given["update-labels"].split("=")])
    bucket["lifecycle"] = json.loads((state["cwd"] / given["lifecycle-file"]).read_text(encoding="utf-8"))
    bucket["is-closed"] = {"uniform-bucket-level-access", "public-access-prevention"} <= set(given)
    return ""


def _buckets(state: State, _: str, flags: Flags) -> str:
    given = dict(flags)
    wanted = given["filter"].removeprefix("name=")
    found = {
        name: one
        for name, one in state.get("buckets", {}).items()
        if (name, one["project"]) == (wanted, given["project"])
    }
    if given["format"] != "json":
        return "\n".join(found)
    told = [
        {
            "name": name,
            "labels": one["labels"],
            "lifecycle_config": one.get("lifecycle", {}),
            "public_access_prevention": "enforced" if one.get("is-closed") else "inherited",
        }
        for name, one in found.items()
    ]
    return json.dumps(told)


COMMANDS: Final[dict[str, Command]] = {
    "gcloud firestore databases update": _update_database,
    "gcloud firestore databases list": _databases,
    "gcloud firestore backups schedules create": _create_schedule,
    "gcloud firestore backups schedules update": _update_schedule,
    "gcloud firestore backups schedules list": _schedules,
    "gcloud storage buckets create": _create_bucket,
    "gcloud storage buckets update": _update_bucket,
    "gcloud storage buckets list": _buckets,
}
