"""Tries a database: a read, a write, and a delete of what was written. It must not know settings or terminals."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from streak_core.store.health import CHECKS, DatabaseTrouble, Trouble

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


def attempts(probe: Tried) -> tuple[Attempt, ...]:
    """All three, whatever becomes of each: which of them fail says what is missing."""
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
