"""One deployment: reads the folder and the project, shows what differs, asks, carries it out in order, and says so.

It must not know any kind of object, nor the command line.
"""

from __future__ import annotations

import difflib
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, assert_never

import typer
from google.auth.exceptions import GoogleAuthError

from tools.monitoring.deploy.folder import MONITORING, FolderError, read_folder
from tools.monitoring.deploy.refusals import NO_CREDENTIALS, Refusal
from tools.monitoring.variables import NOBODY_IS_TOLD, VariableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from tools.monitoring.deploy.clients import Clients
    from tools.monitoring.deploy.kinds import Json, Kind

DONE: Final = 0
REFUSED: Final = 1
WRONG_USE: Final = 2
INTERRUPTED: Final = 130


class Verdict(StrEnum):
    """What is to be done with an object."""

    CREATE = "create"
    UPDATE = "update"
    # It is ours, and the folder does not have it any more.
    DELETE = "delete"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One object: what the project has of it, and what the folder says."""

    kind: Kind
    name: str
    verdict: Verdict
    found: Any = None
    wanted: Any = None
    # How the two differ, as a unified diff.
    diff: str = ""

    @property
    def title(self) -> str:
        """As in "log metric streak/requests"."""
        return f"{self.kind.title} {self.name}"

    def carry_out(self) -> None:
        """Does it. Raises `Refusal`."""
        with self.kind.explained(f"{self.verdict} {self.title}"):
            match self.verdict:
                case Verdict.CREATE:
                    self.kind.create(self.wanted)
                case Verdict.UPDATE:
                    self.kind.update(self.found, self.wanted)
                case Verdict.DELETE:
                    self.kind.delete(self.found)
                case Verdict.NOTHING:
                    pass
                case _:
                    assert_never(self.verdict)


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
        except (GoogleAuthError, Refusal) as error:
            return self._failed(str(error) if isinstance(error, Refusal) else NO_CREDENTIALS, REFUSED)
        except KeyboardInterrupt:
            return self._failed("stopped; the object under way may be done or not", INTERRUPTED)
        return DONE

    def _planned(self) -> list[Change]:
        """One change an object, each kind in its order. What is gone comes last, what leans on another one first."""
        folder = read_folder(self.environ, self.folder)
        clients = self.make_clients()
        parts = [(kind(clients, self.project), wanted) for kind, wanted in folder.items()]
        changes = [change for kind, wanted in parts for change in _changes(kind, wanted)]
        gone = [one for one in reversed(changes) if one.verdict is Verdict.DELETE]
        return [*(one for one in changes if one.verdict is not Verdict.DELETE), *gone]

    @property
    def _to_do(self) -> list[Change]:
        verdicts = {Verdict.CREATE, Verdict.UPDATE} | ({Verdict.DELETE} if self.prunes else set())
        return [change for change in self._changes if change.verdict in verdicts]

    def _go_about_it(self) -> None:
        for change in self._to_do:
            print("\n".join(filter(None, (f"{change.verdict} {change.title}", change.diff))))
        if self.is_dry:
            print(self._summary(self._to_do, "to {}"))
        else:
            if self._to_do:
                self._agree()
            for change in self._to_do:
                change.carry_out()
                self._done.append(change)
                print(f"{change.verdict}d {change.title}", flush=True)
            print(self._summary(self._done, "{}d"))
        for change in self._changes:
            if change.verdict is Verdict.DELETE and not self.prunes:
                print(f"no longer in the folder: {change.title} (PRUNE=1 deletes it)")
        if not self.environ.get("NOTIFICATION_CHANNELS"):
            print(NOBODY_IS_TOLD, file=sys.stderr)

    def _summary(self, changes: Sequence[Change], form: str) -> str:
        """How many of each, as in "created: 3, unchanged: 1"."""
        counts = Counter(change.verdict for change in changes)
        unchanged = sum(change.verdict is Verdict.NOTHING for change in self._changes)
        said = [f"{form.format(verdict)}: {counts[verdict]}" for verdict in Verdict if counts[verdict]]
        return ", ".join([*said, f"unchanged: {unchanged}"])

    def _agree(self) -> None:
        """Raises `Refusal` where nobody says yes."""
        if self.is_agreed:
            return
        if not sys.stdin.isatty():
            message = "nobody is here to be asked; look at it with DRY_RUN=1, then run it with YES=1"
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


def _changes(kind: Kind, wanted: Mapping[str, Any]) -> Iterator[Change]:
    """Raises `Refusal`."""
    found = kind.found(wanted.keys())
    for name, message in wanted.items():
        yield _change(kind, name, found.get(name), message)
    for name, message in found.items():
        if name not in wanted:
            yield Change(kind=kind, name=name, verdict=Verdict.DELETE, found=message)


def _change(kind: Kind, name: str, found: Any, wanted: Any) -> Change:  # noqa: ANN401 - messages of the kind
    before, after = None if found is None else kind.stated(found), kind.stated(wanted)
    verdict = Verdict.CREATE if before is None else Verdict.UPDATE
    diff = _difference(f"{kind.title}/{name}".replace(" ", "_"), before, after)
    if before is not None and kind.is_same(before, after):
        verdict, diff = Verdict.NOTHING, ""
    return Change(kind=kind, name=name, verdict=verdict, found=found, wanted=wanted, diff=diff)


def _difference(name: str, found: Json | None, wanted: Json) -> str:
    """The unified diff that leads from what the server has, if anything, to what the file says."""
    before, after = (
        [] if one is None else json.dumps(one, indent=2, sort_keys=True, ensure_ascii=False).splitlines()
        for one in (found, wanted)
    )
    return "\n".join(difflib.unified_diff(before, after, f"deployed/{name}", f"folder/{name}", lineterm=""))
