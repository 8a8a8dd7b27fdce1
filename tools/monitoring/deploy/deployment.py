"""One deployment: reads the folder and the project, shows what differs, asks, and carries it out in order.

It must not know any kind of object, nor the command line.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import typer
from google.auth.exceptions import GoogleAuthError

from tools.monitoring.deploy import report
from tools.monitoring.deploy.alert_policies import AlertPolicies
from tools.monitoring.deploy.dashboards import Dashboards
from tools.monitoring.deploy.folder import MONITORING, FolderError, read_folder
from tools.monitoring.deploy.log_metrics import LogMetrics
from tools.monitoring.deploy.planning import Change, Verdict, plan
from tools.monitoring.deploy.refusals import NO_CREDENTIALS, Refusal
from tools.monitoring.variables import VariableError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tools.monitoring.deploy.clients import Clients

DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130


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
        # In the order in which they lean on each other.
        return plan(
            [
                (LogMetrics(clients.metrics, self.project), folder.metrics),
                (AlertPolicies(clients.policies, self.project), folder.policies),
                (Dashboards(clients.dashboards, self.project), folder.dashboard),
            ]
        )

    @property
    def _to_do(self) -> list[Change]:
        verdicts = {Verdict.CREATE, Verdict.UPDATE} | ({Verdict.GONE} if self.prunes else set())
        return [change for change in self._changes if change.verdict in verdicts]

    def _go_about_it(self) -> None:
        report.show(self._to_do)
        if self.is_dry:
            print(report.planned_line(self._to_do, self._changes))
        else:
            if self._to_do:
                self._agree()
            for change in self._to_do:
                change.carry_out()
                self._done.append(change)
                print(report.done_line(change), flush=True)
            print(report.summary(self._done, self._changes))
        if not self.prunes:
            for line in report.gone_lines(self._changes):
                print(line)

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
        print(f"error: {message}\n{report.so_far(self._done, self._to_do, self._changes)}", file=sys.stderr)
        return status
