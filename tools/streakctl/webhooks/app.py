"""The commands of `streakctl webhooks`.

It must not do any of the work: it finds the target, and hands over.
"""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from streak_core.store.failures import CommitFailed
from streak_core.store.outbox import OutboxStore
from tools.streakctl import Json, options, tables
from tools.streakctl.database import WrongUseError
from tools.streakctl.progress import NowAndThen
from tools.streakctl.session import PLACE, Session, check_agreed, in_session
from tools.streakctl.verify import DIFFERENT, FINE
from tools.streakctl.webhooks.redelivery import ToldAgain

webhooks_app = typer.Typer(no_args_is_help=True, help="What servers of the app's are told: what they were not.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="The server, as the file of webhooks names it.")]
Events = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="How many events.")]


@webhooks_app.callback()
def _webhooks() -> None:
    """Webhooks."""


@webhooks_app.command(name="list")
@in_session("as_json", *PLACE)
def list_parked(one: Session, *, limit: Events = 50) -> None:
    """List which servers are told of nothing since they answered 410, and the first events that were given up."""
    one.show(_of(one).listed(limit), _show)


@webhooks_app.command()
@in_session(*PLACE)
def enable(one: Session, name: Name, *, yes: options.Yes = False) -> None:
    """Have a server told again that answered 410; of what it missed it is told by `redeliver`."""
    _known(one, name)
    check_agreed(one.target, f"Have {name} told again in {one.target}?", is_agreed=yes)
    try:
        OutboxStore(one.client).enable(name)
    except CommitFailed as failure:
        message = f"it could not be noted ({failure}); give it again"
        raise WrongUseError(message) from failure
    one.out.print(Text(f"{name} is told again of what happens from now on"))


@webhooks_app.command()
@in_session(*PLACE)
def redeliver(one: Session, name: Name, *, uid: options.Uids = None, yes: options.Yes = False) -> None:
    """Have a server told of what it was not: each event once more, by the next run, before what came after it.

    Broken off, it goes on when it is given again. The exit status is 0 when all will be told, 1 when some will not.
    """
    if name in OutboxStore(one.client).disabled():
        message = f"{name} is told of nothing; `streakctl webhooks enable {name}` first"
        raise WrongUseError(message)
    check_agreed(one.target, f"Tell {tables.plain(name)} once more in {one.target}?", is_agreed=yes)
    found = list(_of(one).redeliver(name, frozenset(uid or ()), one.clock))
    one.out.print(Text(f"{sum(found):,} of {len(found):,} events will be told once more, within five minutes"))
    raise typer.Exit(FINE if all(found) else DIFFERENT)


def _of(one: Session) -> ToldAgain:
    errors, due, count = Console(stderr=True, highlight=False), NowAndThen(), 0

    def tell() -> None:
        nonlocal count
        count += 1
        if due.is_due():
            errors.print(f"looked at {count:,} events; Ctrl-C loses nothing")

    return ToldAgain(OutboxStore(one.client), tell)


def _known(one: Session, name: str) -> None:
    if name not in OutboxStore(one.client).disabled():
        message = f"{tables.plain(name)} is not disabled; `streakctl webhooks list` shows which are"
        raise WrongUseError(message)


def _show(out: Console, content: Json) -> None:
    for name, at in content["disabled"].items():
        out.print(Text(tables.plain(f"{name} is told of nothing since {at}"), style="red"))
    table = Table("user", "event", "not told", "given up")
    for row in content["parked"]:
        cells = (row["user_id"], row["event_id"], ", ".join(row["endpoints"]), row["parked_at"])
        table.add_row(*(Text(tables.plain(one)) for one in cells))
    out.print(table if content["parked"] else Text("nothing was given up"))
