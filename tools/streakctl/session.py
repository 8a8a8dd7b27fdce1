"""One command of `streakctl`: where and when it looks, as options say it, and what becomes of whatever fails.

It must not do any of the work.
"""

from __future__ import annotations

import inspect
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, wraps
from typing import Any, Final, NoReturn

import typer
from google.api_core.exceptions import GoogleAPICallError
from google.auth.exceptions import GoogleAuthError
from google.cloud import firestore
from rich.console import Console
from rich.text import Text

from streak_core.domain.errors import DatabaseUnavailable, StreakError, UserBusy
from streak_core.domain.refusals import UserErased
from streak_core.domain.rules import Rules
from streak_core.migrating import SomebodyElseError
from streak_core.migrations.migration import MigrationRefusedError
from streak_core.store.amnesties import AmnestyStore
from streak_core.store.client import firestore_client
from streak_core.store.policies import PolicyStore, PolicyUnreadable
from streak_core.store.rules_in_time import RulesInTime
from streak_core.store.run_documents import UnreadableRun
from streak_core.store.unreadable import UnreadableStreakError
from streak_core.store.write_lease import WriteLeases
from tools.streakctl import Json, options, tables
from tools.streakctl.backup.commands import Files, Keeping
from tools.streakctl.bringing.importing import NotAsImportedError
from tools.streakctl.database import Target, WrongUseError, find_target
from tools.streakctl.mending import MendingStore
from tools.streakctl.proving import Prover
from tools.streakctl.rights import RightsByHand
from tools.streakctl.show import Looking, UnknownUserError, UnusableUserError
from tools.streakctl.verify import FAILED, INTERRUPTED

# It takes a session first, and then its own options.
Command = Callable[..., None]

# Options of each command, of those that write, and of those that only look.
PLACE: Final = ("project", "database")
WRITING: Final = (*PLACE, "policy")
LOOKING: Final = ("as_json", *WRITING, "now")

# A table in a file or a pipe has no terminal to fit into.
_PIPE_WIDTH: Final = 160


@dataclass(frozen=True)
class Session:
    """Where and when one command looks, and where it prints."""

    target: Target
    now: datetime
    out: Console
    as_json: bool = False
    # Whether `now` was said.
    is_simulated: bool = False

    @property
    def client(self) -> firestore.Client:
        """Of the target."""
        return firestore_client(self.target.project, self.target.database, self.target.collection_prefix)

    @cached_property
    def rules_in_time(self) -> RulesInTime:
        """By what users are judged there, for what takes so long that it changes meanwhile."""
        declared, published = AmnestyStore(self.client).declared, PolicyStore(self.client).published
        return RulesInTime(self.target.first_policy, declared, published)

    @cached_property
    def rules(self) -> Rules:
        """By what users are judged there, as of the beginning."""
        return self.rules_in_time()

    def prover(self, threads: int, *, fix: bool = False) -> Prover:
        """Of all users there."""
        return Prover(
            store=MendingStore(self.client),
            rules=self.rules_in_time,
            now=self.clock,
            forget=self.rules_in_time.forget,
            fix=fix,
            threads=threads,
            earlier=self.target.earlier,
        )

    def clock(self) -> datetime:
        """The moment that it is, or that was said."""
        return self.now if self.is_simulated else datetime.now(UTC)

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
            make_prover=lambda: self.prover(threads),
            files=self.files,
            threads=threads,
        )

    def show(self, content: Json, show_table: Callable[[Console, Json], None]) -> None:
        """Prints it, for machines or as a table."""
        if self.as_json:
            self.out.file.write(json.dumps(content, indent=2) + "\n")
        else:
            show_table(self.out, content)


@contextmanager
def session(
    *,
    as_json: options.AsJson = False,
    project: options.Project = None,
    database: options.Database = None,
    policy: options.PolicyFile = None,
    earlier_policy: options.EarlierPolicies = None,
    now: options.Now = None,
) -> Iterator[Session]:
    """A session, and the one place where what fails becomes a sentence and an exit status."""
    target: Target | None = None
    try:
        target = find_target(os.environ, project, database, policy, earlier_policy or ())
        yield Session(
            target=target,
            now=now or datetime.now(UTC),
            out=Console(highlight=False, width=None if sys.stdout.isatty() else _PIPE_WIDTH),
            as_json=as_json,
            is_simulated=now is not None,
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
    except (StreakError, NotAsImportedError, MigrationRefusedError, SomebodyElseError) as error:
        _fail(str(error))
    except GoogleAuthError as error:
        _fail(f"no credentials of Google Cloud that work: {error}")


def in_session(*taken: str) -> Callable[[Command], Command]:
    """Gives a command those options of `session`, and calls it with the session that they lead to."""

    def decorated(command: Command) -> Command:
        @wraps(command)
        def called(**given: Any) -> None:  # noqa: ANN401 - values of options
            with session(**{name: given.pop(name) for name in taken}) as one:
                command(one, **given)

        own, common = (inspect.signature(one, eval_str=True).parameters for one in (command, session))
        _, *parameters = own.values()
        # What typer makes of a command is what its signature says.
        signature = inspect.Signature([*parameters, *(common[name] for name in taken)])
        called.__signature__ = signature  # type: ignore[attr-defined]
        return called

    return decorated


def check_fix(one: Session, *, is_agreed: bool) -> None:
    """Whether it is meant and may be. Raises `WrongUseError`."""
    if one.is_simulated:
        message = "--now is for looking; --fix mends as of this moment"
        raise WrongUseError(message)
    check_agreed(one.target, f"Mend what differs in {one.target}?", is_agreed=is_agreed)


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
