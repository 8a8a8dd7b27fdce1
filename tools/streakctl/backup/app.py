"""The commands of `streakctl` that copy a database, and bring it back.

It must not do any of the work: it finds the target, and hands over.
"""

from __future__ import annotations

import typer

from tools.streakctl import options
from tools.streakctl.database import LOCAL_PROJECT
from tools.streakctl.session import check_agreed, session


def add_to(app: typer.Typer) -> None:
    """Makes them commands of `app`."""
    app.command()(backup)
    app.command("verify-backup")(verify_backup)
    app.command()(restore)
    app.command("close")(close_service)
    app.command("open")(open_service)


def backup(  # noqa: PLR0913 - one parameter an option
    place: options.Place,
    *,
    moment: options.ReadTime = None,
    keep: options.KeepDays = None,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    threads: options.Threads = 8,
) -> None:
    """Copy the database as of one moment into a folder of DIR; broken off and given again, it goes on."""
    with session(project, database, policy, None) as one:
        raise typer.Exit(one.keeping(threads).backup(place, moment, keep))


def verify_backup(place: options.Place, *, to_time: options.ToTime = None) -> None:
    """Read every byte of a backup, and name what is not as it was written."""
    with session(LOCAL_PROJECT, None, None, None) as one:
        raise typer.Exit(one.files.verify(place, to_time))


def restore(  # noqa: PLR0913 - one parameter an option
    place: options.Place,
    *,
    to_time: options.ToTime = None,
    uid: options.OneUid = None,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    earlier_policy: options.EarlierPolicies = None,
    threads: options.Threads = 8,
    yes: options.Yes = False,
) -> None:
    """Bring a backup back into an empty database, or one damaged user: close, write, compare, prove, open.

    Broken off and given again, it goes on, and the service stays closed until it is through.
    """
    with session(project, database, policy, None, earlier_policy) as one:
        check_agreed(one.target, f"Restore into {one.target}?", is_agreed=yes)
        raise typer.Exit(one.keeping(threads).restore(place, to_time, uid))


def close_service(
    *,
    reason: options.Reason,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    yes: options.Yes = False,
) -> None:
    """Close the service for writing: commands and the job are told 503 `restoring`, questions are answered."""
    with session(project, database, policy, None) as one:
        check_agreed(one.target, f"Close {one.target} for writing?", is_agreed=yes)
        raise typer.Exit(one.keeping(1).close(reason))


def open_service(
    *,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    yes: options.Yes = False,
) -> None:
    """Open the service again, whatever is stored: after `close`, or a restore that is given up."""
    with session(project, database, policy, None) as one:
        check_agreed(one.target, f"Open {one.target}, whatever is stored there?", is_agreed=yes)
        raise typer.Exit(one.keeping(1).open())
