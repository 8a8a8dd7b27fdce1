"""One command of `streakctl`: where and when it looks, and what becomes of whatever fails.

It must not do any of the work, nor know options.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final, NoReturn

import typer
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore
from rich.console import Console
from rich.text import Text

from streak_core.domain.errors import DatabaseUnavailable, StreakError, UserBusy
from streak_core.domain.refusals import UserErased
from streak_core.domain.rules import Rules
from streak_core.store.amnesties import AmnestyStore
from streak_core.store.client import firestore_client
from streak_core.store.policies import PolicyStore, PolicyUnreadable
from streak_core.store.run_documents import UnreadableRun
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.write_lease import WriteLeases
from tools.streakctl import Json, tables
from tools.streakctl.backup.commands import Files, Keeping
from tools.streakctl.bringing.importing import NotAsImportedError
from tools.streakctl.database import Target, WrongUseError, find_target
from tools.streakctl.proving import Prover
from tools.streakctl.repository import ProofStore
from tools.streakctl.rights import RightsByHand
from tools.streakctl.show import Looking, UnknownUserError, UnusableUserError
from tools.streakctl.verify import FAILED, INTERRUPTED

# A table in a file or a pipe has no terminal to fit into.
_PIPE_WIDTH: Final = 160


@dataclass(frozen=True)
class Session:
    """Where and when one command looks, and where it prints."""

    target: Target
    now: datetime
    out: Console

    @property
    def client(self) -> firestore.Client:
        """Of the target."""
        return firestore_client(self.target.project, self.target.database, self.target.collection_prefix)

    @cached_property
    def rules(self) -> Rules:
        """By what users are judged there."""
        policies = (self.target.first_policy, *PolicyStore(self.client).published())
        return Rules(policies, AmnestyStore(self.client).declared())

    @property
    def rights(self) -> RightsByHand:
        """Of users, to what is stored of them."""
        return RightsByHand(self.client, Console(stderr=True, highlight=False).print)

    @property
    def looking(self) -> Looking:
        """At single users, and at runs."""
        return Looking(self.client, self.rules, self.now)

    @property
    def files(self) -> Files:
        """Of backups, for which no database is needed."""
        return Files(out=self.out, err=Console(stderr=True, highlight=False))

    def keeping(self, threads: int) -> Keeping:
        """Of copies."""
        return Keeping(
            target=self.target,
            client=self.client,
            leases=WriteLeases(self.client),
            make_prover=lambda: Prover(
                store=ProofStore(self.client),
                rules=self.rules,
                now=self.now,
                threads=threads,
                earlier=self.target.earlier,
            ),
            files=self.files,
            threads=threads,
        )

    def show(self, content: Json, show_table: Callable[[Console, Json], None], *, as_json: bool) -> None:
        """Prints it, for machines or as a table."""
        if as_json:
            self.out.file.write(json.dumps(content, indent=2) + "\n")
        else:
            show_table(self.out, content)


@contextmanager
def session(
    project: str | None,
    database: str | None,
    policy: Path | None,
    now: datetime | None,
    earlier: Sequence[Path] | None = None,
) -> Iterator[Session]:
    """A session, and the one place where what fails becomes a sentence and an exit status."""
    target: Target | None = None
    try:
        target = find_target(os.environ, project, database, policy, earlier or ())
        yield Session(
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
    except (DatabaseUnavailable, PolicyUnreadable, UserBusy, UnreadableRun, GoogleAPICallError) as error:
        _fail(f"{target} can't be used: {_reason(error)}")
    except (StreakError, NotAsImportedError) as error:
        _fail(str(error))
    except GoogleAuthError as error:
        _fail(f"no credentials of Google Cloud that work: {error}")


def check_fix(target: Target, *, is_simulated: bool, is_agreed: bool) -> None:
    """Whether it is meant and may be. Raises `WrongUseError`."""
    if is_simulated:
        message = "--now is for looking; --fix mends as of this moment"
        raise WrongUseError(message)
    check_agreed(target, f"Mend what differs in {target}?", is_agreed=is_agreed)


def check_agreed(target: Target, question: str, *, is_agreed: bool) -> None:
    """Whether it may be written in production. Raises `WrongUseError`."""
    if target.emulator or is_agreed:
        return
    typer.echo(f"{question} [y/N] ", err=True, nl=False)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        message = "nothing was changed: it was not confirmed, and --yes was not given"
        raise WrongUseError(message)


def _reason(error: Exception) -> str:
    """What the database said, without what the client wraps around it."""
    cause = error.__cause__ if isinstance(error, DatabaseUnavailable) else error
    said = getattr(cause, "message", None) or str(cause or error)
    return f"{type(cause or error).__name__}: {said.splitlines()[0] if said else 'no reason given'}"


def _fail(message: str) -> NoReturn:
    Console(stderr=True, highlight=False, soft_wrap=True).print(Text(f"error: {tables.plain_lines(message)}"))
    raise typer.Exit(FAILED)
