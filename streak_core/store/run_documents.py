"""How runs of the job and their progress are written as Firestore documents, and read back.

It must not know queries or transactions. The stored forms are closed: what another revision wrote and this one does not
know is refused as a whole, never read in part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Final

from pydantic import ConfigDict, TypeAdapter, ValidationError

from streak_core.domain.errors import Unavailable
from streak_core.store.documents import plain_utc
from streak_core.store.reading import Cursor
from streak_core.store.run_report import RunReport, report_content

if TYPE_CHECKING:
    from streak_core.store.reading import Snapshot

UNREADABLE_REPORTED_MAX: Final = 100
# How long what is written of a run is kept; Firestore deletes it within about a day after that.
KEPT: Final = timedelta(days=90)

_CLOSED: Final = ConfigDict(extra="forbid")


class UnreadableRun(Unavailable):
    """What is stored of a run has a form that this revision does not know."""

    code = "run_unreadable"
    message = "What is stored of this run was written by another revision, which can go on with it."


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """All zero at the start; `+` adds two up."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    users_processed: int = 0
    freezes_applied: int = 0
    streaks_broken: int = 0
    errors: int = 0
    transaction_retries: int = 0
    documents_read: int = 0
    documents_written: int = 0
    # The oldest deadline that had passed (UTC).
    oldest_deadline: datetime | None = None
    # Users who could not be read or written, at most a hundred of them.
    unreadable: tuple[Mapping[str, str], ...] = ()

    def __add__(self, other: Counts) -> Counts:
        """Both together."""
        numbers = {
            one.name: getattr(self, one.name) + getattr(other, one.name)
            for one in fields(self)
            if isinstance(getattr(self, one.name), int)
        }
        deadlines = [moment for moment in (self.oldest_deadline, other.oldest_deadline) if moment]
        return replace(
            self,
            **numbers,
            oldest_deadline=min(deadlines, default=None),
            unreadable=(*self.unreadable, *other.unreadable)[:UNREADABLE_REPORTED_MAX],
        )


def total(parts: Sequence[Counts]) -> Counts:
    """All of them together."""
    return sum(parts, Counts())


class RunState(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    PARTIAL = "partial"
    ENDED = "ended"


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a shard is: the last user that was dealt with, and the counts up to there."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    cursor: Cursor | None = None
    is_done: bool = False
    counts: Counts = field(default_factory=Counts)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredRun:
    """The document of a run."""

    __pydantic_config__: ClassVar[ConfigDict] = _CLOSED

    state: RunState
    owner: str
    lease_until: datetime
    run_id: str | None = None
    started_at: datetime | None = None
    updated_at: datetime | None = None
    # From when on it is as if it were not there; documents of earlier releases have none.
    expire_at: datetime | None = None
    # That of a run that has ended, or was partial.
    report: RunReport | None = None


_PROGRESS: Final = TypeAdapter(Progress)
_RUN: Final = TypeAdapter(StoredRun)


def life(wall: datetime) -> dict[str, datetime]:
    """When it was written, and from when on it is gone; with a subcollection, each document has its own."""
    return {"updated_at": wall, "expire_at": wall + KEPT}


def kept_report(report: RunReport | None) -> dict[str, Any] | None:
    """The report as it is kept; a run that did not come to one has none."""
    return None if report is None else report_content(report)


def progress_document(progress: Progress, wall: datetime) -> dict[str, Any]:
    """The document of a shard's progress, written at `wall`."""
    return {**_PROGRESS.dump_python(progress, mode="json"), "expire_at": wall + KEPT}


def _alive(snapshot: Snapshot, wall: datetime) -> dict[str, Any] | None:
    """The fields of a document; None where there is none, or Firestore has not come to delete it yet."""
    document = (snapshot.to_dict() or {}) if snapshot.exists else None
    expire_at = document and document.get("expire_at")
    return None if isinstance(expire_at, datetime) and plain_utc(expire_at) <= wall else document


def read_run(snapshot: Snapshot, wall: datetime) -> StoredRun | None:
    """The run; None where there is none any more. Raises `UnreadableRun`."""
    document = _alive(snapshot, wall)
    if document is None:
        return None
    try:
        run = _RUN.validate_python(document)
    except ValidationError as error:
        raise UnreadableRun from error
    if run.state is RunState.ENDED and run.report is None:
        raise UnreadableRun
    return run


def read_progress(snapshot: Snapshot, wall: datetime) -> Progress | None:
    """How far a shard is; None where nothing is written of it any more. Raises `UnreadableRun`."""
    document = _alive(snapshot, wall)
    if document is None:
        return None
    document.pop("expire_at", None)
    try:
        progress = _PROGRESS.validate_python(document)
    except ValidationError as error:
        raise UnreadableRun from error
    oldest = progress.counts.oldest_deadline
    return replace(progress, counts=replace(progress.counts, oldest_deadline=oldest and oldest.astimezone(UTC)))
