"""Prints or runs steps in their order; stops at the first failure, saying how to go on. Must not know what they do."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from tools.deploy.action import Action, Step, Words, said
from tools.deploy.errors import DeploymentStopped
from tools.deploy.gcloud import do, number_command

if TYPE_CHECKING:
    from collections.abc import Sequence


def show(steps: Sequence[Step], project: str) -> None:
    """Print what `run` would do, as a script that a shell takes as it is."""
    print("set -eu")
    print(f"PROJECT_NUMBER=$({said(number_command(project))})")
    for step in steps:
        print(f"\n# {step.name}: {step.why}")
        for action in step.actions:
            print(f"# - {action.what}")
            print(action.shell())
        if not step.actions:
            print("# nothing to do")


def run(steps: Sequence[Step], again: Words, *, by_name: bool = False) -> None:
    """Run each action of each step. Raises `DeploymentStopped`, which says how to go on.

    `again` is the command for that, without where to begin; `by_name` says that these steps were asked for one by one.
    """
    for position, step in enumerate(steps, start=1):
        print(f"[{position}/{len(steps)}] {step.name}: {step.why}", flush=True)
        for action in step.actions:
            print(f"  {action.what}", flush=True)
            if status := do(("sh", "-euc", action.shell())):
                rest = f"STEP={' '.join(one.name for one in steps[position - 1 :])}" if by_name else f"FROM={step.name}"
                raise DeploymentStopped(_told(step, action, status, (*again, rest)))
        if not step.actions:
            print("  nothing to do", flush=True)


def _told(step: Step, action: Action, status: int, again: Words) -> str:
    return (
        f"stopped in the step {step.name}, at {action.what}:\n"
        f"{indent(action.shell(), '  ')}\nended with status {status}.\n"
        f"What was done stays, and doing it again changes nothing. When it is mended, go on with:\n"
        f"  {said(again)}"
    )
