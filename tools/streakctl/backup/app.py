"""The commands of `streakctl` that copy a database, and bring it back.

It must not do any of the work: it finds the target, and hands over.
"""

from __future__ import annotations

import typer

from tools.streakctl import options
from tools.streakctl.database import LOCAL_PROJECT
from tools.streakctl.session import WRITING, Session, check_agreed, in_session, session


def add_to(app: typer.Typer) -> None:
    """Makes them commands of `app`."""
    app.command()(backup)
    app.command("verify-backup")(verify_backup)
    app.command()(restore)
    app.command("close")(close_service)
    app.command("open")(open_service)


@in_session(*WRITING)
def backup(
    one: Session,
    place: options.Place,
    *,
    moment: options.ReadTime = None,
    keep: options.KeepDays = None,
    threads: options.Threads = 8,
) -> None:
    """Copy the database as of one moment into a folder of that place; broken off and given again, it goes on."""
    raise typer.Exit(one.keeping(threads).backup(place, moment, keep))


def verify_backup(place: options.Place, *, to_time: options.ToTime = None) -> None:
    """Read every byte of a backup, and name what is not as it was written."""
    with session(project=LOCAL_PROJECT) as one:
        raise typer.Exit(one.files.verify(place, to_time))


@in_session(*WRITING, "earlier_policy")
def restore(
    one: Session,
    place: options.Place,
    *,
    to_time: options.ToTime = None,
    uid: options.OneUid = None,
    threads: options.Threads = 8,
    yes: options.Yes = False,
) -> None:
    """Bring a backup back into an empty database, or one damaged user: close, write, compare, prove, open.

    Broken off and given again, it goes on, and the service stays closed until it is through.
    """
    check_agreed(one.target, f"Restore into {one.target}?", is_agreed=yes)
    raise typer.Exit(one.keeping(threads).restore(place, to_time, uid))


@in_session(*WRITING)
def close_service(one: Session, *, reason: options.Reason, yes: options.Yes = False) -> None:
    """Close the service for writing: commands and the job are told 503 `restoring`, questions are answered."""
    check_agreed(one.target, f"Close {one.target} for writing?", is_agreed=yes)
    raise typer.Exit(one.keeping(1).close(reason))


@in_session(*WRITING)
def open_service(one: Session, *, yes: options.Yes = False) -> None:
    """Open the service again, whatever is stored: after `close`, or a restore that is given up."""
    check_agreed(one.target, f"Open {one.target}, whatever is stored there?", is_agreed=yes)
    raise typer.Exit(one.keeping(1).reopen())
