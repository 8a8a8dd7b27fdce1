"""Tells what was played and what differs, for people on a terminal and as JSON for programs.

It must not know how anything is played.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tools.chaos.faults import Code, Fault, Site
from tools.chaos.lives import USERS_A_HOUSEHOLD, user_ids
from tools.chaos.playing import Played
from tools.chaos.runner import Sum

Json = dict[str, Any]

_HIDDEN: Final = ("number", "user", "at", "lanes", "do")
_PLAIN_WIDTH: Final = 110


def as_json(seed: int, total: Sum, seconds: float) -> Json:
    """Everything that was counted."""
    return {
        "seed": seed,
        "households": total.households,
        "users": total.households * USERS_A_HOUSEHOLD,
        "commands": total.commands,
        "questions": total.queries,
        "job_runs": total.job_runs,
        "job_killed": total.job_killed,
        "retries_in_the_service": total.retries,
        "retries_by_the_client": total.asked_again,
        "rpcs": dict(sorted(total.rpcs.items())),
        "faults": sum(total.faults.values()),
        "faults_by_kind_and_place": [
            {"rpc": rpc, "place": place, "kind": kind, "faults": number}
            for (rpc, place, kind), number in sorted(total.faults.items())
        ],
        "differences": [difference_json(one) for one in total.different],
        "seconds": round(seconds, 1),
    }


def difference_json(played: Played) -> Json:
    """One difference, with the life that shows it."""
    return {
        "what": played.different,
        "user": played.household * USERS_A_HOUSEHOLD,
        "at": played.different_at,
        "steps": list(played.steps),
        "faults": [_fault(site, fault) for site, fault in played.met],
        "replay": replay_command(played),
    }


def replay_command(played: Played) -> str:
    """What plays the household again."""
    return f"make chaos SEED={played.seed} USER={played.household * USERS_A_HOUSEHOLD}"


def tell(found: Json) -> None:
    """The counts, and the faults by kind and place."""
    rpcs = ", ".join(f"{number} {name}" for name, number in found["rpcs"].items())
    print(f"seed {found['seed']}: {found['users']} users in {found['households']} households, {found['seconds']} s")
    print(f"  {found['commands']} commands, {found['questions']} questions besides the proof of each user")
    print(f"  {found['job_runs']} calls of the job, {found['job_killed']} of them killed in the middle")
    print(f"  {sum(found['rpcs'].values())} RPCs: {rpcs}")
    service, clients = found["retries_in_the_service"], found["retries_by_the_client"]
    print(f"  tried again {service} times in the service, {clients} times by clients that were told 503")
    print(f"  {found['faults']} faults")
    _console().print(_table(found))
    print(f"{len(found['differences'])} differences")


def tell_difference(played: Played, games: int) -> None:
    """What differs, the smallest life that shows it, and how to play it again."""
    ids = user_ids(played.household)
    print(f"\nDIFFERENT: {played.different}")
    print(f"the smallest life found that shows it, after playing it {games} times:")
    met: dict[int, list[str]] = {}
    for site, fault in played.met:
        met.setdefault(site.step, []).append(_fault(site, fault))
    for step in played.steps:
        print(f"  {_step(step, ids)}")
        for part in step.get("lanes", ()):
            print(f"      at once: {_step(part, ids)}")
        numbers = [step["number"], *(part["number"] for part in step.get("lanes", ()))]
        for fault_text in [text for number in numbers for text in met.get(number, ())]:
            print(f"      {fault_text}")
    proof = [text for number, texts in met.items() if number not in _numbers(played) for text in texts]
    for fault_text in proof:
        print(f"      in the proof: {fault_text}")
    print(f"play it again: {replay_command(played)}")


def _numbers(played: Played) -> set[int]:
    return {part["number"] for step in played.steps for part in (step, *step.get("lanes", ()))}


def _step(step: Json, ids: list[str]) -> str:
    who = ids[step["user"]] if "user" in step else "the job"
    fields = {name: value for name, value in step.items() if name not in _HIDDEN}
    if step["do"] == "at_once":
        return f"{step['at']} {who!r}"
    return f"{step['at']} {who!r} {step['do']} {json.dumps(fields, ensure_ascii=False)}"


def _fault(site: Site, fault: Fault) -> str:
    return f"fault: {fault.name} {fault.place} {site.rpc} {site.number} of {site.device}"


def _table(found: Json) -> Table:
    table = Table(title=None)
    table.add_column("RPC")
    table.add_column("place")
    for code in Code:
        table.add_column(code.value, justify="right")
    rows: dict[tuple[str, str], Counter[str]] = {}
    for one in found["faults_by_kind_and_place"]:
        rows.setdefault((one["rpc"], one["place"]), Counter())[one["kind"]] += one["faults"]
    for (rpc, place), kinds in sorted(rows.items()):
        table.add_row(rpc, place, *(str(kinds[code.value] or "") for code in Code))
    return table


def _console() -> Console:
    return Console() if sys.stdout.isatty() else Console(width=_PLAIN_WIDTH)
