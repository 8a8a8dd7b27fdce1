"""The commands of `streakctl`.

It must not do any of the work: it finds the target, and hands over.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from functools import partial

import typer
from rich.console import Console
from rich.text import Text

from streak_core.domain.commands.base import check_reason
from streak_core.domain.days import rfc3339
from streak_core.store.documents import user_doc_id
from tools.streakctl import options, tables
from tools.streakctl.backup import app as backup_app
from tools.streakctl.bringing.databases import Query
from tools.streakctl.bringing.forms import FORMS, FormName, unused_columns, with_columns
from tools.streakctl.bringing.mapping import RowReader
from tools.streakctl.bringing.run import Import, importer_of, refusals
from tools.streakctl.bringing.sources import source_of
from tools.streakctl.mending import MendingStore
from tools.streakctl.migrating.app import migrate_app
from tools.streakctl.policy.app import policy_app
from tools.streakctl.progress import ShownProgress
from tools.streakctl.session import LOOKING, PLACE, WRITING, Session, check_agreed, check_fix, in_session
from tools.streakctl.trails.app import audit_app
from tools.streakctl.verify import Verification
from tools.streakctl.webhooks.app import webhooks_app

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Proves users against their ledgers, shows what is stored of them, brings users along, and keeps copies.",
    epilog="Exit status: 0 fine, 1 something differs, 2 it could not be done, 130 interrupted.",
)
backup_app.add_to(app)
app.add_typer(policy_app, name="policy")
app.add_typer(migrate_app, name="migrate")
app.add_typer(audit_app, name="audit")
app.add_typer(webhooks_app, name="webhooks")


@app.command()
@in_session(*LOOKING, "earlier_policy")
def verify(
    one: Session,
    *,
    uid: options.Uids = None,
    fix: options.Fix = False,
    threads: options.Threads = 8,
    yes: options.Yes = False,
) -> None:
    """Rebuild users from their ledgers and compare with what is stored: the state, its fields, months and events.

    Shows every difference. The exit status is 0 when everything is equal, or mended by --fix; 1 when differences
    remain or a ledger proves nothing; 2 when it could not be done; 130 when interrupted.
    """
    if fix:
        check_fix(one, is_agreed=yes)
    store = MendingStore(one.client)
    prover = one.prover(threads, fix=fix)
    progress = ShownProgress(Console(stderr=True, highlight=False), (lambda: len(uid)) if uid else store.count)
    user_documents = (store.user_document(user_doc_id(one)) for one in uid) if uid else store.user_documents()
    raise typer.Exit(Verification(prover, one.out, progress, one.as_json).run(user_documents))


@app.command()
@in_session(*LOOKING)
def explain(one: Session, uid: options.Uid, *, days: options.Days = 14) -> None:
    """Say why each of the last days has its verdict: what the explain route answers."""
    one.show(one.looking.explain(uid, days), partial(tables.show_explained, asked=days))


@app.command()
@in_session(*LOOKING)
def show(one: Session, uid: options.Uid, *, entries: options.Entries = 10) -> None:
    """Show a user: the streak, settings, pauses, freezes, and the last entries of the ledger."""
    one.show(one.looking.show(uid, entries), tables.show_user)


@app.command()
@in_session(*LOOKING)
def runs(one: Session, *, limit: options.Limit = 10) -> None:
    """List the last runs of the job: state, lease, progress by shard, counters."""
    one.show({"runs": one.looking.runs(limit)}, tables.show_runs)


@app.command()
@in_session(*LOOKING)
def counters(one: Session, *, days: options.Days = 14, recount: options.Recount = False) -> None:
    """List what was counted on the last days (UTC), when that was compared with the records, and what was mended."""
    one.show({"days": one.looking.counters(days, recount=recount)}, tables.show_counters)


@app.command(name="import")
@in_session("as_json", *WRITING)
def import_users(  # noqa: PLR0913 - one parameter an option
    one: Session,
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
    threads: options.Threads = 8,
    yes: options.Yes = False,
) -> None:
    """Bring users along from another system: a CSV or NDJSON file, a table of SQLite or PostgreSQL.

    The exit status is 0 when each row was imported or was there already; 1 when rows were refused; 2 when it could not
    be done; 130 when interrupted: started again, it goes on.
    """
    with ExitStack() as stack:
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
            check_agreed(one.target, f"Import users into {one.target}?", is_agreed=yes)
        starts = one.rules.standing.day_starts
        reader = RowReader(form=known, reason=reason, day_starts=starts, time_zone=time_zone, as_of=as_of)
        importer = importer_of(one.client, one.target, one.rules_in_time, reader, is_trial=dry_run, threads=threads)
        progress = ShownProgress(errors, lambda: rows.count() or 0, "done with", "rows", "refused")
        call = Import(importer, rows, one.out, errors, progress, one.as_json, refused_file)
        raise typer.Exit(call.run())


@app.command()
@in_session(*PLACE)
def export(one: Session, uid: options.Uid) -> None:
    """Print all that is stored of a user, a line of JSON each; what has no last line `{"lines": …}` broke off."""
    one.rights.export(uid, one.out.file.write)


@app.command()
@in_session(*PLACE)
def erase(one: Session, uid: options.Uid, *, reason: options.Reason, yes: options.Yes = False) -> None:
    """Erase everything that is stored of a user, for good. Broken off, it goes on when it is called again."""
    check_agreed(one.target, f"Erase the user {tables.plain(uid)} in {one.target}?", is_agreed=yes)
    erased_at = rfc3339(one.rights.erase(uid, reason).erased_at)
    one.out.print(Text(f"erased {tables.plain(uid)}: of sign-ins until {erased_at} nothing is taken any more"))
