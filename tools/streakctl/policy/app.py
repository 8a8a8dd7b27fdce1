"""The commands of `streakctl policy`.

It must not do any of the work: it finds the target, and hands over.
"""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Final

import typer
from rich.console import Console

from streak_core.domain.policy import Policy
from streak_core.domain.publishing import latest_label
from streak_core.domain.rules import PolicyInTime
from streak_core.policies import Policies, Publishing
from streak_core.policy_response import listed_policy, whole_policy
from streak_core.proving.repository import ProofStore
from streak_core.records.acts import by_hand
from streak_core.records.told_acts import audit_of
from streak_core.records.trails import Trails
from streak_core.store.policies import PolicyStore
from tools.streakctl import Json, options, tables
from tools.streakctl.policy.call import Call
from tools.streakctl.policy.comparing import changes, policy_of
from tools.streakctl.policy.reliving import candidate_rules
from tools.streakctl.policy.trying import Trial
from tools.streakctl.progress import ShownProgress
from tools.streakctl.session import LOOKING, WRITING, Session, check_agreed, in_session
from tools.streakctl.verify import DIFFERENT, FINE

policy_app = typer.Typer(no_args_is_help=True, help="The policies in time: what is in force from which day on.")


_SHOWN: Final = ("number", "effective_from", "state", "published_at", "by", "reason")


def _policies(one: Session) -> Policies:
    audit = audit_of(Trails(one.client), by_hand(getpass.getuser()), "policy")
    return Policies(PolicyStore(one.client), one.target.first_policy, one.target.stored_form, audit=audit)


@policy_app.command()
@in_session("as_json", *WRITING)
def publish(
    one: Session,
    file: options.PolicyText,
    *,
    effective_from: options.From,
    reason: options.ReasonListed,
    yes: options.Yes = False,
) -> None:
    """Publish a policy for a day that is to come: it is in force from then on, for each user in their own zone."""
    publishing = Publishing(
        effective_from=effective_from,
        text=policy_of(file)[1],
        by=f"streakctl:{getpass.getuser()}",
        reason=reason,
    )
    check_agreed(one.target, f"Publish it from {effective_from} on in {one.target}?", is_agreed=yes)
    published, rules = _policies(one).publish(publishing, one.now)
    one.show(dict(listed_policy(published, rules, one.now)), _show_one)


@policy_app.command("list")
@in_session(*LOOKING)
def list_policies(one: Session) -> None:
    """List every policy, also those that are over or were withdrawn."""
    listed = [listed_policy(each, one.rules, one.now) for each in one.rules.policies]
    one.show({"policies": listed}, _show_list)


@policy_app.command()
@in_session(*LOOKING)
def show(one: Session, number: options.PolicyNumber) -> None:
    """Print what a policy says, as the file that it was published from."""
    found, rules = _policies(one).find(number)
    if one.as_json:
        one.show(dict(whole_policy(found, rules, one.now)), _show_one)
    else:
        one.out.file.write(found.text)


@policy_app.command()
@in_session("as_json", *WRITING)
def withdraw(one: Session, number: options.PolicyNumber, *, yes: options.Yes = False) -> None:
    """Withdraw a policy that is not in force anywhere yet."""
    check_agreed(one.target, f"Withdraw policy {number} in {one.target}?", is_agreed=yes)
    withdrawn, rules = _policies(one).withdraw(number, one.now)
    one.show(dict(listed_policy(withdrawn, rules, one.now)), _show_one)


@policy_app.command()
@in_session(*LOOKING)
def diff(one: Session, first: options.NumberOrFile, other: options.OtherPolicy = None) -> None:
    """Name every field in which two policies differ. The exit status is 1 where they do."""
    found = changes(_in_force(one).policy if other is None else _either(one, other), _either(one, first))
    one.show({"changes": found}, tables.show_changes)
    raise typer.Exit(DIFFERENT if found else FINE)


@policy_app.command("try")
@in_session(*LOOKING)
def try_policy(  # noqa: PLR0913 - one parameter an option
    one: Session,
    file: options.PolicyText,
    *,
    since: options.From,
    users: options.UsersAtMost = None,
    sample: options.Sample = 1.0,
    resume: options.Resume = None,
    threads: options.Threads = 8,
) -> None:
    """Live real ledgers once more as if the policy had been in force since a day, and say who would have what.

    Writes nothing to the database. Broken off, it says what came out so far; with --resume it then goes on.
    """
    candidate, text = policy_of(file)
    rules = candidate_rules(one.rules, candidate, since)
    trial = Trial(
        store=ProofStore(one.client), rules=one.rules, candidate=rules, since=since, now=one.now, threads=threads
    )
    errors = Console(stderr=True, highlight=False)
    progress = ShownProgress(errors, trial.store.count if sample == 1.0 else lambda: 0, "tried", "users", "differ")
    call = Call(trial, text, one, progress, resume)
    raise typer.Exit(call.run(sample, users))


def _in_force(one: Session) -> PolicyInTime:
    return one.rules.standing.in_force(latest_label(one.rules, one.now))


def _either(one: Session, named: str) -> Policy:
    return _policies(one).find(int(named))[0].policy if named.isdecimal() else policy_of(Path(named))[0]


def _show_list(console: Console, shown: Json) -> None:
    tables.show_rows(console, _SHOWN, shown["policies"])


def _show_one(console: Console, shown: Json) -> None:
    tables.show_rows(console, _SHOWN, [shown])
