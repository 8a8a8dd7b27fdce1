"""One deployment: reads the folder and the project, shows what differs, asks, carries it out in order, and says so.

It must not know any kind of object, nor the command line.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import typer
from google.auth.exceptions import GoogleAuthError
from rich.console import Console
from rich.text import Text

from tools.monitoring.deploy.folder import MONITORING, FolderError, read_folder
from tools.monitoring.deploy.planning import Change, Verdict, plan
from tools.monitoring.deploy.refusals import NO_CREDENTIALS, Refusal
from tools.monitoring.variables import NOBODY_IS_TOLD, VariableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from tools.monitoring.deploy.kinds import Clients

DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130
_COLOURS: Final = {"+": "green", "-": "red", "@": "cyan"}
_ORDERS: Final = {Verdict.CREATE: "create", Verdict.UPDATE: "update", Verdict.GONE: "delete"}


@dataclass(kw_only=True)
class Deployment:
    """The folder's objects on their way to one project."""

    project: str
    environ: Mapping[str, str]
    make_clients: Callable[[], Clients]
    folder: Path = MONITORING
    is_dry: bool = False
    is_agreed: bool = False
    prunes: bool = False
    _changes: list[Change] = field(default_factory=list)
    _done: list[Change] = field(default_factory=list)

    def run(self) -> int:
        """Deploys; answers the exit status."""
        try:
            self._changes += self._planned()
            self._go_about_it()
        except (FolderError, VariableError) as error:
            return self._failed(str(error), WRONG_USE)
        except GoogleAuthError:
            return self._failed(NO_CREDENTIALS, REFUSED)
        except Refusal as error:
            return self._failed(str(error), REFUSED)
        except KeyboardInterrupt:
            return self._failed("stopped; the object under way may be done or not", INTERRUPTED)
        return DONE

    def _planned(self) -> list[Change]:
        folder = read_folder(self.environ, self.folder)
        clients = self.make_clients()
        return plan([(kind(clients, self.project), wanted) for kind, wanted in folder.items()])

    @property
    def _to_do(self) -> list[Change]:
        verdicts = {Verdict.CREATE, Verdict.UPDATE} | ({Verdict.GONE} if self.prunes else set())
        return [change for change in self._changes if change.verdict in verdicts]

    def _go_about_it(self) -> None:
        _show(self._to_do)
        if self.is_dry:
            print(self._summary(self._to_do, "to {}"))
        else:
            if self._to_do:
                self._agree()
            for change in self._to_do:
                change.carry_out()
                self._done.append(change)
                print(f"{_ORDERS[change.verdict]}d {change.title}", flush=True)
            print(self._summary(self._done, "{}d"))
        if not self.prunes:
            for change in self._changes:
                if change.verdict is Verdict.GONE:
                    print(f"no longer in the folder: {change.title} (--prune deletes it)")
        if not self.environ.get("NOTIFICATION_CHANNELS"):
            print(NOBODY_IS_TOLD, file=sys.stderr)

    def _summary(self, changes: Sequence[Change], form: str) -> str:
        """How many of each, as in "created: 3, unchanged: 1"."""
        counts = Counter(_ORDERS[change.verdict] for change in changes)
        unchanged = sum(change.verdict is Verdict.UNCHANGED for change in self._changes)
        said = [f"{form.format(order)}: {counts[order]}" for order in _ORDERS.values() if counts[order]]
        return ", ".join([*said, f"unchanged: {unchanged}"])

    def _agree(self) -> None:
        """Raises `Refusal` where nobody says yes."""
        if self.is_agreed:
            return
        if not sys.stdin.isatty():
            message = "nobody is here to be asked; look at it with --dry-run, then run it with --yes"
            raise Refusal(message)
        if not typer.confirm(f"Do this in project {self.project}?"):
            message = "not agreed"
            raise Refusal(message)

    def _failed(self, message: str, status: int) -> int:
        so_far = "nothing was changed"
        if self._done:
            left = ", ".join(change.title for change in self._to_do[len(self._done) :])
            done = self._summary(self._done, "{}d")
            so_far = f"so far: {done}\nleft: {left or 'nothing'}; running it again goes on"
        print(f"error: {message}\n{so_far}", file=sys.stderr)
        return status


def _show(to_do: Sequence[Change]) -> None:
    """Each change with its diff, coloured on a terminal."""
    console = Console(highlight=False, soft_wrap=True)
    for change in to_do:
        console.print(Text(f"{_ORDERS[change.verdict]} {change.title}", "bold"))
        for line in change.diff.splitlines():
            console.print(Text(line, _COLOURS.get(line[:1], "")))
