"""The commands of `streakctl`.

It must not do any of the work: it finds the target, hands over, and turns what fails into one sentence and a status.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final, NoReturn

import typer
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore
from rich.console import Console
from rich.text import Text

from streak_core.domain.commands.base import check_reason
from streak_core.domain.days import rfc3339
from streak_core.domain.errors import DatabaseUnavailable, StreakError, UserBusy, UserErased
from streak_core.domain.rules import Rules, always
from streak_core.store.client import firestore_client
from streak_core.store.documents import user_doc_id
from streak_core.store.run_documents import UnreadableRun
from streak_core.store.unreadable import UnreadableStreakError
from tools.streakctl import Json, options, tables
from tools.streakctl.bringing.databases import Query
from tools.streakctl.bringing.forms import FORMS, FormName, unused_columns, with_columns
from tools.streakctl.bringing.importing import NotAsImportedError
from tools.streakctl.bringing.mapping import RowReader
from tools.streakctl.bringing.run import Import, importer_of, refusals
from tools.streakctl.bringing.sources import source_of
from tools.streakctl.database import Target, WrongUseError, find_target
from tools.streakctl.progress import ShownProgress
from tools.streakctl.proving import Prover
from tools.streakctl.repository import ProofStore
from tools.streakctl.rights import RightsByHand, Telling
from tools.streakctl.show import Looking, UnknownUserError, UnusableUserError
from tools.streakctl.verify import FAILED, INTERRUPTED, Verification

# A table in a file or a pipe has no terminal to fit into.
_PIPE_WIDTH: Final = 160

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Proves users against their ledgers, shows what is stored of them, and brings users along. "
    "Read-only but for --fix, `erase` and `import`.",
    epilog="Exit status: 0 fine, 1 something differs, 2 it could not be done, 130 interrupted.",
)


@dataclass(frozen=True)
class _Session:
    """Where and when one command looks, and where it prints."""

    target: Target
    now: datetime
    out: Console

    @property
    def client(self) -> firestore.Client:
        return firestore_client(self.target.project, self.target.database)

    @property
    def rights(self) -> RightsByHand:
        say = Console(stderr=True, highlight=False).print
        return RightsByHand(self.client, Telling(say))

    @property
    def looking(self) -> Looking:
        return Looking(self.client, self.rules, self.now)

    @property
    def rules(self) -> Rules:
        return always(self.target.policy)


@app.command()
def verify(  # noqa: PLR0913 - one parameter an option
    *,
    uid: options.Uids = None,
    fix: options.Fix = False,
    as_json: options.AsJson = False,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    now: options.Now = None,
    threads: options.Threads = 8,
    yes: options.Yes = False,
) -> None:
    """Rebuild users from their ledgers and compare with what is stored: the state, its fields, months and events.

    Shows every difference. The exit status is 0 when everything is equal, or mended by --fix; 1 when differences
    remain or a ledger proves nothing; 2 when it could not be done; 130 when interrupted.
    """
    with _session(project, database, policy, now) as session:
        if fix:
            _check_fix(session.target, is_simulated=now is not None, is_agreed=yes)
        store = ProofStore(session.client)
        prover = Prover(store=store, rules=session.rules, now=session.now, fix=fix, threads=threads)
        progress = ShownProgress(Console(stderr=True, highlight=False), (lambda: len(uid)) if uid else store.count)
        user_documents = (store.user_document(user_doc_id(one)) for one in uid) if uid else store.user_documents()
        status = Verification(prover, session.out, progress, as_json).run(user_documents)
        raise typer.Exit(status)


@app.command()
def explain(  # noqa: PLR0913 - one parameter an option
    uid: options.Uid,
    *,
    days: options.Days = 14,
    as_json: options.AsJson = False,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    now: options.Now = None,
) -> None:
    """Say why each of the last days has its verdict: what the explain route answers."""
    with _session(project, database, policy, now) as session:
        show_table = partial(tables.show_explained, asked=days)
        _show(session, session.looking.explain(uid, days), show_table, as_json=as_json)


@app.command()
def show(  # noqa: PLR0913 - one parameter an option
    uid: options.Uid,
    *,
    entries: options.Entries = 10,
    as_json: options.AsJson = False,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    now: options.Now = None,
) -> None:
    """Show a user: the streak, settings, pauses, freezes, and the last entries of the ledger."""
    with _session(project, database, policy, now) as session:
        _show(session, session.looking.show(uid, entries), tables.show_user, as_json=as_json)


@app.command()
def runs(
    *,
    limit: options.Limit = 10,
    as_json: options.AsJson = False,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    now: options.Now = None,
) -> None:
    """List the last runs of the job: state, lease, progress by shard, counters."""
    with _session(project, database, policy, now) as session:
        _show(session, {"runs": session.looking.runs(limit)}, tables.show_runs, as_json=as_json)


@app.command(name="import")
def import_users(  # noqa: PLR0913 - one parameter an option
    source: options.ImportSource,
    *,
    form: options.ImportForm = FormName.OWN,
    table: options.Table = None,
    columns: options.Columns = None,
    time_zone: options.TimeZone = None,
    as_of: options.AsOf = None,
    reason: options.ReasonKept = "imported",
    dry_run: options.DryRun = False,
    refused: options.RefusedFile = None,
    as_json: options.AsJson = False,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    threads: options.Threads = 8,
    yes: options.Yes = False,
) -> None:
    """Bring users along from another system: a CSV or NDJSON file, a table of SQLite or PostgreSQL.

    The exit status is 0 when each row was imported or was there already; 1 when rows were refused; 2 when it could not
    be done; 130 when interrupted: started again, it goes on.
    """
    with _session(project, database, policy, None) as session, ExitStack() as stack:
        errors = Console(stderr=True, highlight=False)
        check_reason(reason)
        known = with_columns(FORMS[form], columns or ())
        if table:
            known = replace(known, query=replace(known.query or Query(table), table=table))
        rows = source_of(source, known.query, is_table_said=table is not None)
        if unused := unused_columns(known, rows.columns(), columns or ()):
            errors.print(Text(tables.plain(f"nothing is taken from the columns {', '.join(unused)}"), style="yellow"))
        refused_file = stack.enter_context(refusals(refused, source)) if refused else None
        if not dry_run:
            _check_agreed(session.target, "Import users into", is_agreed=yes)
        starts = session.rules.day_starts
        reader = RowReader(form=known, reason=reason, day_starts=starts, time_zone=time_zone, as_of=as_of)
        importer = importer_of(session.client, session.target, session.rules, reader, is_trial=dry_run, threads=threads)
        progress = ShownProgress(errors, lambda: rows.count() or 0, "done with", "rows", "refused")
        call = Import(importer, rows, session.out, errors, progress, as_json, refused_file)
        raise typer.Exit(call.run())


@app.command()
def export(uid: options.Uid, *, project: options.Project = None, database: options.Database = None) -> None:
    """Print all that is stored of a user, a line of JSON each; what has no last line `{"lines": …}` broke off."""
    with _session(project, database, None, None) as session:
        session.rights.export(uid, session.out.file.write)


@app.command()
def erase(
    uid: options.Uid,
    *,
    reason: options.Reason,
    project: options.Project = None,
    database: options.Database = None,
    yes: options.Yes = False,
) -> None:
    """Erase everything that is stored of a user, for good. Broken off, it goes on when it is called again."""
    with _session(project, database, None, None) as session:
        _check_agreed(session.target, f"Erase the user {tables.plain(uid)} in", is_agreed=yes)
        erased_at = rfc3339(session.rights.erase(uid, reason).erased_at)
        session.out.print(Text(f"erased {tables.plain(uid)}: of sign-ins until {erased_at} nothing is taken any more"))


@contextmanager
def _session(
    project: str | None, database: str | None, policy: options.PolicyFile, now: datetime | None
) -> Iterator[_Session]:
    """A session, and the one place where what fails becomes a sentence and an exit status."""
    target: Target | None = None
    try:
        target = find_target(os.environ, project, database, policy)
        yield _Session(
            target=target,
            now=now or datetime.now(UTC),
            out=Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH),
        )
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None
    except WrongUseError as error:
        _fail(str(error))
    except UserErased:
        _fail("this user was erased, so that there is nothing to look at")
    except UnknownUserError as error:
        _fail(f"nothing is stored of the user {error}")
    except UnusableUserError as error:
        _fail(f"what is stored of this user can't be worked out ({error}); `streakctl verify --uid` says more")
    except UnreadableStreakError as error:
        _fail(f"a document of this user does not read ({error}); `streakctl verify --uid` says more")
    except (DatabaseUnavailable, UserBusy, UnreadableRun, GoogleAPICallError) as error:
        _fail(f"{target} can't be used: {_reason(error)}")
    except (StreakError, NotAsImportedError) as error:
        _fail(str(error))
    except GoogleAuthError as error:
        _fail(f"no credentials of Google Cloud that work: {error}")


def _check_fix(target: Target, *, is_simulated: bool, is_agreed: bool) -> None:
    """Whether it is meant and may be. Raises `WrongUseError`."""
    if is_simulated:
        message = "--now is for looking; --fix mends as of this moment"
        raise WrongUseError(message)
    _check_agreed(target, "Mend what differs in", is_agreed=is_agreed)


def _check_agreed(target: Target, question: str, *, is_agreed: bool) -> None:
    """Whether production is to be written to. Raises `WrongUseError`."""
    if target.emulator or is_agreed:
        return
    typer.echo(f"{question} {target}? [y/N] ", err=True, nl=False)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        message = "nothing was changed: it was not confirmed, and --yes was not given"
        raise WrongUseError(message)


def _show(session: _Session, content: Json, show_table: Callable[[Console, Json], None], *, as_json: bool) -> None:
    if as_json:
        session.out.file.write(json.dumps(content, indent=2) + "\n")
    else:
        show_table(session.out, content)


def _reason(error: Exception) -> str:
    """What the database said, without what the client wraps around it."""
    cause = error.__cause__ if isinstance(error, DatabaseUnavailable) else error
    said = getattr(cause, "message", None) or str(cause or error)
    return f"{type(cause or error).__name__}: {said.splitlines()[0] if said else 'no reason given'}"


def _fail(message: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(f"error: {tables.plain_lines(message)}"))
    raise typer.Exit(FAILED)
