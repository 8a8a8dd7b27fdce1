"""The commands of `streakctl audit`.

It must not do any of the work: it finds the target, and hands over.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from streak_core.records.trails import Trails
from tools.streakctl import options, tables
from tools.streakctl.progress import NowAndThen
from tools.streakctl.session import LOOKING, Session, in_session
from tools.streakctl.trails.verifying import Proved, TrailProver, read_heads
from tools.streakctl.verify import DIFFERENT, FINE

audit_app = typer.Typer(no_args_is_help=True, help="The audit trail: who did what, proved by its own chain.")

Heads = Annotated[
    Path | None,
    typer.Option(
        "--heads", metavar="FILE", help="Log lines of the event audit_heads: a chain written anew differs from them."
    ),
]


@audit_app.callback()
def _audit() -> None:
    """The audit trail."""


@audit_app.command()
@in_session(*LOOKING)
def verify(one: Session, *, uid: options.Uids = None, heads: Heads = None) -> None:
    """Prove trails: of the users that are named, or of all, and of what concerns everybody.

    Finds an edit, a removal, a swap, a cut. The exit status is 0 when every trail is as it was written; 1 when one is
    not; 2 when it could not be done; 130 when interrupted.
    """
    errors, due, count = Console(stderr=True, highlight=False), NowAndThen(), 0

    def tell() -> None:
        nonlocal count
        count += 1
        if due.is_due():
            errors.print(f"looked at {count:,} trails")

    prover = TrailProver(Trails(one.client), one.now, read_heads(heads) if heads else {}, tell)
    proved = prover.prove(uid or ())
    content = {
        "trails": proved.trails,
        "wrong": [{"subject": f"{who.kind}:{who.id}", "findings": found} for who, found in proved.wrong.items()],
    }
    one.show(content, lambda out, _: _show(out, proved))
    raise typer.Exit(DIFFERENT if proved.wrong else FINE)


def _show(out: Console, proved: Proved) -> None:
    for who, found in proved.wrong.items():
        for sentence in found:
            out.print(Text(tables.plain(f"{who.kind}:{who.id}: {sentence}"), style="red"))
    out.print(Text(f"{proved.trails:,} trails, {len(proved.wrong):,} of them not as they were written"))
