"""One check of an environment: what it says, what is wrong with it, and whether its database can be read and written.

It must not know how it is shown.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

from streak_core.config.environment import is_deployed
from streak_core.store.health import CHECKS, DatabaseTrouble, Trouble
from tools.check_config.judging import Finding, Level, judge
from tools.check_config.variables import Reading, readings

if TYPE_CHECKING:
    from streak_core.config import Config

# As if deployed, where the platform does not say so.
_ANY_FUNCTION: Final = {"K_SERVICE": "check-config", "K_CONFIGURATION": "check-config"}
_ADVICE: Final[Mapping[Trouble, str]] = {
    Trouble.SILENT: "it does not answer in time, or cannot be reached from here",
    Trouble.MISSING: "there is no such project or database: see GOOGLE_CLOUD_PROJECT and FIRESTORE_DATABASE",
    Trouble.FORBIDDEN: "this identity may not; to read and write it needs the role roles/datastore.user",
    Trouble.NO_CREDENTIALS: "there are no credentials here: run `gcloud auth application-default login`",
    Trouble.OTHER: "it refuses, and not for one of the usual reasons; the log of the database says more",
}


class Tried(Protocol):
    """A database; each step raises `DatabaseTrouble`."""

    def read(self) -> None:
        """Reads something."""

    def write(self, name: str) -> None:
        """Writes a document of its own."""

    def delete(self, name: str) -> None:
        """Deletes that document."""


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What was tried, how long it took, and what is to be done where it failed."""

    step: str
    latency_ms: float
    advice: str | None

    @property
    def is_fine(self) -> bool:
        """Whether it worked."""
        return self.advice is None


@dataclass(frozen=True, kw_only=True)
class Report:
    """What was found; the database was not tried where the configuration is wrong, since nothing would ever ask it."""

    is_production: bool
    readings: tuple[Reading, ...]
    findings: tuple[Finding, ...]
    attempts: tuple[Attempt, ...]

    @property
    def is_fine(self) -> bool:
        """Whether a deployment may go ahead with it, or work on this machine where it is judged for that."""
        bad = {Level.WRONG, Level.DANGEROUS} if self.is_production else {Level.WRONG}
        return not any(one.level in bad for one in self.findings) and all(one.is_fine for one in self.attempts)

    @property
    def judged_as(self) -> str:
        """For what it is fine or not."""
        return "production" if self.is_production else "this machine"


def check(environ: Mapping[str, str], *, is_production: bool, probe: Callable[[Config], Tried]) -> Report:
    """Judges an environment, as that of a deployed function where asked to, and tries the database that it names."""
    is_production = is_production or is_deployed(environ)
    judgement = judge({**_ANY_FUNCTION, **environ} if is_production else environ)
    return Report(
        is_production=is_production,
        readings=readings(environ, judgement.wrong),
        findings=judgement.findings,
        attempts=attempts(probe(judgement.config)) if judgement.config else (),
    )


def attempts(probe: Tried) -> tuple[Attempt, ...]:
    """A read, a write, and a delete of what was written, whatever becomes of each: which fail says what is missing."""
    name = f"check-{uuid.uuid4().hex}"
    return (
        _attempt("read", probe.read),
        _attempt("write", lambda: probe.write(name)),
        _attempt(f"delete it again ({CHECKS}/{name})", lambda: probe.delete(name)),
    )


def _attempt(step: str, call: Callable[[], None]) -> Attempt:
    begun, advice = time.perf_counter(), None
    try:
        call()
    except DatabaseTrouble as error:
        advice = _ADVICE[error.trouble]
    return Attempt(step=step, latency_ms=round((time.perf_counter() - begun) * 1_000, 1), advice=advice)
