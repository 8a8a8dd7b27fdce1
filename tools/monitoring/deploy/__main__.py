"""The command line of `python -m tools.monitoring.deploy`: its options, and the exit status.

It must not know how an object is deployed.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tools.monitoring.deploy.deployment import Deployment
from tools.monitoring.deploy.kinds import Clients, google_clients
from tools.monitoring.variables import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import FrameType

_PROJECT: Final = re.compile(r"(?:[a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")
_MEANINGS: Final = "\n\n".join(f"{variable.name}: {variable.meaning}" for variable in VARIABLES)
_ABOUT: Final = f"""Bring log metrics, uptime check, alert policies and dashboard of a project to what monitoring/ says.

What differs is shown first. Nothing is created twice; what does not differ is not touched; the first failure ends it,
and running it again goes on.

The files leave open, in the environment or by --var:

{_MEANINGS}

Exit status: 0 done, 1 refused by Google or by you, 2 wrong use or a wrong file, 130 interrupted."""


def main(arguments: Sequence[str] | None = None, make_clients: Callable[[], Clients] = google_clients) -> int:
    """Runs the command; answers the exit status. `make_clients` is the seam at which Google's services begin."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(help=_ABOUT)(_command)
    try:
        app(arguments, obj=make_clients, prog_name="python -m tools.monitoring.deploy")
    except SystemExit as end:
        return int(end.code or 0)
    return 0


def _command(
    context: typer.Context,
    project: Annotated[str, typer.Option(envvar="GOOGLE_CLOUD_PROJECT", help="the id of the project")],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="show what differs, and change nothing")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False,
    prune: Annotated[bool, typer.Option("--prune", help="also delete ours that the folder has no more")] = False,
    var: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="a variable of the policies")] = None,
) -> None:
    """Parses, and hands over."""
    if not _PROJECT.fullmatch(project):
        message = f"{project!r} is not the id of a project, such as my-project-42"
        raise typer.BadParameter(message, param_hint="--project")
    environ = {**os.environ, **_variables(var or [])}
    deployment = Deployment(
        project=project, environ=environ, make_clients=context.obj, is_dry=dry_run, is_agreed=yes, prunes=prune
    )
    raise typer.Exit(deployment.run())


def _variables(given: Sequence[str]) -> Mapping[str, str]:
    pairs = [text.partition("=") for text in given]
    for name, equals, _ in pairs:
        if not equals or name not in {variable.name for variable in VARIABLES}:
            message = f"{name!r} is not one of the variables, as in PLAYBOOKS_URL=https://…"
            raise typer.BadParameter(message, param_hint="--var")
    return {name: value for name, _, value in pairs}


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # As Ctrl-C: what is done so far is said.
    signal.signal(signal.SIGTERM, _interrupt)
    sys.exit(main())
