"""The commands of `streakctl migrate`.

It must not do any of the work: it finds the target, and hands over.
"""

from __future__ import annotations

import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console

from emulator.stopping import stop_signals_interrupt
from streak_core.maintenance.pacing import NoBudget, WriteBudget
from streak_core.migrations.chain import Chain, Step, kept_in, whole_way
from streak_core.migrations.migration import MigrationRefusedError
from streak_core.proving.repository import ProofStore
from streak_core.store.backups import BackupStore
from streak_core.store.documents import SCHEMA_VERSION
from streak_core.store.migrated import MigratedUsers
from streak_core.store.migrations import MigrationStore, Progress
from streak_core.store.runs import RunStore
from streak_core.store.write_lease import WriteLeases
from tools.streakctl import options
from tools.streakctl.migrating import report
from tools.streakctl.migrating.lease import MigrationLease
from tools.streakctl.migrating.run import MigrationRun, is_any_left
from tools.streakctl.session import WRITING, Session, check_agreed, in_session
from tools.streakctl.verify import DIFFERENT, FINE

migrate_app = typer.Typer(no_args_is_help=True, help="Everybody brought along to another stored form, and back.")

_TAKEN: Final = ("as_json", *WRITING)


@migrate_app.command()
@in_session(*_TAKEN)
def status(one: Session) -> None:
    """Show each migration: where it stands, how many users it has changed or left alone, when and by whom.

    The exit status is 1 where what is there is not what is here.
    """
    _, run = _shown_run(one)
    wrong = _wrong(run)
    kept = {each.number: each for each in run.store.all()}
    one.show(report.standing(run.chain, kept, run.lease.holder(), wrong), report.show_standing)
    raise typer.Exit(DIFFERENT if wrong else FINE)


@migrate_app.command()
@in_session(*_TAKEN)
def plan(one: Session, *, to: options.UpTo = None) -> None:
    """Say what `up`, or `down` to an older form, would do with every user, and do nothing.

    The exit status is 1 where somebody would be left alone.
    """
    shown, run = _shown_run(one)
    steps = run.way(to)
    seen = _looked_at(one, run, [whole_way(steps)] if steps else [], shown)
    raise typer.Exit(DIFFERENT if is_any_left(seen) else FINE)


@migrate_app.command()
@in_session(*_TAKEN)
def up(one: Session, *, to: options.UpTo = None, yes: options.Yes = False) -> None:
    """Bring everybody to a newer form; broken off and given again, it goes on.

    The exit status is 0 when everybody is there, 1 when somebody was left alone, who is named.
    """
    check_agreed(one.target, f"Migrate all users up in {one.target}?", is_agreed=yes)
    shown, run = _shown_run(one)
    with _heeding_signals(shown):
        passed = run.up(to)
    raise _done(one, passed, shown)


@migrate_app.command()
@in_session(*_TAKEN)
def down(
    one: Session, *, to: options.DownTo, accept_loss: options.AcceptLoss = False, yes: options.Yes = False
) -> None:
    """Bring everybody back to an older form; nobody, where somebody would lose something. Else as `up`."""
    check_agreed(one.target, f"Migrate all users down to form {to} in {one.target}?", is_agreed=yes)
    shown, run = _shown_run(one)
    with _heeding_signals(shown):
        passed = run.down(to, accept_loss=accept_loss)
    raise _done(one, passed, shown)


@migrate_app.command()
@in_session(*_TAKEN)
def verify(one: Session) -> None:
    """Read every user, and say who is not in the form that the migrations have come to; writes nothing.

    The exit status is 0 when everybody is, and nothing is under way. `streakctl verify` proves them by their ledgers.
    """
    shown, run = _shown_run(one)
    steps, is_under_way = run.come_to()
    seen = _looked_at(one, run, steps, shown)
    if is_under_way:
        shown.console.print("a migration is under way: give it again, and it goes on")
    is_fine = not (is_under_way or is_any_left(seen) or any(progress.counts.changed for _, progress in seen))
    raise typer.Exit(FINE if is_fine else DIFFERENT)


def _looked_at(
    one: Session, run: MigrationRun, steps: Sequence[Step], shown: report.ShownUsers
) -> list[tuple[Step, Progress]]:
    with _heeding_signals(shown):
        seen = [(step, run.look(step)) for step in steps]
    one.show(report.passed(seen, is_written=False, seconds=shown.seconds), report.show_passed)
    return seen


def _done(one: Session, passed: Sequence[tuple[Step, Progress]], shown: report.ShownUsers) -> typer.Exit:
    one.show(report.passed(passed, is_written=True, seconds=shown.seconds), report.show_passed)
    return typer.Exit(DIFFERENT if is_any_left(passed) else FINE)


def _wrong(run: MigrationRun) -> str | None:
    try:
        run.check()
    except MigrationRefusedError as error:
        return str(error)
    return None


def _shown_run(one: Session) -> tuple[report.ShownUsers, MigrationRun]:
    """A run, and what says how far it is."""
    shown = report.ShownUsers(Console(stderr=True, highlight=False), ProofStore(one.client).count)
    by, leases, backups = f"streakctl:{getpass.getuser()}", WriteLeases(one.client), BackupStore(one.client)

    def users(step: Step) -> MigratedUsers:
        return MigratedUsers(one.client, step.migration.number, one.rules_in_time, is_down=step.is_down)

    def closed() -> str | None:
        lease = leases.find()
        return lease.reason if lease else None

    run = MigrationRun(
        chain=Chain(kept_in(), SCHEMA_VERSION),
        store=MigrationStore(one.client),
        lease=MigrationLease(runs=RunStore(one.client), by=by),
        users=users,
        by=by,
        stored_form=one.target.stored_form,
        closed=closed,
        backed_up=lambda: next((each.moment for each in backups.latest()), None),
        budget=NoBudget() if one.target.emulator else WriteBudget(),
        tell=shown.tell,
    )
    return shown, run


@contextmanager
def _heeding_signals(shown: report.ShownUsers) -> Iterator[None]:
    """Broken off, it says how far it was."""
    with stop_signals_interrupt():
        try:
            yield
        except KeyboardInterrupt:
            shown.broken_off()
            raise
