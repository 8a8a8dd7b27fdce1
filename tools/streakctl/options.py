"""The options of `streakctl`, each said once for all commands.

It must not know what is done with them.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from tools.streakctl.bringing.forms import FormName
from tools.streakctl.database import EMULATOR

_RFC3339: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE)
# The longest id that Firestore takes.
_ID_BYTES_MAX: Final = 1500
_REASON_LENGTH_MAX: Final = 200
_EXPLAINED_MAX: Final = 366
_SHOWN_MAX: Final = 1000
_THREADS_MAX: Final = 64


def moment(text: str) -> datetime:
    """The instant (UTC) of an RFC 3339 text. Raises `typer.BadParameter`."""
    try:
        if _RFC3339.fullmatch(text):
            return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    message = "must be an instant such as 2026-03-02T09:00:00Z"
    raise typer.BadParameter(message)


def label(text: str) -> date:
    """The date of a text such as 2026-04-01. Raises `typer.BadParameter`."""
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()  # noqa: DTZ007 - a label, which has no zone
    except ValueError:
        message = "must be a date such as 2026-04-01"
        raise typer.BadParameter(message) from None


def user_id(text: str) -> str:
    """A user's id. Raises `typer.BadParameter`."""
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        size = 0
    if not 1 <= size <= _ID_BYTES_MAX:
        message = f"must be text of 1 to {_ID_BYTES_MAX} bytes"
        raise typer.BadParameter(message)
    return text


def reason(text: str) -> str:
    """Why something is done. Raises `typer.BadParameter`."""
    if not 1 <= len(text.strip()) <= _REASON_LENGTH_MAX:
        message = f"must be text of 1 to {_REASON_LENGTH_MAX} characters"
        raise typer.BadParameter(message)
    return text.strip()


Uid = Annotated[str, typer.Argument(parser=user_id, metavar="UID", help="The user, as the ID token names them.")]
Uids = Annotated[
    list[str] | None,
    typer.Option("--uid", parser=user_id, metavar="UID", help="Only this user; may be given several times."),
]
Project = Annotated[
    str | None,
    typer.Option("--project", help=f"The Google Cloud project. Must be typed unless {EMULATOR} is set."),
]
Database = Annotated[
    str | None, typer.Option("--database", help="Another database than (default), or FIRESTORE_DATABASE.")
]
PolicyFile = Annotated[
    Path | None,
    typer.Option("--policy", help="The policy that is deployed there, where it is not the shipped one."),
]
EarlierPolicies = Annotated[
    list[Path] | None,
    typer.Option(
        "--earlier-policy", help="A policy that activities were priced by before; may be given several times."
    ),
]
Now = Annotated[
    datetime | None,
    typer.Option("--now", parser=moment, metavar="RFC3339", help="Look as of this moment; only for reading."),
]
AsJson = Annotated[bool, typer.Option("--json", help="For machines: JSON on standard output, and nothing else.")]
Fix = Annotated[bool, typer.Option("--fix", help="Mend what differs; without it nothing is written.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before anything is written to production.")]
Reason = Annotated[
    str,
    typer.Option("--reason", parser=reason, metavar="TEXT", help="Why, for the log; it must name nobody."),
]
Threads = Annotated[
    int, typer.Option(min=1, max=_THREADS_MAX, help="Users, or files, that are worked on at the same time.")
]
Days = Annotated[int, typer.Option(min=1, max=_EXPLAINED_MAX, help="How many days.")]
Recount = Annotated[
    bool, typer.Option("--recount", help="Count each day once more from its records, as they are now; change nothing.")
]
Entries = Annotated[int, typer.Option(min=0, max=_SHOWN_MAX, help="How many entries of the ledger.")]
ImportSource = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A file *.csv, *.ndjson, *.sqlite or *.db, or postgresql://….")
]
ImportForm = Annotated[FormName, typer.Option("--form", help="The form of the rows, where it is not our own.")]
Table = Annotated[str | None, typer.Option("--table", help="The table of a database.")]
Columns = Annotated[
    list[str] | None,
    typer.Option("--map", metavar="FIELD=COLUMN", help="The column of a field; may be given several times."),
]
TimeZone = Annotated[
    str | None, typer.Option("--time-zone", help="Where users are of whom no row says it: Europe/Amsterdam.")
]
AsOf = Annotated[
    datetime | None,
    typer.Option("--as-of", parser=moment, metavar="RFC3339", help="When the numbers held; now, unless a row says it."),
]
ReasonKept = Annotated[str, typer.Option("--reason", help="Why, kept in each ledger.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Decide about every row, and write nothing.")]
RefusedFile = Annotated[
    Path | None, typer.Option("--refused", help="Where refused rows go, with the reason; begun anew each time.")
]
Limit = Annotated[int, typer.Option(min=1, max=_SHOWN_MAX, help="How many runs.")]
Place = Annotated[
    str,
    typer.Argument(
        metavar="DIR|gs://…",
        help="The folder, or place in a bucket, that backups lie in; to read, also one of them.",
    ),
]
ReadTime = Annotated[
    datetime | None,
    typer.Option(
        "--moment", parser=moment, metavar="RFC3339", help="As of this moment; else of the last whole minute."
    ),
]
ToTime = Annotated[
    datetime | None,
    typer.Option("--to-time", parser=moment, metavar="RFC3339", help="The last backup of this moment or before."),
]
KeepDays = Annotated[
    int | None,
    typer.Option("--keep", min=1, metavar="DAYS", help="Then delete backups that are not of the last DAYS days (UTC)."),
]
OneUid = Annotated[
    str | None,
    typer.Option("--uid", "--user", parser=user_id, metavar="UID", help="Only this user, into nothing or over damage."),
]
PolicyText = Annotated[
    Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="A whole policy file, as TOML.")
]
From = Annotated[
    date, typer.Option("--from", parser=label, metavar="DATE", help="The first day on which it is in force.")
]
ReasonListed = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why, for whoever reads the list.")]
PolicyNumber = Annotated[
    int, typer.Argument(metavar="NUMBER", min=0, help="The number of a policy; 0 is the deployed one.")
]
NumberOrFile = Annotated[str, typer.Argument(metavar="POLICY", help="The number of a policy, or a file.")]
OtherPolicy = Annotated[str | None, typer.Argument(metavar="OTHER", help="Another one; without it, the one in force.")]
UsersAtMost = Annotated[int | None, typer.Option("--users", min=1, help="So many users at most.")]
Sample = Annotated[float, typer.Option("--sample", min=0.000001, max=1.0, help="A part of all users, as in 0.01.")]
Resume = Annotated[
    Path | None, typer.Option("--resume", metavar="FILE", help="Where it is noted how far it is, and gone on from.")
]
UpTo = Annotated[int | None, typer.Option("--to", min=1, metavar="N", help="The form; the newest, if none is said.")]
DownTo = Annotated[int, typer.Option("--to", min=1, metavar="N", help="The form that everybody is brought back to.")]
AcceptLoss = Annotated[
    bool, typer.Option("--accept-loss", help="Also where something is lost; only after a backup of today.")
]
