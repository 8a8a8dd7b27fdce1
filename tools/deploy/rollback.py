"""Moves the requests of the functions back to the revision before. Must not know how a revision was made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from tools.deploy.action import gcloud, said
from tools.deploy.errors import DeploymentStopped, WrongUse
from tools.deploy.gcloud import ask, do

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tools.deploy.settings import Settings


class Revision(NamedTuple):
    """A revision of a service; `created` is RFC 3339, as Google says it, and sorts as text."""

    created: str
    name: str
    is_ready: bool


@dataclass(frozen=True, kw_only=True)
class Move:
    """What is to be done with one function's requests; `target` is None where there is nothing before."""

    function: str
    serving: Mapping[str, int]
    target: str | None


def read_revisions(answer: str) -> list[Revision]:
    """The revisions that `gcloud run revisions list --format=json` tells, the newest first."""
    return sorted(map(_revision, json.loads(answer)), reverse=True)


def _revision(one: dict[str, Any]) -> Revision:
    conditions = one.get("status", {}).get("conditions", [])
    is_ready = any(each.get("type") == "Ready" and each.get("status") == "True" for each in conditions)
    return Revision(one["metadata"]["creationTimestamp"], one["metadata"]["name"], is_ready)


def read_serving(answer: str) -> dict[str, int]:
    """Which revisions get which share, in per cent, as `gcloud run services describe --format=json` tells."""
    shares: dict[str, int] = {}
    for one in json.loads(answer).get("status", {}).get("traffic", []):
        if one.get("percent"):
            shares[one["revisionName"]] = shares.get(one["revisionName"], 0) + one["percent"]
    return shares


def previous(revisions: Sequence[Revision], serving: Mapping[str, int]) -> str | None:
    """The newest ready revision that is older than the newest that serves; None where there is none."""
    newest_serving = next((place for place, one in enumerate(revisions) if one.name in serving), None)
    if newest_serving is None:
        return None
    return next((one.name for one in revisions[newest_serving + 1 :] if one.is_ready), None)


def plan(settings: Settings, function: str, wanted: str = "") -> Move:
    """Looks, and says what is to be done. Raises `WrongUse`, `DeploymentStopped`."""
    at: dict[str, str] = {"region": settings.region, "project": settings.project, "format": "json"}
    serving = read_serving(ask(gcloud("run services describe", settings.named(function), **at)))
    revisions = read_revisions(ask(gcloud("run revisions list", service=settings.named(function), **at)))
    ready = [one.name for one in revisions if one.is_ready]
    if wanted and wanted not in ready:
        message = f"TO={wanted} is no ready revision of {function}; there are: {', '.join(ready) or 'none'}"
        raise WrongUse(message)
    return Move(function=function, serving=serving, target=wanted or previous(revisions, serving))


def carry_out(settings: Settings, moves: Sequence[Move], *, dry_run: bool) -> None:
    """Move the requests, saying what is done. Raises `DeploymentStopped`: something failed, or nothing can move."""
    for move in moves:
        print(f"# {move.function}: {_words(move)}", flush=True)
        if move.target is None or move.serving == {move.target: 100}:
            continue
        share = f"{move.target}=100"
        service = settings.named(move.function)
        command = gcloud("run services update-traffic", service, to_revisions=share, **settings.place)
        if dry_run:
            print(said(command))
        elif status := do(command):
            message = (
                f"{said(command)}\nended with status {status}; the functions before it have moved, those after have not"
            )
            raise DeploymentStopped(message)
    if all(move.target is None for move in moves):
        message = "there is no earlier revision to go back to"
        raise DeploymentStopped(message)


def _words(move: Move) -> str:
    now = ", ".join(f"{name} {share} %" for name, share in move.serving.items()) or "nothing serves"
    if move.target is None:
        return f"{now}; stays, because there is no ready revision before it"
    if move.serving == {move.target: 100}:
        return f"{now}; stays, because it has all requests already"
    return f"{now}; all requests go to {move.target}"
